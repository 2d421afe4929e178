// Anthropic Messages on bedrock-mantle, buffered and streamed, and its refusals.
import { AnthropicBedrockMantle } from "@anthropic-ai/bedrock-sdk";
import {
  citySchema,
  expectClass,
  expectEqual,
  expectMatch,
  failureOf,
  readAll,
} from "../cases.mjs";

const tools = [{ name: "get_weather", input_schema: citySchema }];
const request = (content, more) => ({
  model: "anthropic.claude-haiku-4-5",
  max_tokens: 300,
  messages: [{ role: "user", content }],
  ...more,
});

/** What the client must carry, and how it must fail. */
export function messagesCases(makeClient) {
  const { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } =
    AnthropicBedrockMantle;
  const client = makeClient();
  const failure = (one, content, more) => failureOf(one.messages.create(request(content, more)));

  const chat = async () => {
    const answer = await client.messages.create(request("Why is the sky blue?"));
    expectEqual("stop reason", answer.stop_reason, "end_turn");
    expectMatch("text", answer.content[0].text, /Why is the sky blue\?/);
    expectMatch("output tokens", answer.usage.output_tokens, /^[1-9]/);
  };

  const streamedChat = async () => {
    const stream = await client.messages.create(request("Why is the sky blue?", { stream: true }));
    const { events, error } = await readAll(stream);
    if (error) throw error;
    const types = events.map((event) => event.type);
    expectEqual("first", types.slice(0, 2), ["message_start", "content_block_start"]);
    expectEqual("last", types.slice(-3), ["content_block_stop", "message_delta", "message_stop"]);
  };

  const streamedTool = async () => {
    const message = await client.messages
      .stream(request("Call get_weather.", { tools }))
      .finalMessage();
    const use = message.content.find((block) => block.type === "tool_use");
    expectEqual("stop reason", message.stop_reason, "tool_use");
    expectEqual("arguments", Object.keys(use.input), ["city"]);
  };

  const beta = async () => {
    const answer = await client.beta.messages.create({
      ...request("Hello"),
      betas: ["context-management-2025-06-27"],
      context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
    });
    expectEqual("stop reason", answer.stop_reason, "end_turn");
  };

  const unknownModel = async () => {
    const error = await failure(client, "Hello", { model: "anthropic.claude-9" });
    expectClass(error, NotFoundError);
    expectEqual("type", error.error.error.type, "not_found_error");
  };

  const badRequest = async () =>
    expectClass(await failure(client, "Hello", { temperature: 7 }), BadRequestError);

  const wrongSecret = async () => {
    const other = makeClient({ awsAccessKey: "local", awsSecretAccessKey: "wrong" });
    expectClass(await failure(other, "Hello"), AuthenticationError);
  };

  const wrongKey = async () => {
    const error = await failure(makeClient({ apiKey: "ABSKwrong" }), "Hello");
    expectClass(error, AuthenticationError);
    expectMatch("message", error.message, /Invalid bearer token/);
  };

  const throttled = async () =>
    expectClass(await failure(client, "Raise ThrottlingException."), RateLimitError);

  return [
    ["Messages: chat", chat],
    ["Messages: streamed chat", streamedChat],
    ["Messages: streamed tool call", streamedTool],
    ["Messages: a beta", beta],
    ["Messages: an unknown model", unknownModel],
    ["Messages: a temperature above 1", badRequest],
    ["Messages: a wrong secret", wrongSecret],
    ["Messages: a wrong API key", wrongKey],
    ["Messages: throttling", throttled],
  ];
}
