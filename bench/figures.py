"""The figures of the table: the task, how it is measured, and its target."""

import statistics
from dataclasses import dataclass
from typing import Callable

from subjects import Bench, Task

STREAM = "invoke-with-response-stream"
CONVERSE_STREAM = "converse-stream"
MIB = 1024 * 1024
PLAIN = ("raw", "curl", "ours", "loop", "go", "rust", "sdk")
# A process that ends after one response.
STARTED = ("raw", "curl", "ours", "sdk")
# What one thread per transfer costs libcurl itself.
THREADED = ("raw", "curl", "curl_threads", "ours", "loop", "go", "rust", "sdk")
# Many streams at once: where nobody has a thread for each.
ON_LOOPS = ("curl", "loop", "go", "rust")


def cpu_per_request(report, _):
    return report["cpu_ns"] / report["requests"] / 1e3


def cpu_per_delta(report, task):
    return report["cpu_ns"] / report["requests"] / task.deltas


def microseconds(name):
    return lambda report, _: report[name] / 1e3


def peak(report, _):
    return report["peak_kib"] / 1024


@dataclass(frozen=True)
class Figure:
    """One row of the table. `goal` is the target ratio to libcurl in the same run; `loop_goal`
    that of the library on its loop."""

    key: str
    title: str
    unit: str
    goal: float | None
    task: Task
    read: Callable
    subjects: tuple = PLAIN
    starts: bool = False
    repeats: int = 7
    loop_goal: float | None = None


def _first_delta(key, title, goal, task, subjects, loop_goals=(None, None), repeats=7):
    return [Figure(f"{key}_{name}", f"server's first byte to first delta, {name}, {title}", "µs",
                   goal, task, microseconds(f"{name}_ns"), subjects, repeats=repeats,
                   loop_goal=loop_goal)
            for name, loop_goal in zip(("p50", "p99"), loop_goals)]


SEQUENTIAL = Task(count=1000, warmup=100)
IN_FLIGHT = Task(count=3200, parallel=64, warmup=128)
INVOKE_STREAMS = Task(STREAM, deltas=1000, count=200, warmup=5)
CONVERSE_STREAMS = Task(CONVERSE_STREAM, deltas=1000, count=200, warmup=5)
ONE_STREAM = Task(STREAM, deltas=10, count=300, warmup=20)
# In rounds, so that what a caller does after the end of its stream is not measured.
MANY_STREAMS = Task(STREAM, deltas=10, together=64, count=640, parallel=64, warmup=64, rounds=1)
INVOKE_64 = Task(STREAM, deltas=1000, count=640, parallel=64, warmup=64)
CONVERSE_64 = Task(CONVERSE_STREAM, deltas=1000, count=640, parallel=64, warmup=64)
# As a model writes.
PACED_64 = Task(STREAM, deltas=200, pace=10, count=64, parallel=64, warmup=64)
PACED_1000 = Task(STREAM, deltas=200, pace=10, count=1000, parallel=1000)
MEMORY_1000 = Task(STREAM, deltas=10, together=1000, count=1000, parallel=1000)
IMAGE = Task(shape="image", size=3 * MIB, count=30, warmup=2)

