"""Runs a load generator and watches what the processes around it use."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .model import Figures, MeasurementError, RateNotReachedError
from .processes import cpu_seconds

# A process's CPU so far, in seconds, by the process's name.
Watched = Mapping[str, Callable[[], float]]
Command = Sequence[str | os.PathLike | float]

# The status of bench_load if the server cannot keep up with --rate.
RATE_NOT_REACHED = 3

# A generator that takes so much longer than it should hangs.
PATIENCE_SECONDS = 60


@dataclass
class Output:
    """What a generator printed, and how many CPUs each process kept busy meanwhile."""

    stdout: str
    stderr: str
    cpus: dict[str, float]

    def add_cpu(self, figures: Figures) -> Figures:
        """CPU of each call, in microseconds."""
        return figures | {f"{name}_cpu_us": cpus / figures["rate"] * 1e6 for name, cpus in self.cpus.items()}


def run(command: Command, seconds: float, watched: Watched) -> Output:
    """Runs a generator that gets ready, warms up, and then measures for `seconds`. CPU is read
    inside that time."""
    with _started(command) as process:
        readings = _Readings({**watched, "generator": lambda: cpu_seconds(process.pid)})
        end = time.monotonic() + PATIENCE_SECONDS + seconds
        while process.poll() is None and time.monotonic() < end:
            readings.take()
            _wait(process, seconds / 5)
        ended = time.monotonic()
        stdout, stderr = _finish(command, process)
        return Output(stdout, stderr, readings.cpus(ended - 0.95 * seconds, ended))


def run_whole(command: Command, watched: Watched, seconds: float) -> Output:
    """Runs a generator that has a fixed amount to do, for `seconds` at most. Its own CPU is not
    reported."""
    with _started(command) as process:
        readings = _Readings(watched)
        readings.take()
        _wait(process, seconds)
        readings.take()
        return Output(*_finish(command, process), readings.cpus(0, time.monotonic()))


class _Readings:
    """What the watched processes had used at some moments."""

    def __init__(self, readers: Watched):
        self._readers = readers
        self._taken: list[tuple[float, dict[str, float]]] = []

    def take(self) -> None:
        self._taken.append((time.monotonic(), {name: read() for name, read in self._readers.items()}))

    def cpus(self, begin: float, end: float) -> dict[str, float]:
        """Returns the CPUs in use, by the readings between two moments, or by the last two
        readings if fewer than two are between them. Returns {} after a single reading."""
        inside = [(at, used) for at, used in self._taken if begin <= at <= end]
        if len(inside) < 2:
            inside = self._taken[-2:]
        if len(inside) < 2:
            return {}
        (first_at, first), (last_at, last) = inside[0], inside[-1]
        return {name: (last[name] - first[name]) / (last_at - first_at) for name in self._readers}


@contextlib.contextmanager
def _started(command: Command) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _wait(process: subprocess.Popen, seconds: float) -> None:
    """Less when the process ends before."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _finish(command: Command, process: subprocess.Popen) -> tuple[str, str]:
    """What it printed. It has ended, or should have."""
    try:
        stdout, stderr = process.communicate(timeout=1)
    except subprocess.TimeoutExpired as error:
        raise MeasurementError(f"{command[0]} does not end") from error
    if process.returncode == RATE_NOT_REACHED:
        raise RateNotReachedError("this machine does not reach the rate")
    if process.returncode:
        said = (stderr or stdout).strip()[-600:]
        raise MeasurementError(f"{command[0]} ended with status {process.returncode}: {said}")
    return stdout, stderr
