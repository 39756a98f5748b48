"""Small values of requests and responses."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Callable, List, NamedTuple, Optional, Tuple, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from .errors import ServiceError

M = TypeVar("M", bound=Message)
#: Receives the number of rows so far, at most ten times a second and at the end.
Progress = Callable[[int], None]


class ImportFailure(NamedTuple):
    """A row that an import rejected."""

    #: Position in the stream, from 0.
    position: int
    error: ServiceError


class ImportResult(NamedTuple):
    """What became of the rows of an import."""

    imported: int
    failed: int
    #: The first rejected rows, by position.
    failures: Sequence[ImportFailure]


class ProgressReport:
    """Counts rows and reports their number."""

    __slots__ = ("_count", "_next", "_progress")

    def __init__(self, progress: Optional[Progress]) -> None:
        self._progress = progress
        self._count = 0
        self._next = 0.0

    def count(self) -> None:
        self._count += 1
        if self._progress is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + 0.1
            self._progress(self._count)

    def end(self) -> None:
        if self._progress is not None:
            self._progress(self._count)


def mask(paths: Optional[Iterable[str]]) -> Optional[FieldMask]:
    return None if paths is None else FieldMask(paths=paths)


def apply(change: Callable[[M], Optional[M]], before: M, ignored: Sequence[str]) -> Tuple[M, List[str]]:
    """The changed copy of a resource, and the names of the fields that differ. A change
    modifies its argument, or returns another message."""
    copy = type(before)()
    copy.CopyFrom(before)
    after = change(copy)
    if after is None:
        after = copy
    names = (field.name for field in before.DESCRIPTOR.fields)
    return after, [name for name in names if name not in ignored and _differ(before, after, name)]


def _differ(before: Message, after: Message, name: str) -> bool:
    if before.DESCRIPTOR.fields_by_name[name].has_presence and before.HasField(name) != after.HasField(name):
        return True
    return bool(getattr(before, name) != getattr(after, name))
