"""Reads that a standby of the database may answer, and the writes that they must see."""

from __future__ import annotations

import math
import threading
import time
from typing import Optional, Tuple

# In seconds. The server's own limit is far below.
_MAX_STALENESS = 24 * 60 * 60.0
_NANOSECONDS_PER_MILLISECOND = 1_000_000


class Writes:
    """When the latest write of a client, or of a view of it, ended."""

    __slots__ = ("_lock", "last")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: As of time.monotonic_ns(); None before the first write.
        self.last: Optional[int] = None

    def end(self) -> None:
        """A write has ended, with or without an error."""
        # Without the lock, a thread could replace a later time by its own.
        with self._lock:
            self.last = time.monotonic_ns()


class EventualReads:
    """What the reads of a view send."""

    __slots__ = ("_limit", "_writes")

    def __init__(self, max_staleness: Optional[float], writes: Writes) -> None:
        if max_staleness is not None and not 0 <= max_staleness < math.inf:
            raise ValueError("max_staleness must be finite and not negative")
        self._writes = writes
        # In milliseconds.
        self._limit: Optional[int] = None
        if max_staleness is not None:
            # The product of 1.001 is less than 1001, which is meant.
            self._limit = math.floor(round(min(max_staleness, _MAX_STALENESS) * 1000, 6))

    def metadata(self) -> Tuple[str, str]:
        """The metadata of an attempt that begins now. The state that it may read is not older than
        the end of the latest write, which the server had acknowledged before."""
        limit = self._limit
        last = self._writes.last
        if last is not None:
            since = (time.monotonic_ns() - last) // _NANOSECONDS_PER_MILLISECOND
            limit = since if limit is None else min(limit, since)
        return ("read-consistency", "eventual" if limit is None else f"eventual; max-staleness={limit}ms")
