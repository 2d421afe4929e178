"""The clients of the table: how each is run, and which version is installed."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass

CONVERSE = "converse-stream"
INVOKE = "invoke-with-response-stream"


@dataclass(frozen=True)
class Client:
    """A column. Its program serves one call for each line (see conformance/clients/*/one_call.*)."""

    key: str
    title: str
    version: str
    command: list
    stream_path: str
    # What its time limit is, in the rows that set one.
    limit: str
    transport: str = "HTTP/1.1"


def npm_version(clients, package):
    manifest = clients / "node_modules" / package / "package.json"
    return json.loads(manifest.read_text())["version"]


def go_version(clients, module):
    return re.search(rf"{re.escape(module)} v(\S+)", (clients / "go/go.mod").read_text())[1]


def printed(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def wheel_version(python, package):
    ask = f"import importlib.metadata as m; print(m.version({package!r}))"
    return printed(python, "-c", ask).strip()


def own_version(bedrock):
    return printed(bedrock, "--version").split()[-1]


def node_of(clients):
    """Newer than what Debian has. One such package is installed: that of this CPU."""
    return next(clients.glob("node_modules/node-linux-*/bin/node"))


def node_version(clients):
    return printed(node_of(clients), "--version").strip().removeprefix("v")


def javascript_clients(clients):
    node = node_of(clients)
    sdk = npm_version(clients, "@aws-sdk/client-bedrock-runtime")
    driver = clients / "javascript/one_call.mjs"
    return [
        Client(
            "javascript",
            "AWS SDK for JavaScript, HTTP/2",
            sdk,
            [node, driver, "http2"],
            CONVERSE,
            "`requestTimeout`",
            "HTTP/2",
        ),
        Client(
            "javascript-http1",
            "AWS SDK for JavaScript, HTTP/1.1",
            sdk,
            [node, driver, "http1"],
            CONVERSE,
            "`socketTimeout` of `NodeHttpHandler`",
        ),
        Client(
            "anthropic",
            "@anthropic-ai/bedrock-sdk",
            npm_version(clients, "@anthropic-ai/bedrock-sdk"),
            [node, clients / "anthropic/one_call.mjs"],
            INVOKE,
            "`timeout`, which ends with the headers",
        ),
        Client(
            "ai-sdk",
            "@ai-sdk/amazon-bedrock",
            npm_version(clients, "@ai-sdk/amazon-bedrock"),
            [node, clients / "ai-sdk/one_call.mjs"],
            CONVERSE,
            "`timeout`: `firstChunkMs` and `chunkMs`, which count from the headers on; buffered, `totalMs`",
        ),
    ]


def all_clients(bedrock, clients):
    """Those that can run here, and the titles of those that cannot, with the reason."""
    python = clients / "python/bin/python"
    found = [
        Client(
            "bedrock",
            "`bedrock chat`",
            own_version(bedrock),
            [python, clients / "bedrock/one_call.py", bedrock],
            INVOKE,
            "none can be set on the command line; 300 s",
        ),
        *javascript_clients(clients),
        Client(
            "boto3",
            "boto3",
            wheel_version(python, "boto3"),
            [python, clients / "boto3/one_call.py"],
            CONVERSE,
            "`read_timeout`",
        ),
    ]
    missing = {}
    for build in (go_clients, frameworks):
        more, reasons = build(clients)
        found += more
        missing |= reasons
    return found, missing


def frameworks(clients):
    python = clients / "frameworks/bin/python"
    limits = {"litellm": "`timeout`", "langchain-aws": "`read_timeout` of `config`"}
    if not python.exists():
        return [], dict.fromkeys(limits, "only `./dev conformance --all` installs it")
    found = [
        Client(
            name,
            name,
            wheel_version(python, name),
            [python, clients / name / "one_call.py"],
            CONVERSE,
            limit,
        )
        for name, limit in limits.items()
    ]
    return found, {}


def go_clients(clients):
    if not shutil.which("go"):
        return [], {"AWS SDK for Go": "there is no go command"}
    program = clients / "go/one-call"
    subprocess.run(["go", "build", "-o", program, "./onecall"], cwd=clients / "go", check=True)
    module = "github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
    client = Client(
        "go",
        "AWS SDK for Go",
        go_version(clients, module),
        [program],
        CONVERSE,
        "`Timeout` of the HTTP client, which covers the whole response",
    )
    return [client], {}
