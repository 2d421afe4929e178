"""Starts and ends the program that the wheel carries, and talks to its admin endpoint."""

import json
import os
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

_PROGRAM = Path(__file__).parent / "native" / "bin" / "bedrock"
_LISTENING = "listening on "


class BedrockLocalError(RuntimeError):
    """The server could not be started, or it refused an admin request. The text says why."""


class BedrockLocal:
    """One local Bedrock in a process of its own.

    `arguments` go to `bedrock local` as they are, e.g. `["--end-of-life"]`. `start_timeout` is in seconds. Used by one thread at
    a time. The process ends with `stop()`, at the end of a `with` block, or when this object is collected.
    """

    def __init__(self, arguments=(), *, program=None, start_timeout=10.0):
        self._program = str(program or os.environ.get("LLM_BEDROCK_LOCAL_PROGRAM") or _PROGRAM)
        self._arguments = list(arguments)
        self._start_timeout = start_timeout
        self._process = None
        self.endpoint = ""

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def __del__(self):
        self.stop()

    def start(self):
        """Starts the server and waits until it listens. Raises BedrockLocalError when it does not in time."""
        if self._process is not None:
            return self
        command = [self._program, "local", "--port", "0", *self._arguments]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                             stderr=subprocess.PIPE, text=True)
        except OSError as error:
            raise BedrockLocalError(f"Could not start {self._program}: {error}.") from error
        # A server that never says a word is ended, which ends the wait for its first line.
        watchdog = threading.Timer(self._start_timeout, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline().strip()
        finally:
            watchdog.cancel()
        if not line.startswith(_LISTENING):
            complaint = self._process.stderr.read().strip()
            self.stop()
            raise BedrockLocalError(f"bedrock local did not start: {complaint or line or 'no output in time'}.")
        self.endpoint = line.removeprefix(_LISTENING)
        threading.Thread(target=self._process.stderr.read, daemon=True).start()
        return self

    def stop(self):
        """Ends the server; may be called twice."""
        process, self._process = getattr(self, "_process", None), None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def reset(self):
        """Forgets the rules, the counts and the requests seen so far."""
        self._admin("POST", "reset", {})

    def add_rules(self, *rules):
        """Adds rules after those that are there; docs/local-bedrock.md has their form."""
        self._admin("POST", "rules", {"rules": list(rules)})

    def requests(self):
        """The most recent requests, the oldest first."""
        return self._admin("GET", "requests")["requests"]

    def faults(self):
        """How often each fault happened, by name."""
        return self._admin("GET", "faults")["faults"]

    def environment(self):
        """The environment variables with which every AWS SDK finds this server."""
        return {
            "AWS_ENDPOINT_URL_BEDROCK": self.endpoint,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": self.endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def boto3_settings(self):
        """Keyword arguments of `boto3.client`."""
        return {
            "endpoint_url": self.endpoint,
            "region_name": "us-east-1",
            "aws_access_key_id": "local",
            "aws_secret_access_key": "local",
        }

    def _admin(self, method, name, body=None):
        request = urllib.request.Request(f"{self.endpoint}/_local/{name}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise BedrockLocalError(f"bedrock local refused {method} {name}: {error.read().decode()}") from error
