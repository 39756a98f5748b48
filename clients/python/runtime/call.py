"""A logical call as both kinds of clients make it."""

from __future__ import annotations

import copy
from typing import Any, NoReturn, Optional, TypeVar

from .connection import Tokens
from .eventual import EventualReads, Writes
from .retry import Attempts, Method, Policy
from .telemetry import Metadata, Span, Telemetry

C = TypeVar("C", bound="Calls")


class Call:
    """One logical call with its attempts and its span."""

    __slots__ = ("_attempts", "_eventual", "_metadata", "_span", "_writes")

    def __init__(
        self,
        attempts: Attempts,
        span: Optional[Span],
        eventual: Optional[EventualReads],
        writes: Optional[Writes],
    ) -> None:
        """`eventual` of a read that a standby may answer, `writes` of a write."""
        self._attempts = attempts
        self._span = span
        self._eventual = eventual
        self._writes = writes
        # What all attempts send.
        self._metadata: Metadata = (("x-request-id", attempts.request_id),)
        if span is not None:
            self._metadata += span.metadata

    @property
    def metadata(self) -> Metadata:
        """What an attempt that begins now sends."""
        return self._metadata if self._eventual is None else (*self._metadata, self._eventual.metadata())

    @property
    def timeout(self) -> float:
        return self._attempts.timeout

    def delay_after(self, failure: Any) -> float:
        """As Attempts.delay_after; ends the span if the call is not repeated."""
        try:
            delay = self._attempts.delay_after(failure)
        except Exception as error:
            self.end(error)
            raise
        if self._span is not None:
            self._span.repeated(delay)
        return delay

    def fail(self, failure: Any) -> NoReturn:
        """Raises the typed error of a grpc.RpcError."""
        error = self._attempts.error(failure)
        self.end(error)
        raise error from failure

    def end(self, error: Optional[BaseException] = None) -> None:
        if self._writes is not None:
            self._writes.end()
        if self._span is not None:
            self._span.end(error)
            self._span = None


class Calls:
    """Begins logical calls."""

    def __init__(self, policy: Policy, tokens: Optional[Tokens], telemetry: Optional[Telemetry]) -> None:
        self.policy = policy
        self._tokens = tokens
        self._telemetry = telemetry
        self._writes = Writes()
        # Of a view.
        self._eventual: Optional[EventualReads] = None

    def eventual(self: C, max_staleness: Optional[float]) -> C:
        """The calls of a view: a standby may answer its reads. They see the writes of both."""
        view = copy.copy(self)
        view._eventual = EventualReads(max_staleness, self._writes)
        return view

    def begin(self, method: Method, request_id: Optional[str] = None, timeout: Optional[float] = None) -> Call:
        limit = self.policy.timeout if timeout is None else timeout
        return self._begin(method, request_id, limit)

    def begin_stream(self, method: Method, timeout: Optional[float]) -> Call:
        return self._begin(method, None, self.policy.stream_timeout if timeout is None else timeout)

    def _begin(self, method: Method, request_id: Optional[str], timeout: float) -> Call:
        attempts = Attempts(self.policy, method, request_id, timeout, self._tokens)
        span = None if self._telemetry is None else self._telemetry.start(method, attempts.request_id)
        eventual = self._eventual if method.is_read and not method.is_for_update else None
        return Call(attempts, span, eventual, None if method.is_read else self._writes)
