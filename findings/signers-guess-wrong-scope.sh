#!/usr/bin/env bash
# Two popular signers guess service and region from the host, and are wrong for every Bedrock runtime host.
#
# aws4 and aws4fetch take the service from the host name when none is given. Bedrock's runtime
# host is bedrock-runtime.*, but its signing name is "bedrock". For the dual stack host
# (*.api.aws) and the EU sovereign one (*.amazonaws.eu) the service is the empty string and the
# region us-east-1, and for a VPC endpoint the region (or the service) is "vpce". Nothing
# warns: the request goes out and comes back with 403, "Credential should be scoped to correct
# service: 'bedrock'" (issue 3488 of earendil-works/pi has it). For the control plane host
# (bedrock.*) the guess is right, so a first test passes.
# It matters to everyone who signs Bedrock calls by hand: edge workers, proxies, tests.
#
# aws4 1.13.2, aws4fetch 1.0.20; judged by @aws-sdk/client-bedrock-runtime 3.1164.0. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts aws4@1.13.2 aws4fetch@1.0.20 \
    @aws-sdk/client-bedrock-runtime@3.1164.0 >&2

cat > run.mjs <<'JS'
import aws4 from "aws4"
import { AwsV4Signer } from "aws4fetch"
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime"

const accessKeyId = "AKIDEXAMPLE"
const secretAccessKey = "local"
// What is signed: everything in Credential= between the date and the fixed end.
const scope = (authorization) => authorization.match(/Credential=[^/]*\/\d{8}\/(.*?)\/aws4_request/)[1]

// The SDK makes host and signature by the service's own rules; its request is caught before it is sent.
async function official(region, options) {
  let caught
  const requestHandler = { handle: async (request) => { caught = request; throw new Error("not sent") } }
  const credentials = { accessKeyId, secretAccessKey }
  const client = new BedrockRuntimeClient({ region, credentials, maxAttempts: 1, requestHandler, ...options })
  const messages = [{ role: "user", content: [{ text: "hi" }] }]
  await client.send(new ConverseCommand({ modelId: "m", messages })).catch(() => {})
  return { host: caught.hostname, scope: scope(caught.headers.authorization) }
}

const vpc = "https://vpce-0a1b2c3d-4e5f6a7b.bedrock-runtime.us-west-2.vpce.amazonaws.com"
const cases = [
  ["us-west-2", {}],
  ["us-west-2", { useDualstackEndpoint: true }],
  ["us-gov-west-1", { useFipsEndpoint: true }],
  ["us-west-2", { endpoint: vpc }],
  ["eusc-de-east-1", {}],
]
let wrong = 0
for (const [region, options] of cases) {
  const want = await official(region, options)
  const path = "/model/m/converse"
  const small = aws4.sign({ host: want.host, path, method: "POST", body: "{}" }, { accessKeyId, secretAccessKey })
  const url = `https://${want.host}${path}`
  const fetched = await new AwsV4Signer({ url, method: "POST", body: "{}", accessKeyId, secretAccessKey }).sign()
  const guesses = { aws4: scope(small.headers.Authorization), aws4fetch: scope(fetched.headers.get("authorization")) }
  console.log(`fed: ${url}`)
  for (const [name, guess] of Object.entries(guesses)) {
    if (guess !== want.scope) wrong++
    console.log(`  seen, ${name}: ${guess}`)
  }
  console.log(`  expected: ${want.scope}`)
}
const control = aws4.sign({ host: "bedrock.us-west-2.amazonaws.com", path: "/foundation-models" }, { accessKeyId, secretAccessKey })
console.log(`beside, aws4 for the control plane host bedrock.us-west-2.amazonaws.com: ${scope(control.headers.Authorization)}`)
console.log("source of the expected: the SDK's own signature, and signingName bedrock in the service model of Bedrock Runtime")
console.log(wrong === 10 ? "still so: 10 of 10 guesses are wrong" : `changed: ${wrong} of 10 guesses are wrong`)
process.exit(wrong === 10 ? 0 : 1)
JS

echo "aws4 1.13.2 and aws4fetch 1.0.20, no service or region given"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_EC2_METADATA_DISABLED=true NODE_NO_WARNINGS=1 timeout 60 node run.mjs
