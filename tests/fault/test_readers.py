"""Reads that may be stale are executed by a standby, and by the writer while that is away or
behind."""

import contextlib
import itertools
import os
import pathlib
import signal
import threading
import time
import uuid

import grpc
import psycopg
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from clusters import Cluster, control
from local import wait_for
from readers import EVENTUAL, LAG, Readers, Reads
from relay import Relay
from running import bound


@pytest.fixture
def readers(test_database):
    with Readers(test_database) as readers:
        readers.await_used()
        yield readers


def test_a_reader_executes_what_may_be_stale(readers):
    key, _ = readers.create("old")
    readers.await_used()
    time.sleep(0.5)
    readers.replay("pause")
    readers.retitle(key, "new")
    # Within the bound the reader answers, with what it has.
    book, by_reader = readers.get(key)
    assert (book.title, by_reader) == ("old", True)
    # All other reads are the writer's.
    assert readers.books.GetBook(pb.GetBookRequest(id=key), timeout=10).title == "new"
    book, by_reader = readers.get(key, ("consistency-token", "of another server-17"))
    assert (book.title, by_reader) == ("new", False)
    with readers.system.client() as client:
        response = client.get(f"/book/{key}", headers={"Prefer": "read=eventual"})
        assert response.json()["title"] == "old"
        assert response.headers["Preference-Applied"] == "read=eventual"
        response = client.get(f"/book/{key}")
        assert response.json()["title"] == "new"
        assert "Preference-Applied" not in response.headers
    # Beyond it the writer answers.
    time.sleep(LAG + 0.2)
    book, by_reader = readers.get(key)
    assert (book.title, by_reader) == ("new", False)
    readers.await_used(False)
    readers.replay("resume")
    readers.await_used()
    wait_for(lambda: readers.get(key)[1], 10, "the reader")
    assert readers.metric('server_eventual_reads_total{database="reader"}') >= 3


def test_lists_and_exports_of_a_reader(readers):
    keys = {readers.create(f"book {n}")[0] for n in range(300)}
    time.sleep(0.5)
    before = readers.metric('server_eventual_reads_total{database="reader"}')
    listed = readers.books.ListBooks(pb.ListBooksRequest(page_size=1000), timeout=10, metadata=EVENTUAL)
    assert {book.id for book in listed.books} == keys
    got = readers.books.BatchGetBooks(
        pb.BatchGetBooksRequest(ids=sorted(keys)), timeout=10, metadata=EVENTUAL
    )
    assert {book.id for book in got.books} == keys
    exported = readers.books.ExportBooks(pb.ExportBooksRequest(), timeout=30, metadata=EVENTUAL)
    assert {book.id for book in exported} == keys
    assert readers.metric('server_eventual_reads_total{database="reader"}') >= before + 4


def test_an_export_goes_on_when_its_reader_is_lost(readers):
    keys = {readers.create(f"{n} " + "x" * 190)[0] for n in range(2000)}
    time.sleep(0.5)
    stream = readers.books.ExportBooks(pb.ExportBooksRequest(), timeout=60, metadata=EVENTUAL)
    first = [next(stream).id for _ in range(50)]
    readers.pair.standby.kill()
    assert set(first) | {book.id for book in stream} == keys


def test_a_reader_that_is_killed_and_comes_back(readers):
    key, _ = readers.create("a")
    time.sleep(0.5)
    with Reads(readers, key) as reads:
        reads.await_reader()
        process = (readers.pair.standby.folder / "postgres.pid").read_text().split()[0]
        readers.pair.standby.kill()
        readers.await_used(False)
        # PostgreSQL takes a process that has ended, and whose parent does not know that yet, for one
        # that runs.
        wait_for(lambda: not pathlib.Path("/proc", process).exists(), 30, "the end of the process")
        control("start", readers.pair.standby.folder)
        reads.await_reader()
    reads.check()
    assert reads.by_writer > 0


