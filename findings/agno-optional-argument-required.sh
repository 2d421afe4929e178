#!/usr/bin/env bash
# agno tells Bedrock that optional arguments of a tool are required, and drops what the model said beside a call.
#
# A Python tool has an argument with a default. agno's own schema of it says so: `required` has
# the other one alone. For Converse agno writes the list anew and names every argument whose type
# does not include null, so the model must invent a value for each. And when the model explains
# itself and calls the tool in one message, only the call is sent back with the next turn: the
# text is gone from the conversation, whatever the tool's answer refers to.
# It matters to everyone whose tools have defaults, and to those who read such conversations.
#
# agno 3.1.10, boto3 1.44.8. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.44.8 agno==3.1.10

cat > "$T/run.py" <<'PY'
import http.server, json, sys, threading

def answer(stop, *content):
    return json.dumps({"output": {"message": {"role": "assistant", "content": list(content)}}, "stopReason": stop,
                       "usage": {"inputTokens": 9, "outputTokens": 16, "totalTokens": 25},
                       "metrics": {"latencyMs": 1}}).encode()

WORDS = {"text": "I ask the register of 1999 first."}
ANSWERS = [answer("tool_use", WORDS, {"toolUse": {"toolUseId": "t1", "name": "look_up", "input": {"name": "Ann"}}}),
           answer("end_turn", {"text": "She is a baker."})]
sent = []

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        body = ANSWERS[len(sent) - 1]
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(2)], daemon=True).start()

import boto3
from agno.agent import Agent
from agno.models.aws import AwsBedrock
from agno.tools.function import Function

def look_up(name: str, year: int = 2026) -> str:
    "Looks somebody up."
    return "a baker"

own = Function.from_callable(look_up)
own.process_entrypoint()
client = boto3.client("bedrock-runtime", endpoint_url=f"http://127.0.0.1:{server.server_port}")
Agent(model=AwsBedrock(id="us.anthropic.claude-haiku-4-5-20251001-v1:0", client=client), tools=[look_up],
      telemetry=False).run("Who is Ann?")
required = sent[0]["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]["required"]
back = [m for m in sent[1]["messages"] if m["role"] == "assistant"][0]["content"]
print("seen, required arguments in agno's own schema:", own.parameters["required"])
print("seen, required arguments sent to Bedrock:", required)
print("seen, the assistant's message sent back:", [list(block) for block in back])
print("expected: ['name'] in both, and the text with the toolUse")
if own.parameters["required"] == ["name"] and required == ["name", "year"] and WORDS not in back:
    print("still so: the default cannot be used, and the text is lost")
else:
    print("changed: the schema or the text is as it should be")
    sys.exit(1)
PY

echo "agno 3.1.10"
echo "fed: a tool look_up(name, year=2026); an answer with a text and a call of it"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
