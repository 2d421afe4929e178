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
    subject: str = "ours"
    parts: Callable[[Task], int] = lambda task: task.count  # of which `per` is the cost


def _deltas(size):
    return Task(STREAM, deltas=size, count=min(500, max(2, 20_000 // size)), warmup=2)


def _streams(size):
    return Task(STREAM, deltas=10, together=size, count=size, parallel=size)


def _loop_streams(size):
    return Task(STREAM, deltas=100, together=size, count=max(size, 1000), parallel=size)


def _image(size):
    return Task(shape="image", size=size, count=min(100, max(5, 2_000_000 // size)), warmup=2)


def _history(size):
    return Task(shape="history", size=size, count=min(500, max(10, 20_000 // size)), warmup=5)


CURVES = [
    Curve("deltas", "deltas in a stream", "CPU per stream", "deltas",
          (10, 100, 1000, 10_000, 100_000), _deltas),
    Curve("streams", "concurrent streams, one thread each", "CPU of all", "streams",
          (1, 10, 100, 500, 1000, 2000), _streams, parts=lambda _: 1),
    Curve("loop_streams", "concurrent streams on one loop", "CPU per delta", "streams",
          (10, 100, 1000, 10_000), _loop_streams, "loop", lambda task: task.count * task.deltas),
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
    """Points of libcurl and of our subject, and the exponent at the end of ours."""
    result = {"key": curve.key, "title": curve.title, "per": curve.per, "unit": curve.unit}
    for name, subject in (("curl", "curl"), ("own", curve.subject)):
        result[name] = []
        for size in curve.sizes:
            task = curve.task(size)
            cost = _best(bench, subject, task)["cpu_ns"] / curve.parts(task) / 1e3
            result[name].append((size, cost))
    result["exponent"] = exponent(result["own"])
    return result


def thread_costs(bench: Bench):
    """Many concurrent streams: time, memory and latency, with and without one thread per stream."""
    rows = []
    for streams in (1000, 2000):
        task = replace(_streams(streams), deltas=100)
        for subject in ("curl", "curl_threads", "ours", "loop"):
            report = _best(bench, subject, task)
            rows.append({"streams": streams, "subject": subject,
                         "wall_ms": report["wall_ns"] / 1e6, "cpu_ms": report["cpu_ns"] / 1e6,
                         "peak_mib": peak(report, task), "p50_ms": report["p50_ns"] / 1e6,
                         "p99_ms": report["p99_ns"] / 1e6})
    return rows
