"""boto3 with an API key, which it sends over TLS only; the key comes from the environment."""

import os

import boto3
from botocore.config import Config

from cases import CLAUDE, expect_equal, run_cases

HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
client = boto3.client(
    "bedrock-runtime", config=Config(retries={"total_max_attempts": 1}, read_timeout=20)
)


def converse():
    expect_equal("scheme", os.environ["AWS_ENDPOINT_URL"][:8], "https://")
    message = client.converse(modelId=CLAUDE, messages=HELLO)["output"]["message"]
    expect_equal("role", message["role"], "assistant")


def stream():
    events = list(client.converse_stream(modelId=CLAUDE, messages=HELLO)["stream"])
    expect_equal("first event", list(events[0]), ["messageStart"])
    expect_equal("last event", list(events[-1]), ["metadata"])


run_cases([("a conversation with an API key", converse), ("a stream with an API key", stream)])
