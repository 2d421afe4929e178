"""What goes wrong in the table of clients: one row for each fault."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from relay import Alteration, goaway_after, with_checksum

READ_LIMIT_MS = 1000
RETRY_AFTER_MS = 3000


@dataclass(frozen=True)
class Fault:
    """One row. `fault` is that of a rule of the local Bedrock; without one, all goes well."""

    key: str
    title: str
    fault: dict | None = None
    # Where a streamed body ends: a number of bytes after its third event.
    cut_past_event: int | None = None
    # How many requests it happens to; all without a number.
    times: int | None = None
    # The read time limit that the client is given; its own default without one.
    limit_ms: int | None = None
    # Whether a client that sends again after RETRY_AFTER_MS waits as it was told to.
    asks_to_wait: bool = False
    # Variables that the client gets besides the endpoint, the region and the credentials.
    environment: dict = field(default_factory=dict)
    tls: bool = False
    # What a relay alters, made from the events of a stream: the local Bedrock has no such kind.
    alteration: Callable | None = None
    # The one transport that has this fault, or over which the relay can make it.
    only: str | None = None
    # A call that has not ended by then waits for ever, as far as this table is concerned.
    patience_s: float = 15


def exception(name, **members):
    return {"kind": "exception", "name": name, **members}


THROTTLED = exception("ThrottlingException")
THROTTLED_ONCE = Fault(
    "retry_after",
    f"the same once, with `x-amz-retry-after: {RETRY_AFTER_MS}`",
    exception("ThrottlingException", retry_after_ms=RETRY_AFTER_MS),
    times=1,
    asks_to_wait=True,
)
STALL_PATIENCE_S = 8
# Inside the fourth event, which is longer than the first events of two streams differ.
INSIDE_EVENT = 120

RETRY_AFTER = f"x-amz-retry-after: {RETRY_AFTER_MS}".encode()


def standard_retry_after(events):
    seconds = f"retry-after: {RETRY_AFTER_MS // 1000}".encode()
    return Alteration(RETRY_AFTER, seconds.ljust(len(RETRY_AFTER)))


def unknown_event(events):
    """Another type, of the same length, for the third event."""
    frame = events[2]
    for known in (b"contentBlockDelta", b"chunk"):
        if known in frame:
            return Alteration(frame, with_checksum(frame.replace(known, b"x" * len(known), 1)))
    raise ValueError("the third event is not a delta")


def unknown_delta(events):
    """A delta that is not known, of the same length, as the third event."""
    frame = events[2]
    if b"contentBlockDelta" in frame:
        return Alteration(frame, with_checksum(frame.replace(b'{"text":', b'{"blob":', 1)))
    native = json.loads(frame[frame.index(b'{"') : -4])["bytes"]
    altered = base64.b64decode(native).replace(b'"text_delta","text":', b'"blob_delta","blob":')
    altered = base64.b64encode(altered)
    return Alteration(frame, with_checksum(frame.replace(native.encode(), altered)))


def goaway(events):
    return goaway_after(events[2])


STREAM = [
    Fault("none", "no fault"),
    Fault("throttled", "`ThrottlingException` (429), each time", THROTTLED),
    THROTTLED_ONCE,
    Fault(
        "standard_retry_after",
        f"the same once, with `Retry-After: {RETRY_AFTER_MS // 1000}`",
        exception("ThrottlingException", retry_after_ms=RETRY_AFTER_MS),
        times=1,
        asks_to_wait=True,
        alteration=standard_retry_after,
        only="HTTP/1.1",
    ),
    Fault(
        "throttled_at_first_event",
        "`throttlingException` as the first event",
        exception("ThrottlingException", after_events=0),
    ),
    Fault(
        "throttled_in_stream",
        "`throttlingException` after three events",
        exception("ThrottlingException", after_events=3),
    ),
    Fault(
        "model_error_in_stream",
        "`modelStreamErrorException` after three events",
        exception("ModelStreamErrorException", after_events=3),
    ),
    Fault(
        "unknown_exception",
        "an unknown exception (500)",
        exception("ModelOverloadedException", status=500),
    ),
    Fault(
        "unknown_exception_in_stream",
        "an unknown exception after three events",
        exception("ModelOverloadedException", after_events=3),
    ),
    Fault(
        "error_message",
        "a message of type `error` after three events",
        {
            "kind": "error_message",
            "code": "InternalError",
            "message": "Something broke.",
            "after_events": 3,
        },
    ),
    Fault("unknown_event", "an event of an unknown type", alteration=unknown_event),
    Fault("unknown_delta", "a delta of an unknown type", alteration=unknown_delta),
    Fault(
        "cut_between_events",
        "end after the third event, HTTP's end missing",
        {"kind": "truncation", "http_end": "missing"},
        cut_past_event=0,
    ),
    Fault(
        "cut_between_events_proper",
        "end after the third event, HTTP's end proper",
        {"kind": "truncation", "http_end": "proper"},
        cut_past_event=0,
    ),
    Fault(
        "cut_in_event",
        "end inside the fourth event, HTTP's end missing",
        {"kind": "truncation", "http_end": "missing"},
        cut_past_event=INSIDE_EVENT,
    ),
    Fault(
        "cut_in_event_proper",
        "end inside the fourth event, HTTP's end proper",
        {"kind": "truncation", "http_end": "proper"},
        cut_past_event=INSIDE_EVENT,
    ),
    Fault(
        "damaged_checksum",
        "a wrong checksum of the fourth event",
        {"kind": "damaged_checksum", "after_events": 3},
    ),
    Fault("empty_reply", "status 200 without a body", {"kind": "empty_reply"}),
    Fault("error_in_success", "an error in a 200", {"kind": "error_in_success"}),
    Fault("html_page", "an HTML page (503)", {"kind": "html_page"}),
    Fault(
        "slow_first_byte",
        "nothing for 30 s, not even the headers",
        {"kind": "slow_first_byte", "delay_ms": 30_000},
        limit_ms=READ_LIMIT_MS,
        patience_s=STALL_PATIENCE_S,
    ),
    Fault(
        "stall",
        "a stall after three events",
        {"kind": "stall", "after_events": 3},
        limit_ms=READ_LIMIT_MS,
        patience_s=STALL_PATIENCE_S,
    ),
    Fault("reset", "a reset before the headers", {"kind": "reset"}),
    Fault(
        "reset_in_stream",
        "a reset inside the fourth event",
        {"kind": "reset"},
        cut_past_event=INSIDE_EVENT,
    ),
    Fault(
        "goaway",
        "GOAWAY (no error) after the third event, then the end of the connection",
        alteration=goaway,
        only="HTTP/2",
    ),
    Fault(
        "clock_offset",
        "the server's clock is an hour ahead",
        {"kind": "clock_offset", "offset_seconds": 3600},
    ),
    Fault(
        "empty_api_key",
        "`AWS_BEARER_TOKEN_BEDROCK` is empty (TLS)",
        environment={"AWS_BEARER_TOKEN_BEDROCK": ""},
        tls=True,
    ),
]

BUFFERED = [
    Fault("none", "no fault"),
    Fault("throttled", "`ThrottlingException` (429), each time", THROTTLED),
    THROTTLED_ONCE,
    Fault(
        "cut",
        "end inside the body, HTTP's end missing",
        {"kind": "truncation", "after_bytes": 40, "http_end": "missing"},
    ),
    Fault(
        "cut_proper",
        "end inside the body, HTTP's end proper",
        {"kind": "truncation", "after_bytes": 40, "http_end": "proper"},
    ),
    Fault("empty_reply", "status 200 without a body", {"kind": "empty_reply"}),
    Fault("error_in_success", "an error in a 200", {"kind": "error_in_success"}),
    Fault("html_page", "an HTML page (503)", {"kind": "html_page"}),
    Fault(
        "stall",
        "a stall after the headers",
        {"kind": "stall"},
        limit_ms=READ_LIMIT_MS,
        patience_s=STALL_PATIENCE_S,
    ),
    Fault("reset", "a reset before the headers", {"kind": "reset"}),
]

CALLS = {"stream": STREAM, "buffered": BUFFERED}
