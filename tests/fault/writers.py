"""Clients that write without pause, and the comparison of what they were told with what the
database has."""

import contextlib
import os
import threading
import time
import uuid

import grpc
import httpx
import psycopg
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc as rpc
from local import wait_for
from running import bound

# The acknowledged writes of all tests of the suite that have writers, and the number of
# these tests.
WRITES = int(os.environ.get("FAULT_WRITES", "24000"))
TESTS = 14

BATCH = 50
# Between two tries of a write that failed.
PAUSE = 0.02
# How long a write is repeated.
LONGEST = 120
CREATED, CHANGED = 2000, 2001
# With which a caller may try again.
RETRYABLE = {"UNAVAILABLE", "DEADLINE_EXCEEDED"}


def code_of(error: grpc.RpcError) -> str:
    """The name of the code. gRPC itself answers CANCELLED, without details of the service, to a call
    that arrives just when its server stops (server/serve/rpc/server.h): nothing was done. The
    clients and the gateway treat that as UNAVAILABLE."""
    has_details = any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata() or ())
    is_of_stop = error.code() is grpc.StatusCode.CANCELLED and not has_details
    return grpc.StatusCode.UNAVAILABLE.name if is_of_stop else error.code().name


class Failure(Exception):
    """The name of the code of a request that failed, and the text of the error."""

    def __init__(self, code: str, text: str):
        super().__init__(code, text)
        self.code, self.text = code, text


class Grpc:
    """Creates a book, and changes it."""

    def __init__(self, system, target: str | None = None):
        options = [
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.min_reconnect_backoff_ms", 50),
            ("grpc.max_reconnect_backoff_ms", 200),
        ]
        self.channel = grpc.insecure_channel(target or f"127.0.0.1:{system.grpc_port}", options)
        self.books = rpc.BookServiceStub(self.channel)

    def close(self) -> None:
        self.channel.close()

    def write(self, name: str, number: int, try_until) -> int:
        """Makes the rows from this number on, and returns how many writes that were."""
        book = pb.Book(title=f"{name}.{number}", author="a", publisher="p", year=CREATED)
        creation = pb.CreateBookRequest(book=book, request_id=str(uuid.uuid4()))
        created = try_until(lambda: self.call(self.books.CreateBook, creation))
        change = pb.UpdateBookRequest(book=pb.Book(id=created.id, year=CHANGED), request_id=str(uuid.uuid4()))
        change.update_mask.paths.append("year")
        try_until(lambda: self.call(self.books.UpdateBook, change))
        return 1

    @staticmethod
    def call(method, request):
        try:
            return method(request, timeout=10)
        except grpc.RpcError as error:
            raise Failure(code_of(error), error.details()) from None


class GrpcBatches(Grpc):
    """Creates books in batches."""

    def write(self, name: str, number: int, try_until) -> int:
        request = pb.BatchCreateBooksRequest(request_id=str(uuid.uuid4()))
        for i in range(number, number + BATCH):
            request.requests.add().book.CopyFrom(
                pb.Book(title=f"{name}.{i}", author="a", publisher="p", year=CHANGED)
            )
        try_until(lambda: self.call(self.books.BatchCreateBooks, request))
        return BATCH


