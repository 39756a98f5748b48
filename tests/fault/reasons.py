"""What the details of an error say."""

import grpc
from google.rpc import error_details_pb2, status_pb2


def reason_of(error: grpc.RpcError) -> tuple[str, bool]:
    """The reason of an error, and whether RetryInfo says that the call may be repeated."""
    trailers = dict(error.trailing_metadata() or ())
    info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
    for detail in status_pb2.Status.FromString(trailers["grpc-status-details-bin"]).details:
        assert detail.Unpack(info) or detail.Unpack(retry)
    return info.reason, retry.HasField("retry_delay")
