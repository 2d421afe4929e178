// The control plane: which models there are.
import {
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
  ListFoundationModelsCommand,
  ResourceNotFoundException,
  ValidationException,
  paginateListInferenceProfiles,
} from "@aws-sdk/client-bedrock";
import { expectClass, expectEqual, expectMatch, failureOf, models } from "../cases.mjs";

/** What Bedrock itself, not Bedrock Runtime, is asked. */
export function controlCases(client) {
  const list = async (input) =>
    (await client.send(new ListFoundationModelsCommand(input))).modelSummaries.map(
      (model) => model.modelId,
    );

  return [
    [
      "list of models",
      async () => expectEqual("has Titan", (await list({})).includes(models.titan), true),
    ],
    [
      "list of Meta's models",
      async () => {
        for (const id of await list({ byProvider: "Meta" })) expectMatch("model", id, /^meta\./);
      },
    ],
    [
      "one model",
      async () => {
        const reply = await client.send(
          new GetFoundationModelCommand({ modelIdentifier: models.titan }),
        );
        expectEqual("model", reply.modelDetails.modelId, models.titan);
        expectEqual("streams", reply.modelDetails.responseStreamingSupported, true);
      },
    ],
    [
      "refusal of an unknown model",
      async () => {
        const unknown = new GetFoundationModelCommand({ modelIdentifier: models.unknown });
        const error = await failureOf(client.send(unknown));
        expectClass(error, ValidationException);
        expectEqual("status", error.$metadata.httpStatusCode, 400);
      },
    ],
    [
      "availability of a model",
      async () => {
        const question = new GetFoundationModelAvailabilityCommand({ modelId: models.titan });
        const reply = await client.send(question);
        expectEqual("authorization", reply.authorizationStatus, "AUTHORIZED");
        expectEqual("agreement", reply.agreementAvailability, { status: "AVAILABLE" });
      },
    ],
    [
      "list of inference profiles, page by page",
      async () => {
        const sizes = [];
        const ids = [];
        for await (const page of paginateListInferenceProfiles({ client, pageSize: 10 }, {})) {
          const profiles = page.inferenceProfileSummaries;
          sizes.push(profiles.length);
          ids.push(...profiles.map((profile) => profile.inferenceProfileId));
        }
        expectEqual("first page", sizes[0], 10);
        expectEqual("has more pages", sizes.length > 1, true);
        expectEqual("repeats none", new Set(ids).size, ids.length);
        expectEqual("has Claude's", ids.includes(models.claude), true);
      },
    ],
    [
      "one inference profile",
      async () => {
        const question = { inferenceProfileIdentifier: models.claude };
        const profile = await client.send(new GetInferenceProfileCommand(question));
        expectEqual("status", profile.status, "ACTIVE");
        expectMatch("model", profile.models[0].modelArn, /foundation-model\/anthropic\.claude/);
        expectEqual("dates are dates", profile.createdAt instanceof Date, true);
      },
    ],
    [
      "refusal of an unknown inference profile",
      async () => {
        const question = { inferenceProfileIdentifier: models.unknown };
        const error = await failureOf(client.send(new GetInferenceProfileCommand(question)));
        expectClass(error, ResourceNotFoundException);
        expectEqual("status", error.$metadata.httpStatusCode, 404);
      },
    ],
  ];
}
