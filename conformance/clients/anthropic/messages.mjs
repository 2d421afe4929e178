// Messages: chat, tools and images, whole and streamed.
import { citySchema, expectEqual, expectMatch, models, onePixelPng, readAll } from "../cases.mjs";

const tools = [{ name: "get_weather", input_schema: citySchema }];
const asking = (content) => [{ role: "user", content }];
const image = {
  type: "image",
  source: { type: "base64", media_type: "image/png", data: onePixelPng.toString("base64") },
};
const request = (content, more) => ({
  model: models.claude,
  max_tokens: 300,
  messages: asking(content),
  ...more,
});

/** Messages that the client must carry. */
export function messageCases(client) {
  const chat = async () => {
    const answer = await client.messages.create(
      request("Why is the sky blue?", { system: "Be brief." }),
    );
    expectEqual("stop reason", answer.stop_reason, "end_turn");
    expectMatch("id", answer.id, /^msg_bdrk_/);
    expectMatch("text", answer.content[0].text, /Why is the sky blue\?/);
    expectMatch("output tokens", answer.usage.output_tokens, /^[1-9]/);
  };

  const chatWithArn = async () => {
    const answer = await client.messages.create(request("Hello", { model: models.claudeArn }));
    expectEqual("stop reason", answer.stop_reason, "end_turn");
  };

  const streamedChat = async () => {
    const stream = await client.messages.create(request("Why is the sky blue?", { stream: true }));
    const { events, error } = await readAll(stream);
    if (error) throw error;
    const types = events.map((event) => event.type);
    expectEqual("first", types.slice(0, 2), ["message_start", "content_block_start"]);
    expectEqual("last", types.slice(-3), ["content_block_stop", "message_delta", "message_stop"]);
    expectMatch(
      "text",
      events.map((event) => event.delta?.text ?? "").join(""),
      /Why is the sky blue\?/,
    );
  };

  const collectedStream = async () => {
    let pieces = 0;
    const stream = client.messages.stream(request("Why is the sky blue?"));
    stream.on("text", () => (pieces += 1));
    const message = await stream.finalMessage();
    expectMatch("pieces", pieces, /^([2-9]|\d\d)/);
    expectMatch("text", message.content[0].text, /Why is the sky blue\?/);
    expectMatch("output tokens", message.usage.output_tokens, /^([2-9]|\d\d)/);
  };

  const callTool = async () => {
    const question = request("Call get_weather for Lisbon.", { tools });
    const call = await client.messages.create(question);
    const use = call.content.find((block) => block.type === "tool_use");
    expectEqual("stop reason", call.stop_reason, "tool_use");
    expectEqual("tool", use.name, "get_weather");
    expectEqual("arguments", Object.keys(use.input), ["city"]);

    const result = { type: "tool_result", tool_use_id: use.id, content: "clear" };
    const turns = [{ role: "assistant", content: call.content }, ...asking([result])];
    const answer = await client.messages.create({
      ...question,
      messages: [...question.messages, ...turns],
    });
    expectEqual("stop reason after the result", answer.stop_reason, "end_turn");
    expectMatch("text", answer.content[0].text, /clear/);
  };

  const callToolStreamed = async () => {
    const message = await client.messages
      .stream(request("Call get_weather.", { tools }))
      .finalMessage();
    const use = message.content.find((block) => block.type === "tool_use");
    expectEqual("stop reason", message.stop_reason, "tool_use");
    expectEqual("arguments", Object.keys(use.input), ["city"]);
  };

  const showImage = async () => {
    const answer = await client.messages.create(
      request([image, { type: "text", text: "What is this?" }]),
    );
    expectMatch("text", answer.content[0].text, /image\/png, 70 bytes, 1 x 1 pixels/);
  };

  const think = async () => {
    const thinking = { type: "enabled", budget_tokens: 1024 };
    const answer = await client.messages.create(request("Think.", { max_tokens: 2048, thinking }));
    expectEqual(
      "blocks",
      answer.content.map((block) => block.type),
      ["thinking", "text"],
    );
    expectMatch("signature", answer.content[0].signature, /./);
  };

  return [
    ["chat", chat],
    ["chat with an ARN, which has a slash", chatWithArn],
    ["streamed chat", streamedChat],
    ["streamed chat, collected", collectedStream],
    ["tool call and result", callTool],
    ["streamed tool call", callToolStreamed],
    ["image", showImage],
    ["thinking", think],
  ];
}