def test_a_reader_that_hangs(readers):
    """Its statements are given up after a second, and executed by the writer."""
    key, _ = readers.create("a")
    time.sleep(0.5)
    counts = []

    def count() -> bool:
        counts.append(readers.metric('server_eventual_reads_total{database="reader"}'))
        return readers.metric("server_reader_used") == 0

    with Reads(readers, key) as reads:
        reads.await_reader()
        with frozen(readers.pair.standby):
            wait_for(count, 30, "not used")
            for _ in range(20):
                time.sleep(0.05)
                count()
        reads.await_reader()
    reads.check()
    assert reads.slowest < bound(5)
    # What the writer executed in the end was never counted as the reader's.
    assert counts == sorted(counts)


@pytest.mark.parametrize("what", ["reader", "writer"])
def test_a_server_ends_while_a_database_hangs(readers, what):
    key, _ = readers.create("a")
    time.sleep(0.5)
    with Reads(readers, key) as reads:
        reads.await_reader()
    with frozen(readers.pair.standby if what == "reader" else readers.primary):
        # Statements are cancelled meanwhile, which the server does not answer.
        with contextlib.suppress(grpc.RpcError):
            readers.retitle(key, "b")
        time.sleep(4)
        readers.system.server.terminate()
        assert readers.system.server.wait(bound(15)) == 0


@contextlib.contextmanager
def locked(readers: Readers):
    """The table is locked by a transaction of the primary; if the standby replays that, there too."""
    with psycopg.connect(readers.primary.uri("postgres")) as connection:
        connection.execute("LOCK TABLE bookstore.book IN ACCESS EXCLUSIVE MODE")
        connection.execute("SELECT pg_current_xact_id(), pg_switch_wal()")
        yield
        connection.rollback()


def test_reads_that_wait_at_both_databases_hold_up_nothing_else(readers):
    """Each is alone at its database, where the thread that reads a call could execute it."""
    key, _ = readers.create("a")
    time.sleep(0.5)
    readers.await_used()
    for _ in range(20):
        readers.read(key, 10)
        readers.read(key, 10, *EVENTUAL)
    check = readers.channel.unary_unary("/grpc.health.v1.Health/Check")
    results = []
    threads = [
        threading.Thread(target=lambda metadata=metadata: results.append(readers.read(key, 30, *metadata)))
        for metadata in ((), EVENTUAL)
    ]
    with locked(readers):
        time.sleep(0.5)
        for thread in threads:
            thread.start()
            time.sleep(0.2)
        began = time.monotonic()
        check(b"", timeout=10)
        assert time.monotonic() - began < bound(2)
    for thread in threads:
        thread.join(60)
    assert len(results) == 2


def test_reads_that_the_reader_cannot_execute_in_time(readers):
    """A transaction of the standby holds up the replay of a lock, and the lock all other reads of
    the standby. The writer executes them before their deadline."""
    keys = {readers.create(f"book {n}")[0] for n in range(20)}
    time.sleep(0.5)
    with psycopg.connect(readers.pair.standby.uri("postgres")) as analyst:
        analyst.execute("SELECT count(*) FROM bookstore.book")
        with Reads(readers, min(keys), timeout=3) as reads:
            reads.await_reader()
            with locked(readers):
                time.sleep(0.3)
            exported = readers.books.ExportBooks(pb.ExportBooksRequest(), timeout=5, metadata=EVENTUAL)
            assert {book.id for book in exported} == keys
            time.sleep(6)
    reads.check()
    assert reads.slowest > 0.5


