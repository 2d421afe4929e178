"""One call by boto3, with its own defaults."""

import boto3
from botocore.config import Config

from cases import CLAUDE
from serve_calls import PROMPT, serve_calls

REQUEST = {"modelId": CLAUDE, "messages": [{"role": "user", "content": [{"text": PROMPT}]}]}


def make_client(limit_s):
    config = Config(read_timeout=limit_s) if limit_s else None
    return boto3.client("bedrock-runtime", config=config)


def buffered(limit_s):
    response = make_client(limit_s).converse(**REQUEST)
    return "output" in response and "stopReason" in response


def stream(limit_s):
    events = make_client(limit_s).converse_stream(**REQUEST)["stream"]
    return "messageStop" in [name for event in events for name in event]


serve_calls({"buffered": buffered, "stream": stream})
