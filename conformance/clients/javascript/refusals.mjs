// What Bedrock refuses, as the SDK's typed exceptions.
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { citySchema, expectClass, expectEqual, expectMatch, failureOf, models } from "../cases.mjs";

const hello = [{ role: "user", content: [{ text: "Hello" }] }];
const tools = [{ toolSpec: { name: "get_weather", inputSchema: { json: citySchema } } }];

/** Requests that are refused with ValidationException, and what the message says. */
const refused = [
  [
    "an unknown model",
    { modelId: models.unknown, messages: hello },
    /^The provided model identifier is invalid\.$/,
  ],
  [
    "a model without its profile",
    { modelId: models.claudeWithoutProfile, messages: hello },
    /on-demand throughput isn’t supported/,
  ],
  [
    "a model of embeddings",
    { modelId: models.titanEmbedding, messages: hello },
    /^This action doesn't support the model that you provided\./,
  ],
  [
    "a blank text",
    { modelId: models.claude, messages: [{ role: "user", content: [{ text: " " }] }] },
    /^The text field in the ContentBlock object at messages\.0\.content\.0 is blank\./,
  ],
  [
    "an assistant who begins",
    {
      modelId: models.claude,
      messages: [{ role: "assistant", content: [{ text: "Hi" }] }, ...hello],
    },
    /^A conversation must start with a user message\./,
  ],
  [
    "tools for Titan",
    { modelId: models.titan, messages: hello, toolConfig: { tools } },
    /^This model doesn't support tool use\./,
  ],
  [
    "more tokens than the model has",
    { modelId: models.llama, messages: hello, inferenceConfig: { maxTokens: 9999 } },
    /^The maximum tokens you requested exceeds the model limit of 2048\./,
  ],
  [
    "a temperature above 1",
    { modelId: models.claude, messages: hello, inferenceConfig: { temperature: 1.5 } },
    /temperature/,
  ],
];

function expectValidation(error, message) {
  expectClass(error, ValidationException);
  expectEqual("name", error.name, "ValidationException");
  expectEqual("status", error.$metadata.httpStatusCode, 400);
  expectMatch("request id", error.$metadata.requestId, /^[0-9a-f-]{36}$/);
  expectMatch("message", error.message, message);
}

/** Refusals of each operation. */
export function refusalCases(client) {
  const native = (Command) => async () => {
    const input = { modelId: models.claude, body: JSON.stringify({ messages: [] }) };
    const error = await failureOf(client.send(new Command(input)));
    expectValidation(error, /^Malformed input request: .*required key \[max_tokens\] not found/);
  };

  const cases = [
    ["refusal of a native body", native(InvokeModelCommand)],
    ["refusal of a native body, streamed", native(InvokeModelWithResponseStreamCommand)],
  ];
  for (const [name, input, message] of refused) {
    for (const [operation, Command] of [
      ["Converse", ConverseCommand],
      ["ConverseStream", ConverseStreamCommand],
    ]) {
      cases.push([
        `${operation} refuses ${name}`,
        async () => expectValidation(await failureOf(client.send(new Command(input))), message),
      ]);
    }
  }
  return cases;
}
