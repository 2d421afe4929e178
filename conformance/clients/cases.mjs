// What the programs of this folder have in common: a table of cases is run one after the other,
// each prints one line.
import { isDeepStrictEqual } from "node:util";

/** No case may take longer; those of a silent server end here. */
const maxCaseMilliseconds = 20_000;

/** A picture of one pixel. */
export const onePixelPng = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" +
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What a function with one text parameter takes. */
export const citySchema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
};

const claude = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

/** Models, one of each family served. */
export const models = {
  claude,
  claudeArn: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${claude}`,
  claudeWithoutProfile: "anthropic.claude-haiku-4-5-20251001-v1:0",
  cohereEmbedding: "cohere.embed-english-v3",
  countsTokens: "anthropic.claude-sonnet-4-20250514-v1:0",
  llama: "meta.llama3-8b-instruct-v1:0",
  nova: "amazon.nova-lite-v1:0",
  novaEmbedding: "amazon.nova-2-multimodal-embeddings-v1:0",
  titanEmbedding: "amazon.titan-embed-text-v2:0",
  titan: "amazon.titan-text-express-v1",
  unknown: "anthropic.claude-9-v1:0",
};

const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value));

/** Fails unless both are the same, members and all. */
export function expectEqual(what, got, expected) {
  if (isDeepStrictEqual(got, expected)) return;
  throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}`);
}

/** Fails unless the error is of that class, which is what an application would catch. */
export function expectClass(error, wanted) {
  if (error instanceof wanted) return;
  throw new Error(`error: expected ${wanted.name}, got ${error?.name}: ${error?.message}`);
}

/** Fails unless the pattern is found in the text. */
export function expectMatch(what, got, pattern) {
  if (pattern.test(String(got))) return;
  throw new Error(`${what}: expected ${pattern}, got ${show(got)}`);
}

/** What the promise is rejected with. */
export async function failureOf(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a failure, got ${show(answer)}`);
}

/** Everything that a stream brings before it ends or fails. */
export async function readAll(stream) {
  const events = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events };
}

async function withinTime(run) {
  let timer;
  const late = new Promise((_, reject) => {
    const expire = () =>
      reject(new Error(`expected an end within ${maxCaseMilliseconds} ms, got none`));
    timer = setTimeout(expire, maxCaseMilliseconds);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `[name, function]` pairs, prints one line for each and the counts, and ends the program. */
export async function runCases(cases) {
  let passed = 0;
  let failed = 0;
  for (const [name, run] of cases) {
    try {
      await withinTime(run);
      passed += 1;
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name}: ${error.message}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(passed > 0 && failed === 0 ? 0 : 1);
}
