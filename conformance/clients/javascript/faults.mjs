// What the server was told to do wrong (faults.json), as the SDK reports it.
import {
  AccessDeniedException,
  ConverseCommand,
  ConverseStreamCommand,
  InternalServerException,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ModelErrorException,
  ModelNotReadyException,
  ModelStreamErrorException,
  ModelTimeoutException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { expectClass, expectEqual, expectMatch, failureOf, models, readAll } from "../cases.mjs";

/** Exceptions in place of an answer, with the status that each has. */
const raised = [
  [AccessDeniedException, 403],
  [InternalServerException, 500],
  [ModelErrorException, 424],
  [ModelNotReadyException, 429],
  [ModelTimeoutException, 408],
  [ResourceNotFoundException, 404],
  [ServiceQuotaExceededException, 400],
  [ServiceUnavailableException, 503],
  [ThrottlingException, 429],
];

/** Exceptions within a stream. */
const raisedInStream = [
  InternalServerException,
  ModelStreamErrorException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
];

const conversation = (text) => ({
  modelId: models.claude,
  messages: [{ role: "user", content: [{ text }] }],
});
const invocation = (text) => ({
  modelId: models.claude,
  body: JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 100,
    messages: [{ role: "user", content: text }],
  }),
});

/** Each operation: its command, its input, and which member of its output is a stream. */
const operations = {
  Converse: [ConverseCommand, conversation],
  ConverseStream: [ConverseStreamCommand, conversation, "stream"],
  InvokeModel: [InvokeModelCommand, invocation],
  InvokeModelWithResponseStream: [InvokeModelWithResponseStreamCommand, invocation, "body"],
};
const streams = Object.entries(operations).filter(([, [, , member]]) => member);

/** Faults over one transport; `makeClient` gives clients of it. */
export function faultCases(transport, makeClient) {
  const client = makeClient({});
  const send = ([Command, input], text) => client.send(new Command(input(text)));
  const brokenStream = async (operation, text) => {
    const { events, error } = await readAll((await send(operation, text))[operation[2]]);
    if (!error) throw new Error(`expected a failure after ${events.length} events, got the end`);
    return { events, error };
  };
  const cases = [];

  for (const [name, operation] of Object.entries(operations)) {
    for (const [Exception, status] of raised) {
      const raise = async () => {
        const error = await failureOf(send(operation, `Raise ${Exception.name}.`));
        expectClass(error, Exception);
        expectEqual("status", error.$metadata.httpStatusCode, status);
        expectMatch("message", error.message, /^[A-Z].*\.$/);
      };
      cases.push([`${name}: ${Exception.name}`, raise]);
    }
  }

  for (const [name, operation] of streams) {
    for (const Exception of raisedInStream) {
      const raise = async () => {
        const text = `Stream, then raise ${Exception.name}.`;
        const { events, error } = await brokenStream(operation, text);
        expectEqual("events before", events.length, 3);
        expectClass(error, Exception);
      };
      cases.push([`${name}: ${Exception.name} within the stream`, raise]);
    }
    const damage = async () => {
      const { events, error } = await brokenStream(operation, "Damage a checksum.");
      expectEqual("events before", events.length, 3);
      expectMatch("message", error.message, /message checksum .* did not match/);
    };
    const cut = async () => {
      const { error } = await brokenStream(operation, "Cut the stream within an event.");
      expectMatch("message", error.message, /^Truncated event message received\.$/);
    };
    const reset = async () => {
      const { error } = await brokenStream(operation, "Reset within the stream.");
      expectMatch("message", error.message, /^aborted$|NGHTTP2/);
    };
    cases.push([`${name}: damaged checksum`, damage]);
    cases.push([`${name}: end within an event`, cut]);
    cases.push([`${name}: reset within the stream`, reset]);
  }

  const resetAtOnce = async () => {
    const error = await failureOf(send(operations.Converse, "Reset before the answer."));
    expectMatch("code", error.code, /^ECONNRESET$|^ERR_HTTP2_STREAM_ERROR$/);
  };
  const html = async () => {
    const error = await failureOf(send(operations.Converse, "Send a page of HTML."));
    expectEqual("status", error.$metadata.httpStatusCode, 503);
  };
  const throttleOnce = async () => {
    const patient = makeClient({ maxAttempts: 3 });
    const text = `Throttle once over ${transport}.`;
    const answer = await patient.send(new ConverseCommand(conversation(text)));
    expectEqual("attempts", answer.$metadata.attempts, 2);
  };
  cases.push(["reset before the answer", resetAtOnce]);
  cases.push(["page of HTML with status 503", html]);
  cases.push(["throttled once, then answered", throttleOnce]);
  return cases;
}
