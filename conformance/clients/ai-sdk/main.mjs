// The AI SDK with @ai-sdk/amazon-bedrock against the local Bedrock: region and keys come from the
// environment, the endpoint is the one option.
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { runCases } from "../cases.mjs";
import { faultCases } from "./faults.mjs";
import { generationCases } from "./generations.mjs";
import { refusalCases } from "./refusals.mjs";

const makeProvider = (options = {}) =>
  createAmazonBedrock({ baseURL: process.env.AWS_ENDPOINT_URL, ...options });

await runCases([
  ...generationCases(makeProvider()),
  ...refusalCases(makeProvider),
  ...faultCases(makeProvider),
]);
