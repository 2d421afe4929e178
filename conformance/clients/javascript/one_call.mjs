// One call by the AWS SDK for JavaScript v3, with its own defaults: over HTTP/2, or with the argument
// `http1` over HTTP/1.1.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { models, prompt, serveCalls } from "../one_call.mjs";

const handlers = {
  http1: (limit) => new NodeHttpHandler({ socketTimeout: limit }),
  http2: (limit) => ({ requestTimeout: limit }),
};
const makeHandler = handlers[process.argv[2] ?? "http2"];
const makeClient = (limit) => new BedrockRuntimeClient({ requestHandler: makeHandler(limit) });
const input = {
  modelId: models.claude,
  messages: [{ role: "user", content: [{ text: prompt }] }],
};

await serveCalls({
  buffered: async (limit) => {
    const response = await makeClient(limit).send(new ConverseCommand(input));
    return Boolean(response.output?.message && response.stopReason);
  },
  stream: async (limit) => {
    const response = await makeClient(limit).send(new ConverseStreamCommand(input));
    let stopped = false;
    for await (const event of response.stream) stopped ||= event.messageStop !== undefined;
    return stopped;
  },
});
