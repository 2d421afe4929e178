#!/usr/bin/env bash
# Switching tracing on empties the tool input of an agent.
#
# A ConverseStream tool call arrives in pieces: the start event names the tool, the
# deltas carry its JSON. Two tracers of Bedrock, OpenInference and Traceloop, collect
# that JSON *inside the start event that the program holds too*. LlamaIndex keeps the
# same dictionary and appends the same pieces, so each piece is there twice, the text
# is not JSON any more, and the tool is called with {}. Nothing is raised, and nothing
# shows unless the program has set up logging: OpenInference then warns of input it cannot parse.
# It matters to everyone who traces an agent: with tracing off all is well.
#
# llama-index-llms-bedrock-converse 0.15.5, openinference-instrumentation-bedrock 0.1.61,
# opentelemetry-instrumentation-bedrock 0.62.4 (Traceloop), boto3 1.43.117. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.43.117 \
    llama-index-llms-bedrock-converse==0.15.5 openinference-instrumentation-bedrock==0.1.61 \
    opentelemetry-instrumentation-bedrock==0.62.4 opentelemetry-sdk==1.45.2

cat > "$T/run.py" <<'PY'
import http.server, json, struct, sys, threading, zlib

def frame(event, payload):
    headers = b""
    for name, value in ((":event-type", event), (":content-type", "application/json"), (":message-type", "event")):
        headers += bytes([len(name)]) + name.encode() + b"\7" + struct.pack("!H", len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack("!I", zlib.crc32(message))

def delta(text):
    return frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"toolUse": {"input": text}}})

STREAM = b"".join([
    frame("messageStart", {"role": "assistant"}),
    frame("contentBlockStart", {"contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "t1", "name": "pay"}}}),
    delta(""), delta('{"to": "Ann", '), delta('"amount": 1250}'),
    frame("contentBlockStop", {"contentBlockIndex": 0}),
    frame("messageStop", {"stopReason": "tool_use"}),
    frame("metadata", {"usage": {"inputTokens": 9, "outputTokens": 16, "totalTokens": 25}, "metrics": {"latencyMs": 1}}),
])

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/vnd.amazon.eventstream")
        self.send_header("content-length", str(len(STREAM)))
        self.end_headers()
        self.wfile.write(STREAM)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(2)], daemon=True).start()

from opentelemetry.sdk.trace import TracerProvider
if sys.argv[1] == "OpenInference":
    from openinference.instrumentation.bedrock import BedrockInstrumentor
    BedrockInstrumentor().instrument(tracer_provider=TracerProvider())
if sys.argv[1] == "Traceloop":
    from opentelemetry.instrumentation.bedrock import BedrockInstrumentor
    BedrockInstrumentor().instrument(tracer_provider=TracerProvider())

import boto3
from llama_index.core.tools import FunctionTool
from llama_index.llms.bedrock_converse import BedrockConverse

client = boto3.client("bedrock-runtime", endpoint_url=f"http://127.0.0.1:{server.server_port}")
MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
stream = client.converse_stream(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Pay Ann 1250."}]}])
start = [e for e in stream["stream"] if "contentBlockStart" in e][0]

def pay(to: str, amount: int) -> str:
    "Pays somebody."
    return "paid"

llm = BedrockConverse(model=MODEL, client=client)
last = list(llm.stream_chat_with_tools([FunctionTool.from_defaults(pay)], user_msg="Pay Ann 1250."))[-1]
print(json.dumps({"start event as boto3 gave it": start["contentBlockStart"]["start"],
                  "LlamaIndex calls pay with": llm.get_tool_calls_from_response(last)[0].tool_kwargs}))
PY

echo "llama-index-llms-bedrock-converse 0.15.5 with OpenInference 0.1.61 or Traceloop 0.62.4"
echo 'fed: one ConverseStream answer, a call of pay with {"to": "Ann", "amount": 1250} in three pieces'
for tracer in none OpenInference Traceloop; do
    env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
        AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
        timeout 180 "$T/venv/bin/python" "$T/run.py" "$tracer" 2>"$T/err" >"$T/$tracer" || { cat "$T/err"; exit 1; }
    echo "seen, tracer $tracer: $(cat "$T/$tracer")"
    [ ! -s "$T/err" ] || sed 's/^/  logged: /' "$T/err"
done
echo "expected: the same three times, as tracing must not change what it watches; and no member"
echo "  'input' in a start event: the API reference gives ToolUseBlockStart no such member"
grep -q 'pay with": {"to": "Ann", "amount": 1250}' "$T/none" || { echo "changed: wrong without a tracer too"; exit 1; }
for tracer in OpenInference Traceloop; do
    grep -q 'pay with": {}' "$T/$tracer" || { echo "changed: $tracer leaves the tool input alone"; exit 1; }
done
echo "still so: with either tracer the tool is called with {}"
