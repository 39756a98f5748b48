"""The errors of calls, as types. Programs evaluate type, `code` and `reason`, never texts.

The reasons are those of dataservice.v1.ErrorReason; a reason that is not known here leaves
the type that the status code has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Type

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"


class Violation(NamedTuple):
    """A field that a rule rejects, or a precondition that does not hold."""

    field: str
    description: str


class ServiceError(Exception):
    """A call that failed."""

    def __init__(self, code: grpc.StatusCode, message: str, request_id: str = "") -> None:
        super().__init__(message)
        self.code = code
        #: Text for people.
        self.message = message
        #: Identifies the call in the logs of the server.
        self.request_id = request_id
        #: Name of a dataservice.v1.ErrorReason, or empty.
        self.reason = ""
        #: What the server adds to the reason.
        self.metadata: Mapping[str, str] = {}
        self.violations: Tuple[Violation, ...] = ()
        #: The resource that the error is about, or empty.
        self.resource = ""
        #: Seconds after which the same call may be repeated; None if the server names none.
        self.retry_after: Optional[float] = None

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        request_id = f" [request {self.request_id}]" if self.request_id else ""
        return f"{self.code.name}{reason}: {self.message}{request_id}"


class InvalidArgument(ServiceError):
    """The request breaks rules; `violations` has all of them."""


class NotFound(ServiceError):
    """The resource does not exist."""


class AlreadyExists(ServiceError):
    """A resource with this key exists."""


class RequestIdReused(AlreadyExists):
    """The request_id was used before, by another request. Nothing was done."""


class FailedPrecondition(ServiceError):
    """The state of other rows forbids the call; `reason` and `violations` name it."""


class Aborted(ServiceError):
    """The call conflicts with another one."""


class VersionMismatch(Aborted):
    """The resource does not have the version that the request names. Nothing was done."""


class Unauthenticated(ServiceError):
    """The call needs credentials, or these are not valid."""


class PermissionDenied(ServiceError):
    """The policy of the server does not permit the call to this caller."""


class TooBusy(ServiceError):
    """The server has too much to do; `retry_after` says when to call again."""


class Unavailable(ServiceError):
    """The server, or its database, cannot be reached."""


class DeadlineExceeded(ServiceError):
    """The call did not end in time."""


class OutcomeUnknown(ServiceError):
    """A write that may have been carried out. It is also DeadlineExceeded or Unavailable."""


class _DeadlineOutcomeUnknown(OutcomeUnknown, DeadlineExceeded):
    pass


class _UnavailableOutcomeUnknown(OutcomeUnknown, Unavailable):
    pass


class Internal(ServiceError):
    """The server failed; its log has the request id."""


_BY_CODE: Dict[grpc.StatusCode, Type[ServiceError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.OUT_OF_RANGE: InvalidArgument,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.ALREADY_EXISTS: AlreadyExists,
    grpc.StatusCode.FAILED_PRECONDITION: FailedPrecondition,
    grpc.StatusCode.ABORTED: Aborted,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDenied,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.INTERNAL: Internal,
}
_BY_REASON: Dict[str, Type[ServiceError]] = {
    "REQUEST_ID_REUSED": RequestIdReused,
    "ETAG_MISMATCH": VersionMismatch,
    "QUEUE_FULL": TooBusy,
}
# gRPC reports a connection or a stream that broke also with these codes. It has no details
# then, which the errors of the server have.
_BROKEN = (grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL)
# After these codes a write may have been carried out, if the error has no details.
_UNCLEAR = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
# These codes leave open what an earlier attempt did.
_TRANSIENT = (*_UNCLEAR, *_BROKEN, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAUTHENTICATED)
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def from_status(status: status_pb2.Status, request_id: str = "", is_in_doubt: bool = False) -> ServiceError:
    """The error of a google.rpc.Status."""
    code = _CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    details: Dict[str, Any] = {}
    for packed in status.details:
        kind = packed.TypeName().rpartition(".")[2]
        if packed.TypeName().startswith("google.rpc.") and hasattr(error_details_pb2, kind):
            details[kind] = getattr(error_details_pb2, kind).FromString(packed.value)
    reason = details["ErrorInfo"].reason if "ErrorInfo" in details else ""
    error = _type_of(code, reason, "RetryInfo" in details, is_in_doubt)(code, status.message, request_id)
    error.reason = reason
    _add_details(error, details)
    return error


def _type_of(code: grpc.StatusCode, reason: str, may_repeat: bool, is_in_doubt: bool) -> Type[ServiceError]:
    if reason == "OUTCOME_UNKNOWN" or (is_in_doubt and (code in _TRANSIENT or may_repeat)):
        is_late = code == grpc.StatusCode.DEADLINE_EXCEEDED
        return _DeadlineOutcomeUnknown if is_late else _UnavailableOutcomeUnknown
    if code == grpc.StatusCode.RESOURCE_EXHAUSTED and may_repeat:
        return TooBusy
    return _BY_REASON.get(reason) or _BY_CODE.get(code, ServiceError)


def _add_details(error: ServiceError, details: Mapping[str, Any]) -> None:
    if "ErrorInfo" in details:
        error.metadata = dict(details["ErrorInfo"].metadata)
    if "RequestInfo" in details:
        error.request_id = details["RequestInfo"].request_id
    if "ResourceInfo" in details:
        error.resource = details["ResourceInfo"].resource_name
    if "RetryInfo" in details:
        error.retry_after = details["RetryInfo"].retry_delay.ToMilliseconds() / 1000
    violations: List[Violation] = []
    if "BadRequest" in details:
        violations += (Violation(v.field, v.description) for v in details["BadRequest"].field_violations)
    if "PreconditionFailure" in details:
        violations += (Violation(v.subject, v.description) for v in details["PreconditionFailure"].violations)
    error.violations = tuple(violations)


def from_rpc_error(
    failure: Any, request_id: str = "", is_write: bool = False, was_in_doubt: bool = False
) -> ServiceError:
    """The error of a grpc.RpcError. `was_in_doubt`: whether an earlier attempt of the write
    may have been carried out."""
    metadata: Iterable[Tuple[str, Any]] = failure.trailing_metadata() or ()
    packed = next((value for key, value in metadata if key == _DETAILS), None)
    if packed:
        return from_status(status_pb2.Status.FromString(packed), request_id, is_write and was_in_doubt)
    code = failure.code()
    if code in _BROKEN:
        code = grpc.StatusCode.UNAVAILABLE
    status = status_pb2.Status(code=code.value[0], message=failure.details() or "")
    return from_status(status, request_id, is_write and (was_in_doubt or code in _UNCLEAR))
