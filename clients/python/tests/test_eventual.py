"""Views, whose reads may be stale: what they send to a server that records it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
import re
import time
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple, Optional

import bookstore_client
import grpc
import pytest
from bookstore_client import AsyncClient, Book, Client, InvalidArgument, Policy
from conftest import sample

BOOK = Book(id="1", etag="2", title="Emma", year=1815)
PAGES = 3
READS: dict[str, Callable[[Any], Any]] = {
    "GetBook": lambda client: client.books.get("1"),
    "BatchGetBooks": lambda client: client.books.batch_get(["1"]),
    "ListBooks": lambda client: client.books.list(),
    "ExportBooks": lambda client: client.books.export(),
}
WRITES: dict[str, Callable[[Any], Any]] = {
    "CreateBook": lambda client: client.books.create(sample("a")),
    "UpdateBook": lambda client: client.books.patch(BOOK, update_mask=["title"]),
    "DeleteBook": lambda client: client.books.delete("1"),
    "BatchCreateBooks": lambda client: client.books.batch_create([sample("a")]),
    "ImportBooks": lambda client: client.books.import_([sample("a")]),
}


class Received(NamedTuple):
    method: str
    #: The metadata `read-consistency`.
    consistency: list[str]
    at: float

    @property
    def limit(self) -> Optional[int]:
        """Its max-staleness in milliseconds."""
        (value,) = self.consistency
        found = re.fullmatch(r"eventual(?:; max-staleness=(\d+)ms)?", value)
        assert found
        return None if found[1] is None else int(found[1])


class Service(grpc.GenericRpcHandler):
    """Has one book, and lists it on each of PAGES pages."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        #: Called by the next call, which then fails with the code.
        self.failure: Optional[tuple[grpc.StatusCode, Callable[[], object]]] = None

    def service(self, details: Any) -> Any:
        name = details.method.rpartition("/")[2]
        sent = [value for key, value in details.invocation_metadata if key == "read-consistency"]
        self.received.append(Received(name, sent, time.monotonic()))
        kind = "stream_unary" if name == "ImportBooks" else "unary_unary"
        kind = "unary_stream" if name == "ExportBooks" else kind
        request = {"ImportBooks": "CreateBook", "ExportBooks": "ExportBooks"}.get(name, name)
        make = getattr(grpc, f"{kind}_rpc_method_handler")
        return make(
            lambda given, context: self.answer(name, given, context),
            getattr(bookstore_client, f"{request}Request").FromString,
            lambda message: message.SerializeToString(),
        )

    def answer(self, name: str, request: Any, context: grpc.ServicerContext) -> Any:
        if self.failure:
            (code, action), self.failure = self.failure, None
            action()
            context.abort(code, "no")
        if name == "ExportBooks":
            return iter([BOOK])
        if name == "ImportBooks":
            return bookstore_client.ImportBooksResponse(imported_count=len(list(request)))
        if name == "ListBooks":
            number = int(request.page_token or "1")
            token = str(number + 1) if number < PAGES else ""
            return bookstore_client.ListBooksResponse(books=[BOOK], next_page_token=token)
        response = getattr(bookstore_client, f"{name}Response", None)
        return response(books=[BOOK]) if response else BOOK

    def last(self, method: str) -> Received:
        return [received for received in self.received if received.method == method][-1]


