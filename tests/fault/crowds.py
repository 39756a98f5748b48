"""Clients with many calls at a time. They run in processes of their own, so that what others see
is not delayed by them."""

import base64
import concurrent.futures
import contextlib
import multiprocessing
import struct
import time

from bookstore.v1 import bookstore_pb2 as pb
from frames import (
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    WINDOW_UPDATE,
    Attacker,
    call,
    frame,
    message,
)
from google.rpc import error_details_pb2, status_pb2

STREAMS = 256  # that a connection may have
CREATE = call("/bookstore.v1.BookService/CreateBook")
GET = call("/bookstore.v1.BookService/GetBook")
EXPORT = call("/bookstore.v1.BookService/ExportBooks")
CHECK = call("/grpc.health.v1.Health/Check")
OK, RESOURCE_EXHAUSTED = "0", "8"


@contextlib.contextmanager
def process():
    """Executes functions of this module in another process."""
    spawned = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawned) as pool:
        pool.submit(time.monotonic).result()  # it has started
        yield pool


def connect(port: int, window: int = 1 << 30) -> Attacker:
    """A connection that receives all answers; of each at most `window` bytes."""
    client = Attacker(port, window=window)
    client.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30)))
    return client


def request(call_headers: bytes, stream: int, body: bytes) -> bytes:
    begin = frame(HEADERS, END_HEADERS, stream, call_headers)
    return begin + frame(DATA, END_STREAM, stream, message(body))


def creation(title: str) -> bytes:
    book = pb.Book(title=title, author="a", publisher="p", year=2000)
    return pb.CreateBookRequest(book=book).SerializeToString()


def retry_delay(trailers: dict[str, str]) -> float:
    """When a call that was refused may come again."""
    encoded = trailers["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(base64.b64decode(encoded + "=" * (-len(encoded) % 4)))
    retry = error_details_pb2.RetryInfo()
    assert any(detail.Unpack(retry) for detail in status.details), status
    return retry.retry_delay.ToTimedelta().total_seconds()


class Creator:
    """Creates rows over one connection, all at once."""

    def __init__(self, port: int, titles: list[str]):
        self.client, self.waiting = connect(port), {}
        self.refuse(titles, 0)

    def refuse(self, titles: list[str], delay: float) -> None:
        """Prepares their calls, which are to be sent later."""
        self.titles, self.due = titles, time.monotonic() + delay
        first = self.client.next_stream
        calls = (request(CREATE, first + 2 * i, creation(t)) for i, t in enumerate(titles))
        self.data = b"".join(calls)

    def send(self) -> None:
        for title in self.titles:
            self.waiting[self.client.next_stream] = title
            self.client.next_stream += 2
        self.titles = []
        self.client.send(self.data)

    def receive(self, seconds: float) -> int:
        """Returns how many calls were refused; they are sent again later."""
        refused, delay = [], 0.0
        for stream, trailers in self.client.ends(len(self.waiting), seconds).items():
            title = self.waiting.pop(stream)
            if trailers["grpc-status"] == OK:
                continue
            assert trailers["grpc-status"] == RESOURCE_EXHAUSTED, trailers
            refused.append(title)
            delay = retry_delay(trailers)
        if refused:
            self.refuse(self.titles + refused, delay)
        return len(refused)


def create(port: int, titles: list[str]) -> tuple[float, int]:
    """Creates rows with the titles, all at once; those that are refused come again when the server
    says so. Returns the time that it took, and how often calls were refused."""
    parts = [titles[at : at + STREAMS] for at in range(0, len(titles), STREAMS)]
    creators = [Creator(port, part) for part in parts]
    began, refused = time.monotonic(), 0
    while active := [one for one in creators if one.waiting or one.titles]:
        assert time.monotonic() - began < 90
        for one in active:
            if one.titles and not one.waiting and time.monotonic() >= one.due:
                one.send()
        for one in active:
            if one.waiting:
                refused += one.receive(0.02)
    for one in creators:
        one.client.socket.close()
    return time.monotonic() - began, refused


def read_all_the_time(port: int, book: str, connections: int, seconds: float) -> float:
    """Reads a row, STREAMS calls at a time over each connection. Returns the calls a second."""
    body = pb.GetBookRequest(id=book).SerializeToString()
    return call_all_the_time(port, GET, body, connections, seconds)


def check_all_the_time(port: int, seconds: float) -> float:
    """The same with health checks over one connection."""
    return call_all_the_time(port, CHECK, b"", 1, seconds)


def call_all_the_time(port: int, method: bytes, body: bytes, connections: int, seconds: float) -> float:
    clients = [connect(port) for _ in range(connections)]
    for client in clients:
        client.send(b"".join(request(method, 2 * i + 1, body) for i in range(STREAMS)))
        client.next_stream = 2 * STREAMS + 1
    ended, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for client in clients:
            data = b""
            for _ in range(count_ends(client)):
                data += request(method, client.next_stream, body)
                client.next_stream += 2
                ended += 1
            client.send(data)
    for client in clients:
        client.socket.close()
    return ended / seconds


def count_ends(client: Attacker) -> int:
    """The calls whose answers have come, which need not be decoded to be counted."""
    client.socket.settimeout(0.005)
    with contextlib.suppress(TimeoutError):
        client.received += client.socket.recv(1 << 20)
    at, ends, data = 0, 0, client.received
    while at + 9 <= len(data):
        size = int.from_bytes(data[at : at + 3], "big")
        if at + 9 + size > len(data):
            break
        ends += data[at + 3] == HEADERS and data[at + 4] & END_STREAM
        at += 9 + size
    client.received = data[at:]
    return ends


def export_all(port: int, exports: int, seconds: float) -> int:
    """Receives exports for a time, half of them over each of two connections. Returns the bytes."""
    clients = [connect(port) for _ in range(2)]
    for client in clients:
        calls = (request(EXPORT, 2 * i + 1, b"") for i in range(exports // 2))
        client.send(b"".join(calls))
    received, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for client in clients:
            client.socket.settimeout(0.005)
            with contextlib.suppress(TimeoutError):
                received += len(client.socket.recv(1 << 20))
    for client in clients:
        client.socket.close()
    return received
