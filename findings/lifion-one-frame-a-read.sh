#!/usr/bin/env bash
# An event stream parser that gives one frame a read: what else came with it is lost, without an error.
#
# Parser of lifion-aws-event-stream is a transform for application/vnd.amazon.eventstream. For
# each chunk it gives at most one frame. Network reads do not follow frames: a short answer of
# Bedrock comes in one read, and only messageStart is left of it. If a second read follows, the
# length of the next frame is taken from the wrong place, and the stream fails with a message
# about missing bytes, though all bytes are there. Frame by frame, as in a test, all is well.
# It matters to everyone who looks for a small parser for Bedrock's streams in Node.js.
#
# lifion-aws-event-stream 1.0.7; frames made by @smithy/eventstream-codec 4.5.2. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts lifion-aws-event-stream@1.0.7 @smithy/eventstream-codec@4.5.2 >&2

cat > run.mjs <<'JS'
import { createRequire } from "node:module"
import { Readable } from "node:stream"
import { EventStreamCodec } from "@smithy/eventstream-codec"
const { Parser } = createRequire(import.meta.url)("lifion-aws-event-stream")

const encode = (text) => new TextEncoder().encode(text)
const codec = new EventStreamCodec((bytes) => new TextDecoder().decode(bytes), encode)
const event = (name, payload) => Buffer.from(codec.encode({
  headers: {
    ":event-type": { type: "string", value: name },
    ":content-type": { type: "string", value: "application/json" },
    ":message-type": { type: "string", value: "event" },
  },
  body: encode(JSON.stringify(payload)),
}))
const text = (text) => event("contentBlockDelta", { contentBlockIndex: 0, delta: { text } })
const frames = [
  event("messageStart", { role: "assistant" }), text("Do "), text("not "), text("pay."),
  event("contentBlockStop", { contentBlockIndex: 0 }), event("messageStop", { stopReason: "end_turn" }),
]
const all = Buffer.concat(frames)
const reads = {
  "a read for each frame": frames,
  "one read": [all],
  "two reads, cut inside the second frame": [all.subarray(0, frames[0].length + 20), all.subarray(frames[0].length + 20)],
  "two reads, cut behind the second frame": [Buffer.concat(frames.slice(0, 2)), Buffer.concat(frames.slice(2))],
}
const seen = {}
for (const [name, chunks] of Object.entries(reads)) {
  let events = 0
  let end = "no error"
  try {
    for await (const _ of Readable.from(chunks).pipe(new Parser())) events++
  } catch (error) {
    end = `Error: ${error.message}`
  }
  seen[name] = `${events} of ${frames.length} events, ${end}`
  console.log(`seen, ${name}: ${seen[name]}`)
}
console.log("expected: 6 events every time. The length in a frame's first four bytes says where it ends (event stream")
console.log("  encoding, AWS documentation); the pieces in which bytes come say nothing")
const [each, one, inside, behind] = Object.values(seen)
const still = each.startsWith("6 of 6 events, no error") && one === "1 of 6 events, no error"
  && inside === "1 of 6 events, no error" && /^1 of 6 events, Error: Expected \d+ bytes/.test(behind)
console.log(still ? "still so: five of six events are lost, mostly without an error" : "changed: other events come now")
process.exit(still ? 0 : 1)
JS

echo "lifion-aws-event-stream 1.0.7"
echo "fed: one ConverseStream answer of six frames (Do not pay.), cut into reads in four ways"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" timeout 60 node run.mjs
