"""Runs clients against a local Bedrock that is told what to do wrong, and counts what they send."""

import json
import os
import queue
import re
import ssl
import struct
import subprocess
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from clients import INVOKE
from faults import CALLS, RETRY_AFTER_MS
from relay import Relay, http1_end_after

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
START_LIMIT_S = 30
ADMIN_LIMIT_S = 10
MAX_MESSAGE = 200
CA_VARIABLES = ["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]
# For a program that was told to end.
END_LIMIT_S = 10


class Server:
    """A local Bedrock of its own process."""

    def __init__(self, bedrock, *options):
        self.process = subprocess.Popen(
            [bedrock, "local", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = Lines(self.process.stdout)
        self.url = said.find(r"^listening on (\S+)")
        self.certificate = self.context = None
        if "--tls" in options:
            self.certificate = said.find(r"AWS_CA_BUNDLE=(\S+)")
            self.context = ssl.create_default_context(cafile=self.certificate)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        if self.process.wait(END_LIMIT_S) != 0:
            raise RuntimeError(f"bedrock local ended with {self.process.returncode}")

    def send(self, path, body=None):
        """A GET, or a POST of the body as JSON; returns the bytes of the response."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}
        )
        opened = urllib.request.urlopen(request, timeout=ADMIN_LIMIT_S, context=self.context)
        with opened as response:
            return response.read()

    def count_requests(self):
        return len(json.loads(self.send("/_local/requests"))["requests"])


class Lines:
    """The lines of a pipe, to wait for."""

    def __init__(self, pipe):
        self.lines = queue.Queue()
        threading.Thread(target=self._read, args=[pipe], daemon=True).start()

    def _read(self, pipe):
        for line in pipe:
            self.lines.put(line)
        self.lines.put(None)

    def next(self, seconds):
        """The next line, "" after the last, None if none came in time."""
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            return None
        return "" if line is None else line

    def find(self, pattern):
        """The first group of the first line that matches."""
        end = time.monotonic() + START_LIMIT_S
        while line := self.next(max(0, end - time.monotonic())):
            if match := re.search(pattern, line):
                return match[1]
        raise RuntimeError(f"bedrock local did not say {pattern}")


class Driver:
    """A client's program, which serves calls. What it says on standard error goes into a file."""

    def __init__(self, client, server, folder, environment):
        base = {
            "HOME": str(folder / "home"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(folder / "clients"),
            "LC_ALL": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": server.url,
            "ANTHROPIC_BEDROCK_BASE_URL": server.url,
        }
        if server.certificate:
            base |= dict.fromkeys(CA_VARIABLES, server.certificate)
        with open(folder / f"{client.key}-faults.errors", "a") as log:
            self.process = subprocess.Popen(
                client.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=base | environment,
                start_new_session=True,
            )
        self.said = Lines(self.process.stdout)

    def call(self, request, patience_s):
        """How one call ends; None if it does not end in time."""
        try:
            print(json.dumps(request), file=self.process.stdin, flush=True)
            line = self.said.next(patience_s)
        except BrokenPipeError:
            line = ""
        if line == "":
            return {"outcome": "crash", "name": "", "message": "", "ms": 0}
        return None if line is None else json.loads(line)

    def end(self):
        """Ends the program with what it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, 9)
        self.process.wait(END_LIMIT_S)


def sample_events(bedrock, stream_path):
    """The events of a stream, as the server sends them each time."""
    native = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 300,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    converse = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
    body = converse if stream_path.startswith("converse") else native
    with Server(bedrock, "--no-auth") as server:
        stream = server.send(f"/model/{MODEL.replace(':', '%3A')}/{stream_path}", body)
    events, at = [], 0
    while at < len(stream):
        end = at + struct.unpack_from("!I", stream, at)[0]
        events.append(stream[at:end])
        at = end
    return events


def made_by(fault, client, events):
    """The rule that makes the server do it, or None, and what a relay alters, or None."""
    action = dict(fault.fault or {})
    alteration = fault.alteration and fault.alteration(events)
    if fault.cut_past_event == 0 and client.stream_path == INVOKE:
        # The first event of each stream has another length, so that no number of bytes is right.
        return None, http1_end_after(events[2], action["http_end"])
    if fault.cut_past_event is not None:
        action["after_bytes"] = sum(map(len, events[:3])) + fault.cut_past_event
    rule = {"fault": action} | ({} if fault.times is None else {"times": fault.times})
    return rule if action else None, alteration


def without_run(message):
    """The first line of a message, without what differs from run to run."""
    message = (message.splitlines() or [""])[0]
    message = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", message)
    message = re.sub(r"port=\d+", "port=PORT", message)
    message = re.sub(r"\d{8}T\d{6}Z", "TIME", message)
    message = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "REQUEST-ID", message)
    return message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + "..."


class ClientRun:
    """One client with its servers and its driver, which is started again when a call does not end."""

    def __init__(self, bedrock, client, events, folder):
        self.bedrock, self.client, self.events, self.folder = bedrock, client, events, folder
        self.driver = None
        self.driver_setting = None

    def measure(self, rows):
        """The cells of pairs of call and fault, as {call: {fault: cell}}."""
        cells = {}
        with ExitStack() as stack:
            servers = {}
            try:
                for call, fault in rows:
                    if fault.only not in (None, self.client.transport):
                        continue
                    if fault.tls not in servers:
                        servers[fault.tls] = stack.enter_context(self._start_server(fault.tls))
                    cell = self._measure_cell(servers[fault.tls], call, fault)
                    cells.setdefault(call, {})[fault.key] = cell
            finally:
                self._end_driver()
        return cells

    def _start_server(self, tls):
        # The Go SDK loses streams whose head comes at once.
        return Server(self.bedrock, "--head-delay", "20", *(["--tls"] if tls else []))

    def _end_driver(self):
        if self.driver:
            self.driver.end()
        self.driver = None

    def _driver_for(self, endpoint, fault):
        setting = (endpoint.url, tuple(fault.environment.items()))
        if self.driver is None or self.driver_setting != setting:
            self._end_driver()
            self.driver = Driver(self.client, endpoint, self.folder, fault.environment)
            self.driver_setting = setting
        return self.driver

    def _call(self, endpoint, call, fault):
        request = {"call": call} | ({"limit_ms": fault.limit_ms} if fault.limit_ms else {})
        ended = self._driver_for(endpoint, fault).call(request, fault.patience_s)
        if ended is None or ended["outcome"] == "crash":
            self._end_driver()
        if ended is None:
            ended = {"outcome": "none", "name": "", "message": "", "ms": fault.patience_s * 1000}
        return ended | {"message": without_run(ended["message"])}

    def _measure_cell(self, server, call, fault):
        server.send("/_local/reset", {})
        rule, alteration = made_by(fault, self.client, self.events)
        if rule:
            server.send("/_local/rules", {"rules": [rule]})
        if alteration:
            with Relay(server.url, alteration) as relay:
                cell = self._call(relay, call, fault)
            if not relay.has_altered:
                raise RuntimeError(f"{self.client.title}, {fault.title}: not seen by the relay")
        else:
            cell = self._call(server, call, fault)
        cell["requests"] = server.count_requests()
        if fault.asks_to_wait and cell["requests"] > 1:
            cell["waited"] = cell["ms"] >= RETRY_AFTER_MS
        return cell


ALL_ROWS = [(call, fault) for call, faults in CALLS.items() for fault in faults]


def measure_all(bedrock, clients, folder, rows_of):
    """The cells of all clients at the same time, as {client: {call: {fault: cell}}}; `rows_of` says
    which rows to measure of each."""
    events = {path: sample_events(bedrock, path) for path in {c.stream_path for c in clients}}

    def measure(client):
        run = ClientRun(bedrock, client, events[client.stream_path], folder)
        return client.key, run.measure(rows_of(client))

    with ThreadPoolExecutor(max(1, len(clients))) as pool:
        return dict(pool.map(measure, clients))
