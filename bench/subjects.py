"""The server and the measured programs: starts them, pins them to cores, reads what they cost."""

import json
import os
import resource
import shutil
import subprocess
import threading
import time
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAX_SECONDS = 120
# Credentials and environment of the subjects: nothing from the caller.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
# SDKs in other languages, which need their toolchains.
PEERS = ("go", "rust")
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"


@dataclass(frozen=True)
class Task:
    """The task of a worker; measure.hpp explains the members."""

    operation: str = "invoke"
    deltas: int = 0
    together: int = 1
    shape: str = "small"
    size: int = 0
    count: int = 1
    parallel: int = 1
    warmup: int = 0
    rounds: int = 0
    pace: int = 0


def node_for(sdk):
    """The Node.js installed beside the SDK, else the caller's, else None."""
    return shutil.which(sdk / ".bin/node") or shutil.which("node")


def build_peers(target):
    """Builds bench/peers where the toolchains are there: programs by name."""
    target.mkdir(parents=True, exist_ok=True)
    peers = {}
    if shutil.which("go"):
        peers["go"] = target / "go"
        subprocess.run(["go", "build", "-o", peers["go"], "."], cwd=HERE / "peers/go", check=True)
    if shutil.which("cargo"):
        subprocess.run(["cargo", "build", "--release", "--quiet", "--target-dir", target / "cargo"],
                       cwd=HERE / "peers/rust", check=True)
        peers["rust"] = target / "cargo/release/bench"
    return peers


def pinned(core, command):
    """The command on one core; unpinned if there is only one."""
    if (os.cpu_count() or 1) < 2:
        return command
    return ["taskset", "-c", str(core), *command]


def _wait_for(child):
    """Waits for the child and returns its resource usage. Popen.wait() with a timeout would only
    poll, after 3.5, 7.5 and 15.5 ms."""
    watchdog = threading.Timer(MAX_SECONDS, child.kill)
    watchdog.start()
    try:
        _, status, usage = os.wait4(child.pid, 0)
    finally:
        watchdog.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    return usage


@dataclass
class Bench:
    """A running server and the programs of one build folder."""

    build: Path
    scratch: Path
    sdk: Path | None = None
    peers: dict = field(default_factory=dict)  # programs of bench/peers, by name
    _requests: dict = field(default_factory=dict)

    def __enter__(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
        self._server = subprocess.Popen(
            pinned(0, [self.build / "bench/bench_server"]),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._server.stdout.readline().split()[-1])
        return self

    def __exit__(self, *_):
        self._server.stdin.close()
        self._server.wait(10)

    def url(self, task):
        return f"http://127.0.0.1:{self.port}/{task.deltas}/{task.together}/0/{task.pace}"

    def server_cpu_ns(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/usage", timeout=10) as answer:
            return json.load(answer)["cpu_ns"]

    def measure(self, subject, task):
        """What the task costs the subject, and the server meanwhile."""
        if subject in ("sdk", *PEERS):  # take several times as long: fewer are enough
            task = replace(task, count=max(task.parallel, task.count // 10))
        server_before = self.server_cpu_ns()
        done = subprocess.run(pinned(1, self._command(subject, task)), env=self._environment(),
                              stdout=subprocess.PIPE, timeout=MAX_SECONDS, check=True)
        report = json.loads(done.stdout)
        report["server_cpu_ns"] = self.server_cpu_ns() - server_before
        return report

    def start(self, subject, task):
        """Wall-clock and CPU time from the start of a process to its end."""
        if subject == "ours":
            command = [self.build / "cli/bedrock", "chat", "--model", MODEL,
                       "--endpoint-url", self.url(task), "Why is the sky blue, and not violet?"]
        else:
            command = self._command(subject, task)
        began = time.perf_counter()
        child = subprocess.Popen(pinned(1, command), env=self._environment(),
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        usage = _wait_for(child)
        wall = time.perf_counter() - began
        return {"wall_ns": wall * 1e9, "cpu_ns": (usage.ru_utime + usage.ru_stime) * 1e9}

    def _environment(self):
        return ENVIRONMENT | {"BENCH_SDK": str(self.sdk), "BENCH_MODEL": MODEL}

    def _command(self, subject, task):
        words = ["--url", self.url(task), "--operation", task.operation,
                 "--shape", task.shape, "--size", str(task.size), "--count", str(task.count),
                 "--parallel", str(task.parallel), "--warmup", str(task.warmup),
                 "--rounds", str(task.rounds)]
        if subject in ("ours", "loop", "allocations"):
            return [self.build / f"bench/bench_{subject}", *words]
        if subject in PEERS:
            return [self.peers[subject], *words]
        if subject == "sdk":
            return [node_for(self.sdk), HERE / "sdk.mjs", *words]
        words += ["--request", self._request_file(task, words)]
        if subject == "raw":
            return [self.build / "bench/bench_raw", *words]
        driver = "threads" if subject == "curl_threads" else "loop"
        return [self.build / "bench/bench_curl", *words, "--driver", driver]

    def _request_file(self, task, words):
        """The request as our library sends it, for the other programs to send."""
        key = (self.url(task), task.operation, task.shape, task.size)
        if key not in self._requests:
            file = self.scratch / f"request-{len(self._requests)}"
            with file.open("wb") as out:
                subprocess.run([self.build / "bench/bench_ours", *words, "--print-request"],
                               env=self._environment(), stdout=out, check=True)
            self._requests[key] = file
        return self._requests[key]
