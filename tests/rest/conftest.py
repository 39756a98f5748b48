"""Fixtures. The system under test is the one that deploy/local/up brought up
(tests/run rest and tests/run tls do that); by hand: deploy/local/up --detach, then
.deps/venv/bin/pytest tests/rest."""

import uuid

import psycopg
import pytest
import stubs  # noqa: F401
import transport
from own_database import test_database  # noqa: F401
from transport import STATE

# Stands in values of requests: no log may have it (tests/suites/rest).
PLANTED = "planted-4f1c9a"

from bookstore.v1 import bookstore_pb2_grpc  # noqa: E402
from running import System  # noqa: E402


@pytest.fixture(scope="session")
def ports() -> dict[str, int]:
    return transport.running()


@pytest.fixture(scope="session")
def rest(ports):
    with transport.rest_client(ports["http_port"], timeout=40) as client:
        yield client


@pytest.fixture(scope="session")
def channel(ports):
    with transport.grpc_channel(ports["grpc_port"]) as channel:
        yield channel


@pytest.fixture(scope="session")
def books(channel):
    return bookstore_pb2_grpc.BookServiceStub(channel)


@pytest.fixture(scope="session")
def reviews(channel):
    return bookstore_pb2_grpc.ReviewServiceStub(channel)


@pytest.fixture
def sql(ports):
    """A connection as a person with psql would have: may only read."""
    passwords = f"passfile={STATE}/secrets/pgpass"
    with psycopg.connect(
        f"host=127.0.0.1 port={ports['pg_port']} user=bookstore_reader dbname=bookstore {passwords}",
        autocommit=True,
    ) as connection:
        yield connection


@pytest.fixture
def author() -> str:
    """A name that only one test uses, so that it can list its own books."""
    return f"{PLANTED} {uuid.uuid4()}"


@pytest.fixture
def book(rest, author) -> dict:
    response = rest.put("/book", json=sample(author=author))
    assert response.status_code == 201, response.text
    return response.json()


@pytest.fixture
def review(rest, book) -> dict:
    response = rest.put(f"/book/{book['id']}/review", json={"reviewer": "Ada", "rate": 4, "review": "Good."})
    assert response.status_code == 201, response.text
    return response.json()


def sample(**changes) -> dict:
    return {"title": "Emma", "author": "Jane Austen", "publisher": "John Murray", "year": 1815} | changes


@pytest.fixture(scope="module")
def own_system(test_database):  # noqa: F811
    """Server and gateway of its own on an empty database, for tests that stop
    parts of them."""
    with System(test_database) as system:
        yield system


@pytest.fixture
def fresh_system(test_database):  # noqa: F811
    """As own_system, for one test alone."""
    with System(test_database) as system:
        yield system
