"""Attacks of one client without credentials on the gRPC port: what other clients see, the memory
of the server, and that it recovers (docs/faults.md)."""

import contextlib
import os
import resource
import socket
import struct
import subprocess
import time

import grpc
import httpx
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc
from frames import (
    ACK,
    ADDRESS,
    CANCEL,
    CONTINUATION,
    DATA,
    END_HEADERS,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    PING,
    PRIORITY,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    Attacker,
    call,
    flood,
    frame,
    message,
    setting,
)
from local import free_port, wait_for
from others import GROWTH, MEGABYTE, Others, processor_seconds, resident
from running import System, bound

BOOKS = "/bookstore.v1.BookService/"
GET = call(BOOKS + "GetBook")
LIST = call(BOOKS + "ListBooks")
EXPORT = call(BOOKS + "ExportBooks")
IMPORT = call(BOOKS + "ImportBooks")
CHECK = call("/grpc.health.v1.Health/Check")
WATCH = call("/grpc.health.v1.Health/Watch")
CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED = "1", "4", "8"
STREAMS = 256  # that a connection may have
WIDE = "\U0001f4d6"  # 4 bytes


@pytest.fixture(scope="module")
def server(test_database):
    """Shared by attacks, each of which must leave it as it was."""
    flags = ("--request_timeout", "2s", "--handshake_timeout", "1s", "--unread_timeout", "3s")
    with System(test_database, server_flags=flags) as system:
        yield system


@pytest.fixture
def full_server(server):
    """The same, with rows. Another system on the same database drops them."""
    if not has_rows(server):
        fill(server)
    return server


def has_rows(system: System) -> bool:
    with grpc.insecure_channel(f"127.0.0.1:{system.grpc_port}") as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        return bool(books.ListBooks(pb.ListBooksRequest(page_size=1), timeout=5).books)


def fill(system: System) -> None:
    """1,000 rows of about 1.7 KB."""
    with grpc.insecure_channel(f"127.0.0.1:{system.grpc_port}") as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        row = pb.Book(title=WIDE * 200, author=WIDE * 100, publisher=WIDE * 100, year=2000)
        create = pb.CreateBookRequest(book=row)
        imported = books.ImportBooks((create for _ in range(1000)), timeout=60)
        assert imported.imported_count == 1000


def connections_of(system: System) -> int:
    """Sockets that the server has open."""
    with open("/proc/net/tcp") as file:
        port = f":{system.grpc_port:04X}"
        return sum(line.split()[1].endswith(port) and line.split()[3] == "01" for line in file)


def lowest_free_descriptor(pid: int) -> int:
    taken = set(os.listdir(f"/proc/{pid}/fd"))
    return next(number for number in range(len(taken) + 1) if str(number) not in taken)


def serves(system: System) -> bool:
    with grpc.insecure_channel(f"127.0.0.1:{system.grpc_port}") as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        books.ListBooks(pb.ListBooksRequest(page_size=1), timeout=5)
    return True


# Connections.


def test_file_descriptors_that_ran_out(server):
    pid = server.server.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    assert serves(server)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (60, hard))
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            client = stack.enter_context(socket.socket())
            client.bind((ADDRESS, 0))
            with contextlib.suppress(OSError):
                client.connect(("127.0.0.1", server.grpc_port))
        time.sleep(0.5)
    began = time.monotonic()
    assert serves(server)
    assert time.monotonic() - began < bound(1)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


