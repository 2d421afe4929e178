// The control plane: which models there are.
import {
  GetFoundationModelCommand,
  ListFoundationModelsCommand,
  ValidationException,
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
  ];
}
