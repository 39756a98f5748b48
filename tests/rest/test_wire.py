"""The edges of gRPC's protocol, frame by frame."""

import contextlib
import threading
import time

import grpc
import h2.events
import h2.exceptions
import pytest
import transport
from bookstore.v1 import bookstore_pb2 as pb
from conftest import STATE, sample
from http2 import Connection, message

OK, CANCELLED, INVALID_ARGUMENT, UNIMPLEMENTED = 0, 1, 3, 12
HEALTH = "/grpc.health.v1.Health/Check"
LIST = "/bookstore.v1.BookService/ListBooks"
EXPORT = "/bookstore.v1.BookService/ExportBooks"
IMPORT = "/bookstore.v1.BookService/ImportBooks"


@pytest.fixture
def wire(ports):
    with Connection(ports["grpc_port"]) as connection:
        yield connection


@pytest.mark.parametrize(
    "timeout", ["2000000H", "2562047H", "99999999H", "99999999M", "99999999S", "99999999m"]
)
@pytest.mark.parametrize("path", [LIST, EXPORT, HEALTH])
def test_a_deadline_beyond_any_clock(wire, path, timeout):
    """Java says 2562047H where its caller has no deadline."""
    filtered = pb.ListBooksRequest(author="nobody").SerializeToString() if path == LIST else b""
    assert wire.call(path, message(filtered), ("grpc-timeout", timeout)) == OK


def test_an_unknown_path_is_not_echoed_in_full(wire):
    answer = wire.status(wire.send("/" + "x" * 60000 + "/y", message(b"")))
    assert int(answer[b"grpc-status"]) == UNIMPLEMENTED
    assert sum(len(name) + len(value) for name, value in answer.items()) < 1000


@pytest.mark.parametrize("flag", [1, 2, 3, 255])
@pytest.mark.parametrize("path", [LIST, HEALTH, "/bookstore.v1.BookService/DeleteBook"])
def test_a_message_compressed_in_no_known_way(wire, path, flag):
    """Not an empty message, which for a list would mean all rows."""
    assert wire.call(path, message(b"", flag)) == INVALID_ARGUMENT
    assert wire.call(path, message(b"\x08\x01", flag)) == INVALID_ARGUMENT
    unknown = ("grpc-encoding", "snappy")
    assert wire.call(path, message(b"\x08\x01", flag), unknown) == INVALID_ARGUMENT
    assert wire.call(HEALTH, message(b"")) == OK  # on the same connection


def test_a_known_compression_is_refused_by_name(wire):
    answer = wire.status(wire.send(LIST, message(b"\x08\x01", 1), ("grpc-encoding", "gzip")))
    assert int(answer[b"grpc-status"]) == UNIMPLEMENTED
    assert b"gzip" in answer[b"grpc-message"]


@pytest.mark.parametrize("flag", [1, 2, 255])
def test_a_stream_with_a_message_compressed_in_no_known_way(wire, flag):
    """The stream fails: neither are all rows exported, nor the good rows imported
    as if nothing else had been sent."""
    assert wire.call(EXPORT, message(b"x", flag)) == CANCELLED

    row = message(pb.CreateBookRequest(book=sample()).SerializeToString())
    broken = row + message(b"x", flag)
    assert wire.call(IMPORT, broken + row) == CANCELLED
    # The same where the rest comes later, or never.
    stream = wire.send(IMPORT, broken, end=False)
    with contextlib.suppress(h2.exceptions.StreamClosedError):
        wire.more(stream, row, end=True)
    assert wire.status(stream)[b"grpc-status"] == b"1"
    stream = wire.send(IMPORT, broken, end=False)
    assert wire.status(stream)[b"grpc-status"] == b"1"
    assert wire.call(HEALTH, message(b"")) == OK


def test_messages_of_a_stream_need_no_window_updates_of_their_own(wire):
    """Each would wake up the client. The server lets it send more than gRPC does as soon as one
    of its messages has arrived in two parts."""
    row = message(pb.CreateBookRequest(book=sample()).SerializeToString())
    stream = wire.send(IMPORT, row[:10], end=False)
    time.sleep(0.1)
    wire.more(stream, row[10:])
    for _ in range(100):
        time.sleep(0.002)
        wire.more(stream, row)
    wire.more(stream, b"", end=True)
    assert wire.status(stream)[b"grpc-status"] == b"0"
    updates = [event for event in wire.events if isinstance(event, h2.events.WindowUpdated)]
    assert len(updates) < 20, len(updates)


def test_a_header_that_is_not_base64(wire):
    """It concerns its own call, not all that share the connection."""
    slow = wire.send(IMPORT, b"", end=False)
    for value in (b"!", b"a", b"====", b"\xff\xfe", b"YQ==YQ==", b"%" * 5000):
        for name in (b"x-trace-bin", b"grpc-trace-bin", b"grpc-status-details-bin"):
            assert wire.call(HEALTH, message(b""), (name, value)) == OK
    assert wire.call(HEALTH, message(b""), (b"x-trace-bin", b"YQ==")) == OK
    wire.more(slow, message(pb.CreateBookRequest(book=sample()).SerializeToString()), end=True)
    assert wire.status(slow)[b"grpc-status"] == b"0"


def test_pings_of_ordinary_clients(ports):
    """Java and Go ping every 10 s at most; here it is every 1.1 s, and three pings
    that come too early would be the end of the connection."""
    options = [
        ("grpc.keepalive_time_ms", 1100),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.use_local_subchannel_pool", 1),
    ]
    with transport.grpc_channel(ports["grpc_port"], options) as channel:
        states = []
        channel.subscribe(states.append)
        health = channel.unary_unary(HEALTH)
        health(b"", timeout=10)
        time.sleep(6)  # without a call
        health(b"", timeout=10)
        ready = [state for state in states if state == grpc.ChannelConnectivity.READY]
        assert len(ready) == 1, states

        # A stream on which nothing moves.
        row = pb.CreateBookRequest(book=sample()).SerializeToString()
        last = threading.Event()

        def rows():
            yield row
            last.wait(6)
            yield row

        imported = channel.stream_unary(IMPORT)(rows(), timeout=30)
        assert pb.ImportBooksResponse.FromString(imported).imported_count == 2


def test_a_flood_of_pings_ends_the_connection(wire):
    assert wire.call(HEALTH, message(b"")) == OK
    # The server can end the connection before the last one is sent.
    with contextlib.suppress(OSError):
        for _ in range(10):
            wire.ping()
    goaway = lambda: any(isinstance(e, h2.events.ConnectionTerminated) for e in wire.events)  # noqa: E731
    assert wire.receive(goaway)
    (event,) = [e for e in wire.events if isinstance(e, h2.events.ConnectionTerminated)]
    assert event.additional_data == b"too_many_pings"


def test_the_log_has_no_value_of_a_header(wire):
    """gRPC reports metadata that it cannot parse."""
    forged = b'planted-timeout\n{"level":"error","event":"forged"}'
    wire.call(HEALTH, message(b""), ("grpc-timeout", forged))
    log = (STATE / "log/server.log").read_bytes()
    assert b"planted-timeout" not in log
    assert b'"event":"forged"' not in log
    assert b'"event":"grpc"' in log
