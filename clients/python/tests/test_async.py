"""The client for asyncio has the same methods."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bookstore_client import AsyncClient, Book, DeadlineExceeded, InvalidArgument, NotFound
from conftest import connection, control, sample


def test_scenario(given: dict[str, Any], author: str) -> None:
    async def run() -> None:
        async with AsyncClient(**given) as client:
            book = await client.books.create(sample(author))
            assert await client.books.get(book.id) == book
            with pytest.raises(InvalidArgument) as caught:
                await client.books.create(Book())
            assert "book.title" in {violation.field for violation in caught.value.violations}
            calls = 0

            def change(read: Book) -> None:
                nonlocal calls
                calls += 1
                read.year += 1

            await asyncio.gather(*(client.books.update(book.id, change) for _ in range(4)))
            assert calls >= 4
            assert (await client.books.get(book.id)).year == 1819
            await client.books.delete(book.id)
            with pytest.raises(NotFound):
                await client.books.get(book.id)

    asyncio.run(run())


def test_streams_and_pages(author: str) -> None:
    async def rows() -> AsyncIterator[Book]:
        for n in range(1000):
            yield sample(author, year=20_000 if n == 3 else 1 + n)

    async def run() -> None:
        async with AsyncClient(**connection("cleartext")) as client:
            counts: list[int] = []
            result = await client.books.import_(rows(), progress=counts.append)
            assert (result.imported, result.failed, counts[-1]) == (999, 1, 1000)
            assert [failure.position for failure in result.failures] == [3]
            exported = [book async for book in client.books.export(filter=f'author = "{author}"')]
            assert len(exported) == 999
            listed = [book async for book in client.books.list(author=author, page_size=100)]
            assert listed == exported
            assert len([book async for book in client.books.list(author=author, page_size=7, limit=20)]) == 20

    asyncio.run(run())


def test_creations_survive_a_crash_of_the_server(author: str) -> None:
    async def run() -> None:
        async with AsyncClient(**connection("cleartext")) as client:
            loop = asyncio.get_running_loop()

            async def create(n: int) -> None:
                await asyncio.sleep(n * 0.005)
                await client.books.create(sample(author, title=str(n)))

            async def crash() -> None:
                await asyncio.sleep(0.2)
                await loop.run_in_executor(None, control, "kill")
                await asyncio.sleep(0.2)
                await loop.run_in_executor(None, control, "start")

            await asyncio.gather(crash(), *(create(n) for n in range(200)))
            titles = [book.title async for book in client.books.list(author=author)]
            assert sorted(titles, key=int) == [str(n) for n in range(200)]

    asyncio.run(run())


def test_deadline() -> None:
    async def run() -> None:
        async with AsyncClient(**connection("cleartext")) as client:
            book = await client.books.create(sample("Jane Austen"))
            control("pause")
            try:
                with pytest.raises(DeadlineExceeded):
                    await client.books.get(book.id, timeout=0.3)
            finally:
                control("resume")

    asyncio.run(run())
