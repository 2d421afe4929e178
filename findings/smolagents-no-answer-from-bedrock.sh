#!/usr/bin/env bash
# smolagents' own model for Bedrock raises KeyError on every answer.
#
# It reads the member `tool_calls` of the message in a Converse answer. A message of Converse has
# `role` and `content` and nothing else; tool calls are blocks of the content. boto3 returns the
# message as Bedrock sends it, so each answer, however plain, ends in KeyError: 'tool_calls'
# after it has been generated and paid for. The same model through LiteLLM works.
# It matters to everyone who picks AmazonBedrockModel, as its documentation shows.
#
# smolagents 1.26.0, boto3 1.44.8. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.44.8 smolagents==1.26.0

cat > "$T/run.py" <<'PY'
import http.server, json, sys, threading

ANSWER = json.dumps({"output": {"message": {"role": "assistant", "content": [{"text": "Blue light scatters most."}]}},
                     "stopReason": "end_turn", "usage": {"inputTokens": 9, "outputTokens": 6, "totalTokens": 15},
                     "metrics": {"latencyMs": 1}}).encode()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(2)], daemon=True).start()

import boto3
from smolagents import AmazonBedrockModel

MODEL, settings = "us.amazon.nova-lite-v1:0", {"endpoint_url": f"http://127.0.0.1:{server.server_port}"}
bare = boto3.client("bedrock-runtime", **settings).converse(
    modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Why is the sky blue?"}]}])
print("seen, boto3 alone:", bare["output"]["message"])
model = AmazonBedrockModel(MODEL, client_kwargs=settings)
try:
    answer = model.generate([{"role": "user", "content": [{"type": "text", "text": "Why is the sky blue?"}]}])
    print("changed: the answer is", repr(answer.content))
    sys.exit(1)
except KeyError as error:
    print("seen, smolagents: KeyError:", error)
    print("expected: 'Blue light scatters most.'")
    print("still so: no answer of Converse is accepted")
PY

echo "smolagents 1.26.0"
echo "fed: the plainest answer of Converse, one text block"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
