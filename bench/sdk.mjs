// The AWS SDK for JavaScript as its users call it; the same words and report as the other subjects.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.BENCH_SDK + "/");
const sdk = require("@aws-sdk/client-bedrock-runtime");
const { NodeHttpHandler } = require("@smithy/node-http-handler");

const task = {};
const words = process.argv.slice(2);
for (let i = 0; i + 1 < words.length; i += 2) task[words[i].slice(2)] = words[i + 1];
const count = Number(task.count);
const parallel = Number(task.parallel);

const client = new sdk.BedrockRuntimeClient({
  endpoint: task.url,
  maxAttempts: 1,
  // HTTP/1.1 like the others; by default it speaks HTTP/2 here.
  requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: parallel } }),
});

const now = () => process.hrtime.bigint();
const question = "Why is the sky blue, and not violet?";

/** Bytes that count as a PNG only here: no client looks further than the SDK does. */
const image = task.shape === "image" ? Buffer.alloc(Number(task.size), 0x5a) : undefined;

function nativeBody() {
  const content = [{ type: "text", text: question }];
  if (image) {
    content.unshift({
      type: "image",
      source: { type: "base64", media_type: "image/png", data: image.toString("base64") },
    });
  }
  return JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 1000,
    temperature: 0.5,
    messages: [{ role: "user", content }],
  });
}

const modelId = process.env.BENCH_MODEL;
const native = () => ({ modelId, contentType: "application/json", body: nativeBody() });
const converse = () => ({ modelId, messages: [{ role: "user", content: [{ text: question }] }] });

/** The texts of a stream's events, as they come. */
async function* textsOf(answer) {
  for await (const event of answer.stream ?? []) {
    const text = event.contentBlockDelta?.delta?.text;
    if (text !== undefined) yield text;
  }
  for await (const event of answer.body ?? []) {
    const text = JSON.parse(new TextDecoder().decode(event.chunk.bytes)).delta?.text;
    if (text !== undefined) yield text;
  }
}

const operations = {
  invoke: async () => {
    const answer = await client.send(new sdk.InvokeModelCommand(native()));
    JSON.parse(new TextDecoder().decode(answer.body)).content[0].text;
  },
  "invoke-with-response-stream": () =>
    read(client.send(new sdk.InvokeModelWithResponseStreamCommand(native()))),
  "converse-stream": () => read(client.send(new sdk.ConverseStreamCommand(converse()))),
};

const seen = { requests: 0, deltas: 0, waits: [] };

async function read(sent) {
  const answer = await sent;
  let first = 0n;
  for await (const _ of textsOf(answer)) {
    if (first === 0n) first = now();
    seen.deltas += 1;
  }
  seen.waits.push(Number(first - BigInt(answer.$metadata.requestId)));
}

async function run(requests) {
  let left = requests;
  const one = async () => {
    do {
      left -= 1;
      await operations[task.operation]();
      seen.requests += 1;
    } while (left > 0 && task.rounds === "0");
  };
  while (left > 0) await Promise.all(Array.from({ length: Math.min(left, parallel) }, one));
}

await run(Number(task.warmup));
Object.assign(seen, { requests: 0, deltas: 0, waits: [] });
const cpuBefore = process.cpuUsage();
const wallBefore = now();
await run(count);
const cpu = process.cpuUsage(cpuBefore);
const wall = now() - wallBefore;
const waits = seen.waits.sort((a, b) => a - b);
const quantile = (part) => waits[Math.floor(part * (waits.length - 1))] ?? 0;
const peakKib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
console.log(
  JSON.stringify({
    requests: seen.requests,
    deltas: seen.deltas,
    cpu_ns: (cpu.user + cpu.system) * 1000,
    wall_ns: Number(wall),
    peak_kib: peakKib,
    p50_ns: quantile(0.5),
    p99_ns: quantile(0.99),
    allocations: 0,
  }),
);
process.exit(0);
