// What the server was told to do wrong (faults.json), as the SDK reports it.
import { APICallError, generateText, streamText } from "ai";
import { expectEqual, expectMatch, failureOf, models, readAll } from "../cases.mjs";

/** Exceptions in place of an answer, their status, and whether the SDK would try again. */
const raised = [
  ["AccessDeniedException", 403, false],
  ["InternalServerException", 500, true],
  ["ModelErrorException", 424, false],
  ["ModelNotReadyException", 429, true],
  ["ModelTimeoutException", 408, true],
  ["ResourceNotFoundException", 404, false],
  ["ServiceUnavailableException", 503, true],
  ["ThrottlingException", 429, true],
];

/** Faults before an answer and within a stream. */
export function faultCases(makeProvider) {
  const model = makeProvider()(models.claude);
  const whole = (prompt) => failureOf(generateText({ model, prompt, maxRetries: 0 }));
  const streamed = async (prompt) => {
    const reply = streamText({ model, prompt, maxRetries: 0, onError() {} });
    const { events, error } = await readAll(reply.fullStream);
    const failure = error ?? events.find((event) => event.type === "error")?.error;
    if (!failure) throw new Error(`expected a failure among ${events.length} events, got none`);
    return failure;
  };

  const cases = [];
  for (const [name, status, retryable] of raised) {
    for (const [manner, failure] of [
      ["", whole],
      [", streamed", streamed],
    ]) {
      const raise = async () => {
        const error = await failure(`Raise ${name}.`);
        expectEqual("is an APICallError", APICallError.isInstance(error), true);
        expectEqual("status", error.statusCode, status);
        expectEqual("name", error.responseHeaders["x-amzn-errortype"].split(":")[0], name);
        expectEqual("retryable", error.isRetryable, retryable);
      };
      cases.push([`${name}${manner}`, raise]);
    }
  }

  const broken = [
    ["Stream, then raise ModelStreamErrorException.", /^AI_StreamProviderError: An error occurred/],
    ["Stream, then raise ThrottlingException.", /^AI_StreamProviderError: Too many requests/],
    ["Damage a checksum.", /checksum/],
    ["Reset within the stream.", /^TypeError: terminated$/],
  ];
  for (const [text, message] of broken) {
    const breakStream = async () => {
      const error = await streamed(text);
      expectMatch("error", `${error.name}: ${error.message}`, message);
    };
    cases.push([`in a stream: ${text}`, breakStream]);
  }

  const throttleOnce = async () => {
    const answer = await generateText({
      model,
      prompt: "Throttle once over HTTP/1.1.",
      maxRetries: 2,
    });
    expectEqual("finish reason", answer.finishReason, "stop");
  };
  cases.push(["throttled once, then answered", throttleOnce]);
  return cases;
}
