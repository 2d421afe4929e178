#!/usr/bin/env bash
# A tool call cut off by max_tokens is handed over as complete, with a different number.
#
# The model was writing {"to": "Ann", "amount": 1250} when its token limit ended the answer
# after "amount": 12. Bedrock says so: stopReason is max_tokens. LlamaIndex closes the JSON
# by itself, gives the program a call of pay with amount 12, and drops the stop reason: no
# response of the stream has it, raw members included. The program cannot know.
# It matters to everyone whose tools do something: pay, delete, write a file.
#
# llama-index-llms-bedrock-converse 0.15.5, boto3 1.43.117. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.43.117 \
    llama-index-core==0.14.25 llama-index-llms-bedrock-converse==0.15.5

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
    delta('{"to": "Ann", '), delta('"amount": 12'),
    frame("contentBlockStop", {"contentBlockIndex": 0}),
    frame("messageStop", {"stopReason": "max_tokens"}),
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

import boto3
from llama_index.core.tools import FunctionTool
from llama_index.llms.bedrock_converse import BedrockConverse

client = boto3.client("bedrock-runtime", endpoint_url=f"http://127.0.0.1:{server.server_port}")
MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
bare = client.converse_stream(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Pay Ann 1250."}]}])
print("seen, boto3 alone:", [e["messageStop"] for e in bare["stream"] if "messageStop" in e][0])

def pay(to: str, amount: int) -> str:
    "Pays somebody."
    return "paid"

llm = BedrockConverse(model=MODEL, client=client, max_tokens=16)
responses = list(llm.stream_chat_with_tools([FunctionTool.from_defaults(pay)], user_msg="Pay Ann 1250."))
call = llm.get_tool_calls_from_response(responses[-1])[0]
told = any("max_tokens" in repr(r) for r in responses)
print("seen, LlamaIndex: call of", call.tool_name, "with", call.tool_kwargs)
print(f"seen, LlamaIndex: max_tokens in any of the {len(responses)} responses: {told}")
print("expected: no call, or an error, or at least the stop reason. The API reference says of max_tokens")
print("  that the answer reached the maximum of tokens; the input of a tool use is JSON, and this is half of it")
if call.tool_kwargs == {"to": "Ann", "amount": 12} and not told:
    print("still so: the program is to pay 12 instead of 1250, and is not told why")
else:
    print("changed: the cut can be seen now")
    sys.exit(1)
PY

echo "llama-index-llms-bedrock-converse 0.15.5"
echo 'fed: a tool call cut behind {"to": "Ann", "amount": 12 and stopReason max_tokens'
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
