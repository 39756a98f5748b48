"""Servers behind one gateway are replaced one after the other, and clients do not notice."""

import contextlib
import signal
import time

import httpx
import pytest
from frames import Attacker, call, message
from local import free_port, wait_for
from running import System
from servers import Servers
from writers import Rest, RestBatches, Writers

# A server that hangs gets no calls after this time.
NOTICED = 3.0
# Of a request that another server gets; on a machine that is busy with other suites.
SLOWEST = 2.0


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
