"""Five kinds of trouble on the running system. diagnosis.py finds each by the gateway's metrics and
log alone, and all but the noisy client by the server's alone, with the client, or the method, that
caused it or suffers from it."""

import concurrent.futures
import contextlib
import socket
import time

import httpx
import psycopg
import pytest
from diagnosis import diagnose, diagnose_server
from load import book
from local import wait_for

SETTLE = 2.5  # seconds until the last scrape


@pytest.fixture(scope="module")
def http(system):
    """One pool of connections for all clients, which X-Forwarded-For tells apart."""
    with httpx.Client(base_url=system.url, timeout=60, limits=httpx.Limits(max_connections=None)) as client:
        yield client


@pytest.fixture
def send(http):
    def send(verb: str, path: str, client: str = "192.0.2.1", headers: dict | None = None, **more) -> int:
        headers = {"X-Forwarded-For": client} | (headers or {})
        return http.request(verb, path, headers=headers, **more).status_code

    return send


@pytest.fixture
def one(system, http) -> str:
    """The path of a book."""
    wait_for(system.ready, what="the gateway")
    response = http.put("/book", json=book())
    assert response.status_code == 201, response.text
    return f"/book/{response.json()['id']}"


@pytest.fixture
def began(one) -> float:
    """The moment before the trouble; nothing of the one before is in the window."""
    time.sleep(SETTLE)
    return time.time()


def find(system, began: float, look=diagnose):
    """Looks until it finds something: the last scrape may be some time ago."""

    def found():
        diagnosis = look(system, began, int(time.time() - began) + 1)
        return diagnosis if diagnosis.trouble else None

    return wait_for(found, 20, "a diagnosis")


def find_by_both(system, began: float):
    """What the gateway and the server show, once Prometheus has all of it."""
    time.sleep(SETTLE)

    def agreed():
        found = find(system, began)
        return found if find(system, began, diagnose_server) == found else None

    return wait_for(agreed, 30, "the same diagnosis by both")


def together(number: int, work) -> list:
    with concurrent.futures.ThreadPoolExecutor(number) as threads:
        return list(threads.map(work, range(number)))


def session(system, application: str):
    """A session of the database that is not the server's."""
    return psycopg.connect(system.database["TEST_DATABASE_OWNER"], application_name=application)


def multiply(connection, table: str, rows: int) -> None:
    """Adds copies of a row of the table, under other keys."""
    columns = connection.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
        "WHERE table_schema = 'bookstore' AND table_name = %s AND column_name <> 'id'",
        (table,),
    ).fetchone()[0]
    connection.execute(
        f"INSERT INTO bookstore.{table} (id, {columns}) SELECT gen_random_uuid(), {columns} "
        f"FROM (SELECT * FROM bookstore.{table} LIMIT 1) one, generate_series(1, {rows})"
    )
    connection.commit()


def test_nothing_is_wrong(system, send, one, began):
    for _ in range(20):
        assert send("GET", one) == 200
    time.sleep(SETTLE)
    for look in (diagnose, diagnose_server):
        assert look(system, began, int(time.time() - began) + 1).trouble == ""


def test_a_locked_row(system, send, one, began):
    with session(system, "nightly-report") as connection:
        connection.execute("SELECT FROM bookstore.book WHERE id = %s FOR UPDATE", (one.rpartition("/")[2],))
        assert send("PATCH", one, json={"title": "x"}) == 503  # after lock_timeout of the role
        connection.rollback()
    found = find_by_both(system, began)
    assert (found.trouble, found.culprit) == ("a row is locked", "bookstore.v1.BookService/UpdateBook")


@pytest.fixture
def slow_rows(system):
    """Each row that PostgreSQL reads for the server takes 2 ms, and no CPU."""
    with session(system, "test") as connection:
        for table in ("bookstore.book", "bookstore.review"):
            connection.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            connection.execute(
                f"CREATE POLICY slow ON {table} USING (pg_sleep(0.002) IS NOT NULL) WITH CHECK (true)"
            )
    yield
    with session(system, "test") as connection:
        for table in ("bookstore.book", "bookstore.review"):
            connection.execute(f"DROP POLICY slow ON {table}")
            connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def test_a_missing_index(system, send, http, one, slow_rows):
    """The reviews of one book are read among those of all books."""
    other = http.put("/book", json=book()).json()["id"]
    assert http.put(f"/book/{other}/review", json={"reviewer": "a", "rate": 1, "review": "b"}).is_success
    with session(system, "test") as connection:
        multiply(connection, "review", 250)
        for (name,) in connection.execute(
            "SELECT indexrelid::regclass::text FROM pg_index "
            "WHERE indrelid = 'bookstore.review'::regclass AND NOT indisprimary"
        ).fetchall():
            connection.execute(f"DROP INDEX {name}")
        connection.commit()
    time.sleep(SETTLE)
    began = time.time()
    for _ in range(4):
        assert send("GET", f"{one}/review") == 200
    found = find_by_both(system, began)
    lists = [s for s in system.server_debug()["slow_statements"] if s["method"] == found.culprit]
    assert "Seq Scan on review" in system.explain(lists[0])
    system.apply_schema()
    assert (found.trouble, found.culprit) == ("a statement is slow", "bookstore.v1.ReviewService/ListReviews")


