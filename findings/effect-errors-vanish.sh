#!/usr/bin/env bash
# Effect's Bedrock client: a throttled stream ends well, and a citation ends it badly.
#
# Its frame decoder passes on frames of the message type "event" alone. The exception frames
# (throttlingException and the like) are dropped there, though the layer above has a case for
# each of them: half an answer, no error, no finish. News that is no error at all, a citation
# delta or a stop reason of 2025, fails the whole stream with MalformedOutput, and takes along
# the text that came in the same read. So real errors vanish and valid answers fail.
# It matters to everyone who uses Effect with Bedrock.
#
# @effect/ai-amazon-bedrock 0.15.0 (effect 3.22.4, @effect/ai 0.35.0). 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @effect/ai-amazon-bedrock@0.15.0 effect@3.22.4 \
    @effect/ai@0.35.0 @effect/platform@0.96.3 @smithy/eventstream-codec@4.5.2 >&2

cat > run.mjs <<'JS'
import http from "node:http"
import { Effect, Layer, Redacted, Stream } from "effect"
import { LanguageModel } from "@effect/ai"
import { FetchHttpClient } from "@effect/platform"
import { AmazonBedrockClient, AmazonBedrockLanguageModel } from "@effect/ai-amazon-bedrock"
import { EventStreamCodec } from "@smithy/eventstream-codec"

const encode = (text) => new TextEncoder().encode(text)
const codec = new EventStreamCodec((bytes) => new TextDecoder().decode(bytes), encode)
const frame = (kind, name, payload) => codec.encode({
  headers: {
    [`:${kind}-type`]: { type: "string", value: name },
    ":content-type": { type: "string", value: "application/json" },
    ":message-type": { type: "string", value: kind },
  },
  body: encode(JSON.stringify(payload)),
})
const event = (name, payload) => frame("event", name, payload)
const delta = (member) => event("contentBlockDelta", { contentBlockIndex: 0, delta: member })
const head = [event("messageStart", { role: "assistant" }), delta({ text: "The sky is blue" })]
const tail = (stopReason) => [
  event("contentBlockStop", { contentBlockIndex: 0 }),
  event("messageStop", { stopReason }),
  event("metadata", { usage: { inputTokens: 3, outputTokens: 5, totalTokens: 8 }, metrics: { latencyMs: 1 } }),
]
const citation = { title: "sky.txt", location: { documentChar: { documentIndex: 0, start: 0, end: 15 } } }
const streams = {
  "plain": [...head, ...tail("end_turn")],
  "throttlingException": [...head, frame("exception", "throttlingException", { message: "Too many tokens" })],
  "citation delta": [...head, delta({ citation }), ...tail("end_turn")],
  "model_context_window_exceeded": [...head, ...tail("model_context_window_exceeded")],
}

const seen = {}
for (const [name, frames] of Object.entries(streams)) {
  const server = http.createServer((request, answer) => {
    request.resume()
    request.on("end", () => {
      answer.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" })
      answer.end(Buffer.concat(frames))
    })
  })
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready))
  const client = AmazonBedrockClient.layer({
    apiUrl: `http://127.0.0.1:${server.address().port}`,
    accessKeyId: "local",
    secretAccessKey: Redacted.make("local"),
  })
  const model = AmazonBedrockLanguageModel.layer({ model: "anthropic.claude-3-5-sonnet-20241022-v2:0" })
  const layer = model.pipe(Layer.provide(client), Layer.provide(FetchHttpClient.layer))
  const parts = []
  const run = LanguageModel.streamText({ prompt: "Which colour has the sky?" }).pipe(
    Stream.runForEach((part) => Effect.sync(() => parts.push(part))),
    Effect.provide(layer),
  )
  let end = "ends normally"
  try {
    await Effect.runPromise(run)
  } catch (error) {
    end = "fails with " + (String(error).match(/MalformedOutput/) ?? [String(error).slice(0, 80)])[0]
  }
  server.close()
  server.closeAllConnections()
  const text = parts.filter((part) => part.type === "text-delta").map((part) => part.delta).join("")
  const finish = parts.find((part) => part.type === "finish")?.reason ?? "none"
  seen[name] = `${end}, text "${text}", finish ${finish}, error parts ${parts.filter((part) => part.type === "error").length}`
  console.log(`seen, ${name}: ${seen[name]}`)
}
console.log("expected: an error for throttlingException, a member of ConverseStreamOutput; the text for the others, as")
console.log("  citation is a member of ContentBlockDelta and model_context_window_exceeded a stopReason (API reference)")
const lost = 'fails with MalformedOutput, text "", finish none, error parts 0'
const still = seen["plain"].startsWith('ends normally, text "The sky is blue", finish stop')
  && seen["throttlingException"] === 'ends normally, text "The sky is blue", finish none, error parts 0'
  && seen["citation delta"] === lost && seen["model_context_window_exceeded"] === lost
console.log(still ? "still so: the error is lost, and so are two valid answers" : "changed: one of the four ends in another way now")
process.exit(still ? 0 : 1)
JS

echo "@effect/ai-amazon-bedrock 0.15.0"
echo "fed: four ConverseStream answers with the text The sky is blue, each sent in one piece"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_EC2_METADATA_DISABLED=true timeout 120 node run.mjs
