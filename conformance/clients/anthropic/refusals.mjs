// What Bedrock refuses, as the client's typed errors: wrong requests, signatures and keys.
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import { expectClass, expectEqual, expectMatch, failureOf, models } from "../cases.mjs";
import { damages } from "../damages.mjs";

const request = {
  model: models.claude,
  max_tokens: 100,
  messages: [{ role: "user", content: "Hello" }],
};

/** Requests that are refused with status 400, and what the message says. */
const refused = [
  ["an unknown model", { model: models.unknown }, /The provided model identifier is invalid\./],
  [
    "a model without its profile",
    { model: models.claudeWithoutProfile },
    /on-demand throughput isn’t supported/,
  ],
  [
    "no messages",
    { messages: [] },
    /Malformed input request: #\/messages: expected minimum item count: 1, found: 0/,
  ],
  [
    "an unknown field",
    { colour: "blue" },
    /Malformed input request: #: extraneous key \[colour\] is not permitted/,
  ],
  ["a temperature above 1", { temperature: 1.5 }, /Malformed input request: #\/temperature/],
];

function expectFailure(error, wanted, name, message) {
  expectClass(error, wanted);
  expectEqual("name", error.headers.get("x-amzn-errortype").split(":")[0], name);
  expectMatch("message", error.message, message);
}

/** Refusals, damaged signatures, wrong keys. */
export function refusalCases(makeClient) {
  const { BadRequestError, PermissionDeniedError } = AnthropicBedrock;
  const failure = (client, more) => failureOf(client.messages.create({ ...request, ...more }));
  const client = makeClient();
  const cases = [];
  for (const [name, more, message] of refused) {
    for (const stream of [false, true]) {
      const refuse = async () =>
        expectFailure(
          await failure(client, { ...more, stream }),
          BadRequestError,
          "ValidationException",
          message,
        );
      cases.push([`refusal of ${name}${stream ? ", streamed" : ""}`, refuse]);
    }
  }

  for (const [part, damage] of Object.entries(damages)) {
    const damaged = makeClient({ fetch: (url, init) => fetch(url, damage(init)) });
    const refuse = async () =>
      expectFailure(
        await failure(damaged),
        PermissionDeniedError,
        "InvalidSignatureException",
        /signature we calculated does not match/,
      );
    cases.push([`one flipped bit of the ${part}`, refuse]);
  }

  const wrongKeys = [
    ["wrong secret", { awsAccessKey: "local", awsSecretKey: "wrong" }, "InvalidSignatureException"],
    [
      "unknown access key",
      { awsAccessKey: "unknown", awsSecretKey: "local" },
      "UnrecognizedClientException",
    ],
    ["unknown API key", { apiKey: "ABSKunknown" }, "AccessDeniedException"],
  ];
  for (const [name, options, type] of wrongKeys) {
    const refuse = async () =>
      expectFailure(await failure(makeClient(options)), PermissionDeniedError, type, /403/);
    cases.push([name, refuse]);
  }
  return cases;
}