@pytest.fixture
def many_books(system, one):
    """The query of a list that takes long where rows are slow."""
    with session(system, "test") as connection:
        multiply(connection, "book", 60)
    return {"filter": "year > 1"}


def test_a_full_queue(system, send, many_books, slow_rows, began):
    statuses = together(200, lambda i: send("GET", "/book", f"192.0.2.{i % 100}", params=many_books))
    assert 429 in statuses
    found = find_by_both(system, began)
    assert (found.trouble, found.culprit) == ("the queue is full", "bookstore.v1.BookService/ListBooks")


def test_a_noisy_client(system, send, one, many_books, slow_rows, began):
    end = time.monotonic() + 4

    def noise(_):
        while time.monotonic() < end:
            send("GET", "/book", "198.51.100.7", params=many_books)

    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        quiet = threads.submit(lambda: {send("GET", one) for _ in range(5)})
        together(90, noise)
        assert quiet.result() == {200}
    # More memory and more connections than one client and all may have.
    assert send("PUT", "/book", "198.51.100.7", content=b" " * 4_000_000) == 503
    host, port = system.url.removeprefix("http://").split(":")
    with contextlib.ExitStack() as sockets:
        for _ in range(300):
            sockets.enter_context(socket.create_connection((host, int(port))))
        time.sleep(0.5)
    found = find(system, began)
    assert (found.trouble, found.culprit) == ("one client takes much", "198.51.100.7")


def test_a_dead_database(system, send, one, began):
    system.control("stop")
    try:
        statuses = together(60, lambda i: {send("GET", one, f"192.0.2.{i}") for _ in range(5)})
    finally:
        system.control("start")
    assert set.union(*statuses) == {503}
    found = find_by_both(system, began)
    assert (found.trouble, found.culprit) == ("the database is away", "PostgreSQL")
    assert system.value("gateway_log_lines_suppressed_total") > 0
    wait_for(lambda: send("GET", one) == 200, what="service")


def wait_for_metric(system, name: str) -> None:
    wait_for(lambda: system.value(f"sum({name})") > 0, 20, name)


@pytest.fixture
def long_list(system, one):
    """The query of a list that looks at all books, and takes a second where rows are slow."""
    with session(system, "test") as connection:
        multiply(connection, "book", 500)
    return {"filter": 'publisher = "nobody"'}


def test_a_client_that_gives_up(system, http, long_list, slow_rows):
    with pytest.raises(httpx.ReadTimeout):
        http.get("/book", params=long_list, timeout=0.2)
    wait_for_metric(system, "server_statements_cancelled_total")


def test_a_database_that_goes_away_during_a_statement(system, send, one, long_list, slow_rows):
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        statement = threads.submit(send, "GET", "/book", params=long_list)
        wait_for(lambda: 'db_client_connections{state="used"} 1' in system.scraped(), what="the statement")
        system.control("kill")
        system.control("start")
        statement.result()
    wait_for(lambda: send("GET", one) == 200, what="service")
    wait_for_metric(system, "server_database_lost_total")
    wait_for_metric(system, "server_statement_retries_total")


# HTTP/2's preface, SETTINGS, and a PING (RFC 9113).
HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
PING = bytes([0, 0, 8, 6, 0, 0, 0, 0, 0]) + bytes(8)


def test_connections_that_the_server_does_not_want(system):
    address = ("127.0.0.1", system.grpc_port)
    with contextlib.ExitStack() as sockets:
        for _ in range(40):
            sockets.enter_context(socket.create_connection(address))
        wait_for_metric(system, "server_client_connections_refused_total")

    def flood() -> bool:
        with socket.create_connection(address) as client, contextlib.suppress(OSError):
            client.sendall(HELLO + PING * 20_000)
        return system.value("server_client_floods_total") > 0

    wait_for(flood, 20, "the flood")
