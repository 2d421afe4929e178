// One call by @anthropic-ai/bedrock-sdk, with its own defaults.
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import { models, prompt, serveCalls } from "../one_call.mjs";

const create = (limit, stream) =>
  new AnthropicBedrock({ timeout: limit }).messages.create({
    model: models.claude,
    max_tokens: 300,
    messages: [{ role: "user", content: prompt }],
    stream,
  });

await serveCalls({
  buffered: async (limit) => {
    const response = await create(limit, false);
    return Boolean(response?.content && response.stop_reason);
  },
  stream: async (limit) => {
    let stopped = false;
    for await (const event of await create(limit, true)) stopped ||= event.type === "message_stop";
    return stopped;
  },
});
