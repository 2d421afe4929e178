// One call by the AI SDK with @ai-sdk/amazon-bedrock, with its own defaults.
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { generateText, streamText } from "ai";
import { models, prompt, serveCalls } from "../one_call.mjs";

const provider = createAmazonBedrock({ baseURL: process.env.AWS_ENDPOINT_URL });
const model = provider(models.claude);

await serveCalls({
  buffered: async (limit) => {
    const timeout = limit && { totalMs: limit };
    const response = await generateText({ model, prompt, timeout });
    return response.text !== "" && response.finishReason === "stop";
  },
  // A failure inside a stream is an event; nothing is thrown.
  stream: async (limit) => {
    const timeout = limit && { firstChunkMs: limit, chunkMs: limit };
    const response = streamText({ model, prompt, timeout, onError() {} });
    let reason;
    for await (const event of response.fullStream) {
      if (event.type === "error") throw event.error;
      if (event.type === "abort") throw Object.assign(new Error(event.reason), { name: "abort event" });
      if (event.type === "finish") reason = event.finishReason;
    }
    return reason === "stop";
  },
});
