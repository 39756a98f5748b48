"""One id of a request in its answer, in the problem and in the logs."""

import grpc
import psycopg
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc
from google.rpc import error_details_pb2, status_pb2


@pytest.fixture
def broken_system(own_system):
    """The table lacks a column that each statement names."""
    with psycopg.connect(own_system.database["TEST_DATABASE_OWNER"], autocommit=True) as connection:
        connection.execute("ALTER TABLE bookstore.book RENAME COLUMN publisher TO gone")
        yield own_system
        connection.execute("ALTER TABLE bookstore.book RENAME COLUMN gone TO publisher")


def line_of(log: str, request_id: str) -> str:
    """The line of the server's log that connects the id with the one of the details."""
    (line,) = [line for line in log.splitlines() if f'"x_request_id":"{request_id}"' in line]
    return line


@pytest.mark.parametrize("verb", ["GET", "PATCH"])
def test_an_internal_error_through_the_gateway(broken_system, verb):
    request_id = f"mine/{verb}"
    with broken_system.client() as client:
        response = client.request(
            verb,
            "/book/00000000-0000-4000-8000-000000000001",
            json=None if verb == "GET" else {"title": "x"},
            headers={"X-Request-Id": request_id},
        )
    assert response.status_code == 500, response.text
    assert response.headers["x-request-id"] == request_id
    assert response.json()["requestId"] == request_id
    log = broken_system.log_text()
    log_id = line_of(log, request_id).split('"id":"')[1].split('"')[0]
    assert f'"event":"statement_failed","id":"{log_id}"' in log


def test_an_internal_error_over_grpc(broken_system):
    with broken_system.channel() as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        with pytest.raises(grpc.RpcError) as error:
            books.GetBook(
                pb.GetBookRequest(id="00000000-0000-4000-8000-000000000001"),
                metadata=[("x-request-id", "mine-grpc")],
            )
    metadata = dict(error.value.trailing_metadata())
    details = status_pb2.Status.FromString(metadata["grpc-status-details-bin"]).details
    (info,) = [d for d in details if d.Is(error_details_pb2.RequestInfo.DESCRIPTOR)]
    assert error_details_pb2.RequestInfo.FromString(info.value).request_id == "mine-grpc"
    assert line_of(broken_system.log_text(), "mine-grpc")
