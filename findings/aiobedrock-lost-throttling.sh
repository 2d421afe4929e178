#!/usr/bin/env bash
# A throttled stream of InvokeModel ends as if the answer were complete.
#
# When Bedrock throttles in the middle of a stream, the last frame is an exception frame.
# aiobedrock has an error class for just that, BedrockStreamError, and raises it inside a
# try whose own "except Exception" swallows it: the loop of the program ends normally with
# half an answer, and one line goes to the log. Its other stream, ConverseStream, raises.
# It matters to everyone who stores or shows what came: half an answer passes for a whole one.
#
# aiobedrock 1.0.0 (with aiobotocore 3.10.0). 2026-11-30
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT

python3 -m venv "$T/venv"
"$T/venv/bin/pip" install -q --disable-pip-version-check aiobotocore==3.10.0 aiobedrock==1.0.0

cat > "$T/run.py" <<'PY'
import asyncio, base64, http.server, json, struct, sys, threading, zlib

def frame(kind, name, payload):
    headers = b""
    for key, value in ((f":{kind}-type", name), (":content-type", "application/json"), (":message-type", kind)):
        headers += bytes([len(key)]) + key.encode() + b"\7" + struct.pack("!H", len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack("!I", zlib.crc32(message))

NATIVE = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Half an ans"}}
CHUNK = frame("event", "chunk", {"bytes": base64.b64encode(json.dumps(NATIVE).encode()).decode()})
DELTA = frame("event", "contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Half an ans"}})
THROTTLED = frame("exception", "throttlingException", {"message": "Too many tokens, please wait before trying again."})

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        answer = (CHUNK if self.path.endswith("/invoke-with-response-stream") else DELTA) + THROTTLED
        self.send_response(200)
        self.send_header("content-type", "application/vnd.amazon.eventstream")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.timeout = 60
threading.Thread(target=lambda: [server.handle_request() for _ in range(2)], daemon=True).start()

from aiobedrock import Client

async def read(events):
    items = 0
    try:
        async for _ in events:
            items += 1
    except Exception as error:
        return f"{items} item, then {type(error).__name__}: {error}"
    return f"{items} item, then the loop ends normally"

async def main():
    async with Client(region_name="us-east-1", max_retries=0) as client:
        # The library knows no other host than that of the service, so the request is turned to the local one.
        request = client._request
        def local(url, headers, data):
            path = url.split("amazonaws.com", 1)[1]
            return request(url=f"http://127.0.0.1:{server.server_port}{path}", headers=headers, data=data)
        client._request = local
        native = await read(client.invoke_model_with_response_stream(body="{}", modelId="anthropic.claude-haiku-4-5"))
        talk = await read(client.converse_stream("anthropic.claude-haiku-4-5", [{"role": "user", "content": [{"text": "hi"}]}]))
    print("seen, invoke_model_with_response_stream:", native)
    print("seen, converse_stream:", talk)
    print("expected: the same error twice. The API reference lists ThrottlingException (429) as a member of the")
    print("  stream of InvokeModelWithResponseStream, and the library documents BedrockStreamError for such frames")
    if native.endswith("ends normally") and "BedrockStreamError" in talk:
        print("still so: the throttling of the native stream does not reach the program")
    else:
        print("changed: the two streams tell of the error in another way now")
        sys.exit(1)

asyncio.run(main())
PY

echo "aiobedrock 1.0.0"
echo "fed: a stream of one text piece and one throttlingException frame, once native and once as ConverseStream"
env -i PATH="$PATH" HOME="$T" TMPDIR="$T" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
    AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
    timeout 180 "$T/venv/bin/python" "$T/run.py"
