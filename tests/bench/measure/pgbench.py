"""pgbench and psql: what PostgreSQL does without a service before it."""

import math
import os
import re
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
    seconds = math.ceil(seconds)
    # What connecting leaves of its last second is a warm-up too.
    before = math.ceil(clients * CONNECTING_SECONDS) + int(warmup)
    command = ["pgbench", "--no-vacuum", "--protocol", mode, "--file", script, "--client", clients]
    command += ["--jobs", min(clients, 2), "--time", before + seconds, "--progress", "1"]
    output = run([*command, *arguments, uri], seconds, watched)
    failed = FAILED.search(output.stdout)
    if not failed or int(failed.group(1)) or "aborted" in output.stderr:
        raise MeasurementError(f"pgbench: {output.stdout[-300:]} {output.stderr[-300:]}")
    begin = int(warmup) + float(CONNECTING.search(output.stdout).group(1)) / 1000
    return output.add_cpu(_figures(_intervals(output.stderr, begin)))


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
