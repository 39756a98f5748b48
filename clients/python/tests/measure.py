"""Prints calls a second and CPU a call of the client and of the bare stub: measure.py [SECONDS].
One thread; the rounds of both take turns."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from bookstore_client import Client, CreateBookRequest, GetBookRequest, new_request_id
from conftest import connection, sample

# Short ones, so that other load meets both alike.
ROUNDS = 101


def measure(call: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Calls a second, and microseconds of CPU a call."""
    calls, started, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - started < seconds:
        call()
        calls += 1
    return calls / (time.perf_counter() - started), (time.process_time() - used) / calls * 1e6


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2
    with Client(**connection("cleartext")) as client:
        stub = client.books.stub
        book = client.books.create(sample("Jane Austen"))

        def create_by_stub() -> object:
            return stub.CreateBook(CreateBookRequest(book=sample("A"), request_id=new_request_id()), timeout=30)

        pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "get": (lambda: stub.GetBook(GetBookRequest(id=book.id), timeout=30), lambda: client.books.get(book.id)),
            "create": (create_by_stub, lambda: client.books.create(sample("A"))),
        }
        for name, both in pairs.items():
            rounds = [[measure(call, seconds / ROUNDS) for call in both] for _ in range(ROUNDS)]
            bare, own = ([statistics.median(r[i][j] for r in rounds) for j in (0, 1)] for i in (0, 1))
            more = statistics.median(r[1][1] / r[0][1] for r in rounds) * 100 - 100
            figures = f"stub {bare[0]:.0f}/s {bare[1]:.0f} us, client {own[0]:.0f}/s {own[1]:.0f} us"
            print(f"{name}: {figures}, {more:+.0f} % CPU")


if __name__ == "__main__":
    main()
