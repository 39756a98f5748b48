"""Servers behind one gateway are replaced one after the other, and clients do not notice."""

import contextlib
import os
import signal
import subprocess
import time

import httpx
import pytest
from frames import Attacker, call, message
from local import free_port, wait_for
from running import System
from writers import Rest, RestBatches, Writers

# A server that hangs gets no calls after this time.
NOTICED = 3.0
# Of a request that another server gets; on a machine that is busy with other suites.
SLOWEST = 2.0


class Servers:
    """A system whose gateway has two servers."""

    def __init__(self, system: System, flags: tuple[str, ...]):
        self.system = system
        self.ports = [free_port(), free_port()]
        self.processes: list[subprocess.Popen] = []
        self.flags = flags

    def __enter__(self) -> "Servers":
        self.processes = [self.start(port) for port in self.ports]
        target = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        self.system.restart_gateway("--grpc_target", target)
        return self

    def __exit__(self, *_):
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
            self.system.end(process)

    def start(self, port: int) -> subprocess.Popen:
        command = [*self.system.server_command(), *self.flags]
        command[command.index("--grpc_address") + 1] = f"127.0.0.1:{port}"
        process = subprocess.Popen(command, stdout=self.system.log, stderr=self.system.log)
        wait_for(lambda: self.system.listens(port, process), what="the server")
        return process

    def replace(self, number: int) -> None:
        """Ends a server by SIGTERM and starts it again."""
        self.processes[number].terminate()
        assert self.processes[number].wait(timeout=40) == 0
        self.processes[number] = self.start(self.ports[number])
        self.await_work(number)

    def await_work(self, number: int) -> None:
        """Waits until the server does work."""
        before = self.work(number)
        wait_for(lambda: self.work(number) > before + 0.1, 20, f"work of server {number}")

    def work(self, number: int) -> float:
        """The processor time of a server in seconds."""
        with open(f"/proc/{self.processes[number].pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("flags", [(), ("--drain_delay=1s",)], ids=["at_once", "with_delay"])
def test_a_rolling_restart(system, flags):
    with Servers(system, flags) as servers, Writers(system, clients=[Rest, Rest, RestBatches]) as writers:
        for number in (0, 1, 0, 1):
            servers.replace(number)
        print(f"{writers.rows()} rows, {len(writers.failures())} failures")
        assert not writers.failures()
    assert not writers.failures()


def test_a_server_that_hangs(system):
    with Servers(system, ()) as servers, Writers(system, clients=[Rest, Rest, RestBatches]) as writers:
        servers.processes[0].send_signal(signal.SIGSTOP)
        time.sleep(NOTICED)
        # Requests that the server had received wait for it.
        with system.client() as client:
            for _ in range(50):
                began = time.monotonic()
                assert client.get("/book?page_size=1").status_code == 200
                assert time.monotonic() - began < SLOWEST
        servers.processes[0].send_signal(signal.SIGCONT)
        servers.await_work(0)
        writers.await_recovery(2)
        writers.check_retryable()


DRAIN_TIMEOUT = 2.0


def test_a_client_that_ignores_goaway(test_database):
    with (
        System(test_database, server_flags=(f"--drain_timeout={DRAIN_TIMEOUT:.0f}s",)) as system,
        Attacker(system.grpc_port) as client,
    ):
        list_books = call("/bookstore.v1.BookService/ListBooks")
        client.open(call("/bookstore.v1.BookService/ImportBooks"))
        client.open(list_books, message(b""))
        assert client.statuses(1, 5)
        system.server.terminate()
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while system.server.poll() is None and time.monotonic() - began < 30:
                client.open(list_books, message(b""))
                time.sleep(0.005)
        assert system.server.wait(timeout=30) == 0
        spent = time.monotonic() - began
        print(f"ended after {spent:.2f} s")
        assert spent < DRAIN_TIMEOUT + 1.5


def test_the_server_is_not_ready_in_its_drain(test_database):
    metrics = f"127.0.0.1:{free_port()}"
    flags = ("--metrics_address", metrics, "--drain_delay", "3s")
    with System(test_database, server_flags=flags) as system:
        assert httpx.get(f"http://{metrics}/readyz").status_code == 200
        system.server.terminate()
        wait_for(lambda: httpx.get(f"http://{metrics}/readyz").status_code == 503, what="the drain")
        assert httpx.get(f"http://{metrics}/healthz").status_code == 200
