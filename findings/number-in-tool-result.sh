#!/usr/bin/env bash
# A tool answers "3.10", and three frameworks send the number 3.1.
#
# Tools answer with text. aisuite, any-llm and Microsoft's agent framework try that text as
# JSON first, and where it is JSON they send a json block. The version 3.10 becomes 3.1, and a
# balance with many digits is rounded on its way through a float. The number alone is also a
# block that Bedrock refuses ("Provide a json object for the field"), so one short answer of a
# tool fails the turn while a longer one passes. The text as it was would have been right.
# It matters to everyone whose tools give versions, amounts, ids or lists.
#
# aisuite 0.2.0, any-llm-sdk 1.27.0, agent-framework-bedrock 1.0.0b261022, boto3 1.44.8. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.44.8 aisuite==0.2.0 mcp==2.3.0 any-llm-sdk==1.27.0 \
    agent-framework-core==1.23.0 agent-framework-bedrock==1.0.0b261022

cat > "$T/run.py" <<'PY'
import asyncio, http.server, json, os, re, sys, threading

ANSWER = json.dumps({"output": {"message": {"role": "assistant", "content": [{"text": "ok"}]}}, "stopReason": "end_turn",
                     "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 1}}).encode()
sent = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent.append(self.rfile.read(int(self.headers["content-length"])).decode())
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(6)], daemon=True).start()
os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = f"http://127.0.0.1:{server.server_port}"

import aisuite, any_llm
from agent_framework import Content, Message
from agent_framework_bedrock import BedrockChatClient

MODEL = "us.amazon.nova-lite-v1:0"
FUNCTION = {"name": "look", "description": "Looks it up.", "parameters": {"type": "object", "properties": {}}}
TOOLS = [{"type": "function", "function": FUNCTION}]

def openai_form(result):
    call = {"id": "t1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    return [{"role": "user", "content": "Look it up."}, {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "t1", "content": result}]

def by_aisuite(result):
    aisuite.Client().chat.completions.create(model=f"aws:{MODEL}", messages=openai_form(result), tools=TOOLS)

def by_any_llm(result):
    any_llm.completion(model=MODEL, provider="bedrock", messages=openai_form(result), tools=TOOLS)

def by_agent_framework(result):
    client = BedrockChatClient(model=MODEL, region="us-east-1", access_key="local", secret_key="local")
    asyncio.run(client.get_response([
        Message("user", ["Look it up."]),
        Message("assistant", [Content.from_function_call(call_id="t1", name="look", arguments="{}")]),
        Message("tool", [Content.from_function_result(call_id="t1", result=result)])]))

changed = False
for result, block in (("3.10", '{"json": 3.1}'),
                      ('{"balance": 12345678901234567.89}', '{"json": {"balance": 1.2345678901234568e+16}}')):
    print("fed, answer of the tool:", result)
    for name, call in (("aisuite", by_aisuite), ("any-llm", by_any_llm), ("agent-framework", by_agent_framework)):
        call(result)
        seen = re.search(r'"toolUseId": "t1", "content": \[(.*?)\](, "status": "success")?\}\}', sent[-1]).group(1)
        changed = changed or seen != block
        print(f"  seen on the wire, {name}: {seen}")
    print("  expected:", json.dumps({"text": result}))
print("source: ToolResultContentBlock of the API reference has text for text and json for a JSON document, and")
print("  Bedrock refuses a document that is no object (its message is in issue 1542 of sigoden/aichat)")
print("changed: one of the blocks is another now" if changed else "still so: 3.10 goes out as 3.1, and the balance is rounded")
sys.exit(1 if changed else 0)
PY

echo "aisuite 0.2.0, any-llm-sdk 1.27.0, agent-framework-bedrock 1.0.0b261022"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 240 "$T/venv/bin/python" -W ignore "$T/run.py"
