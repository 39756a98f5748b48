"""Server and gateway log no token, no password and no value of a row. tests/suites/rest
looks for the planted text in the logs of all other tests, too."""

import json
import subprocess
import uuid

import grpc
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc
from conftest import PLANTED, sample
from local import free_port, wait_for
from psycopg import conninfo
from running import BINARIES, System

JSON = {"Content-Type": "application/json"}
# Planted in every header that the gateway or the server evaluates, but X-Request-Id,
# which is there to be logged.
HEADERS = {
    "Authorization": f"Bearer {PLANTED}.{PLANTED}.{PLANTED}",
    "Cookie": f"session={PLANTED}",
    "Origin": f"https://{PLANTED}.example.com",
    "X-Forwarded-For": PLANTED,
    "X-Forwarded-Host": PLANTED,
    "Forwarded": f"for={PLANTED}",
    "User-Agent": PLANTED,
}


@pytest.fixture(scope="module")
def system(test_database):
    """As an operator runs it, with the access log and a proxy that is believed."""
    with System(test_database, ("--access_log", "--trusted_proxy=127.0.0.0/8")) as system:
        yield system


def test_requests_through_the_gateway(system):
    planted = sample(title=PLANTED, author=PLANTED, publisher=PLANTED)
    with system.client() as client:
        client.headers.update(HEADERS)
        created = client.put("/book", json=planted, headers={"Idempotency-Key": PLANTED})
        assert created.status_code == 201
        book = f"/book/{created.json()['id']}"
        client.put(f"{book}/review", json={"reviewer": PLANTED, "rate": 5, "review": PLANTED})
        expected = [
            (client.get(book, headers={"If-None-Match": f'"{PLANTED}"'}), 200),
            (client.patch(book, json={"title": PLANTED}, headers={"If-Match": f'"{PLANTED}"'}), 412),
            (client.put("/book", json=planted | {"year": PLANTED}), 400),
            (client.put("/book", content=f'{{"title": "{PLANTED}', headers=JSON), 400),
            (client.put("/book", json=planted | {PLANTED: PLANTED}), 400),
            (client.put("/book", json=planted, headers={"Idempotency-Key": PLANTED.encode() + b"\xfc"}), 400),
            (client.get("/book", params={"filter": f'title = "{PLANTED}"'}), 200),
            (client.get("/book", params={"filter": f"{PLANTED} = {PLANTED}"}), 400),
            (client.get("/book", params={"pageToken": PLANTED}), 400),
            (client.get("/book", params={PLANTED: PLANTED}), 400),
            (client.put("/book", content=PLANTED, headers={"Content-Type": f"text/{PLANTED}"}), 415),
            (client.get("/book", headers={"Grpc-Timeout": PLANTED}), 400),
            (client.put("/book", json={"year": 1}), 400),
        ]
        lines = f"{json.dumps(planted)}\n{PLANTED}\n"
        imported = client.post(
            "/book:import", content=lines, headers={"Content-Type": "application/x-ndjson"}
        )
        expected.append((imported, 200))
        expected.append((client.get("/book:export"), 200))
    for response, status in expected:
        assert response.status_code == status, response.text
    assert PLANTED not in system.log_text()


def test_requests_over_grpc(system):
    metadata = [
        ("authorization", f"Bearer {PLANTED}"),
        ("x-forwarded-for", PLANTED),
        ("if-match", f'"{PLANTED}"'),
        ("x-trace-bin", PLANTED.encode()),
    ]
    with system.channel() as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        for call in (
            lambda: books.GetBook(pb.GetBookRequest(id=PLANTED), metadata=metadata),
            lambda: books.ListBooks(pb.ListBooksRequest(filter=PLANTED), metadata=metadata),
            lambda: books.DeleteBook(pb.DeleteBookRequest(id=str(uuid.uuid4())), metadata=metadata),
            lambda: channel.unary_unary(f"/{PLANTED}/{PLANTED}")(b"", metadata=metadata),
        ):
            with pytest.raises(grpc.RpcError):
                call()
    assert PLANTED not in system.log_text()


def run_server(folder, database: str) -> tuple[subprocess.Popen, int, str]:
    """Starts a server whose log is a file of the folder."""
    port, log = free_port(), folder / "server.log"
    command = [BINARIES / "bookstore-server", f"--grpc_address=127.0.0.1:{port}", f"--database={database}"]
    with open(log, "wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=output), port, log


@pytest.mark.parametrize("form", ["words", "uri"])
def test_a_password_that_is_wrong(test_database, tmp_path, form):
    place = conninfo.conninfo_to_dict(test_database["TEST_DATABASE_APP"])
    if form == "words":
        database = conninfo.make_conninfo(**place | {"password": PLANTED})
    else:
        database = f"postgresql://{place['user']}:{PLANTED}@{place['host']}:{place['port']}/{place['dbname']}"
    server, port, log = run_server(tmp_path, database)
    try:
        wait_for(
            lambda: server.poll() is not None or "28P01" in log.read_text() or "password" in log.read_text()
        )
        if server.poll() is None:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                books = bookstore_pb2_grpc.BookServiceStub(channel)
                with pytest.raises(grpc.RpcError) as error:
                    books.GetBook(pb.GetBookRequest(id=str(uuid.uuid4())), wait_for_ready=True, timeout=10)
            assert PLANTED not in str(error.value)
    finally:
        server.terminate()
        server.wait(timeout=40)
    assert PLANTED not in log.read_text()


@pytest.mark.parametrize(
    "database",
    [
        f"host=127.0.0.1 password='{PLANTED}",
        f"host=127.0.0.1 {PLANTED}",
        f"{PLANTED}=x",
        f"postgresql://app:{PLANTED}@127.0.0.1:x/y?z=%zz",
        f"postgresql://app:{PLANTED}@[::1",
    ],
)
def test_a_connection_string_that_cannot_be_read(tmp_path, database):
    server, _, log = run_server(tmp_path, database)
    try:
        assert server.wait(timeout=20) != 0
    finally:
        server.kill()
        server.wait()
    assert log.read_text()
    assert PLANTED not in log.read_text()
