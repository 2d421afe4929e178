// Chat Completions on bedrock-mantle, buffered and streamed, and its refusals.
import { generateText, isStepCount, jsonSchema, streamText, tool } from "ai";
import { citySchema, expectEqual, expectMatch, failureOf, readAll } from "../cases.mjs";

const question = "Why is the sky blue?";
const openWeights = "deepseek.v3.1";

const tools = {
  get_weather: tool({
    description: "The weather of a city",
    inputSchema: jsonSchema(citySchema),
    execute: async ({ city }) => `clear over ${city}`,
  }),
};

/** What the client must carry, and how it must fail. */
export function chatCases(makeProvider) {
  const generate = (options, modelId = openWeights, path = "v1", more = {}) =>
    generateText({ model: makeProvider(path, more)(modelId), maxRetries: 0, ...options });

  const chat = (modelId, path) => async () => {
    const answer = await generate({ prompt: question }, modelId, path);
    expectEqual("finish reason", answer.finishReason, "stop");
    expectMatch("text", answer.text, /Why is the sky blue\?/);
    expectMatch("output tokens", answer.usage.outputTokens, /^[1-9]/);
  };

  const stream = async (options) => {
    const reply = streamText({
      model: makeProvider("v1")(openWeights),
      maxRetries: 0,
      onError() {},
      ...options,
    });
    const { events, error } = await readAll(reply.fullStream);
    const failed = error ?? events.find((event) => event.type === "error")?.error;
    if (failed) throw failed;
    return events;
  };

  const streamedChat = async () => {
    const events = await stream({ prompt: question });
    const finish = events.at(-1);
    const text = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
    expectMatch("text", text, /Why is the sky blue\?/);
    expectEqual("finish reason", finish.finishReason, "stop");
    expectMatch("output tokens", finish.totalUsage.outputTokens, /^([2-9]|\d\d)/);
  };

  const callTool = async () => {
    const answer = await generate({
      prompt: "Call get_weather for Lisbon.",
      stopWhen: isStepCount(2),
      tools,
    });
    expectEqual(
      "steps",
      answer.steps.map((step) => step.finishReason),
      ["tool-calls", "stop"],
    );
    expectMatch("text", answer.text, /clear over/);
  };

  const streamedTool = async () => {
    const events = await stream({ prompt: "Call get_weather.", tools });
    const call = events.find((event) => event.type === "tool-call");
    expectEqual("arguments", Object.keys(call.input), ["city"]);
  };

  const refused = (modelId, path, status, message) => async () => {
    const error = await failureOf(generate({ prompt: question }, modelId, path));
    expectEqual("status", error.statusCode, status);
    expectMatch("message", error.message, message);
  };

  const wrongKey = async () => {
    const wrong = { apiKey: "ABSKwrong" };
    const error = await failureOf(generate({ prompt: question }, openWeights, "v1", wrong));
    expectEqual("status", error.statusCode, 401);
    expectMatch("message", error.message, /Invalid bearer token/);
  };

  return [
    ["Chat Completions: chat", chat(openWeights, "v1")],
    ["Chat Completions: chat under /openai", chat("xai.grok-4.7", "openai/v1")],
    ["Chat Completions: streamed chat", streamedChat],
    ["Chat Completions: tool call and result", callTool],
    ["Chat Completions: streamed tool call", streamedTool],
    ["Chat Completions: an unknown model", refused("acme.x", "v1", 404, /does not exist/)],
    [
      "Chat Completions: a model under another path",
      refused("xai.grok-4.7", "v1", 400, /isn't supported on this route/),
    ],
    ["Chat Completions: a wrong API key", wrongKey],
  ];
}
