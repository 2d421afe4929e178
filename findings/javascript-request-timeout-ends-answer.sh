#!/usr/bin/env bash
# AWS SDK for JavaScript: a read time limit turns a stalled answer into a normal end.
#
# Over HTTP/2, the default of Bedrock Runtime, requestTimeout closes the stream of a response that
# stalls after its headers, and the error that is made for it goes nowhere: the promise of the
# headers is settled already. A ConverseStream ends as if it were whole, without messageStop;
# a Converse of which no byte of the body has come returns an answer without output. The same limit over HTTP/1.1 is a TimeoutError.
# It matters to everyone who sets requestTimeout so as not to wait for ever: half an answer
# passes for a whole one.
#
# @aws-sdk/client-bedrock-runtime 3.1164.0 (with @smithy/node-http-handler 4.14.2). 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @aws-sdk/client-bedrock-runtime@3.1164.0 \
    @smithy/node-http-handler@4.14.2 @smithy/eventstream-codec@4.5.2 >&2

cat > run.mjs <<'JS'
import http from "node:http"
import http2 from "node:http2"
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime"
import { NodeHttpHandler } from "@smithy/node-http-handler"
import { EventStreamCodec } from "@smithy/eventstream-codec"

const encode = (text) => new TextEncoder().encode(text)
const codec = new EventStreamCodec((bytes) => new TextDecoder().decode(bytes), encode)
const event = (name, payload) => codec.encode({
  headers: {
    ":event-type": { type: "string", value: name },
    ":content-type": { type: "string", value: "application/json" },
    ":message-type": { type: "string", value: "event" },
  },
  body: encode(JSON.stringify(payload)),
})
const begun = [
  event("messageStart", { role: "assistant" }),
  event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Half an ans" } }),
]

// The headers are sent, with the begun stream, and then nothing.
const stall = (request, answer) => {
  request.resume()
  request.on("end", () => {
    const streams = request.url.endsWith("converse-stream")
    const type = streams ? "application/vnd.amazon.eventstream" : "application/json"
    answer.writeHead(200, { "content-type": type })
    if (streams) answer.write(Buffer.concat(begun))
    else answer.flushHeaders()
  })
}
const ways = {
  "HTTP/2": [http2.createServer(stall), { requestTimeout: 1000 }],
  "HTTP/1.1": [http.createServer(stall), new NodeHttpHandler({ socketTimeout: 1000 })],
}
const input = { modelId: "amazon.nova-lite-v1:0", messages: [{ role: "user", content: [{ text: "Hello" }] }] }
const credentials = { accessKeyId: "local", secretAccessKey: "local" }

const seen = {}
for (const [way, [server, requestHandler]] of Object.entries(ways)) {
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready))
  const endpoint = `http://127.0.0.1:${server.address().port}`
  const client = new BedrockRuntimeClient({ region: "us-east-1", endpoint, credentials, requestHandler, maxAttempts: 1 })
  const calls = {
    ConverseStream: async () => {
      const names = []
      for await (const event of (await client.send(new ConverseStreamCommand(input))).stream) names.push(...Object.keys(event))
      return `ends normally after ${names.join(", ")}`
    },
    Converse: async () => `returns with output ${(await client.send(new ConverseCommand(input))).output}`,
  }
  for (const [name, call] of Object.entries(calls)) {
    const end = await call().catch((error) => `fails with ${error.name}`)
    seen[`${name}, ${way}`] = end
    console.log(`seen, ${name}, ${way}: ${end}`)
  }
}
console.log("expected: an error in all four, as the time limit passed and the answer is not whole")
const still = seen["ConverseStream, HTTP/2"] === "ends normally after messageStart, contentBlockDelta"
  && seen["Converse, HTTP/2"] === "returns with output undefined"
  && seen["ConverseStream, HTTP/1.1"] === "fails with TimeoutError"
  && seen["Converse, HTTP/1.1"] === "fails with TimeoutError"
console.log(still ? "still so: over HTTP/2 the time limit is lost" : "changed: one of the four ends in another way now")
process.exit(still ? 0 : 1)
JS

echo "@aws-sdk/client-bedrock-runtime 3.1164.0"
echo "fed: a stream that stalls after its first delta and an answer that stalls after its headers; the read time limit is 1 s"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_EC2_METADATA_DISABLED=true NODE_NO_WARNINGS=1 timeout 120 node run.mjs
