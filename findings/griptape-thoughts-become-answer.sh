#!/usr/bin/env bash
# The model's thoughts become the text of the answer, and go back to Bedrock as words it said aloud.
#
# A Converse answer of a reasoning model has a reasoning block and a text block. Griptape turns
# both into text: the output of the agent begins with the thoughts, and the next turn sends them
# as a text block of the assistant, without the signature under which they came. A program that
# shows or parses the output (JSON, yes or no) gets the thoughts in front of it.
# It matters to everyone who turns thinking on with Griptape.
#
# griptape 1.13.0, boto3 1.44.8. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.44.8 griptape==1.13.0

cat > "$T/run.py" <<'PY'
import http.server, json, logging, sys, threading

THOUGHT = "The user wants one word. Seven is prime."
CONTENT = [{"reasoningContent": {"reasoningText": {"text": THOUGHT, "signature": "c2lnbmVk"}}}, {"text": "yes"}]
ANSWER = json.dumps({"output": {"message": {"role": "assistant", "content": CONTENT}}, "stopReason": "end_turn",
                     "usage": {"inputTokens": 9, "outputTokens": 16, "totalTokens": 25},
                     "metrics": {"latencyMs": 1}}).encode()
sent = []

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
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
from griptape.drivers.prompt.amazon_bedrock import AmazonBedrockPromptDriver
from griptape.structures import Agent

logging.disable(logging.CRITICAL)
client = boto3.client("bedrock-runtime", endpoint_url=f"http://127.0.0.1:{server.server_port}")
driver = AmazonBedrockPromptDriver(model="us.anthropic.claude-sonnet-4-5-20250929-v1:0", client=client, stream=False,
                                   additional_model_request_fields={"thinking": {"type": "enabled", "budget_tokens": 1024}})
agent = Agent(prompt_driver=driver)
output = agent.run("Is seven prime? Answer yes or no.").output.to_text()
agent.run("And nine?")
back = [m for m in sent[1]["messages"] if m["role"] == "assistant"][0]["content"]
print("seen, output of the agent:", repr(output))
print("seen, sent back as the assistant's content:", json.dumps(back))
print('expected: "yes"; and the reasoning block with its signature, or no thoughts at all, sent back')
if THOUGHT in output and not any("reasoningContent" in block for block in back) and THOUGHT in json.dumps(back):
    print("still so: thoughts are part of the answer, and are sent back as text without their signature")
else:
    print("changed: thoughts and answer are told apart")
    sys.exit(1)
PY

echo "griptape 1.13.0"
echo "fed: a Converse answer with a reasoning block and the text yes"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
