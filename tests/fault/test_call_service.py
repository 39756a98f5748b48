"""Attacks of one client without credentials on CallService, which gateways use, and on streams that
keep what they have received."""

import contextlib
import struct
import time

import pytest
from frames import RST_STREAM, Attacker, call
from others import MEGABYTE, Others
from running import System, bound

EXCHANGE = call("/dataservice.v1.CallService/Exchange")
IMPORT = call("/bookstore.v1.BookService/ImportBooks")
MESSAGE = 15 * MEGABYTE
# CallBatch.calls, without any field.
EMPTY_CALL = b"\x0a\x00"


@pytest.fixture(scope="module")
def server(test_database):
    with System(test_database) as system:
        yield system


def unknown_field(size: int) -> bytes:
    """A message that has nothing but bytes of a field that no message has."""
    length = b""
    left = size
    while left > 0x7F:
        length += bytes([left & 0x7F | 0x80])
        left >>= 7
    return b"\xfa\x7f" + length + bytes([left]) + bytes(size)


def ended_streams(attacker: Attacker, seconds: float) -> set[int]:
    """The streams that the server ends in this time before their client has."""
    return {stream for kind, stream, _ in attacker.frames(seconds) if kind == RST_STREAM}


def send_message(
    attacker: Attacker, stream: int, payload: bytes, seconds: float = 20
) -> tuple[int, set[int]]:
    """Sends a message as far as flow control permits, until its stream ends. Returns how many bytes,
    and the streams that ended meanwhile."""
    data = memoryview(struct.pack(">BI", 0, len(payload)) + payload)
    sent, ended, end = 0, set(), time.monotonic() + seconds
    while sent < len(data) and stream not in ended and time.monotonic() < end:
        size = attacker.send_as_permitted(stream, data[sent : sent + 16384])
        sent += size
        if size == 0:
            ended |= ended_streams(attacker, 0.02)
    return sent, ended


def test_millions_of_calls_in_a_message(server):
    """The answers of which are not received."""
    with Others(server, growth=100 * MEGABYTE), Attacker(server.grpc_port, window=0) as attacker:
        streams, ended = set(), set()
        for _ in range(8):
            stream = attacker.open(EXCHANGE)
            streams.add(stream)
            sent, others = send_message(attacker, stream, EMPTY_CALL * (MESSAGE // 2))
            assert sent > 2 * MEGABYTE
            ended |= others
        end = time.monotonic() + bound(5)
        while ended != streams and time.monotonic() < end:
            ended |= ended_streams(attacker, 0.1)
        assert ended == streams


@pytest.mark.parametrize("method", [EXCHANGE, IMPORT], ids=["exchange", "import"])
def test_large_messages_on_streams_that_are_silent_afterwards(server, method):
    """20 messages of 15 MB."""
    with Others(server, growth=150 * MEGABYTE), Attacker(server.grpc_port) as attacker:
        sent = 0
        for _ in range(20):
            with contextlib.suppress(OSError):
                sent += send_message(attacker, attacker.open(method), unknown_field(MESSAGE))[0]
        time.sleep(1)
        print(f"sent {sent >> 20} MB")
        assert sent > 100 * MEGABYTE
