// InvokeModel and InvokeModelWithResponseStream with the native bodies of each family.
import {
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { expectEqual, expectMatch, models, readAll } from "../cases.mjs";

const question = "Why is the sky blue?";

/** A native request for each family, and where its answer has the text: whole and in a chunk. */
const families = {
  Claude: {
    modelId: models.claude,
    body: {
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 200,
      messages: [{ role: "user", content: question }],
    },
    text: (answer) => answer.content[0].text,
    piece: (chunk) => chunk.delta?.text,
  },
  Titan: {
    modelId: models.titan,
    body: { inputText: question },
    text: (answer) => answer.results[0].outputText,
    piece: (chunk) => chunk.outputText,
  },
  Llama: {
    modelId: models.llama,
    body: { prompt: question },
    text: (answer) => answer.generation,
    piece: (chunk) => chunk.generation,
  },
};

/** Native invocations of each family. */
export function invocationCases(client) {
  const whole = (family) => async () => {
    const body = JSON.stringify(family.body);
    const input = { modelId: family.modelId, contentType: "application/json", body };
    const answer = await client.send(new InvokeModelCommand(input));
    expectEqual("content type", answer.contentType, "application/json");
    expectMatch("text", family.text(JSON.parse(answer.body.transformToString())), /sky blue/);
  };

  const streamed = (family) => async () => {
    const input = { modelId: family.modelId, body: JSON.stringify(family.body) };
    const reply = await client.send(new InvokeModelWithResponseStreamCommand(input));
    const { events, error } = await readAll(reply.body);
    if (error) throw error;
    const chunks = events.map((event) => JSON.parse(Buffer.from(event.chunk.bytes).toString()));
    expectMatch("text", chunks.map((chunk) => family.piece(chunk) ?? "").join(""), /sky blue/);
    const metrics = chunks.at(-1)["amazon-bedrock-invocationMetrics"];
    expectMatch("output tokens of the last chunk", metrics?.outputTokenCount, /^[1-9]/);
  };

  return Object.entries(families).flatMap(([name, family]) => [
    [`invocation of ${name}`, whole(family)],
    [`streamed invocation of ${name}`, streamed(family)],
  ]);
}
