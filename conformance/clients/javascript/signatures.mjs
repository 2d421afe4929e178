// Signatures: what is signed is accepted everywhere else; here one bit is not as it was signed.
import { ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { expectEqual, expectMatch, failureOf, models } from "../cases.mjs";

const command = () =>
  new ConverseCommand({
    modelId: models.claude,
    messages: [{ role: "user", content: [{ text: "Hello" }] }],
  });

/** The text with the lowest bit of its last letter or digit flipped. */
const flipLastBit = (text) =>
  text.replace(/[a-z0-9](?=[^a-z0-9]*$)/, (character) =>
    String.fromCharCode(character.charCodeAt(0) ^ 1),
  );

/** What damages a signed request by one bit. */
const damages = {
  body: (request) => {
    request.body = Buffer.from(flipLastBit(Buffer.from(request.body).toString()));
  },
  "header that is signed": (request) => {
    request.headers["amz-sdk-invocation-id"] = flipLastBit(
      request.headers["amz-sdk-invocation-id"],
    );
  },
  path: (request) => {
    request.path = request.path.replace("haiku", "iaiku");
  },
  signature: (request) => {
    request.headers.authorization = request.headers.authorization.replace(/.$/, (digit) =>
      (Number.parseInt(digit, 16) ^ 1).toString(16),
    );
  },
};

async function expectRefusal(client, name, message) {
  const error = await failureOf(client.send(command()));
  expectEqual("name", error.name, name);
  expectEqual("status", error.$metadata.httpStatusCode, 403);
  expectMatch("message", error.message, message);
}

/** Damaged signatures, wrong keys, a wrong clock. */
export function signatureCases(makeClient) {
  const flipped = (damage) => async () => {
    const client = makeClient({});
    const afterSigning = (next) => (call) => {
      damage(call.request);
      return next(call);
    };
    client.middlewareStack.addRelativeTo(afterSigning, {
      relation: "after",
      toMiddleware: "httpSigningMiddleware",
    });
    await expectRefusal(
      client,
      "InvalidSignatureException",
      /^The request signature we calculated does not match/,
    );
  };

  const withOptions = (options, name, message) => () =>
    expectRefusal(makeClient(options), name, message);
  const credentials = (accessKeyId, secretAccessKey, sessionToken) => ({
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  const invalidToken = [
    "UnrecognizedClientException",
    /^The security token included in the request is invalid\.$/,
  ];

  return [
    ...Object.entries(damages).map(([part, damage]) => [
      `one flipped bit of the ${part}`,
      flipped(damage),
    ]),
    [
      "wrong secret",
      withOptions(
        credentials("local", "wrong"),
        "InvalidSignatureException",
        /^The request signature/,
      ),
    ],
    ["unknown access key", withOptions(credentials("unknown", "local"), ...invalidToken)],
    [
      "unknown session token",
      withOptions(credentials("local", "local", "unknown"), ...invalidToken),
    ],
    [
      "clock ten minutes slow",
      withOptions(
        { systemClockOffset: -600_000 },
        "InvalidSignatureException",
        /^Signature expired: /,
      ),
    ],
    [
      "unknown API key",
      withOptions(
        { token: { token: "ABSKunknown" }, authSchemePreference: ["httpBearerAuth"] },
        "AccessDeniedException",
        /^Authentication failed: Please make sure your API Key is valid\.$/,
      ),
    ],
  ];
}