def test_metrics_while_no_file_descriptor_is_free(test_database):
    address = f"127.0.0.1:{free_port()}"
    with System(test_database, server_flags=("--metrics_address", address)) as system:

        def scrape(timeout: float = 10) -> str:
            return httpx.get(f"http://{address}/metrics", timeout=timeout).text

        pid = system.server.pid
        soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        assert "process_open_fds" in scrape()
        # One descriptor less each time, until the connection of the scrape itself has none.
        for limit in range(lowest_free_descriptor(pid) + 4, lowest_free_descriptor(pid) - 1, -1):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, hard))
            with contextlib.suppress(httpx.HTTPError):
                scrape(timeout=0.2)
            assert system.server.poll() is None, limit
        # Connections that wait to be accepted do not keep it busy.
        with contextlib.ExitStack() as stack:
            stack.enter_context(socket.create_connection(("127.0.0.1", int(address.split(":")[1]))))
            before = processor_seconds(pid)
            time.sleep(1)
            assert processor_seconds(pid) - before < 0.5
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
        assert "process_open_fds" in scrape()
        assert serves(system)


def test_connections_of_one_client(test_database):
    with (
        System(test_database, server_flags=("--max_connections", "40")) as system,
        contextlib.ExitStack() as stack,
    ):
        open_ones = connections_of(system)
        attackers = []
        for _ in range(60):
            with contextlib.suppress(OSError):
                attackers.append(stack.enter_context(Attacker(system.grpc_port)))
        wait_for(lambda: connections_of(system) == open_ones + 20, what="half of the connections")
        assert serves(system)
        for attacker in attackers:
            attacker.socket.close()
        wait_for(lambda: connections_of(system) == open_ones, what="the end of the connections")
        with Attacker(system.grpc_port) as attacker:
            attacker.open(CHECK, message(b""))
            assert attacker.statuses(1, 5) == {1: "0"}


def test_connections_that_send_nothing_are_closed(server):
    with socket.socket() as client:
        client.bind((ADDRESS, 0))
        client.connect(("127.0.0.1", server.grpc_port))
        client.settimeout(4)
        while client.recv(1000):
            pass


def test_connections_without_calls_are_closed(test_database):
    with (
        System(test_database, server_flags=("--idle_timeout", "1s")) as system,
        Attacker(system.grpc_port) as idle,
    ):
        idle.open(CHECK, message(b""))
        assert idle.statuses(1, 5) == {1: "0"}
        assert idle.is_closed(8)


# Calls that wait for their client.


@pytest.mark.parametrize("half", [b"", message(b"x" * 100)[:50]])
def test_calls_without_a_message_end(server, half):
    with Others(server), contextlib.ExitStack() as stack:
        attackers = [stack.enter_context(Attacker(server.grpc_port)) for _ in range(4)]
        for attacker in attackers:
            for _ in range(STREAMS):
                stream = attacker.open(GET)
                if half:
                    attacker.send(frame(DATA, 0, stream, half))
        began = time.monotonic()
        for attacker in attackers:
            ends = attacker.statuses(STREAMS, bound(10))
            assert set(ends.values()) == {DEADLINE_EXCEEDED}
            assert len(ends) == STREAMS
        assert time.monotonic() - began < bound(6)


def test_a_message_that_is_declared_larger_than_the_limit(server):
    with Others(server, growth=100 * MEGABYTE), Attacker(server.grpc_port) as attacker:
        stream = attacker.open(GET)
        attacker.send(frame(DATA, 0, stream, struct.pack(">BI", 0, 3_000_000_000)))
        sent, ends = 0, {}
        with contextlib.suppress(OSError):
            for _ in range(1000):  # what flow control permits
                attacker.send(frame(DATA, 0, stream, bytes(16384)))
                if ends := attacker.statuses(1, 0.1):
                    break
                sent += 1
        assert ends.get(stream) in (RESOURCE_EXHAUSTED, "reset")
        assert sent < 10


