"""docs/clients.md, made from clients.json."""

from faults import CALLS, READ_LIMIT_MS, RETRY_AFTER_MS

HEAD = """# What each client sees

What the clients of Bedrock make of the faults of `bedrock local`: each cell says how one call ends, with a complete
response, with an error, or as if nothing were missing.

`./dev conformance` makes these calls again. It fails if a call ends in another way, with an error of another name or
after another number of requests, or if a client no longer heeds the wait that the server asks for.

Measured on {date} with the clients' own defaults and Node.js {node}, over loopback, without TLS unless a row says so:

{clients}

How to read a cell:

- A name in `code` is that of the error which the program gets. The AI SDK does not throw it from a stream: it is an event
  of `fullStream`, and `textStream` just ends.
- "complete" means that everything arrived, up to the stop reason.
- "ends as if complete" means that the stream ends without an error but also without its last events, or that a buffered
  call returns a response without a message or stop reason. A program notices only if it looks for them.
- One request was sent, unless the cell has another number. The number includes the first request; the time is that of
  the whole call, measured once, and waits between attempts are random.
- "no end within N s" means that the call was given up then.
- ¹ The local Bedrock has no such fault. The conformance run alters its response on the way to the client. "–" means that
  this is not possible, or that the fault does not exist over this transport.

In the rows with a stall or without headers, the client has a read time limit of {limit} ms (see the table above). In those
with `x-amz-retry-after` (milliseconds) and `Retry-After` (seconds), the server throttles once and asks for {wait:g} s.

The messages of the errors are in [clients.json](../conformance/clients.json), and [local-bedrock.md](local-bedrock.md#faults)
says how to cause the faults. Cutting InvokeModelWithResponseStream between two events takes more than a script, because
its first event varies in length: the conformance run does it on the way to the client, too.
"""

TITLES = {"stream": "One streaming call", "buffered": "One buffered call"}
NOTES = {
    "stream": "ConverseStream; `bedrock chat` and `@anthropic-ai/bedrock-sdk` call InvokeModelWithResponseStream.",
    "buffered": "Converse; `bedrock chat` and `@anthropic-ai/bedrock-sdk` call InvokeModel.",
}
# Names that tell nothing without their message.
GENERIC = ("Error", "TypeError", "SyntaxError")
MAX_MESSAGE = 60


def seconds(ms):
    return "under 1 s" if ms < 500 else f"{round(ms / 1000)} s"


def error_text(cell):
    if cell["name"] not in GENERIC:
        return f"`{cell['name']}`"
    message = cell["message"].replace("`", "'")
    if len(message) > MAX_MESSAGE:
        message = message[:MAX_MESSAGE] + "..."
    return f"`{cell['name']}: {message}`"


def effort_text(cell):
    """How many requests and how long, if more or less than one was sent."""
    if cell["requests"] == 1:
        return ""
    if cell["requests"] == 0:
        return ", nothing is sent"
    waited = {True: ", waits as asked", False: ", does not wait as asked", None: ""}
    return f", {cell['requests']} requests, {seconds(cell['ms'])}" + waited[cell.get("waited")]


def cell_text(cell):
    if cell is None:
        return "–"
    endings = {
        "end": "complete",
        "partial-end": "**ends as if complete**",
        "none": f"**no end within {cell['ms'] // 1000} s**",
        "crash": "**the program crashes**",
    }
    return (endings.get(cell["outcome"]) or error_text(cell)) + effort_text(cell)


def row(texts):
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def table(heads, rows):
    return "\n".join([row(heads), "|" + "---|" * len(heads), *map(row, rows)])


def row_heads(fault):
    """The title of a row and the kind of fault in scripts."""
    kind = f"`{fault.fault['kind']}`" if fault.fault else "–"
    return [fault.title + ("¹" if fault.alteration else ""), kind]


def render(kept):
    """The page."""
    clients = kept["clients"]
    listed = [[c["title"], c["version"], c["transport"], c["limit"]] for c in clients.values()]
    page = HEAD.format(
        date=kept["date"],
        node=kept["node"],
        clients=table(["client", "version", "transport", "read time limit"], listed),
        limit=READ_LIMIT_MS,
        wait=RETRY_AFTER_MS / 1000,
    )
    for call, faults in CALLS.items():
        rows = [
            row_heads(fault)
            + [cell_text(kept["cells"][call].get(fault.key, {}).get(key)) for key in clients]
            for fault in faults
        ]
        heads = ["fault", "`kind`", *(c["title"] for c in clients.values())]
        page += f"\n## {TITLES[call]}\n\n{NOTES[call]}\n\n{table(heads, rows)}\n"
    return page
