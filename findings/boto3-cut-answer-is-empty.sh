#!/usr/bin/env bash
# boto3: an answer that is cut on the way becomes an empty one.
#
# The connection closes before the whole body of a Converse response has come, though its
# Content-Length says how long it is. boto3 parses what came, finds that it is not JSON, drops it
# and returns {"ResponseMetadata": ...}: no error, no retry. The program fails later with
# KeyError: 'output', or takes it for an answer without text. The body of InvokeModel, which the
# program reads itself, raises ResponseStreamingError when it is cut.
# It matters to everyone whose proxy or network loses connections.
#
# boto3 1.44.8 (botocore 1.44.8, urllib3 2.8.0). 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.44.8 botocore==1.44.8 urllib3==2.8.0

cat > "$T/run.py" <<'PY'
import http.server, json, sys, threading

import boto3

ANSWER = json.dumps({
    "output": {"message": {"role": "assistant", "content": [{"text": "The sky is blue."}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 3, "outputTokens": 5, "totalTokens": 8},
    "metrics": {"latencyMs": 1},
}).encode()
requests = 0

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global requests
        requests += 1
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER[:60])
        self.close_connection = True

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = boto3.client(
    "bedrock-runtime", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{server.server_port}",
    aws_access_key_id="local", aws_secret_access_key="local",
)
try:
    answer = client.converse(
        modelId="amazon.nova-lite-v1:0", messages=[{"role": "user", "content": [{"text": "Hello"}]}]
    )
    seen = f"an answer with the members {sorted(answer)}"
except Exception as error:
    seen = f"{type(error).__name__}: {error}"
print(f"boto3 {boto3.__version__}")
print(f"fed: Content-Length: {len(ANSWER)}, and 60 bytes of it, then the connection closes")
print(f"seen: {seen}, after {requests} request(s)")
print("expected: an error, or the request again: 60 bytes are not the answer that the head announces")
still = seen == "an answer with the members ['ResponseMetadata']"
print("still so: the answer is lost without an error" if still else "changed: it ends in another way now")
sys.exit(0 if still else 1)
PY

env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_EC2_METADATA_DISABLED=true timeout 120 "$T/venv/bin/python" "$T/run.py"
