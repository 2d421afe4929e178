#!/usr/bin/env bash
# Two signed thoughts in one answer: Haystack glues them together under the signature of the second.
#
# A Converse answer may hold several reasoning blocks, each with its own signature, and both
# must go back unmodified with the next turn. Streamed, Haystack makes one block of them: the
# texts of both, the signature of the last. Whole, it keeps the last block alone. Redacted
# reasoning is lost on both ways. What it sends back is thus a text that was never signed.
# It matters to everyone who lets a reasoning model call tools: the next request carries it.
#
# amazon-bedrock-haystack 9.0.0, haystack-ai 3.4.1, boto3 1.43.117. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.43.117 haystack-ai==3.4.1 amazon-bedrock-haystack==9.0.0

cat > "$T/run.py" <<'PY'
import base64, http.server, json, struct, sys, threading, warnings, zlib
warnings.simplefilter("ignore")

def frame(event, payload):
    headers = b""
    for name, value in ((":event-type", event), (":content-type", "application/json"), (":message-type", "event")):
        headers += bytes([len(name)]) + name.encode() + b"\7" + struct.pack("!H", len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack("!I", zlib.crc32(message))

def delta(index, **member):
    return frame("contentBlockDelta", {"contentBlockIndex": index, "delta": member})

REDACTED = base64.b64encode(b"sealed").decode()
USAGE = {"usage": {"inputTokens": 9, "outputTokens": 16, "totalTokens": 25}, "metrics": {"latencyMs": 1}}
STREAM = b"".join([
    frame("messageStart", {"role": "assistant"}),
    delta(0, reasoningContent={"text": "First thought."}), delta(0, reasoningContent={"signature": "sig-1"}),
    frame("contentBlockStop", {"contentBlockIndex": 0}),
    delta(1, reasoningContent={"redactedContent": REDACTED}), frame("contentBlockStop", {"contentBlockIndex": 1}),
    delta(2, text="I look. "), frame("contentBlockStop", {"contentBlockIndex": 2}),
    delta(3, reasoningContent={"text": "Second thought."}), delta(3, reasoningContent={"signature": "sig-2"}),
    frame("contentBlockStop", {"contentBlockIndex": 3}),
    frame("contentBlockStart", {"contentBlockIndex": 4, "start": {"toolUse": {"toolUseId": "t1", "name": "look"}}}),
    delta(4, toolUse={"input": "{}"}), frame("contentBlockStop", {"contentBlockIndex": 4}),
    frame("messageStop", {"stopReason": "tool_use"}), frame("metadata", USAGE),
])
def thought(text, signature):
    return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}
CONTENT = [thought("First thought.", "sig-1"), {"reasoningContent": {"redactedContent": REDACTED}}, {"text": "I look. "},
           thought("Second thought.", "sig-2"), {"toolUse": {"toolUseId": "t1", "name": "look", "input": {}}}]
WHOLE = json.dumps({"output": {"message": {"role": "assistant", "content": CONTENT}}, "stopReason": "tool_use", **USAGE}).encode()

sent = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        streamed = self.path.endswith("/converse-stream")
        answer = STREAM if streamed else WHOLE
        self.send_response(200)
        self.send_header("content-type", "application/vnd.amazon.eventstream" if streamed else "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(4)], daemon=True).start()

import os
os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = f"http://127.0.0.1:{server.server_port}"
from haystack.dataclasses import ChatMessage
from haystack_integrations.components.generators.amazon_bedrock import AmazonBedrockChatGenerator

generator = AmazonBedrockChatGenerator(model="us.anthropic.claude-haiku-4-5-20251001-v1:0")
question = ChatMessage.from_user("Look it up.")
back = {}
for way, callback in (("streamed", lambda chunk: None), ("whole", None)):
    reply = generator.run([question], streaming_callback=callback)["replies"][0]
    generator.run([question, reply, ChatMessage.from_tool("found", origin=reply.tool_calls[0])], streaming_callback=callback)
    back[way] = [block["reasoningContent"] for block in sent[-1]["messages"][1]["content"] if "reasoningContent" in block]
    print(f"seen, {way}, reasoning that goes back: {json.dumps(back[way])}")
print("expected: three blocks as they came. The API reference says of ReasoningTextBlock.signature: when a")
print("  reasoning block goes back to the API, text and signature must be unmodified")
glued = {"reasoningText": {"text": "First thought.Second thought.", "signature": "sig-2"}}
last = {"reasoningText": {"text": "Second thought.", "signature": "sig-2"}}
if back == {"streamed": [glued], "whole": [last]}:
    print("still so: streamed, two texts under one signature; whole, the last block alone")
else:
    print("changed: other blocks go back now")
    sys.exit(1)
PY

echo "amazon-bedrock-haystack 9.0.0 with haystack-ai 3.4.1"
echo "fed: First thought. (sig-1), a redacted block, text, Second thought. (sig-2), a tool call"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local HAYSTACK_TELEMETRY_ENABLED=False \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
