"""A write that PostgreSQL has committed, but not acknowledged: what its caller sees."""

import time

import grpc
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc
from clusters import Cluster, control
from local import wait_for
from reasons import reason_of
from running import System


@pytest.fixture
def system(test_database):
    """Its PostgreSQL acknowledges no commit, because it waits for a standby that does not exist."""
    cluster = Cluster.of(test_database)
    with System(test_database, server_flags=("--default_deadline", "2s")) as system:
        cluster.execute("ALTER SYSTEM SET synchronous_standby_names = 'missing'")
        cluster.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)
        system.cluster = cluster
        yield system
    if not cluster.runs():
        control("start", cluster.folder)
    cluster.execute("ALTER SYSTEM RESET synchronous_standby_names")
    cluster.execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize("request_id", ["", "one"], ids=["without_request_id", "with_request_id"])
@pytest.mark.parametrize("ends_by", ["deadline", "crash"])
def test_a_commit_that_is_not_acknowledged(system, ends_by, request_id):
    book = pb.Book(title="in doubt", author="a", publisher="p", year=2000)
    request = pb.CreateBookRequest(book=book, request_id=request_id)
    with system.channel() as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        call = books.CreateBook.future(request, timeout=None if ends_by == "deadline" else 20)
        if ends_by == "crash":
            time.sleep(1)
            system.cluster.kill()
        error = call.exception(timeout=30)
    expected = grpc.StatusCode.DEADLINE_EXCEEDED if ends_by == "deadline" else grpc.StatusCode.UNAVAILABLE
    assert error.code() == expected, error
    assert reason_of(error) == ("OUTCOME_UNKNOWN", False)
    if ends_by == "crash":
        control("start", system.cluster.folder)
    # The row exists: nothing was done would be wrong.
    wait_for(lambda: system.titles() == {"in doubt"}, what="the row")
