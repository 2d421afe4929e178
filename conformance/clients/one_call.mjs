// What the drivers of this folder have in common: each line of standard input asks for one call, one
// line of standard output says how it ended.
import { createInterface } from "node:readline";

export { models } from "./cases.mjs";

/** What a call says to the model. */
export const prompt = "Hello";

/** How an error is told apart: its name, with the code of Node.js if it has no name of its own. */
function nameOf(error) {
  const name = error?.name ?? typeof error;
  return name === "Error" && error.code ? `${name} ${error.code}` : name;
}

/** The message of an error and of its cause, which has the reason for what `fetch` throws. */
const messageOf = (error) =>
  [error?.message, error?.cause?.message].filter(Boolean).join(": ") || String(error);

async function runCall(call, limit) {
  const start = performance.now();
  const ended = (outcome) => ({ ...outcome, ms: Math.round(performance.now() - start) });
  try {
    const complete = await call(limit);
    return ended({ outcome: complete ? "end" : "partial-end", name: "", message: "" });
  } catch (error) {
    return ended({ outcome: "error", name: nameOf(error), message: messageOf(error) });
  }
}

/**
 * Serves requests such as `{"call": "stream", "limit_ms": 1000}`. A call is a function of the time
 * limit in milliseconds, or of nothing; it says whether all came that a complete response has.
 */
export async function serveCalls(calls) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { call, limit_ms: limit } = JSON.parse(line);
    console.log(JSON.stringify(await runCall(calls[call], limit)));
  }
  process.exit(0);
}
