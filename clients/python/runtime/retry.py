"""Which calls are repeated, and when."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from typing import Any, Optional

import grpc

from .connection import Tokens
from .errors import OutcomeUnknown, ServiceError, from_rpc_error


@dataclass(frozen=True)
class Method:
    """A method of the contract."""

    #: "/package.Service/Method"
    path: str
    #: Whether a call changes nothing.
    is_read: bool
    #: Whether the rows are read to change them: `update` would only find conflicts with those
    #: that a standby of the database may have.
    is_for_update: bool = False


@dataclass(frozen=True)
class Policy:
    """How long calls may take, and how they are repeated. Times are in seconds."""

    #: For a call with all its repetitions, unless it has a timeout of its own.
    timeout: float = 30.0
    #: For an import or an export.
    stream_timeout: float = 3600.0
    #: A repetition waits for a random part of this time, which doubles with each repetition
    #: (full jitter), after the time that the server asks for.
    first_backoff: float = 0.1
    max_backoff: float = 5.0
    #: Calls at most, the first one included.
    max_attempts: int = 20
    #: How often `update` reads again and writes after another writer came first.
    max_conflicts: int = 10

    def backoff(self, failures: int) -> float:
        """A random time before the next attempt."""
        return random.uniform(0, min(self.max_backoff, self.first_backoff * 2 ** (failures - 1)))

    def conflict_delay(self, conflicts: int) -> float:
        """A random time before `update` reads again; other writers are fast."""
        return self.backoff(conflicts) / 10


def new_request_id() -> str:
    """An id that no other call has."""
    # Half the time of a UUID, and as random.
    return os.urandom(16).hex()


class Attempts:
    """One logical call: its deadline, its id, and what is known of its outcome."""

    __slots__ = (
        "_deadline",
        "_failures",
        "_in_doubt",
        "_is_safe",
        "_method",
        "_policy",
        "_renewed",
        "_tokens",
        "request_id",
    )

    def __init__(
        self,
        policy: Policy,
        method: Method,
        request_id: Optional[str],
        timeout: float,
        tokens: Optional[Tokens],
    ) -> None:
        self._policy = policy
        self._method = method
        self._tokens = tokens
        # The server carries out a write with a request_id only once.
        self._is_safe = method.is_read or bool(request_id)
        self._deadline = time.monotonic() + timeout
        self._failures = 0
        self._in_doubt = False
        self._renewed = False
        self.request_id = request_id or new_request_id()

    @property
    def timeout(self) -> float:
        """Seconds until the deadline."""
        return max(self._deadline - time.monotonic(), 0.001)

    def error(self, failure: Any) -> ServiceError:
        """The typed error of a grpc.RpcError."""
        return from_rpc_error(failure, self.request_id, not self._method.is_read, self._in_doubt)

    def delay_after(self, failure: Any) -> float:
        """Seconds to wait before the call is repeated. Raises the error if it may not be."""
        error = self.error(failure)
        self._in_doubt = self._in_doubt or isinstance(error, OutcomeUnknown)
        self._failures += 1
        delay = self._delay(error)
        if delay is None or self._failures >= self._policy.max_attempts or delay >= self.timeout:
            raise error from failure
        return delay

    def _delay(self, error: ServiceError) -> Optional[float]:
        if error.code == grpc.StatusCode.UNAUTHENTICATED and self._tokens is not None and not self._renewed:
            self._renewed = True
            self._tokens.forget()
            return 0.0
        jitter = self._policy.backoff(self._failures)
        if error.retry_after is not None:
            return error.retry_after + jitter
        if error.code == grpc.StatusCode.UNAVAILABLE and self._is_safe:
            return jitter
        return None
