"""What the server was told to do wrong (faults.json), as boto3 reports it."""

import json
from functools import partial

from botocore.exceptions import ConnectionClosedError, EventStreamError
from urllib3.exceptions import ProtocolError

from cases import CLAUDE, Unexpected, expect_equal, expect_error

# Exceptions in place of an answer, with the status that each has.
RAISED = [
    ("AccessDeniedException", 403),
    ("InternalServerException", 500),
    ("ModelErrorException", 424),
    ("ModelNotReadyException", 429),
    ("ModelTimeoutException", 408),
    ("ResourceNotFoundException", 404),
    ("ServiceQuotaExceededException", 400),
    ("ServiceUnavailableException", 503),
    ("ThrottlingException", 429),
]

RAISED_IN_STREAM = [
    "internalServerException",
    "modelStreamErrorException",
    "serviceUnavailableException",
    "throttlingException",
    "validationException",
]

# Each operation, and which member of its output is a stream.
OPERATIONS = {
    "converse": None,
    "converse_stream": "stream",
    "invoke_model": None,
    "invoke_model_with_response_stream": "body",
}


def call(client, operation, text):
    """Sends one user message."""
    if operation.startswith("converse"):
        messages = [{"role": "user", "content": [{"text": text}]}]
        return getattr(client, operation)(modelId=CLAUDE, messages=messages)
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 300,
        "messages": [{"role": "user", "content": text}],
    }
    return getattr(client, operation)(modelId=CLAUDE, body=json.dumps(body))


def raised(client, operation, name, status):
    with expect_error(getattr(client.exceptions, name), name, status, ""):
        call(client, operation, f"Raise {name}.")


def broken_stream(client, operation, text):
    """How many events come before a stream breaks, and what it breaks with."""
    events = 0
    try:
        for _ in call(client, operation, text)[OPERATIONS[operation]]:
            events += 1
    except Exception as error:  # Which one is the caller's question.
        return events, error
    raise Unexpected(f"expected a failure after {events} events, got the end")


def raised_in_stream(client, operation, name):
    text = f"Stream, then raise {name[0].upper()}{name[1:]}."
    events, error = broken_stream(client, operation, text)
    expect_equal("events before", events, 3)
    expect_equal("class", type(error), EventStreamError)
    expect_equal("code", error.response["Error"]["Code"], name)


def damaged(client, operation):
    events, error = broken_stream(client, operation, "Damage a checksum.")
    expect_equal("events before", events, 3)
    expect_equal("class", type(error).__name__, "ChecksumMismatch")


def reset_in_stream(client, operation):
    _, error = broken_stream(client, operation, "Reset within the stream.")
    expect_equal("class", type(error), ProtocolError)


def reset_at_once(client):
    try:
        call(client, "converse", "Reset before the answer.")
    except ConnectionClosedError:
        return
    raise Unexpected("expected ConnectionClosedError, got an answer")


def throttled_once(make_client):
    client = make_client(attempts=3)
    answer = call(client, "converse", "Throttle once over HTTP/1.1.")
    expect_equal("retries", answer["ResponseMetadata"]["RetryAttempts"], 1)


def cases(make_client):
    """Faults before an answer and within a stream."""
    client = make_client()
    pairs = []
    for operation, stream in OPERATIONS.items():
        for name, status in RAISED:
            pairs.append((f"{operation}: {name}", partial(raised, client, operation, name, status)))
        if stream is None:
            continue
        for name in RAISED_IN_STREAM:
            run = partial(raised_in_stream, client, operation, name)
            pairs.append((f"{operation}: {name} within the stream", run))
        pairs.append((f"{operation}: damaged checksum", partial(damaged, client, operation)))
        pairs.append((f"{operation}: reset within", partial(reset_in_stream, client, operation)))
    pairs.append(("reset before the answer", partial(reset_at_once, client)))
    pairs.append(("throttled once, then answered", partial(throttled_once, make_client)))
    return pairs
