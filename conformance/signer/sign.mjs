// Reads requests as JSON, one a line, and prints the Authorization header that AWS's own signer for
// JavaScript gives each.
import { createInterface } from "node:readline";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

// This client signs none of what AWS's SDKs say of themselves.
const unsignableHeaders = new Set(["amz-sdk-invocation-id", "amz-sdk-request"]);

for await (const line of createInterface({ input: process.stdin })) {
  const { credentials, region, service, date, ...request } = JSON.parse(line);
  const signer = new SignatureV4({
    applyChecksum: false,
    credentials,
    region,
    service,
    sha256: Sha256,
    uriEscapePath: true,
  });
  const signed = await signer.sign(request, { signingDate: new Date(date), unsignableHeaders });
  console.log(signed.headers.authorization);
}
