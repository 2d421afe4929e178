"""How the cost grows with the size of the task, and what one thread per stream costs."""

import math
from dataclasses import dataclass, replace
from typing import Callable

from figures import STREAM, peak
from subjects import Bench, Task

REPEATS = 3


@dataclass(frozen=True)
class Curve:
    """CPU of one request, or of all streams together, at increasing sizes."""

    key: str
    title: str
    per: str
    unit: str
    sizes: tuple
    task: Callable[[int], Task]


def _deltas(size):
    return Task(STREAM, deltas=size, count=min(500, max(2, 20_000 // size)), warmup=2)


def _streams(size):
    return Task(STREAM, deltas=10, together=size, count=size, parallel=size)


def _image(size):
    return Task(shape="image", size=size, count=min(100, max(5, 2_000_000 // size)), warmup=2)


def _history(size):
    return Task(shape="history", size=size, count=min(500, max(10, 20_000 // size)), warmup=5)


CURVES = [
    Curve("deltas", "deltas in a stream", "CPU per stream", "deltas",
          (10, 100, 1000, 10_000, 100_000), _deltas),
    Curve("streams", "concurrent streams, one thread each", "CPU of all", "streams",
          (1, 10, 100, 500, 1000, 2000), _streams),
    Curve("image", "image in a request", "CPU per request", "bytes",
          (16 << 10, 64 << 10, 256 << 10, 1 << 20, 15 << 18), _image),
    Curve("history", "messages in a request", "CPU per request", "messages",
          (1, 10, 100, 1000, 2000), _history),
]


def _best(bench, subject, task):
    """The cheapest of several runs: other load can only add cost."""
    reports = [bench.measure(subject, task) for _ in range(REPEATS)]
    return min(reports, key=lambda report: report["cpu_ns"])


def exponent(points):
    """The exponent of the growth between the last two sizes; 1 is linear."""
    (size, cost), (next_size, next_cost) = points[-2:]
    return math.log(next_cost / cost) / math.log(next_size / size)


def measure_curve(bench: Bench, curve):
    """Points of both subjects, and the exponent at the end of ours."""
    result = {"key": curve.key, "title": curve.title, "per": curve.per, "unit": curve.unit}
    for subject in ("curl", "ours"):
        result[subject] = []
        for size in curve.sizes:
            task = curve.task(size)
            per_request = 1 if curve.key == "streams" else task.count
            cost = _best(bench, subject, task)["cpu_ns"] / per_request / 1e3
            result[subject].append((size, cost))
    result["exponent"] = exponent(result["ours"])
    return result


def thread_costs(bench: Bench):
    """Many concurrent streams: time, memory and latency, with and without one thread per stream."""
    rows = []
    for streams in (1000, 2000):
        task = replace(_streams(streams), deltas=100)
        for subject in ("curl", "curl_threads", "ours"):
            report = _best(bench, subject, task)
            rows.append({"streams": streams, "subject": subject,
                         "wall_ms": report["wall_ns"] / 1e6, "cpu_ms": report["cpu_ns"] / 1e6,
                         "peak_mib": peak(report, task), "p50_ms": report["p50_ns"] / 1e6,
                         "p99_ms": report["p99_ns"] / 1e6})
    return rows