FIGURES = [
    Figure("request", "CPU per small request, one after the other", "µs", 1.2, SEQUENTIAL,
           cpu_per_request),
    Figure("request_64", "CPU per small request, 64 in flight", "µs", 1.3, IN_FLIGHT,
           cpu_per_request, THREADED, loop_goal=1.25),
    Figure("delta_invoke", "CPU per delta, InvokeModel stream of 1,000", "ns", 3.5,
           INVOKE_STREAMS, cpu_per_delta),
    Figure("delta_converse", "CPU per delta, ConverseStream of 1,000", "ns", 2.2,
           CONVERSE_STREAMS, cpu_per_delta),
    Figure("delta_invoke_64", "CPU per delta, 64 InvokeModel streams", "ns", None, INVOKE_64,
           cpu_per_delta, ON_LOOPS, loop_goal=3.0),
    Figure("delta_converse_64", "CPU per delta, 64 ConverseStreams", "ns", None, CONVERSE_64,
           cpu_per_delta, ON_LOOPS, loop_goal=2.2),
    *_first_delta("first_delta", "1 stream", 1.15, ONE_STREAM, PLAIN),
    *_first_delta("first_delta_64", "64 streams", 1.3, MANY_STREAMS, THREADED, (1.5, 2.0)),
    *_first_delta("first_delta_1000", "1,000 streams", None, MEMORY_1000, ("curl", "loop"),
                  (2.0, 2.0)),
    *_first_delta("paced_64", "64 streams, a delta each 10 ms", None, PACED_64, ON_LOOPS,
                  repeats=3),
    Figure("paced_1000", "CPU, 1,000 streams, a delta each 10 ms", "ms", None, PACED_1000,
           lambda report, _: report["cpu_ns"] / 1e6, ON_LOOPS, repeats=3, loop_goal=1.25),
    *_first_delta("paced_1000", "1,000 streams, a delta each 10 ms", None, PACED_1000, ON_LOOPS,
                  repeats=3),
    Figure("image", "CPU for a request with an image of 4 MiB in base64", "ms", 2.1, IMAGE,
           lambda report, task: cpu_per_request(report, task) / 1e3),
    Figure("start", "process start to first output, `bedrock chat`", "ms", 1.2,
           Task(STREAM, deltas=10), lambda report, _: report["wall_ns"] / 1e6, STARTED, starts=True,
           repeats=15),
    Figure("start_cpu", "the same, CPU", "ms", None, Task(STREAM, deltas=10),
           lambda report, _: report["cpu_ns"] / 1e6, STARTED, starts=True, repeats=15),
    Figure("memory_1", "peak memory, 1 stream", "MiB", None, Task(STREAM, deltas=1000), peak,
           repeats=3),
    Figure("memory_1000", "peak memory, 1,000 streams open at once", "MiB", 1.4,
           MEMORY_1000, peak, THREADED, repeats=3, loop_goal=1.0),
]


def spread(values):
    """Median and quartiles."""
    if len(values) < 3:
        return statistics.median(values), min(values), max(values)
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def measure_group(bench: Bench, figures, subjects):
    """All figures of one task; the subjects take turns within each repetition."""
    first = figures[0]
    chosen = [subject for subject in first.subjects if subject in subjects]
    run = bench.start if first.starts else bench.measure
    reports = {subject: [] for subject in chosen}
    for _ in range(first.repeats):
        for subject in chosen:
            reports[subject].append(run(subject, first.task))
    return [_summary(figure, reports) for figure in figures]


def _summary(figure, reports):
    values = {subject: [figure.read(report, figure.task) for report in subject_reports]
              for subject, subject_reports in reports.items()}
    ratios = {subject: spread([own / floor for own, floor in zip(subject_values, values["curl"])])
              for subject, subject_values in values.items()}
    busy = [report["server_cpu_ns"] / report["wall_ns"]
            for report in reports["curl"] + reports.get("ours", []) if "server_cpu_ns" in report]
    return {
        "key": figure.key, "title": figure.title, "unit": figure.unit, "goal": figure.goal,
        "median": {subject: spread(subject_values)[0]
                   for subject, subject_values in values.items()},
        "ratio": {subject: dict(zip(("median", "low", "high"), ratio))
                  for subject, ratio in ratios.items()},
        "loop_goal": figure.loop_goal,
        "server_busy": statistics.median(busy) if busy else None,
    }


def measure_all(bench: Bench, subjects, say):
    """All figures of the table."""
    groups = {}
    for figure in FIGURES:
        groups.setdefault((figure.task, figure.subjects, figure.starts, figure.read is peak),
                          []).append(figure)
    results = []
    for figures in groups.values():
        say(figures[0].title)
        results += measure_group(bench, figures, subjects)
    return results


def allocations_per_delta(bench: Bench):
    """Heap allocations per further delta of a stream, including libcurl's."""
    result = {}
    for name, operation in (("InvokeModel", STREAM), ("ConverseStream", CONVERSE_STREAM)):
        few, many = (bench.measure("allocations", Task(operation, deltas=deltas, warmup=1))
                     for deltas in (1000, 3000))
        result[name] = (many["allocations"] - few["allocations"]) / 2000
    return result
