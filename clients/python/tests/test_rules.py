"""Which calls are repeated: a server that answers what a test needs."""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import re
import time
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from bookstore_client import (
    Book,
    Client,
    CreateBookRequest,
    GetBookRequest,
    OutcomeUnknown,
    Policy,
    ServiceError,
    Tls,
    Token,
    TooBusy,
    Unauthenticated,
    Unavailable,
)
from conftest import CERTIFICATES, connection, sample, token
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
FAST = Policy(timeout=5, first_backoff=0.01, max_attempts=4)


class Service:
    """Fails as often as the test says."""

    def __init__(self) -> None:
        self.failures: list[tuple[grpc.StatusCode, list[Any]]] = []
        self.requests: list[Any] = []

    def answer(self, request: Any, context: grpc.ServicerContext) -> Book:
        self.requests.append((request, time.monotonic()))
        if self.failures:
            code, details = self.failures.pop(0)
            status = status_pb2.Status(code=code.value[0], message="no")
            for detail in details:
                packed = any_pb2.Any()
                packed.Pack(detail)
                status.details.append(packed)
            if details:
                context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            context.abort(code, "no")
        return Book(id="1")

    def handler(self) -> grpc.GenericRpcHandler:
        messages: dict[str, Any] = {"GetBook": GetBookRequest, "CreateBook": CreateBookRequest}
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(self.answer, request.FromString, Book.SerializeToString)
            for name, request in messages.items()
        }
        return grpc.method_handlers_generic_handler("bookstore.v1.BookService", handlers)


def reason(name: str) -> Any:
    return error_details_pb2.ErrorInfo(reason=name, domain="dataservice")


def retry(seconds: float) -> Any:
    return error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(nanos=int(seconds * 1e9)))


@pytest.fixture
def service() -> Iterator[tuple[Service, Client]]:
    made = Service()
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((made.handler(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with Client(f"127.0.0.1:{port}", tls=False, policy=FAST) as client:
        yield made, client
    server.stop(0)


def test_the_request_id_stays_the_same(service: tuple[Service, Client]) -> None:
    made, client = service
    made.failures = [(UNAVAILABLE, []), (UNAVAILABLE, [reason("OUTCOME_UNKNOWN")])]
    client.books.create(sample("a"))
    ids = {request.request_id for request, _ in made.requests}
    assert len(made.requests) == 3
    assert len(ids) == 1
    client.books.create(sample("a"))
    assert made.requests[-1][0].request_id not in ids


def test_retry_info_is_honoured(service: tuple[Service, Client]) -> None:
    made, client = service
    made.failures = [(grpc.StatusCode.RESOURCE_EXHAUSTED, [reason("QUEUE_FULL"), retry(0.3)])]
    client.books.get("1")
    (_, first), (_, second) = made.requests
    assert second - first >= 0.3
    made.failures = [(grpc.StatusCode.RESOURCE_EXHAUSTED, [reason("QUEUE_FULL"), retry(0.9)])]
    with pytest.raises(TooBusy) as caught:
        client.books.get("1", timeout=0.5)
    assert caught.value.retry_after == pytest.approx(0.9)


@pytest.mark.parametrize(
    "code",
    [grpc.StatusCode.INTERNAL, grpc.StatusCode.ABORTED, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNKNOWN],
)
def test_other_errors_are_not_repeated(service: tuple[Service, Client], code: grpc.StatusCode) -> None:
    made, client = service
    made.failures = [(code, [reason("ANY")])]
    with pytest.raises(ServiceError):
        client.books.create(sample("a"))
    assert len(made.requests) == 1


@pytest.mark.parametrize("code", [grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL])
def test_a_broken_connection_is_unavailable(service: tuple[Service, Client], code: grpc.StatusCode) -> None:
    made, client = service
    # The transport adds no details.
    made.failures = [(code, []), (code, [])]
    client.books.create(sample("a"))
    assert len(made.requests) == 3
    assert len({request.request_id for request, _ in made.requests}) == 1
    made.failures = [(code, [])] * 4
    with pytest.raises(Unavailable) as caught:
        client.books.create(sample("a"))
    assert isinstance(caught.value, OutcomeUnknown)


@pytest.mark.parametrize(
    ("code", "details"),
    [(grpc.StatusCode.INTERNAL, [reason("ROW_UNREADABLE")]), (grpc.StatusCode.RESOURCE_EXHAUSTED, [])],
)
def test_an_earlier_attempt_leaves_the_outcome_unknown(
    service: tuple[Service, Client], code: grpc.StatusCode, details: list[Any]
) -> None:
    made, client = service
    made.failures = [(UNAVAILABLE, []), (code, details)]
    with pytest.raises(OutcomeUnknown):
        client.books.create(sample("a"))
    assert len(made.requests) == 2
    # The only attempt was refused.
    made.failures = [(grpc.StatusCode.RESOURCE_EXHAUSTED, [])]
    with pytest.raises(ServiceError) as caught:
        client.books.create(sample("a"))
    assert not isinstance(caught.value, OutcomeUnknown)


def test_attempts_are_bounded(service: tuple[Service, Client]) -> None:
    made, client = service
    made.failures = [(UNAVAILABLE, [])] * 9
    with pytest.raises(Unavailable) as caught:
        client.books.create(sample("a"))
    assert isinstance(caught.value, OutcomeUnknown)
    assert len(made.requests) == FAST.max_attempts
    made.failures = [(UNAVAILABLE, [])] * 9
    with pytest.raises(Unavailable) as read:
        client.books.get("1")
    assert not isinstance(read.value, OutcomeUnknown)


def test_a_refused_token_is_replaced() -> None:
    given: list[str] = []

    def callback() -> Token:
        given.append("refused" if not given else token())
        return Token(given[-1], time.time() + 3600)

    with Client(**{**connection("token"), "token": callback}) as client:
        client.books.create(sample("a"))
        client.books.create(sample("a"))
    assert len(given) == 2
    with Client(**{**connection("token"), "token": lambda: "refused"}) as client, pytest.raises(Unauthenticated):
        client.books.create(sample("a"))


def test_a_token_needs_tls() -> None:
    with pytest.raises(ValueError, match="TLS"):
        Client("127.0.0.1:1", tls=False, token=token)


def test_an_unknown_authority_is_refused() -> None:
    with Client(os.environ["CLIENT_TLS_TARGET"], token=token, policy=FAST) as client, pytest.raises(Unavailable):
        client.books.get("1")
    assert Tls(ca=CERTIFICATES / "ca.crt").credentials()


def test_spans_have_no_values() -> None:
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    with Client(**connection("cleartext")) as client:
        client.books.create(sample("planted-4f1c9a"))
        with pytest.raises(ServiceError):
            client.books.create(Book(title="planted-4f1c9a"))
    first, second = exporter.get_finished_spans()
    assert first.name == "bookstore.v1.BookService/CreateBook"
    assert (second.attributes or {})["error.type"] == "InvalidArgument"
    assert "planted" not in first.to_json() + second.to_json()


@pytest.mark.parametrize("file", ["readme.md", "package_readme.md"])
def test_the_examples_of_the_readme(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (pathlib.Path(__file__).parent / file).read_text()
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        exec(example.replace("127.0.0.1:50051", os.environ["CLIENT_TARGET"]), {})
        assert capsys.readouterr().out
