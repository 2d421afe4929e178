// The AWS SDK for JavaScript v3 against the local Bedrock: endpoint and keys come from the
// environment, everything else is the SDK's own default.
import { BedrockClient } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { runCases } from "../cases.mjs";
import { controlCases } from "./control.mjs";
import { countCases } from "./counts.mjs";
import { conversationCases } from "./conversations.mjs";
import { invocationCases } from "./invocations.mjs";
import { refusalCases } from "./refusals.mjs";
import { signatureCases } from "./signatures.mjs";

/** How a client is made; one attempt only, so that a failure is seen as it came. */
const transports = {
  "HTTP/1.1": (options) =>
    new BedrockRuntimeClient({ maxAttempts: 1, requestHandler: new NodeHttpHandler(), ...options }),
};

const cases = controlCases(new BedrockClient({ maxAttempts: 1 }));
for (const [transport, makeClient] of Object.entries(transports)) {
  const runtime = makeClient({});
  const table = [
    ...conversationCases(runtime),
    ...invocationCases(runtime),
    ...countCases(runtime),
    ...refusalCases(runtime),
    ...signatureCases(makeClient),
  ];
  for (const [name, run] of table) cases.push([`${transport}: ${name}`, run]);
}
await runCases(cases);
