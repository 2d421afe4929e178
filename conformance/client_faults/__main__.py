"""What each client sees of each fault of the local Bedrock: docs/clients.md, made and checked.

    python3 conformance/client_faults --check BEDROCK FOLDER
    python3 conformance/client_faults --write BEDROCK FOLDER

BEDROCK is our command, FOLDER that in which conformance/run has installed the clients. --check
measures all again and fails with a line for each cell that differs from conformance/clients.json;
--write keeps what is seen now, there and in docs/clients.md. A client that cannot run here keeps its
column. All that is spoken to is on 127.0.0.1, and every wait has a bound."""

import argparse
import datetime
import json
import sys
from pathlib import Path

from clients import all_clients, node_version
from measure import ALL_ROWS, measure_all
from render import cell_text, render

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "conformance/clients.json"
PAGE = ROOT / "docs/clients.md"
COMPARED = ("outcome", "name", "requests", "waited")


def described(client):
    return {
        "title": client.title,
        "version": client.version,
        "transport": client.transport,
        "limit": client.limit,
    }


def kept_cell(kept, call, fault, client):
    return kept["cells"].get(call, {}).get(fault.key, {}).get(client.key)


def is_same(before, now):
    if before is None or now is None:
        return before is now
    return all(before.get(member) == now.get(member) for member in COMPARED)


def differences(kept, clients, seen, rows_of):
    """Triples of client, call and fault whose cells are not as they are kept."""
    return [
        (client, call, fault)
        for client in clients
        for call, fault in rows_of(client)
        if not is_same(
            kept_cell(kept, call, fault, client), seen[client.key].get(call, {}).get(fault.key)
        )
    ]


def check(kept, clients, measure):
    """Prints what differs; a cell that does is measured once more, as a busy machine may be to blame."""
    failures = [
        f"{client.title}: version {client.version}, kept is "
        + kept["clients"].get(client.key, {}).get("version", "nothing")
        for client in clients
        if described(client) != kept["clients"].get(client.key)
    ]
    first = differences(kept, clients, measure(clients, lambda _: ALL_ROWS), lambda _: ALL_ROWS)

    def again(client):
        return [(call, fault) for other, call, fault in first if other is client]

    seen = measure([client for client in clients if again(client)], again) if first else {}
    changed = [client for client in clients if client.key in seen]
    for client, call, fault in differences(kept, changed, seen, again):
        now = cell_text(seen[client.key].get(call, {}).get(fault.key))
        before = cell_text(kept_cell(kept, call, fault, client))
        failures.append(f"{client.title}, {call}, {fault.title}: expected {before}, got {now}")
    if not PAGE.exists() or PAGE.read_text() != render(kept):
        failures.append("docs/clients.md is not what conformance/clients.json makes of it")
    for failure in failures:
        print(f"FAIL {failure}")
    cells = sum(fault.only in (None, client.transport) for client in clients for _, fault in ALL_ROWS)
    print(f"{max(0, cells - len(failures))} passed, {len(failures)} failed")
    if failures:
        print("clients: `conformance/client_faults --write` keeps what is seen now", file=sys.stderr)
    return not failures


def merged(kept, clients, seen, node):
    """What is kept from now on: rows in their order, columns of clients that did not run as before."""
    columns = kept["clients"] | {client.key: described(client) for client in clients}
    cells = {}
    for call, fault in ALL_ROWS:
        row = dict(kept["cells"].get(call, {}).get(fault.key, {}))
        row |= {key: calls[call][fault.key] for key, calls in seen.items() if fault.key in calls[call]}
        cells.setdefault(call, {})[fault.key] = {key: row[key] for key in columns if key in row}
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {"date": today, "node": node, "clients": columns, "cells": cells}


def text_of(value, depth=0):
    """JSON with one line for each cell."""
    if depth == 4 or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    inner = "  " * (depth + 1)
    members = [f"{inner}{json.dumps(key)}: {text_of(value[key], depth + 1)}" for key in value]
    return "{\n" + ",\n".join(members) + "\n" + "  " * depth + "}"


def main():
    parser = argparse.ArgumentParser(prog="client_faults", description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--check", action="store_true", help="fail on what is not as it is kept")
    mode.add_argument("--write", action="store_true", help="keep what is seen now")
    parser.add_argument("bedrock", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    bedrock, folder = options.bedrock.resolve(), options.folder.resolve()

    kept = {"clients": {}, "cells": {}}
    if KEPT.exists():
        kept = json.loads(KEPT.read_text())
    clients, missing = all_clients(bedrock, folder / "clients")
    for title, reason in missing.items():
        print(f"{title}: left out, because {reason}")
    (folder / "home").mkdir(exist_ok=True)
    for log in folder.glob("*-faults.errors"):
        log.unlink()

    def measure(which, rows_of):
        return measure_all(bedrock, which, folder, rows_of)

    if options.check:
        sys.exit(0 if check(kept, clients, measure) else 1)
    seen = measure(clients, lambda _: ALL_ROWS)
    kept = merged(kept, clients, seen, node_version(folder / "clients"))
    KEPT.write_text(text_of(kept) + "\n")
    PAGE.write_text(render(kept))


main()
