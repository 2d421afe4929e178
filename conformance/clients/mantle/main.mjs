// The clients of bedrock-mantle against the local Bedrock: @anthropic-ai/bedrock-sdk for Anthropic
// Messages, the AI SDK with @ai-sdk/amazon-bedrock for Chat Completions. Region and keys come from the
// environment.
import { AnthropicBedrockMantle } from "@anthropic-ai/bedrock-sdk";
import { createBedrockMantle } from "@ai-sdk/amazon-bedrock/mantle";
import { runCases } from "../cases.mjs";
import { chatCases } from "./chat.mjs";
import { messagesCases } from "./messages.mjs";

const origin = process.env.AWS_ENDPOINT_URL;

const makeClient = (options = {}) =>
  new AnthropicBedrockMantle({ baseURL: `${origin}/anthropic`, maxRetries: 0, ...options });
const makeProvider = (path, options = {}) =>
  createBedrockMantle({ baseURL: `${origin}/${path}`, ...options });

await runCases([...messagesCases(makeClient), ...chatCases(makeProvider)]);
