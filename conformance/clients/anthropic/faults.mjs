// What the server was told to do wrong (faults.json), as the client reports it.
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import { expectClass, expectEqual, expectMatch, failureOf, models, readAll } from "../cases.mjs";

const {
  APIConnectionError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} = AnthropicBedrock;

/** Exceptions in place of an answer, and the class that the client makes of their status. */
const raised = [
  ["AccessDeniedException", PermissionDeniedError],
  ["InternalServerException", InternalServerError],
  ["ModelNotReadyException", RateLimitError],
  ["ResourceNotFoundException", NotFoundError],
  ["ServiceQuotaExceededException", BadRequestError],
  ["ServiceUnavailableException", InternalServerError],
  ["ThrottlingException", RateLimitError],
];

const request = (content, stream) => ({
  model: models.claude,
  max_tokens: 300,
  messages: [{ role: "user", content }],
  stream,
});

/** Faults before an answer and within a stream. */
export function faultCases(makeClient) {
  const client = makeClient();
  const brokenStream = async (text) => {
    const { events, error } = await readAll(await client.messages.create(request(text, true)));
    if (!error) throw new Error(`expected a failure after ${events.length} events, got the end`);
    return { events, error };
  };

  const cases = [];
  for (const [name, wanted] of raised) {
    for (const stream of [false, true]) {
      const raise = async () => {
        const error = await failureOf(client.messages.create(request(`Raise ${name}.`, stream)));
        expectClass(error, wanted);
        expectEqual("name", error.headers.get("x-amzn-errortype").split(":")[0], name);
      };
      cases.push([`${name}${stream ? ", streamed" : ""}`, raise]);
    }
  }

  const broken = [
    ["Stream, then raise ModelStreamErrorException.", /modelStreamErrorException/i],
    ["Stream, then raise ThrottlingException.", /throttlingException/i],
    ["Damage a checksum.", /checksum/],
    ["Cut the stream within an event.", /Truncated/],
    ["Reset within the stream.", /^TypeError: terminated$/],
  ];
  for (const [text, message] of broken) {
    const breakStream = async () => {
      const { error } = await brokenStream(text);
      expectMatch("error", `${error.name}: ${error.message}`, message);
    };
    cases.push([`in a stream: ${text}`, breakStream]);
  }

  const reset = async () => {
    const create = client.messages.create(request("Reset before the answer."));
    expectClass(await failureOf(create), APIConnectionError);
  };
  const throttleOnce = async () => {
    const patient = makeClient({ maxRetries: 2 });
    const answer = await patient.messages.create(request("Throttle once over HTTP/1.1."));
    expectEqual("stop reason", answer.stop_reason, "end_turn");
  };
  cases.push(["reset before the answer", reset]);
  cases.push(["throttled once, then answered", throttleOnce]);
  return cases;
}
