"""pgbench and psql: what PostgreSQL does without a service before it."""

import math
import os
import pathlib
import re
import statistics
import tempfile
from collections.abc import Sequence

from .generator import Watched, run
from .model import Figures, MeasurementError

PROGRESS = re.compile(r"^progress: ([\d.]+) s, ([\d.]+) tps, lat ([\d.]+) ms", re.MULTILINE)
CONNECTING = re.compile(r"^initial connection time = ([\d.]+) ms", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
# pgbench counts the time in which it connects; SCRAM on a busy machine takes
# some milliseconds for each client.
CONNECTING_SECONDS = 0.01


def measure(
    uri: str,
    script: os.PathLike,
    arguments: Sequence[str],
    watched: Watched,
    *,
    clients: int,
    mode: str,
    seconds: float,
    warmup: float,
) -> Figures:
    """Runs a script. With one client, the figures include the median time of a transaction."""
    seconds = math.ceil(seconds)
    # What connecting leaves of its last second is a warm-up too.
    before = math.ceil(clients * CONNECTING_SECONDS) + int(warmup)
    command = ["pgbench", "--no-vacuum", "--protocol", mode, "--file", script, "--client", clients]
    command += ["--jobs", min(clients, 2), "--time", before + seconds, "--progress", "1"]
    median = {}
    with tempfile.TemporaryDirectory(prefix="bench-pgbench-") as logs:
        if clients == 1:
            command += ["--log", "--log-prefix", f"{logs}/log"]
        output = run([*command, *arguments, uri], seconds, watched)
        if clients == 1:
            median["p50_us"] = _median(pathlib.Path(logs), seconds)
    failed, connecting = FAILED.search(output.stdout), CONNECTING.search(output.stdout)
    if not failed or not connecting or int(failed.group(1)) or "aborted" in output.stderr:
        raise MeasurementError(f"pgbench: {output.stdout[-300:]} {output.stderr[-300:]}")
    begin = int(warmup) + float(connecting.group(1)) / 1000
    return output.add_cpu(_figures(_intervals(output.stderr, begin)) | median)


def _median(logs: pathlib.Path, seconds: float) -> float:
    """Returns the median time of the transactions of the last `seconds`, in microseconds, from
    pgbench's log: client, number, time, script, second, microsecond."""
    lines = [line.split() for path in logs.iterdir() for line in path.read_text().splitlines()]
    times = [(int(line[4]) + int(line[5]) / 1e6, int(line[2])) for line in lines]
    if not times:
        raise MeasurementError("pgbench logged no transaction")
    last = max(end for end, _ in times)
    return statistics.median(time for end, time in times if end > last - seconds)


def _intervals(progress: str, begin: float) -> list[tuple[float, float, float]]:
    """(seconds, transactions a second, ms each) of the intervals after `begin`, or at least the
    last one."""
    intervals, last = [], 0.0
    for match in PROGRESS.finditer(progress):
        now, tps, latency = (float(group) for group in match.groups())
        intervals.append((last, now - last, tps, latency))
        last = now
    if not intervals:
        raise MeasurementError(f"pgbench tells no progress: {progress[-300:]}")
    return [rest for start, *rest in intervals if start >= begin - 0.1] or [intervals[-1][1:]]


def _figures(intervals: list[tuple[float, float, float]]) -> Figures:
    seconds = sum(length for length, _, _ in intervals)
    calls = sum(length * tps for length, tps, _ in intervals)
    busy_ms = sum(length * tps * latency for length, tps, latency in intervals)
    return {"calls": calls, "rate": calls / seconds, "mean_us": busy_ms / calls * 1000}
