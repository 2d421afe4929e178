"""What the Python drivers of this folder have in common: each line of standard input asks for one call,
one line of standard output says how it ended."""

import json
import os
import sys
import time

PROMPT = "Hello"


def name_of(error):
    """The class, with the code of the service that botocore has, if the class does not say it."""
    name = type(error).__name__
    response = getattr(error, "response", None)
    code = response["Error"]["Code"] if isinstance(response, dict) else name
    return name if code == name else f"{name} {code!r}"


def run(call, limit_ms):
    """How one call ends: complete, with something missing, or with an error."""
    start = time.monotonic()
    outcome = {"outcome": "error", "name": "", "message": ""}
    try:
        complete = call(limit_ms / 1000 if limit_ms else None)
        outcome["outcome"] = "end" if complete else "partial-end"
    except Exception as error:  # Which one is the question.
        outcome |= {"name": name_of(error), "message": str(error)}
    return outcome | {"ms": round((time.monotonic() - start) * 1000)}


def serve_calls(calls):
    """Serves requests such as `{"call": "stream", "limit_ms": 1000}`. A call is a function of the time
    limit in seconds, or of None; it says whether all came that a complete response has."""
    # Clients that print must not print between the outcomes.
    outcomes = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(run(calls[asked["call"]], asked.get("limit_ms"))), file=outcomes)