EMPTY = {
    "elements": ("BatchCreateBooks", b"\x0a\x02\x0a\x00"),  # with an empty book each
    "keys": ("BatchGetBooks", b"\x0a\x00"),
    "unknown texts": ("GetBook", b"\xfa\x01\x00"),
    "unknown groups": ("GetBook", b"\x7b\x7c"),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_messages_of_millions_of_empty_parts(server, kind):
    """16 MB each, which would be up to 1.3 GB."""
    method, part = EMPTY[kind]
    request = part * (16_000_000 // len(part))
    with (
        Others(server, growth=200 * MEGABYTE),
        grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel,
    ):
        send = channel.unary_unary(BOOKS + method)
        for _ in range(5):
            with pytest.raises(grpc.RpcError) as refused:
                send(request, timeout=20)
            assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
            assert "has too much in it" in refused.value.details()


def test_parts_of_large_messages(server):
    """Messages of 16 MB without their last bytes: 4 GB."""
    with Others(server), Attacker(server.grpc_port) as attacker:
        sent, part = 0, bytes(16384)
        with contextlib.suppress(OSError):
            streams = [attacker.open(GET) for _ in range(STREAMS)]
            for stream in streams:
                attacker.send_as_permitted(stream, struct.pack(">BI", 0, 16_000_000))
            end = time.monotonic() + 8
            while time.monotonic() < end and sent < 1000 * MEGABYTE:
                for _ in attacker.frames(0.005):
                    pass
                sent += sum(attacker.send_as_permitted(stream, part) for stream in streams)
        print(f"sent {sent >> 20} MB")
    assert sent < 300 * MEGABYTE


def test_30000_silent_streams(server):
    """Of exports, imports and watches, whose messages do not arrive."""
    with Others(server, growth=200 * MEGABYTE), contextlib.ExitStack() as stack:
        refused = 0
        for kind in (EXPORT, IMPORT, WATCH):
            for _ in range(40):
                attacker = stack.enter_context(Attacker(server.grpc_port))
                for _ in range(STREAMS):
                    attacker.open(kind)
                ends = attacker.statuses(STREAMS, 1)
                refused += sum(end == RESOURCE_EXHAUSTED for end in ends.values())
        assert refused > 25000


def test_a_connection_with_too_many_calls_is_closed(server):
    with Attacker(server.grpc_port) as attacker:
        for _ in range(STREAMS + 1):
            attacker.open(GET)
        assert attacker.is_closed(60)


def test_a_connection_that_never_acknowledges_the_settings(server):
    """HTTP/2 does not limit its calls then; the server does."""
    with Others(server), Attacker(server.grpc_port, acknowledge=False) as attacker:
        for _ in range(20 * STREAMS):
            attacker.open(GET)
        ends = attacker.statuses(18 * STREAMS, bound(10))
        assert len(ends) == 18 * STREAMS
        assert set(ends.values()) == {RESOURCE_EXHAUSTED}


def test_watches_of_one_connection(server):
    with Attacker(server.grpc_port) as attacker:
        for _ in range(150):
            attacker.open(WATCH, message(b""))
        ends = attacker.statuses(50, 3)
        assert list(ends.values()) == [RESOURCE_EXHAUSTED] * 50


# Answers that are not received.


def test_1000_lists_that_nobody_receives(full_server):
    request = message(pb.ListBooksRequest(page_size=1000).SerializeToString())
    # The lists that are executed take turns with the reads of others.
    with Others(full_server, slowest=5), contextlib.ExitStack() as stack:
        port = full_server.grpc_port
        attackers = [stack.enter_context(Attacker(port, window=0)) for _ in range(4)]
        for attacker in attackers:
            for _ in range(STREAMS):
                attacker.open(LIST, request)
        for attacker in attackers:
            ends = attacker.statuses(STREAMS, 30)
            # Those beyond the limit at once, the others after --unread_timeout.
            assert set(ends.values()) <= {"reset", CANCELLED}
            assert len(ends) == STREAMS


def open_exports(system: System, stack: contextlib.ExitStack) -> None:
    """1,000 exports, of which nothing is received. Of 500 that are not refused, each has read 340 KB
    after two pages: 170 MB."""
    for _ in range(10):
        attacker = stack.enter_context(Attacker(system.grpc_port, window=0))
        for _ in range(100):
            attacker.open(EXPORT, message(b""))


def test_exports_that_nobody_receives(full_server):
    with Others(full_server), contextlib.ExitStack() as stack:
        open_exports(full_server, stack)
        time.sleep(4)


def test_pages_of_exports_are_limited(test_database):
    flags = ("--max_unread_bytes", str(16 * MEGABYTE))
    with System(test_database, server_flags=flags) as system:
        fill(system)
        # Half of the limit, and what connections and calls need.
        with Others(system, growth=80 * MEGABYTE), contextlib.ExitStack() as stack:
            open_exports(system, stack)
            time.sleep(4)


# Floods of frames.


def resets(stream: int) -> tuple[bytes, int]:
    parts = []
    for number in range(stream, stream + 400, 2):
        parts += [
            frame(HEADERS, END_HEADERS, number, LIST),
            frame(DATA, 1, number, message(b"")),
            frame(RST_STREAM, 0, number, CANCEL),
        ]
    return b"".join(parts), stream + 400


def repeated(data: bytes):
    block = data * (65536 // len(data) + 1)
    return lambda stream: (block, stream)


def one_call_and(data: bytes):
    """Frames of a call that is under way."""
    block = data * (65536 // len(data) + 1)
    begin = frame(HEADERS, END_HEADERS, 1, IMPORT)
    return lambda stream: (begin + block if stream == 1 else block, 3)


FLOODS = {
    "rapid reset": resets,
    "pings": repeated(frame(PING, 0, 0, b"12345678")),
    "answers to pings": repeated(frame(PING, ACK, 0, b"12345678")),
    "settings": repeated(frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW_SIZE, 65535))),
    "window updates": repeated(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1))),
    "priorities": repeated(frame(PRIORITY, 0, 1, struct.pack(">IB", 0, 1))),
    "empty data": one_call_and(frame(DATA, 0, 1)),
    "unknown frames": repeated(frame(0x7F, 0, 0, b"x")),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_floods(server, kind):
    reported = server.log_text().count('"event":"flood"')
    with Others(server):
        begun = flood(server.grpc_port, FLOODS[kind])
    assert begun > 4, "no connection was closed"
    assert server.log_text().count('"event":"flood"') > reported


@pytest.mark.parametrize("kind", ["rapid reset", "pings"])
def test_floods_under_tls(test_database, tmp_path, kind):
    certificate, key = str(tmp_path / "tls.crt"), str(tmp_path / "tls.key")
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-nodes", "-keyout", key, "-out", certificate]
    subprocess.run([*request, *subject, *files], check=True, capture_output=True)
    flags = ("--tls_certificate", certificate, "--tls_key", key)
    with System(test_database, ("--grpc_tls_ca", certificate), flags) as system:
        began = resident(system.server.pid)
        begun = flood(system.grpc_port, FLOODS[kind], ca=certificate)
        assert begun > 4, "no connection was closed"
        assert '"event":"flood"' in system.log_text()
        assert resident(system.server.pid) - began < GROWTH
        with system.client() as client:
            assert client.get("/book?page_size=1").status_code == 200


def test_headers_without_end(server):
    block = frame(CONTINUATION, 0, 1, bytes(16000))
    with Others(server, growth=100 * MEGABYTE), Attacker(server.grpc_port) as attacker:
        attacker.send(frame(HEADERS, 0, 1, CHECK))
        with contextlib.suppress(OSError):
            for _ in range(10 * MEGABYTE // len(block)):
                attacker.send(block)
        assert attacker.is_closed(60)


def test_calls_of_an_honest_client_are_no_flood(server):
    """Many calls, cancelled ones among them, over one connection."""
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        for _ in range(10):
            calls = [books.ListBooks.future(pb.ListBooksRequest(page_size=1)) for _ in range(200)]
            for one in calls[:50]:
                one.cancel()
            for one in calls[50:]:
                one.result(timeout=20)
