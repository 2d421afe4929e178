"""One call by this project's command, `bedrock chat`, whose path is the argument. Each line of standard
input asks for one, one line of standard output says how it ended."""

import json
import subprocess
import sys
import time

OPTIONS = {"buffered": ["--json", "--no-stream"], "stream": ["--stream-json"]}


def run(call):
    """How one call ends. The command has no option for a time limit."""
    start = time.monotonic()
    command = [sys.argv[1], "chat", *OPTIONS[call], "Hello"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    ms = round((time.monotonic() - start) * 1000)
    if ended.returncode == 0:
        return {"outcome": "end", "name": "", "message": "", "ms": ms}
    printed = (ended.stdout if call == "stream" else ended.stderr).splitlines() or [ended.stderr]
    try:
        error = json.loads(printed[-1])["error"]
    except (ValueError, KeyError):
        error = {"code": f"exit code {ended.returncode}", "message": printed[-1]}
    return {"outcome": "error", "name": error["code"], "message": error["message"], "ms": ms}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line)["call"])), flush=True)
