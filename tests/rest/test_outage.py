"""The database goes and comes back: clear errors, no hang, and service again
without a restart."""

import threading
import time

import grpc
import httpx
import psycopg
import pytest
from bookstore.v1 import bookstore_pb2, bookstore_pb2_grpc
from conftest import sample
from local import wait_for
from problems import check_problem

# A call without a deadline gets 30 s.
LONGEST = 35


def works(client: httpx.Client) -> bool:
    return client.put("/book", json=sample()).status_code == 201 and client.get("/book").status_code == 200


@pytest.mark.parametrize("verb", ["stop", "kill"])
@pytest.mark.timeout(240)
def test_database_stops_while_requests_run(own_system, verb):
    answers, over = [], threading.Event()

    def requests(n: int) -> None:
        with own_system.client() as client:
            while not over.is_set():
                started = time.monotonic()
                response = (
                    client.get("/book") if n % 2 else client.put("/book", json=sample(title=f"{n} {started}"))
                )
                answers.append((response, started, time.monotonic() - started))
                if response.status_code >= 500:
                    time.sleep(0.05)

    threads = [threading.Thread(target=requests, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: len(answers) > 50, what="50 answers")
        own_system.control(verb)
        before = len(answers)
        wait_for(lambda: len(answers) > before + 50, LONGEST + 10, "50 answers in the outage")
        with own_system.client() as client:
            assert client.get("/healthz").status_code == 200
        own_system.control("start")
        with own_system.client() as client:
            wait_for(lambda: works(client), 30, "service after the outage")
            wait_for(lambda: client.get("/readyz").status_code == 200, 20, "being ready")
        back, after = time.monotonic(), len(answers)
        wait_for(lambda: len(answers) > after + 50, what="50 answers after it")
    finally:
        over.set()
        for thread in threads:
            thread.join(LONGEST + 30)
        own_system.control("start")
    assert not any(thread.is_alive() for thread in threads)

    statuses = {response.status_code for response, _, _ in answers}
    assert 503 in statuses
    assert statuses <= {200, 201, 503, 504}
    assert max(seconds for _, _, seconds in answers) < LONGEST
    for response, _, _ in answers:
        if response.status_code == 503:
            check_problem(response, 503, "UNAVAILABLE")
    # No request fails that began after the service came back.
    assert {response.status_code for response, started, _ in answers if started > back} <= {200, 201}
    # What was answered with 201 is there.
    stored = own_system.titles()
    created = {r.json()["title"] for r, _, _ in answers if r.status_code == 201}
    assert created <= stored


def test_a_read_in_the_outage_says_when_to_retry(own_system):
    own_system.control("stop")
    try:
        with own_system.client() as client:
            started = time.monotonic()
            response = client.get("/book")
            assert time.monotonic() - started < LONGEST
        check_problem(response, 503, "UNAVAILABLE")
        assert int(response.headers["retry-after"]) >= 1
    finally:
        own_system.control("start")


def test_grpc_in_the_outage(own_system):
    own_system.control("stop")
    try:
        with own_system.channel() as channel:
            books = bookstore_pb2_grpc.BookServiceStub(channel)
            for timeout in (2, 40):
                started = time.monotonic()
                with pytest.raises(grpc.RpcError) as caught:
                    books.ListBooks(bookstore_pb2.ListBooksRequest(), timeout=timeout)
                assert time.monotonic() - started < min(timeout + 1, LONGEST)
                assert caught.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    finally:
        own_system.control("start")
    with own_system.client() as client:
        wait_for(lambda: works(client), 30, "service after the outage")


def test_bad_input_is_told_even_in_the_outage(own_system):
    own_system.control("stop")
    try:
        with own_system.client() as client:
            check_problem(client.put("/book", json={}), 400, "INVALID_ARGUMENT")
    finally:
        own_system.control("start")


def test_server_goes_and_comes_back(own_system):
    own_system.server.terminate()
    assert own_system.server.wait(timeout=40) == 0
    with own_system.client() as client:
        started = time.monotonic()
        response = client.get("/book")
        assert time.monotonic() - started < LONGEST
        check_problem(response, 503, "UNAVAILABLE")
        assert client.get("/readyz").status_code == 503
        own_system.start_server()
        wait_for(lambda: client.get("/book").status_code == 200, 30, "service with the new server")


def test_a_restarted_database_is_found_by_itself(own_system):
    own_system.control("restart")
    with own_system.client() as client:
        wait_for(lambda: works(client), 30, "service after the restart")


def test_a_write_that_waits_for_a_lock_ends_at_its_deadline(own_system):
    with (
        own_system.channel() as channel,
        psycopg.connect(own_system.database["TEST_DATABASE_OWNER"]) as other,
    ):
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        book = books.CreateBook(bookstore_pb2.CreateBookRequest(book=sample()), timeout=30)
        change = bookstore_pb2.UpdateBookRequest(book={"id": book.id, "year": 7})
        other.execute("SELECT FROM bookstore.book WHERE id = %s FOR UPDATE", [book.id])
        started = time.monotonic()
        with pytest.raises(grpc.RpcError) as caught:
            books.UpdateBook(change, timeout=1)
        assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
        assert time.monotonic() - started < 2
        # Others are served meanwhile.
        assert books.GetBook(bookstore_pb2.GetBookRequest(id=book.id), timeout=5).year == book.year
        other.rollback()
        assert books.UpdateBook(change, timeout=30).year == 7
