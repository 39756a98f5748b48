"""Calls of clients that block."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Callable, Generic, Optional, Tuple, TypeVar

import grpc
from google.protobuf.message import Message

from .call import Call, Calls
from .errors import VersionMismatch
from .retry import Method
from .values import Progress, ProgressReport, apply

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
Row = TypeVar("Row", bound=Message)


class Prefetch(Generic[Response]):
    """A call that has begun."""

    def __init__(self, finish: Callable[[], Response], cancel: Callable[[], None]) -> None:
        self.finish = finish
        self.cancel = cancel


class SyncCalls(Calls):
    def unary(
        self,
        function: grpc.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        method: Method,
        request_id: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Response:
        """Makes a call, and repeats it where that is permitted."""
        call = self.begin(method, request_id, timeout)
        try:
            try:
                response = function(request, timeout=call.timeout, metadata=call.metadata)
            except grpc.RpcError as failure:
                response = self._repeat(function, request, call, failure)
        except BaseException as error:
            call.end(error)
            raise
        call.end()
        return response

    def _repeat(
        self,
        function: grpc.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        call: Call,
        failure: grpc.RpcError,
    ) -> Response:
        while True:
            time.sleep(call.delay_after(failure))
            try:
                return function(request, timeout=call.timeout, metadata=call.metadata)
            except grpc.RpcError as again:
                failure = again

    def prefetch(
        self,
        function: grpc.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        method: Method,
        timeout: Optional[float],
    ) -> Prefetch[Response]:
        """Starts a call in the background."""
        call = self.begin(method, None, timeout)
        future = function.future(request, timeout=call.timeout, metadata=call.metadata)

        def finish() -> Response:
            try:
                response: Response = future.result()
            except grpc.RpcError as failure:
                response = self._repeat(function, request, call, failure)
            call.end()
            return response

        def cancel() -> None:
            future.cancel()
            call.end()

        return Prefetch(finish, cancel)

    def update(
        self,
        read: Callable[[float], Row],
        write: Callable[[Row, Sequence[str], str, float], Row],
        change: Callable[[Row], Optional[Row]],
        version: Tuple[str, Sequence[str]],
        timeout: Optional[float],
    ) -> Row:
        """Reads, changes and writes a resource; again, if another writer came first. `version`
        has the name of the etag, and the fields that a change cannot change."""
        limit = self.policy.timeout if timeout is None else timeout
        deadline = time.monotonic() + limit
        conflicts = 0
        while True:
            before = read(max(deadline - time.monotonic(), 0.001))
            after, paths = apply(change, before, version[1])
            if not paths:
                return before
            try:
                etag: str = getattr(before, version[0])
                return write(after, paths, etag, max(deadline - time.monotonic(), 0.001))
            except VersionMismatch:
                conflicts += 1
                if conflicts >= self.policy.max_conflicts:
                    raise
                time.sleep(self.policy.conflict_delay(conflicts))

    def send_rows(
        self,
        function: grpc.StreamUnaryMultiCallable[Request, Response],
        requests: Iterable[Request],
        method: Method,
        progress: Optional[Progress],
        timeout: Optional[float],
    ) -> Response:
        """Sends the rows of an import as fast as the server takes them."""
        call = self.begin_stream(method, timeout)
        report = ProgressReport(progress)
        broken: list[BaseException] = []
        started: list[Any] = []

        def sent() -> Iterator[Request]:
            # gRPC would log an error of the iterator, and with it perhaps values.
            try:
                for request in requests:
                    yield request
                    report.count()
            except GeneratorExit:
                raise
            except BaseException as error:
                broken.append(error)
                while not started:
                    time.sleep(0.001)
                started[0].cancel()

        future = function.future(sent(), timeout=call.timeout, metadata=call.metadata)
        started.append(future)
        try:
            response: Response = future.result()
        except (grpc.RpcError, grpc.FutureCancelledError) as failure:
            if broken:
                call.end(broken[0])
                raise broken[0] from None
            call.fail(failure)
        except BaseException as error:
            future.cancel()
            call.end(error)
            raise
        report.end()
        call.end()
        return response

    def receive_rows(
        self,
        function: grpc.UnaryStreamMultiCallable[Request, Response],
        request: Request,
        method: Method,
        progress: Optional[Progress],
        timeout: Optional[float],
    ) -> Iterator[Response]:
        """Receives the rows of an export as fast as they are consumed. Repeats the call only
        before the first row."""
        call = self.begin_stream(method, timeout)
        report = ProgressReport(progress)
        received = False
        while True:
            stream: Any = function(request, timeout=call.timeout, metadata=call.metadata)
            try:
                for row in stream:
                    received = True
                    report.count()
                    yield row
                break
            except grpc.RpcError as failure:
                if received:
                    call.fail(failure)
                time.sleep(call.delay_after(failure))
            except BaseException as error:
                call.end(error)
                raise
            finally:
                stream.cancel()
        report.end()
        call.end()


class Pages(Generic[Response, Row]):
    """The rows of a list. Iteration reads page after page, the next one while the rows of the
    one before are used; each iteration begins at the first page."""

    def __init__(
        self,
        start: Callable[[str], Prefetch[Response]],
        read: Callable[[Response], Tuple[Sequence[Row], str]],
        first_token: str,
        limit: Optional[int],
    ) -> None:
        self._start = start
        self._read = read
        self._first_token = first_token
        self._limit = limit

    def pages(self) -> Iterator[Response]:
        """The responses, page after page; `limit` does not cut the last one."""
        remaining = self._limit
        following: Optional[Prefetch[Response]] = self._start(self._first_token)
        try:
            while following is not None:
                current, following = following, None
                page = current.finish()
                rows, token = self._read(page)
                remaining = None if remaining is None else remaining - len(rows)
                if token and (remaining is None or remaining > 0):
                    following = self._start(token)
                yield page
        finally:
            if following is not None:
                following.cancel()

    def __iter__(self) -> Iterator[Row]:
        remaining = self._limit
        if remaining is not None and remaining <= 0:
            return
        for page in self.pages():
            for row in self._read(page)[0]:
                yield row
                if remaining is not None:
                    remaining -= 1
                    if remaining == 0:
                        return
