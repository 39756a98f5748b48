"""SIGTERM while requests run: what was begun is finished and answered."""

import subprocess
import threading
import time

import grpc
import httpx
import pytest
import transport
from bookstore.v1 import bookstore_pb2, bookstore_pb2_grpc
from conftest import sample
from local import wait_for


def run_until(work, stop, count: int = 16) -> None:
    """Runs work(name) again and again in threads until it tells to stop, and
    calls stop() when all are busy."""
    calls = []

    def loop(n: int) -> None:
        number = 0
        while work(f"{n}.{number}"):
            number += 1
            calls.append(n)

    threads = [threading.Thread(target=loop, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(calls) > 20 * count, seconds=120, what="all threads busy")
    stop()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_server_drains(fresh_system):
    answered, codes = set(), set()
    with fresh_system.channel() as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)

        def create(title: str) -> bool:
            try:
                request = bookstore_pb2.CreateBookRequest(book=sample(title=title))
                answered.add(books.CreateBook(request, timeout=30).title)
            except grpc.RpcError as error:
                codes.add(error.code())
                return False
            return True

        run_until(create, fresh_system.server.terminate)
    assert fresh_system.server.wait(timeout=40) == 0
    assert fresh_system.titles() == answered
    assert codes == {grpc.StatusCode.UNAVAILABLE}


def test_gateway_drains(fresh_system):
    answered, faults = set(), []
    # Once: to load certificates takes longer than a call.
    verify = transport.context() if transport.is_secure() else False

    def create(title: str) -> bool:
        try:
            # A connection each, so that none is closed while it idles.
            response = httpx.put(
                f"{fresh_system.url}/book",
                json=sample(title=title),
                headers={"Connection": "close"},
                timeout=30,
                trust_env=False,
                verify=verify,
            )
        except httpx.ConnectError:
            return False
        except httpx.TransportError as error:
            # A connection that waited to be accepted when the listener closed
            # is reset by the kernel; its request was never read.
            faults.append(repr(error))
            return False
        if response.status_code != 201:
            faults.append(response.text)
            return False
        answered.add(title)
        return True

    run_until(create, fresh_system.gateway.terminate)
    assert fresh_system.gateway.wait(timeout=40) == 0
    assert fresh_system.titles() == answered, faults


@pytest.mark.parametrize("part", ["server", "gateway"])
def test_a_taken_port_is_refused_at_once(own_system, part):
    command = getattr(own_system, f"{part}_command")()
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert time.monotonic() - started < 10
    assert (
        str(getattr(own_system, {"server": "grpc_port", "gateway": "http_port"}[part]))
        in done.stdout + done.stderr
    )


def test_idle_parts_stop_quickly(fresh_system):
    with fresh_system.client() as client:
        assert client.get("/book").status_code == 200
        # The client's connection stays open.
        for process in (fresh_system.gateway, fresh_system.server):
            started = time.monotonic()
            process.terminate()
            assert process.wait(timeout=40) == 0
            assert time.monotonic() - started < 10
