// The AWS SDK for JavaScript v3 against the local Bedrock: endpoint and keys come from the
// environment, everything else is the SDK's own default.
import { BedrockClient } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { expectEqual, runCases } from "../cases.mjs";
import { controlCases } from "./control.mjs";
import { countCases } from "./counts.mjs";
import { conversationCases } from "./conversations.mjs";
import { faultCases } from "./faults.mjs";
import { invocationCases } from "./invocations.mjs";
import { refusalCases } from "./refusals.mjs";
import { signatureCases } from "./signatures.mjs";

/**
 * How a client is made: the default handler of Bedrock Runtime speaks HTTP/2. One attempt only, so
 * that a failure is seen as it came.
 */
const transports = {
  "HTTP/2": (options) => new BedrockRuntimeClient({ maxAttempts: 1, ...options }),
  "HTTP/1.1": (options) =>
    new BedrockRuntimeClient({ maxAttempts: 1, requestHandler: new NodeHttpHandler(), ...options }),
};

const cases = controlCases(new BedrockClient({ maxAttempts: 1 }));
for (const [transport, makeClient] of Object.entries(transports)) {
  const runtime = makeClient({});
  const { handlerProtocol } = runtime.config.requestHandler.metadata;
  const spoken = { h2: "HTTP/2", "http/1.1": "HTTP/1.1" }[handlerProtocol];
  const table = [
    ["is what the client speaks", async () => expectEqual("protocol", spoken, transport)],
    ...conversationCases(runtime),
    ...invocationCases(runtime),
    ...countCases(runtime),
    ...refusalCases(runtime),
    ...signatureCases(makeClient),
    ...faultCases(transport, makeClient),
  ];
  for (const [name, run] of table) cases.push([`${transport}: ${name}`, run]);
}
await runCases(cases);
