// @anthropic-ai/bedrock-sdk against the local Bedrock: endpoint, region and keys come from the
// environment.
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import { runCases } from "../cases.mjs";
import { faultCases } from "./faults.mjs";
import { messageCases } from "./messages.mjs";
import { refusalCases } from "./refusals.mjs";

/** A client that makes one attempt only, so that a failure is seen as it came. */
const makeClient = (options = {}) => new AnthropicBedrock({ maxRetries: 0, ...options });

await runCases([
  ...messageCases(makeClient()),
  ...refusalCases(makeClient),
  ...faultCases(makeClient),
]);
