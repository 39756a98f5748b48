"""Processes of the benchmark, and what /proc tells of them."""

import contextlib
import os
import pathlib
import random
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence

from .model import MeasurementError

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on: the command may hold blanks."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pid: int) -> float:
    """That a process, all its threads, has used; 0 for one that has gone."""
    try:
        fields = _stat(pid)
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def family_cpu_seconds(parent: int) -> float:
    """That a process's children have used, those that have gone included."""
    # Only its main thread forks.
    children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    fields = _stat(parent)
    gone = (int(fields[13]) + int(fields[14])) / TICKS_A_SECOND
    return gone + sum(cpu_seconds(int(pid)) for pid in children)


def resident_mb(pid: int) -> float:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise MeasurementError(f"process {pid} has no memory")


def free_port() -> int:
    """Below the range that the kernel gives to outgoing connections."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:
        return response.status == 200
    return False


class Process:
    """A server of ours: started, ready, and stopped. Its output goes to a log."""

    def __init__(self, name: str, log: pathlib.Path, command: Sequence[str | os.PathLike]):
        self.name = name
        self.log = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self.pid = self._popen.pid

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if self.has_ended() or time.monotonic() > end:
                self.stop()
                raise MeasurementError(f"{self.name} did not start; its log ends: {self.log_end()}")
            time.sleep(0.02)

    def has_ended(self) -> bool:
        return self._popen.poll() is not None

    def log_end(self) -> str:
        """With the status that it ended with, if it has."""
        return (
            f"(status {self._popen.poll()}) "
            + " | ".join(self.log.read_text(errors="replace").splitlines()[-5:])[-1000:]
        )

    def stop(self) -> None:
        self._popen.terminate()
        try:
            self._popen.wait(30)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
