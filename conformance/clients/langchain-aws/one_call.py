"""One call by ChatBedrockConverse of langchain-aws, with its own defaults."""

import os

from botocore.config import Config
from langchain_aws import ChatBedrockConverse

from serve_calls import PROMPT, serve_calls

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def make_model(limit_s):
    config = {"config": Config(read_timeout=limit_s)} if limit_s else {}
    return ChatBedrockConverse(model=MODEL, endpoint_url=os.environ["AWS_ENDPOINT_URL"], **config)


def buffered(limit_s):
    message = make_model(limit_s).invoke(PROMPT)
    return bool(message.content) and "stopReason" in message.response_metadata


def stream(limit_s):
    chunks = list(make_model(limit_s).stream(PROMPT))
    return any("stopReason" in chunk.response_metadata for chunk in chunks)


serve_calls({"buffered": buffered, "stream": stream})
