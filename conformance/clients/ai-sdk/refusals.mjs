// What Bedrock refuses, as the SDK's APICallError: wrong requests, signatures and keys.
import { APICallError, generateText, jsonSchema, streamText } from "ai";
import { citySchema, expectEqual, expectMatch, failureOf, models, readAll } from "../cases.mjs";
import { damages } from "../damages.mjs";

/** Requests that are refused with status 400, and what the message says. */
const refused = [
  ["an unknown model", models.unknown, {}, /^The provided model identifier is invalid\.$/],
  [
    "a model without its profile",
    models.claudeWithoutProfile,
    {},
    /on-demand throughput isn’t supported/,
  ],
  [
    "tools for Titan",
    models.titan,
    { tools: { get_weather: { inputSchema: jsonSchema(citySchema) } } },
    /^This model doesn't support tool use\./,
  ],
  [
    "more tokens than the model has",
    models.llama,
    { maxOutputTokens: 9999 },
    /^The maximum tokens you requested exceeds the model limit of 2048\./,
  ],
];

function expectFailure(error, status, name, message) {
  expectEqual("is an APICallError", APICallError.isInstance(error), true);
  expectEqual("status", error.statusCode, status);
  expectEqual("name", error.responseHeaders["x-amzn-errortype"].split(":")[0], name);
  expectMatch("message", error.message, message);
}

/** What generateText fails with. */
const wholeFailure = (options) =>
  failureOf(generateText({ prompt: "Hello", maxRetries: 0, ...options }));

/** What streamText reports as its error. */
const streamFailure = async (options) => {
  const reply = streamText({ prompt: "Hello", maxRetries: 0, onError() {}, ...options });
  const { events } = await readAll(reply.fullStream);
  return events.find((event) => event.type === "error")?.error;
};

/** Refusals, damaged signatures, wrong keys. */
export function refusalCases(makeProvider) {
  const provider = makeProvider();
  const cases = [];
  for (const [name, modelId, options, message] of refused) {
    for (const [manner, failure] of [
      ["", wholeFailure],
      [", streamed", streamFailure],
    ]) {
      const refuse = async () => {
        const error = await failure({ model: provider(modelId), ...options });
        expectFailure(error, 400, "ValidationException", message);
      };
      cases.push([`refusal of ${name}${manner}`, refuse]);
    }
  }

  const invalidSignature = [
    "InvalidSignatureException",
    /^The request signature we calculated does not match/,
  ];
  const forbidden = [
    ...Object.entries(damages).map(([part, damage]) => [
      `one flipped bit of the ${part}`,
      { fetch: (url, init) => fetch(url, damage(init)) },
      ...invalidSignature,
    ]),
    ["wrong secret", { secretAccessKey: "wrong" }, ...invalidSignature],
    [
      "unknown access key",
      { accessKeyId: "unknown" },
      "UnrecognizedClientException",
      /^The security token/,
    ],
    ["unknown API key", { apiKey: "ABSKunknown" }, "AccessDeniedException", /./],
  ];
  for (const [name, options, type, message] of forbidden) {
    const refuse = async () =>
      expectFailure(
        await wholeFailure({ model: makeProvider(options)(models.claude) }),
        403,
        type,
        message,
      );
    cases.push([name, refuse]);
  }
  return cases;
}
