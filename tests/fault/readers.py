"""A server that lets a standby execute reads that may be stale."""

import contextlib
import re
import threading
import time

import grpc
import httpx
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc as rpc
from clusters import Cluster, Pair
from local import free_port, wait_for
from running import System

EVENTUAL = (("read-consistency", "eventual"),)
# Of --max_reader_lag.
LAG = 1.0


class Readers:
    """A server whose reader is the standby of a pair, which is asynchronous: writes do not wait
    for it."""

    def __init__(self, database, *flags: str):
        self.primary = Cluster.of(database)
        self.stack = contextlib.ExitStack()
        self.metrics_port = free_port()
        self.flags = flags

    def __enter__(self) -> "Readers":
        self.pair = self.stack.enter_context(Pair(self.primary))
        self.primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
        self.primary.execute("SELECT pg_reload_conf()")
        self.start(self.primary.environment(), self.pair.standby)
        return self

    def start(self, database: dict[str, str], reader: Cluster) -> None:
        flags = (
            "--reader_database",
            f"host=127.0.0.1 port={reader.port}",
            "--max_reader_lag",
            f"{LAG}s",
            "--metrics_address",
            f"127.0.0.1:{self.metrics_port}",
            *self.flags,
        )
        self.system = self.stack.enter_context(System(database, server_flags=flags))
        self.channel = self.stack.enter_context(self.system.channel())
        self.books = rpc.BookServiceStub(self.channel)

    def __exit__(self, *error):
        self.stack.__exit__(*error)

    def metric(self, name: str) -> float:
        text = httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", trust_env=False).text
        return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])

    def await_used(self, used: bool = True) -> None:
        wait_for(lambda: self.metric("server_reader_used") == used, 30, f"used: {used}")

    def create(self, title: str) -> tuple[str, str]:
        """The id of a new book, and the token of its write."""
        book = pb.Book(title=title, author="a", publisher="p", year=2000)
        created, call = self.books.CreateBook.with_call(pb.CreateBookRequest(book=book), timeout=10)
        return created.id, dict(call.initial_metadata())["consistency-token"]

    def get(
        self, key: str, *metadata, timeout: float = 10, consistency: str = "eventual"
    ) -> tuple[pb.Book, bool]:
        """The book, and whether the reader answered."""
        book, call = self.books.GetBook.with_call(
            pb.GetBookRequest(id=key),
            timeout=timeout,
            metadata=(("read-consistency", consistency), *metadata),
        )
        return book, dict(call.initial_metadata()).get("read-consistency") == "eventual"

    def retitle(self, key: str, title: str) -> None:
        request = pb.UpdateBookRequest(book=pb.Book(id=key, title=title), update_mask={"paths": ["title"]})
        self.books.UpdateBook(request, timeout=10)

    def read(self, key: str, timeout: float, *metadata) -> pb.Book:
        return self.books.GetBook(pb.GetBookRequest(id=key), timeout=timeout, metadata=metadata)

    def restart(self, reader: str, database: str | None = None) -> None:
        """Starts the server again, with another reader and another way to the writer."""
        self.system.end(self.system.server)
        name, _, *others = self.system.server_flags
        self.system.server_flags = (name, reader, *others)
        if database:
            self.system.database = self.system.database | {"TEST_DATABASE_APP": database}
        self.system.start_server()

    def replay(self, verb: str) -> None:
        self.pair.standby.execute(f"SELECT pg_wal_replay_{verb}()")


class Reads:
    """Reads of a row without pause, none of which may fail."""

    def __init__(self, readers: Readers, key: str, timeout: float = 10):
        self.readers, self.key, self.timeout = readers, key, timeout
        self.over = threading.Event()
        self.failures, self.by_reader, self.by_writer, self.slowest = [], 0, 0, 0.0
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(4)]

    def __enter__(self) -> "Reads":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def run(self) -> None:
        while not self.over.is_set():
            began = time.monotonic()
            try:
                _, by_reader = self.readers.get(self.key, timeout=self.timeout)
            except grpc.RpcError as error:
                self.failures.append((error.code(), error.details()))
                continue
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.by_reader += by_reader
            self.by_writer += not by_reader

    def await_reader(self, seconds: float = 30) -> None:
        before = self.by_reader
        wait_for(lambda: self.by_reader > before + 10, seconds, "reads by the reader")

    def check(self) -> None:
        print(f"{self.by_reader} by the reader, {self.by_writer} by the writer, slowest {self.slowest:.2f} s")
        assert not self.failures, (len(self.failures), self.failures[:3])