def test_reads_that_only_the_reader_is_slow_with(readers):
    """The standby is not too far behind: the writer has the second half of the time, which is less
    than the lock_timeout of the role."""
    flags = readers.system.server_flags
    readers.system.server_flags = tuple("60s" if flag == f"{LAG}s" else flag for flag in flags)
    readers.restart(flags[1])
    readers.await_used()
    key, _ = readers.create("a")
    time.sleep(0.5)
    wait_for(lambda: readers.get(key)[1], 10, "the reader")
    with locked(readers):
        time.sleep(0.5)
        readers.replay("pause")
    began = time.monotonic()
    assert readers.read(key, 4, *EVENTUAL).title == "a"
    assert time.monotonic() - began > 1
    exported = readers.books.ExportBooks(pb.ExportBooksRequest(), timeout=4, metadata=EVENTUAL)
    assert [book.id for book in exported] == [key]
    assert readers.metric("server_reader_repeated_total") >= 2
    assert readers.metric("server_reader_used") == 1


def test_a_reader_whose_other_connections_hang(readers):
    """As if they led to another standby than the one whose lag is measured."""
    key, _ = readers.create("a")
    time.sleep(0.5)
    with Reads(readers, key) as reads:
        reads.await_reader()
    time.sleep(1)
    with psycopg.connect(readers.pair.standby.uri("postgres"), autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE usename = 'bookstore_app' AND state_change < now() - interval '600ms'"
        ).fetchall()
    assert found
    with stopped([process for (process,) in found]):
        for _ in range(3):
            assert readers.read(key, 6, *EVENTUAL).title == "a"
        assert readers.metric("server_reader_used") == 1
    assert readers.metric("server_reader_repeated_total") >= 1


def test_a_name_that_leads_to_the_primary_first(readers):
    """The connections of the reader stay open: the server itself makes new ones."""
    with Relay(readers.primary.port) as relay:
        readers.restart(f"host=127.0.0.1 port={relay.port}")
        time.sleep(1)
        assert readers.metric("server_reader_used") == 0
        relay.target = readers.pair.standby.port
        readers.await_used()
        key, _ = readers.create("a")
        wait_for(lambda: readers.get(key)[1], 10, "the reader")


def test_a_writer_whose_name_leads_to_the_standby_for_a_while(readers):
    with Relay(readers.primary.port) as relay:
        port = readers.primary.port
        writer = readers.primary.uri("bookstore_app").replace(f":{port}/", f":{relay.port}/")
        readers.restart(f"host=127.0.0.1 port={readers.pair.standby.port}", writer)
        readers.await_used()
        relay.move(readers.pair.standby.port)
        readers.await_used(False)
        relay.target = port
        readers.await_used()


def test_several_tokens_are_for_the_writer(readers):
    first, old = readers.create("a")
    time.sleep(0.5)
    wait_for(lambda: readers.get(first)[1], 10, "the reader")
    readers.replay("pause")
    key, new = readers.create("b")
    tokens = [("consistency-token", token) for token in (old, new)]
    with pytest.raises(grpc.RpcError) as error:
        readers.get(key, tokens[0])
    assert error.value.code() == grpc.StatusCode.NOT_FOUND
    assert readers.get(key, *tokens)[0].title == "b"
    assert readers.get(key, *reversed(tokens))[0].title == "b"


def test_imported_rows_are_seen_with_the_token_of_the_import(readers):
    def titles(*metadata) -> list[str]:
        request = pb.ListBooksRequest(filter='author = "importer"', order_by="title")
        response = readers.books.ListBooks(request, timeout=10, metadata=[*EVENTUAL, *metadata])
        return [book.title for book in response.books]

    def row(title: str) -> pb.CreateBookRequest:
        return pb.CreateBookRequest(book=pb.Book(title=title, author="importer", publisher="p", year=2000))

    first, _ = readers.create("a")
    time.sleep(0.5)
    wait_for(lambda: readers.get(first)[1], 10, "the reader")
    readers.replay("pause")
    _, call = readers.books.ImportBooks.with_call(iter([row("b"), row("c")]), timeout=10)
    token = dict(call.initial_metadata())["consistency-token"]
    assert titles() == []
    assert titles(("consistency-token", token)) == ["b", "c"]
    line = '{"title": "d", "author": "importer", "publisher": "p", "year": 2000}'
    with readers.system.client() as client:
        answer = client.post("/book:import", content=line, headers={"Content-Type": "application/x-ndjson"})
    assert answer.json()["importedCount"] == "1", answer.text
    assert titles(("consistency-token", answer.headers["Consistency-Token"])) == ["b", "c", "d"]


