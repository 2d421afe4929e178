// The package as its users have it: installed, with the program it carries.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { BedrockLocalError, startBedrockLocal } from "llm-bedrock-local";

let bedrock;
before(async () => (bedrock = await startBedrockLocal()));
beforeEach(() => bedrock.reset());
after(() => bedrock.stop());

const converse = async (text) => {
  const client = new BedrockRuntimeClient({ ...bedrock.clientSettings(), maxAttempts: 1 });
  return client.send(
    new ConverseCommand({
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      messages: [{ role: "user", content: [{ text }] }],
    }),
  );
};

test("answers the AWS SDK", async () => {
  const response = await converse("Hello");

  assert.equal(response.stopReason, "end_turn");
  assert.deepEqual((await bedrock.requests()).map((entry) => entry.operation), ["Converse"]);
});

test("answers and breaks as its rules say", async () => {
  await bedrock.addRules(
    { match: { prompt: "weather" }, completion: { text: "Rain." } },
    { match: { prompt: "boom" }, fault: { kind: "exception", name: "ThrottlingException" } },
  );

  const response = await converse("What is the weather?");
  await assert.rejects(converse("boom"), { name: "ThrottlingException" });

  assert.deepEqual(response.output.message.content, [{ text: "Rain." }]);
  assert.deepEqual(await bedrock.faults(), { ThrottlingException: 1 });
});

test("remembers nothing of another test", async () => {
  assert.deepEqual(await bedrock.requests(), []);
  assert.deepEqual(await bedrock.faults(), {});
});

test("says why a rule is refused", async () => {
  await assert.rejects(bedrock.addRules({ match: { promt: "x" } }), (error) => {
    assert(error instanceof BedrockLocalError);
    assert.match(error.message, /promt/);
    return true;
  });
});

test("says why it does not start", async () => {
  await assert.rejects(startBedrockLocal({ args: ["--nosuch"] }), /nosuch/);
  await assert.rejects(startBedrockLocal({ program: "/nonexistent/bedrock" }), /Could not start/);
});

test("gives up on a program that says nothing", async () => {
  const silent = join(mkdtempSync(join(tmpdir(), "silent-")), "silent");
  writeFileSync(silent, "#!/bin/sh\nexec sleep 60\n");
  chmodSync(silent, 0o755);

  await assert.rejects(startBedrockLocal({ program: silent, startTimeoutMs: 200 }), /no output in time/);
});

test("stops twice", async () => {
  const other = await startBedrockLocal();
  await other.stop();
  await other.stop();

  await assert.rejects(fetch(other.endpoint));
});
