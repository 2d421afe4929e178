"""What Bedrock refuses, as the exceptions that boto3 makes for it."""

import json
from functools import partial

from cases import (
    CITY_SCHEMA,
    CLAUDE,
    CLAUDE_WITHOUT_PROFILE,
    TITAN_EMBEDDING,
    LLAMA,
    TITAN,
    UNKNOWN,
)
from cases import expect_error

HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
BLANK = [{"role": "user", "content": [{"text": " "}]}]
ANSWER_FIRST = [{"role": "assistant", "content": [{"text": "Hi"}]}, *HELLO]
TOOL_CONFIG = {
    "tools": [{"toolSpec": {"name": "get_weather", "inputSchema": {"json": CITY_SCHEMA}}}]
}

# Name, request, and a part of the message.
REFUSED = [
    ("an unknown model", {"modelId": UNKNOWN}, "The provided model identifier is invalid."),
    (
        "a model without its profile",
        {"modelId": CLAUDE_WITHOUT_PROFILE},
        "with on-demand throughput isn’t supported.",
    ),
    (
        "a model of embeddings",
        {"modelId": TITAN_EMBEDDING},
        "This action doesn't support the model that you provided.",
    ),
    (
        "a blank text",
        {"messages": BLANK},
        "The text field in the ContentBlock object at messages.0.content.0 is blank.",
    ),
    (
        "an assistant who begins",
        {"messages": ANSWER_FIRST},
        "A conversation must start with a user message.",
    ),
    (
        "tools for Titan",
        {"modelId": TITAN, "toolConfig": TOOL_CONFIG},
        "This model doesn't support tool use.",
    ),
    (
        "more tokens than the model has",
        {"modelId": LLAMA, "inferenceConfig": {"maxTokens": 9999}},
        "The maximum tokens you requested exceeds the model limit of 2048.",
    ),
]


def refused(client, operation, more, message):
    request = {"modelId": CLAUDE, "messages": HELLO, **more}
    with expect_error(client.exceptions.ValidationException, "ValidationException", 400, message):
        getattr(client, operation)(**request)


def refused_body(client, operation):
    body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "messages": HELLO})
    message = "Malformed input request: #: required key [max_tokens] not found"
    with expect_error(client.exceptions.ValidationException, "ValidationException", 400, message):
        getattr(client, operation)(modelId=CLAUDE, body=body)


def cases(client):
    """Refusals of each operation."""
    pairs = []
    for name, more, message in REFUSED:
        for operation in ("converse", "converse_stream"):
            pairs.append(
                (f"{operation} refuses {name}", partial(refused, client, operation, more, message))
            )
    for operation in ("invoke_model", "invoke_model_with_response_stream"):
        pairs.append(
            (f"{operation} refuses a native body", partial(refused_body, client, operation))
        )
    return pairs
