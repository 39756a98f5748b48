"""Calls of clients for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Iterable, Sequence
from typing import (
    Any,
    Callable,
    Generic,
    Optional,
    Tuple,
    TypeVar,
    Union,
)

import grpc
from google.protobuf.message import Message
from grpc import aio

from .call import Calls
from .errors import VersionMismatch
from .retry import Method
from .values import Progress, ProgressReport, apply

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
Row = TypeVar("Row", bound=Message)
Rows = Union[Iterable[Row], AsyncIterable[Row]]


class AsyncCalls(Calls):
    async def unary(
        self,
        function: aio.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        method: Method,
        request_id: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Response:
        """Makes a call, and repeats it where that is permitted."""
        call = self.begin(method, request_id, timeout)
        try:
            while True:
                try:
                    response: Response = await function(request, timeout=call.timeout, metadata=call.metadata)
                    break
                except grpc.RpcError as failure:
                    await asyncio.sleep(call.delay_after(failure))
        except BaseException as error:
            call.end(error)
            raise
        call.end()
        return response

    async def update(
        self,
        read: Callable[[float], Awaitable[Row]],
        write: Callable[[Row, Sequence[str], str, float], Awaitable[Row]],
        change: Callable[[Row], Optional[Row]],
        version: Tuple[str, Sequence[str]],
        timeout: Optional[float],
    ) -> Row:
        """As SyncCalls.update."""
        limit = self.policy.timeout if timeout is None else timeout
        deadline = time.monotonic() + limit
        conflicts = 0
        while True:
            before = await read(max(deadline - time.monotonic(), 0.001))
            after, paths = apply(change, before, version[1])
            if not paths:
                return before
            try:
                etag: str = getattr(before, version[0])
                return await write(after, paths, etag, max(deadline - time.monotonic(), 0.001))
            except VersionMismatch:
                conflicts += 1
                if conflicts >= self.policy.max_conflicts:
                    raise
                await asyncio.sleep(self.policy.conflict_delay(conflicts))

    async def send_rows(
        self,
        function: aio.StreamUnaryMultiCallable[Request, Response],
        requests: AsyncIterable[Request],
        method: Method,
        progress: Optional[Progress],
        timeout: Optional[float],
    ) -> Response:
        """Sends the rows of an import as fast as the server takes them."""
        call = self.begin_stream(method, timeout)
        report = ProgressReport(progress)
        stream: Any = function(timeout=call.timeout, metadata=call.metadata)
        try:
            await _write_all(stream, requests, report)
            response: Response = await stream
        except grpc.RpcError as failure:
            call.fail(failure)
        except BaseException as error:
            stream.cancel()
            call.end(error)
            raise
        report.end()
        call.end()
        return response

    async def receive_rows(
        self,
        function: aio.UnaryStreamMultiCallable[Request, Response],
        request: Request,
        method: Method,
        progress: Optional[Progress],
        timeout: Optional[float],
    ) -> AsyncIterator[Response]:
        """As SyncCalls.receive_rows."""
        call = self.begin_stream(method, timeout)
        report = ProgressReport(progress)
        received = False
        while True:
            stream: Any = function(request, timeout=call.timeout, metadata=call.metadata)
            try:
                async for row in stream:
                    received = True
                    report.count()
                    yield row
                break
            except grpc.RpcError as failure:
                if received:
                    call.fail(failure)
                await asyncio.sleep(call.delay_after(failure))
            except BaseException as error:
                call.end(error)
                raise
            finally:
                stream.cancel()
        report.end()
        call.end()


async def map_rows(convert: Callable[[Row], Request], rows: Rows[Row]) -> AsyncIterator[Request]:
    """The requests of rows, which may come asynchronously."""
    if isinstance(rows, AsyncIterable):
        async for row in rows:
            yield convert(row)
    else:
        for row in rows:
            yield convert(row)


async def _write_all(stream: Any, requests: AsyncIterable[Request], report: ProgressReport) -> None:
    try:
        async for request in requests:
            await stream.write(request)
            report.count()
        await stream.done_writing()
    except asyncio.InvalidStateError:
        # The server has ended the call; awaiting the stream raises its error.
        if not stream.done():
            raise


class AsyncPages(Generic[Response, Row]):
    """As Pages, for `async for`."""

    def __init__(
        self,
        start: Callable[[str], Awaitable[Response]],
        read: Callable[[Response], Tuple[Sequence[Row], str]],
        first_token: str,
        limit: Optional[int],
    ) -> None:
        self._start = start
        self._read = read
        self._first_token = first_token
        self._limit = limit

    async def pages(self) -> AsyncGenerator[Response, None]:
        """The responses, page after page; `limit` does not cut the last one."""
        remaining = self._limit
        following: Optional[asyncio.Future[Response]] = asyncio.ensure_future(self._start(self._first_token))
        try:
            while following is not None:
                page = await following
                following = None
                rows, token = self._read(page)
                remaining = None if remaining is None else remaining - len(rows)
                if token and (remaining is None or remaining > 0):
                    following = asyncio.ensure_future(self._start(token))
                yield page
        finally:
            if following is not None:
                following.cancel()

    async def __aiter__(self) -> AsyncIterator[Row]:
        remaining = self._limit
        if remaining is not None and remaining <= 0:
            return
        pages = self.pages()
        try:
            async for page in pages:
                for row in self._read(page)[0]:
                    yield row
                    if remaining is not None:
                        remaining -= 1
                        if remaining == 0:
                            return
        finally:
            await pages.aclose()