class Rest:
    """As Grpc, through the gateway."""

    def __init__(self, system):
        self.client = httpx.Client(base_url=system.url, timeout=30, trust_env=False)

    def close(self) -> None:
        self.client.close()

    def write(self, name: str, number: int, try_until) -> int:
        book = {"title": f"{name}.{number}", "author": "a", "publisher": "p", "year": CREATED}
        key = str(uuid.uuid4())
        created = try_until(lambda: self.call("PUT", "/book", book, key))
        key = str(uuid.uuid4())
        path = f"/book/{created['id']}"
        try_until(lambda: self.call("PATCH", path, {"year": CHANGED}, key))
        return 1

    def call(self, verb: str, path: str, body: dict, key: str):
        try:
            response = self.client.request(verb, path, json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError as error:
            raise Failure("TRANSPORT", repr(error)) from None
        if response.is_success:
            return response.json()
        problem = response.json()
        raise Failure(problem["code"], f"{problem.get('reason', '')} {problem['detail']}")


class RestBatches(Rest):
    """As GrpcBatches, through the gateway."""

    def write(self, name: str, number: int, try_until) -> int:
        books = [
            {"title": f"{name}.{i}", "author": "a", "publisher": "p", "year": CHANGED}
            for i in range(number, number + BATCH)
        ]
        body, key = {"requests": [{"book": book} for book in books]}, str(uuid.uuid4())
        try_until(lambda: self.call("POST", "/book:batchCreate", body, key))
        return BATCH


class Writer:
    """Makes rows with the numbers 0, 1, ..., each until it is acknowledged."""

    def __init__(self, name: str, client, over: threading.Event):
        self.name, self.client, self.over = name, client, over
        self.rows = 0
        self.last = 0.0  # when the last request that succeeded began
        self.longest = 0.0
        self.failures: list[tuple[float, Failure]] = []
        self.broken: BaseException | None = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        try:
            while not self.over.is_set():
                self.rows += self.client.write(self.name, self.rows, self.try_until)
        except BaseException as error:
            self.broken = error
        finally:
            self.client.close()

    def try_until(self, call):
        first = time.monotonic()
        while True:
            began = time.monotonic()
            try:
                result = call()
            except Failure as failure:
                self.failures.append((began, failure))
                if time.monotonic() - first > LONGEST:
                    raise
                time.sleep(PAUSE)
                continue
            self.last, self.longest = began, max(self.longest, time.monotonic() - first)
            return result


class Writers:
    """Writers of all kinds. At the end of the block they have made at least their part of
    FAULT_WRITES rows, and the database has exactly these."""

    def __init__(self, system, clients=(Grpc, GrpcBatches, Rest), each: int = 2):
        self.over = threading.Event()
        self.system = system
        made = [client(system) for client in clients for _ in range(each)]
        self.writers = [Writer(f"writer {n}", client, self.over) for n, client in enumerate(made)]

    def __enter__(self) -> "Writers":
        for writer in self.writers:
            writer.thread.start()
        try:
            self.await_progress(60)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                wait_for(lambda: self.broken() or self.rows() >= WRITES / TESTS, 3600, "the writes")
        finally:
            self.stop()
        if kind is None:
            assert not self.broken(), self.broken()
            self.compare()

    def stop(self) -> None:
        self.over.set()
        for writer in self.writers:
            writer.thread.join(180)

    def rows(self) -> int:
        return sum(writer.rows for writer in self.writers)

    def broken(self) -> list[BaseException]:
        return [writer.broken for writer in self.writers if writer.broken]

    def failures(self, begin: float = 0.0) -> list[Failure]:
        return [failure for writer in self.writers for at, failure in writer.failures if at >= begin]

    def check_retryable(self) -> None:
        """All requests that failed may be repeated, and their callers know it."""
        wrong = [failure for failure in self.failures() if failure.code not in RETRYABLE]
        assert not wrong, (len(wrong), wrong[:3])

    def await_progress(self, seconds: float) -> float:
        """Waits until a request of each writer has begun and succeeded, and returns the time."""
        began = time.monotonic()
        while not all(writer.last >= began for writer in self.writers):
            assert not self.broken(), self.broken()
            assert time.monotonic() - began < bound(seconds), (
                [writer.last - began for writer in self.writers],
                [writer.failures[-1:] for writer in self.writers],
            )
            time.sleep(0.005)
        return time.monotonic() - began

    def await_recovery(self, seconds: float) -> None:
        """From now on requests of each writer succeed within so many seconds."""
        spent = self.await_progress(seconds)
        longest = max(writer.longest for writer in self.writers)
        print(
            f"service after {spent:.2f} s; longest request with its repetitions {longest:.2f} s; "
            f"{self.rows()} rows, {len(self.failures())} failures"
        )

    def compare(self) -> None:
        """Every row that was acknowledged exists once, as it was acknowledged, and no other."""
        numbers = {writer.name: bytearray(writer.rows) for writer in self.writers}
        wrong = []
        owner = self.system.database["TEST_DATABASE_OWNER"]
        with psycopg.connect(owner) as connection, connection.cursor("rows") as rows:
            rows.itersize = 10000
            rows.execute("SELECT title, year FROM bookstore.book WHERE title LIKE 'writer %'")
            for title, year in rows:
                name, _, number = title.rpartition(".")
                with contextlib.suppress(IndexError):
                    numbers[name][int(number)] += 1
                    if year == CHANGED:
                        continue
                wrong.append((title, year))
        lost = sum(found.count(0) for found in numbers.values())
        doubled = sum(1 for found in numbers.values() for count in found if count > 1)
        print(f"{self.rows()} rows: {lost} lost, {doubled} doubled, {len(wrong)} wrong")
        assert self.rows() > 0
        assert (lost, doubled, wrong[:3]) == (0, 0, [])