@pytest.fixture
def service() -> Iterator[tuple[Service, str]]:
    made = Service()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((made,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield made, f"127.0.0.1:{port}"
    server.stop(0)


@pytest.fixture
def pair(service: tuple[Service, str]) -> Iterator[tuple[Service, Client]]:
    made, target = service
    with Client(target, tls=False, policy=Policy(first_backoff=0.01)) as client:
        yield made, client


def finish(answer: Any) -> None:
    """Uses all rows of a list or an export."""
    if hasattr(answer, "__iter__"):
        assert list(answer)


def test_only_the_reads_of_a_view_may_be_stale(pair: tuple[Service, Client]) -> None:
    made, client = pair
    view = client.eventual()
    assert type(view) is Client
    for read in READS.values():
        finish(read(view))
    assert {received.method for received in made.received} == set(READS)
    assert len(made.received) == len(READS) - 1 + PAGES
    assert {tuple(received.consistency) for received in made.received} == {("eventual",)}
    made.received.clear()
    for call in (*READS.values(), *WRITES.values()):
        finish(call(client))
    for write in WRITES.values():
        write(view)
    assert {received.method for received in made.received} == READS.keys() | WRITES.keys()
    assert not any(received.consistency for received in made.received)


def test_an_update_reads_from_the_writer(pair: tuple[Service, Client]) -> None:
    made, client = pair

    def change(book: Book) -> None:
        book.year += 1

    client.eventual(0.1).books.update("1", change)
    assert [(received.method, received.consistency) for received in made.received] == [
        ("GetBook", []),
        ("UpdateBook", []),
    ]


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("by_view", [False, True])
@pytest.mark.parametrize("fails", [False, True])
def test_reads_see_the_own_writes(pair: tuple[Service, Client], method: str, by_view: bool, fails: bool) -> None:
    made, client = pair
    view, other = client.eventual(), client.eventual(3600)
    client.books.create(sample("a"))
    time.sleep(0.05)
    if fails:
        made.failure = (grpc.StatusCode.INVALID_ARGUMENT, lambda: None)
        with pytest.raises(InvalidArgument):
            WRITES[method](other if by_view else client)
    else:
        WRITES[method](other if by_view else client)
    # The write ended after the server got it.
    written = made.last(method).at
    time.sleep(0.02)
    for reader in (view, other):
        for name, read in READS.items():
            finish(read(reader))
            received = made.last(name)
            assert received.limit is not None
            assert 0 < received.limit <= (received.at - written) * 1000


def test_each_page_has_its_own_limit(pair: tuple[Service, Client]) -> None:
    made, client = pair
    pages = client.eventual().books.list().pages()
    next(pages)  # sends the request of the second page too
    client.books.create(sample("a"))
    next(pages)
    next(pages)
    limits = [received.limit for received in made.received if received.method == "ListBooks"]
    assert limits[:2] == [None, None]
    assert limits[2] is not None


@pytest.mark.parametrize("method", READS)
def test_each_attempt_has_its_own_limit(pair: tuple[Service, Client], method: str) -> None:
    made, client = pair
    made.failure = (grpc.StatusCode.UNAVAILABLE, lambda: client.books.create(sample("a")))
    finish(READS[method](client.eventual()))
    first, second = [received for received in made.received if received.method == method][:2]
    assert first.limit is None
    assert second.limit is not None
    assert second.limit <= (second.at - made.last("CreateBook").at) * 1000


@pytest.mark.parametrize(
    ("given", "sent"), [(0, 0), (0.0004, 0), (0.25, 250), (1.001, 1001), (2, 2000), (1e300, 86_400_000)]
)
def test_the_given_limit(pair: tuple[Service, Client], given: float, sent: int) -> None:
    made, client = pair
    client.eventual(given).books.get("1")
    assert made.last("GetBook").limit == sent
    client.eventual(7).eventual(max_staleness=given).books.get("1")
    assert made.last("GetBook").limit == sent
    # A write does not make it longer.
    view = client.eventual(0.001)
    client.books.create(sample("a"))
    time.sleep(0.02)
    view.books.get("1")
    assert made.last("GetBook").limit == 1


@pytest.mark.parametrize("given", [-1, -1e-9, math.nan, math.inf, -math.inf])
def test_a_bad_limit(pair: tuple[Service, Client], given: float) -> None:
    _, client = pair
    with pytest.raises(ValueError, match="max_staleness"):
        client.eventual(given)


def test_the_connection_is_the_clients(pair: tuple[Service, Client]) -> None:
    _, client = pair
    with client.eventual() as view:
        assert view.books.get("1") == BOOK
    assert client.books.get("1") == BOOK
    assert client.eventual().books.get("1") == BOOK


def test_asyncio(service: tuple[Service, str]) -> None:
    made, target = service

    async def finish_all(answer: Any) -> None:
        if hasattr(answer, "__aiter__"):
            assert [row async for row in answer]
        else:
            await answer

    async def run() -> None:
        async with AsyncClient(target, tls=False, policy=Policy(first_backoff=0.01)) as client:
            async with client.eventual(0.25) as view:
                assert type(view) is AsyncClient
                await view.books.get("1")
            assert made.last("GetBook").limit == 250
            view = client.eventual()
            pages = view.books.list().pages()
            await pages.__anext__()  # begins to read the second page
            await client.books.create(sample("a"))
            async for _ in pages:
                pass
            limits = [received.limit for received in made.received if received.method == "ListBooks"]
            assert (limits[0], len(limits)) == (None, PAGES)
            assert limits[2] is not None
            for method, write in WRITES.items():
                await write(view)
                written = made.last(method).at
                await asyncio.sleep(0.02)
                for name, read in READS.items():
                    await finish_all(read(view))
                    received = made.last(name)
                    assert received.limit is not None
                    assert 0 < received.limit <= (received.at - written) * 1000
                    await finish_all(read(client))
                    assert made.last(name).consistency == []

            def change(book: Book) -> None:
                book.year += 1

            await view.books.update("1", change)
            assert made.last("GetBook").consistency == []
            with pytest.raises(ValueError, match="max_staleness"):
                client.eventual(-1)

    asyncio.run(run())
