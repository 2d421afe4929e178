#!/usr/bin/env bash
# About half of an indexed document is never embedded: every chunk is cut to 2048 characters.
#
# LlamaIndex splits documents into chunks of 1024 tokens, some 4000 to 5000 characters. Its
# Bedrock embedding cuts each text for a Cohere model to 2048 characters, without a word. That
# is the limit of Cohere Embed v3, but Embed v4, which the same class knows, takes about 128,000
# tokens. Searches cannot find what stands in the rest of each chunk, and two chunks
# that begin alike get the same vector.
# It matters to everyone whose search on Bedrock uses Cohere Embed v4 through LlamaIndex.
#
# llama-index-embeddings-bedrock 0.9.0, llama-index-core 0.14.25, boto3 1.43.117. 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check boto3==1.43.117 \
    llama-index-core==0.14.25 llama-index-embeddings-bedrock==0.9.0

cat > "$T/run.py" <<'PY'
import http.server, json, sys, threading

sent = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        texts = json.loads(self.rfile.read(int(self.headers["content-length"])))["texts"]
        sent.extend(texts)
        answer = json.dumps({"id": "1", "response_type": "embeddings_by_type", "texts": texts,
                             "embeddings": {"float": [[0.5, 0.5] for _ in texts]}}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(4)], daemon=True).start()

import boto3
from llama_index.core import Document
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.bedrock import BedrockEmbedding

RULE = "Rule {} says that every guest leaves the apartment before breakfast and returns the borrowed garden furniture."
document = Document(text=" ".join(RULE.format(number) for number in range(200)))
client = boto3.client("bedrock-runtime", endpoint_url=f"http://127.0.0.1:{server.server_port}")
embedding = BedrockEmbedding(model_name="cohere.embed-v4:0", client=client)
nodes = SentenceSplitter()([document])
embedding(nodes)

lengths = [len(node.text) for node in nodes]
print(f"fed: a document of {len(document.text)} characters; the default splitter makes chunks of {lengths} characters")
print(f"seen on the wire: texts of {[len(text) for text in sent]} characters, {sum(map(len, sent))} in all")
rules = [f"Rule {number} says" for number in range(200)]
whole = [rule for rule in rules if any(rule in node.text for node in nodes)]
missing = [rule for rule in whole if not any(rule in text for text in sent)]
print(f"seen: of {len(whole)} rules in the chunks {len(missing)} were sent in no text, as {missing[0][:-5]}")
print("expected: the chunks as they are. The user guide (Cohere Embed v4) gives a context of about 128k tokens and names")
print("  no limit of characters; the 2048 characters stand in the page of Embed v3")
still = max(lengths) > 2048 and max(map(len, sent)) == 2048 and missing
print("still so: each chunk is cut to 2048 characters" if still else "changed: the chunks are not cut any more")
sys.exit(0 if still else 1)
PY

echo "llama-index-embeddings-bedrock 0.9.0, model cohere.embed-v4:0"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
