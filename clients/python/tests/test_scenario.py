"""What users of the package do, against the running system."""

from __future__ import annotations

import concurrent.futures
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from bookstore_client import (
    AlreadyExists,
    Book,
    Client,
    DeadlineExceeded,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    VersionMismatch,
)
from conftest import control, sample


def later(book: Book) -> None:
    book.year += 1


@pytest.mark.parametrize("given", ["cleartext", "token"], indirect=True)
def test_creations_survive_a_crash_of_the_server(client: Client, author: str) -> None:
    titles = [str(n) for n in range(300)]

    def crash() -> None:
        for _ in range(3):
            time.sleep(0.3)
            control("kill")
            time.sleep(0.2)
            control("start")

    crashing = threading.Thread(target=crash)
    crashing.start()
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:

            def create(title: str) -> Book:
                time.sleep(0.02)
                return client.books.create(sample(author, title=title))

            created = list(pool.map(create, titles))
    finally:
        crashing.join()
    assert [book.title for book in created] == titles
    stored = {book.id: book.title for book in client.books.list(author=author)}
    assert stored == {book.id: book.title for book in created}


def test_pages_while_others_write(plain: Client, author: str) -> None:
    result = plain.books.import_(sample(author, title=str(n)) for n in range(10_000))
    assert (result.imported, result.failed) == (10_000, 0)
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            created = plain.books.create(sample(author, title="other"))
            plain.books.update(created.id, later)
            plain.books.delete(created.id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        titles = [book.title for book in plain.books.list(author=author, page_size=500) if book.title != "other"]
    finally:
        over.set()
        writer.join()
    assert sorted(titles, key=int) == [str(n) for n in range(10_000)]
    assert sum(1 for _ in plain.books.list(author=author, page_size=7, limit=20)) == 20
    assert list(plain.books.list(author=author, limit=0)) == []
    assert [len(page.books) for page in plain.books.list(author=author, page_size=10, limit=25).pages()] == [10, 10, 10]
    listed = plain.books.list(author=author, page_size=2)
    assert next(iter(listed)).id == next(iter(listed)).id


def test_fields_of_a_validation_error(client: Client, author: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        client.books.create(Book(author=author, year=20_000))
    assert {violation.field for violation in caught.value.violations} == {"book.title", "book.publisher", "book.year"}
    assert caught.value.request_id
    assert caught.value.request_id in str(caught.value)
    assert author not in str(caught.value)


def test_errors_have_types(client: Client, author: str) -> None:
    book = client.books.create(sample(author))
    with pytest.raises(AlreadyExists) as caught:
        client.books.create(book)
    assert book.id in caught.value.resource
    with pytest.raises(NotFound):
        client.books.get(str(uuid.uuid4()))
    with pytest.raises(VersionMismatch):
        client.books.delete(book.id, etag="0")
    client.books.delete(book.id)
    client.books.delete(book.id, allow_missing=True)


def test_a_conflict_is_resolved(client: Client, author: str) -> None:
    book = client.books.create(sample(author))
    calls = 0

    def change(read: Book) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            client.books.patch(Book(id=read.id, title="Changed by another"))
        read.publisher = f"Changed in call {calls}"

    changed = client.books.update(book.id, change)
    assert calls == 2
    assert (changed.title, changed.publisher) == ("Changed by another", "Changed in call 2")
    # No difference, no write.
    assert client.books.update(book.id, lambda read: read).etag == changed.etag


def test_many_updates_of_one_row(plain: Client, author: str) -> None:
    book = plain.books.create(sample(author, year=1))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: plain.books.update(book.id, later), range(20)))
    assert plain.books.get(book.id).year == 21


def test_import_with_refused_lines(client: Client, author: str) -> None:
    counts: list[int] = []
    rows = (sample(author, year=20_000 if n % 10 == 3 else n + 1) for n in range(100))
    result = client.books.import_(rows, progress=counts.append)
    assert (result.imported, result.failed) == (90, 10)
    assert [failure.position for failure in result.failures] == list(range(3, 100, 10))
    assert isinstance(result.failures[0].error, InvalidArgument)
    assert counts[-1] == 100
    received: list[int] = []
    exported = client.books.export(filter=f'author = "{author}"', progress=received.append)
    assert len(list(exported)) == 90
    assert received[-1] == 90


def test_an_error_of_the_rows_ends_the_import(plain: Client, author: str, caplog: pytest.LogCaptureFixture) -> None:
    def rows() -> Iterator[Book]:
        yield sample(author)
        raise KeyError(author)

    with pytest.raises(KeyError):
        plain.books.import_(rows())
    assert author not in caplog.text


def test_an_import_is_not_read_ahead(plain: Client, author: str) -> None:
    taken, last = 0, time.monotonic()
    over = False
    plain.books.create(sample(author))

    def rows() -> Iterator[Book]:
        nonlocal taken, last
        while taken < 200_000 and not over:
            taken, last = taken + 1, time.monotonic()
            yield sample(author, title="x" * 200)

    control("pause")
    try:
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            result = pool.submit(plain.books.import_, rows(), timeout=50)
            # The buffers of the connection are full.
            while time.monotonic() - last < 1 and taken < 200_000:
                time.sleep(0.01)
            assert taken < 200_000
            over = True
            control("resume")
            assert result.result().imported == taken
    finally:
        over = True
        control("resume")


def test_deadline(plain: Client, author: str) -> None:
    book = plain.books.create(sample(author))
    control("pause")
    try:
        started = time.monotonic()
        with pytest.raises(DeadlineExceeded) as read:
            plain.books.get(book.id, timeout=0.5)
        assert not isinstance(read.value, OutcomeUnknown)
        with pytest.raises(DeadlineExceeded) as write:
            plain.books.patch(Book(id=book.id, year=7), timeout=0.5)
        assert isinstance(write.value, OutcomeUnknown)
        assert time.monotonic() - started < 5  # the default is 30 s
    finally:
        control("resume")


def test_batches(client: Client, author: str) -> None:
    books = client.books.batch_create(sample(author, title=str(n)) for n in range(3))
    assert client.books.batch_get([book.id for book in books]) == books


def test_the_stub_is_reachable(client: Client, author: str) -> None:
    book = client.books.create(sample(author))
    from bookstore_client import GetBookRequest

    assert client.books.stub.GetBook(GetBookRequest(id=book.id), timeout=10) == book
