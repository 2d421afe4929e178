// Converse and ConverseStream: chat, tools and images, whole and streamed.
import { ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { citySchema, expectEqual, expectMatch, models, onePixelPng, readAll } from "../cases.mjs";

const asking = (...content) => [{ role: "user", content }];
const toolConfig = {
  tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: citySchema } } }],
};
const image = { image: { format: "png", source: { bytes: onePixelPng } } };
const weatherQuestion = { text: "Call get_weather for Lisbon." };

/** The one block of that kind in an answer. */
const blockOf = (answer, kind) =>
  answer.output.message.content.find((block) => block[kind])?.[kind];

function expectUsage(usage) {
  expectEqual("total", usage.totalTokens, usage.inputTokens + usage.outputTokens);
  expectMatch("output tokens", usage.outputTokens, /^[1-9]/);
}

/** Conversations that every transport must carry. */
export function conversationCases(client) {
  const converse = (modelId, input) => client.send(new ConverseCommand({ modelId, ...input }));
  const stream = async (modelId, input) => {
    const reply = await client.send(new ConverseStreamCommand({ modelId, ...input }));
    const { events, error } = await readAll(reply.stream);
    if (error) throw error;
    return events;
  };

  const chat = (modelId) => async () => {
    const answer = await converse(modelId, {
      messages: asking({ text: "Why is the sky blue?" }),
      inferenceConfig: { maxTokens: 200, temperature: 0.5 },
    });
    expectEqual("stop reason", answer.stopReason, "end_turn");
    expectMatch("text", blockOf(answer, "text"), /Why is the sky blue\?/);
    expectMatch("request id", answer.$metadata.requestId, /^[0-9a-f-]{36}$/);
    expectUsage(answer.usage);
  };

  const streamedChat = (modelId) => async () => {
    const events = await stream(modelId, { messages: asking({ text: "Why is the sky blue?" }) });
    const kinds = events.map((event) => Object.keys(event)[0]);
    const text = events.map((event) => event.contentBlockDelta?.delta.text ?? "").join("");
    expectEqual("first", kinds[0], "messageStart");
    expectEqual("last", kinds.slice(-3), ["contentBlockStop", "messageStop", "metadata"]);
    expectMatch(
      "deltas",
      kinds.filter((kind) => kind === "contentBlockDelta").length,
      /^([2-9]|\d\d)/,
    );
    expectMatch("text", text, /Why is the sky blue\?/);
    expectUsage(events.at(-1).metadata.usage);
  };

  const callTool = async () => {
    const question = asking(weatherQuestion);
    const call = await converse(models.claude, { messages: question, toolConfig });
    const use = blockOf(call, "toolUse");
    expectEqual("stop reason", call.stopReason, "tool_use");
    expectEqual("tool", use.name, "get_weather");
    expectEqual("arguments", Object.keys(use.input), ["city"]);

    const result = { toolUseId: use.toolUseId, content: [{ json: { sky: "clear" } }] };
    const messages = [...question, call.output.message, ...asking({ toolResult: result })];
    const answer = await converse(models.claude, { messages, toolConfig });
    expectEqual("stop reason after the result", answer.stopReason, "end_turn");
    expectMatch("text", blockOf(answer, "text"), /clear/);
  };

  const callToolStreamed = async () => {
    const events = await stream(models.claude, { messages: asking(weatherQuestion), toolConfig });
    const start = events.find((event) => event.contentBlockStart).contentBlockStart;
    const input = events
      .map((event) => event.contentBlockDelta?.delta.toolUse?.input ?? "")
      .join("");
    const stop = events.find((event) => event.messageStop).messageStop;
    expectEqual("tool", start.start.toolUse.name, "get_weather");
    expectEqual("arguments", Object.keys(JSON.parse(input)), ["city"]);
    expectEqual("stop reason", stop.stopReason, "tool_use");
  };

  const forceTool = async () => {
    const forced = { ...toolConfig, toolChoice: { tool: { name: "get_weather" } } };
    const call = await converse(models.claude, {
      messages: asking({ text: "Hello" }),
      toolConfig: forced,
    });
    expectEqual("tool", blockOf(call, "toolUse").name, "get_weather");
  };

  const showImage = async () => {
    const answer = await converse(models.claude, {
      messages: asking({ text: "What is this?" }, image),
    });
    expectMatch("text", blockOf(answer, "text"), /image\/png, 70 bytes, 1 x 1 pixels/);
  };

  const showImageStreamed = async () => {
    const events = await stream(models.nova, {
      messages: asking({ text: "What is this?" }, image),
    });
    const text = events.map((event) => event.contentBlockDelta?.delta.text ?? "").join("");
    expectMatch("text", text, /image\/png/);
  };

  const think = async () => {
    const answer = await converse(models.claude, {
      messages: asking({ text: "Think." }),
      inferenceConfig: { maxTokens: 2048 },
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 1024 } },
    });
    const { text, signature } = blockOf(answer, "reasoningContent").reasoningText;
    expectMatch("reasoning", text, /./);
    expectMatch("signature", signature, /./);
  };

  const cutShort = async () => {
    const messages = asking({ text: "Why is the sky blue?" });
    const answer = await converse(models.claude, { messages, inferenceConfig: { maxTokens: 3 } });
    expectEqual("stop reason", answer.stopReason, "max_tokens");
    expectEqual("output tokens", answer.usage.outputTokens, 3);
  };

  return [
    ["chat with Claude", chat(models.claude)],
    ["chat with an ARN, which has a slash", chat(models.claudeArn)],
    ["chat with Llama", chat(models.llama)],
    ["chat with Nova", chat(models.nova)],
    ["chat with Titan", chat(models.titan)],
    ["streamed chat with Claude", streamedChat(models.claude)],
    ["streamed chat with Llama", streamedChat(models.llama)],
    ["tool call and result", callTool],
    ["streamed tool call", callToolStreamed],
    ["forced tool call", forceTool],
    ["image", showImage],
    ["streamed answer about an image", showImageStreamed],
    ["reasoning", think],
    ["answer cut short", cutShort],
  ];
}
