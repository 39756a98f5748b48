"""A logical call as both kinds of clients make it."""

from __future__ import annotations

from typing import Any, NoReturn, Optional, Tuple

from .connection import Tokens
from .retry import Attempts, Method, Policy
from .telemetry import Span, Telemetry


class Call:
    """One logical call with its attempts and its span."""

    __slots__ = ("_attempts", "_span", "metadata")

    def __init__(self, attempts: Attempts, span: Optional[Span]) -> None:
        self._attempts = attempts
        self._span = span
        #: What each attempt sends.
        self.metadata: Tuple[Tuple[str, str], ...] = (("x-request-id", attempts.request_id),)
        if span is not None:
            self.metadata += span.metadata

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
        if self._span is not None:
            self._span.end(error)
            self._span = None


class Calls:
    """Begins logical calls."""

    def __init__(self, policy: Policy, tokens: Optional[Tokens], telemetry: Optional[Telemetry]) -> None:
        self.policy = policy
        self._tokens = tokens
        self._telemetry = telemetry

    def begin(self, method: Method, request_id: Optional[str] = None, timeout: Optional[float] = None) -> Call:
        limit = self.policy.timeout if timeout is None else timeout
        return self._begin(method, request_id, limit)

    def begin_stream(self, method: Method, timeout: Optional[float]) -> Call:
        return self._begin(method, None, self.policy.stream_timeout if timeout is None else timeout)

    def _begin(self, method: Method, request_id: Optional[str], timeout: float) -> Call:
        attempts = Attempts(self.policy, method, request_id, timeout, self._tokens)
        span = None if self._telemetry is None else self._telemetry.start(method, attempts.request_id)
        return Call(attempts, span)
