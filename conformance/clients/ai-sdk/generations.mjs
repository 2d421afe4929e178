// generateText and streamText: chat, tools and images.
import { embedMany, generateText, isStepCount, jsonSchema, streamText, tool } from "ai";
import { citySchema, expectEqual, expectMatch, models, onePixelPng, readAll } from "../cases.mjs";

const question = "Why is the sky blue?";

/** A tool that the SDK runs itself. */
const tools = {
  get_weather: tool({
    description: "The weather of a city",
    inputSchema: jsonSchema(citySchema),
    execute: async ({ city }) => `clear over ${city}`,
  }),
};

/** What the SDK must be able to generate. */
export function generationCases(provider) {
  const generate = (modelId, options) =>
    generateText({ model: provider(modelId), maxRetries: 0, ...options });
  const stream = async (modelId, options) => {
    const reply = streamText({ model: provider(modelId), maxRetries: 0, onError() {}, ...options });
    const { events, error } = await readAll(reply.fullStream);
    const failed = error ?? events.find((event) => event.type === "error")?.error;
    if (failed) throw failed;
    return events;
  };
  const textOf = (events) =>
    events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

  const chat = (modelId) => async () => {
    const answer = await generate(modelId, { prompt: question });
    expectEqual("finish reason", answer.finishReason, "stop");
    expectMatch("text", answer.text, /Why is the sky blue\?/);
    expectMatch("output tokens", answer.usage.outputTokens, /^[1-9]/);
  };

  const streamedChat = async () => {
    const events = await stream(models.claude, { prompt: question });
    const finish = events.at(-1);
    expectMatch("text", textOf(events), /Why is the sky blue\?/);
    expectEqual("last", finish.type, "finish");
    expectEqual("finish reason", finish.finishReason, "stop");
    expectMatch("output tokens", finish.totalUsage.outputTokens, /^([2-9]|\d\d)/);
  };

  const callTool = async () => {
    const answer = await generate(models.claude, {
      prompt: "Call get_weather for Lisbon.",
      stopWhen: isStepCount(2),
      tools,
    });
    expectEqual(
      "steps",
      answer.steps.map((step) => step.finishReason),
      ["tool-calls", "stop"],
    );
    expectEqual("tool", answer.steps[0].toolCalls[0].toolName, "get_weather");
    expectMatch("text", answer.text, /clear over/);
  };

  const callToolStreamed = async () => {
    const events = await stream(models.claude, {
      prompt: "Call get_weather for Lisbon.",
      stopWhen: isStepCount(2),
      tools,
    });
    const call = events.find((event) => event.type === "tool-call");
    expectEqual("tool", call.toolName, "get_weather");
    expectEqual("arguments", Object.keys(call.input), ["city"]);
    expectMatch("text", textOf(events), /clear over/);
  };

  const showImage = async () => {
    const content = [
      { type: "text", text: "What is this?" },
      { type: "file", data: onePixelPng, mediaType: "image/png" },
    ];
    const answer = await generate(models.claude, { messages: [{ role: "user", content }] });
    expectMatch("text", answer.text, /image\/png, 70 bytes, 1 x 1 pixels/);
  };

  const think = async () => {
    const reasoningConfig = { type: "enabled", budgetTokens: 1024 };
    const providerOptions = { bedrock: { reasoningConfig } };
    const answer = await generate(models.claude, {
      prompt: "Think.",
      maxOutputTokens: 2048,
      providerOptions,
    });
    expectMatch("reasoning", answer.reasoningText, /Reasoning was requested/);
  };

  const embed = (modelId) => async () => {
    const model = provider.embeddingModel(modelId);
    const { embeddings } = await embedMany({ model, values: ["sky", "sea"], maxRetries: 0 });
    expectEqual(
      "lengths",
      embeddings.map((vector) => vector.length),
      [1024, 1024],
    );
    expectEqual("are different", embeddings[0][0] !== embeddings[1][0], true);
  };

  return [
    ["chat with Claude", chat(models.claude)],
    ["chat with an ARN, which has a slash", chat(models.claudeArn)],
    ["chat with Llama", chat(models.llama)],
    ["chat with Nova", chat(models.nova)],
    ["streamed chat", streamedChat],
    ["tool call and result", callTool],
    ["streamed tool call and result", callToolStreamed],
    ["image", showImage],
    ["reasoning", think],
    ["embeddings by Titan", embed(models.titanEmbedding)],
    ["embeddings by Cohere", embed(models.cohereEmbedding)],
  ];
}