def test_if_match_is_compared_with_the_row_of_the_writer(readers):
    key, _ = readers.create("old")
    time.sleep(0.5)
    readers.await_used()
    readers.replay("pause")
    readers.retitle(key, "new")
    with readers.system.client() as client:
        etag = client.get(f"/book/{key}").headers["ETag"]
        eventual = {"Prefer": "read=eventual"}
        response = client.get(f"/book/{key}", headers=eventual | {"If-Match": etag})
        assert (response.status_code, response.json()["title"]) == (200, "new")
        response = client.get(f"/book/{key}", headers=eventual)
        assert response.json()["title"] == "old"
        assert response.headers["Vary"] == "Prefer, Consistency-Token"


@contextlib.contextmanager
def frozen(cluster: Cluster):
    """All processes of a cluster are stopped."""
    process = int((cluster.folder / "postgres.pid").read_text().split()[0])
    children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    with stopped([process, *map(int, children)]):
        yield


@contextlib.contextmanager
def stopped(processes: list[int]):
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)


@contextlib.contextmanager
def writes_and_delays(readers):
    """Others write, and the reader is behind now and then."""
    over = threading.Event()

    def write() -> None:
        key, _ = readers.create("load")
        for n in itertools.count():
            if over.is_set():
                return
            readers.retitle(key, f"load {n}")

    def delay() -> None:
        while not over.wait(0.5):
            readers.replay("pause")
            time.sleep(0.2)
            readers.replay("resume")

    threads = [threading.Thread(target=target, daemon=True) for target in (write, write, delay)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)
        readers.replay("resume")


def check_own_writes(readers, number: int, pause_of, read) -> None:
    """Writes rows and reads each at once, and after a pause, when the reader may have it. `read` gets
    the key, the token of the write, and when it ended."""
    by_reader = 0
    with writes_and_delays(readers):
        for n in range(number):
            title = f"{n} {uuid.uuid4()}"
            key, token = readers.create(title)
            ended = time.monotonic()
            for pause in (0, pause_of(n)):
                time.sleep(pause)
                book, from_reader = read(key, token, ended)
                assert book.title == title
                by_reader += from_reader
    print(f"{by_reader} of {2 * number} reads by the reader")
    assert by_reader > 0


def test_a_write_is_seen_with_its_token(readers):
    def read(key, token, _):
        return readers.get(key, ("consistency-token", token))

    check_own_writes(readers, 1000, lambda n: 0.15 if n % 10 == 0 else 0, read)


def test_a_write_is_seen_by_the_time_since_it_ended(readers):
    """So the clients read (clients/README.md)."""

    def read(key, _, ended):
        since = int((time.monotonic() - ended) * 1e6)
        return readers.get(key, consistency=f"eventual; max-staleness={since}us")

    check_own_writes(readers, 200, lambda n: n % 20 / 60, read)


def test_a_reader_that_is_promoted_is_not_used(readers):
    key, _ = readers.create("old")
    time.sleep(0.5)
    with Reads(readers, key) as reads:
        reads.await_reader()
        readers.pair.standby.promote()
        readers.await_used(False)
    reads.check()
    owner = readers.pair.standby.uri("bookstore_owner")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("UPDATE bookstore.book SET title = 'of another history'")
    book, by_reader = readers.get(key)
    assert (book.title, by_reader) == ("old", False)


def test_a_server_that_starts_without_its_reader(test_database):
    with Readers(test_database) as readers:
        control("stop", readers.pair.standby.folder)
        readers.system.end(readers.system.server)
        readers.system.start_server()
        key, _ = readers.create("a")
        assert readers.get(key)[1] is False
        control("start", readers.pair.standby.folder)
        readers.await_used()
        wait_for(lambda: readers.get(key)[1], 10, "the reader")
