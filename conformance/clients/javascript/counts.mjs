// CountTokens, ApplyGuardrail and embeddings.
import {
  ApplyGuardrailCommand,
  CountTokensCommand,
  InvokeModelCommand,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { expectClass, expectEqual, expectMatch, failureOf, models } from "../cases.mjs";

const messages = [{ role: "user", content: [{ text: "Why is the sky blue?" }] }];
const nativeBody = JSON.stringify({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 100,
  messages: [{ role: "user", content: "Why is the sky blue?" }],
});

/** A request for each family of embeddings, where its answer has the vector, and how long it is. */
const embeddings = {
  Titan: [
    models.titanEmbedding,
    { inputText: "sky", dimensions: 256 },
    (answer) => answer.embedding,
    256,
  ],
  Cohere: [
    models.cohereEmbedding,
    { texts: ["sky"], input_type: "search_query" },
    (answer) => answer.embeddings[0],
    1024,
  ],
  Nova: [
    models.novaEmbedding,
    {
      taskType: "SINGLE_EMBEDDING",
      singleEmbeddingParams: {
        embeddingPurpose: "GENERIC_INDEX",
        embeddingDimension: 1024,
        text: { truncationMode: "END", value: "sky" },
      },
    },
    (answer) => answer.embeddings[0].embedding,
    1024,
  ],
};

/** What is neither a conversation nor a text. */
export function countCases(client) {
  const count = (modelId, input) => client.send(new CountTokensCommand({ modelId, input }));

  const countConversation = async () => {
    const { inputTokens } = await count(models.countsTokens, { converse: { messages } });
    expectMatch("tokens", inputTokens, /^[1-9]/);
  };
  const countNativeBody = async () => {
    const { inputTokens } = await count(models.countsTokens, { invokeModel: { body: nativeBody } });
    expectMatch("tokens", inputTokens, /^[1-9]/);
  };
  const refuseCount = async () => {
    const error = await failureOf(count(models.titan, { converse: { messages } }));
    expectClass(error, ValidationException);
    expectMatch("message", error.message, /^The provided model doesn't support counting tokens\.$/);
  };

  const guard = async () => {
    const reply = await client.send(
      new ApplyGuardrailCommand({
        guardrailIdentifier: "abc123",
        guardrailVersion: "1",
        source: "INPUT",
        content: [{ text: { text: "Why?" } }],
      }),
    );
    expectEqual("action", reply.action, "NONE");
  };

  const embed =
    ([modelId, body, vectorOf, length]) =>
    async () => {
      const input = { modelId, body: JSON.stringify(body) };
      const reply = await client.send(new InvokeModelCommand(input));
      const vector = vectorOf(JSON.parse(reply.body.transformToString()));
      expectEqual("length", vector.length, length);
    };

  return [
    ["tokens of a conversation", countConversation],
    ["tokens of a native body", countNativeBody],
    ["refusal to count tokens", refuseCount],
    ["guardrail", guard],
    ...Object.entries(embeddings).map(([name, family]) => [`embedding by ${name}`, embed(family)]),
  ];
}
