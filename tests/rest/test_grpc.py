"""The same through gRPC, with a client made from the protos."""

import os
import pathlib
import subprocess
import uuid

import grpc
import pytest
import transport
from bookstore.v1 import bookstore_pb2 as pb
from conftest import sample
from google.rpc import error_details_pb2, status_pb2
from transport import ROOT

GRPCURL = pathlib.Path(ROOT / ".deps/bin/grpcurl")


def call_fails(code: grpc.StatusCode, method, request, **options) -> dict:
    """Asserts the status code; returns the details by type name."""
    with pytest.raises(grpc.RpcError) as caught:
        method(request, timeout=30, **options)
    error = caught.value
    assert error.code() == code, error
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    details = {}
    if packed:
        status = status_pb2.Status.FromString(packed)
        assert status.code == code.value[0]
        for detail in status.details:
            kind = detail.type_url.rsplit(".", 1)[-1]
            message = getattr(error_details_pb2, kind)()
            detail.Unpack(message)
            details[kind] = message
    return details


def fields(details: dict) -> set[str]:
    return {violation.field for violation in details["BadRequest"].field_violations}


def test_life_of_a_book(books, author):
    created = books.CreateBook(pb.CreateBookRequest(book=sample(author=author)), timeout=30)
    assert uuid.UUID(created.id).version == 7
    assert books.GetBook(pb.GetBookRequest(id=created.id), timeout=30) == created

    change = pb.UpdateBookRequest(book={"id": created.id, "year": 1816, "title": "ignored"})
    change.update_mask.paths.append("year")
    updated = books.UpdateBook(change, timeout=30)
    assert (updated.year, updated.title) == (1816, "Emma")
    assert updated.etag != created.etag
    assert updated.update_time.ToNanoseconds() > created.update_time.ToNanoseconds()

    updated.title = "Emma, a novel"
    replaced = books.UpsertBook(pb.UpsertBookRequest(book=updated), timeout=30)
    assert (replaced.title, replaced.create_time) == ("Emma, a novel", created.create_time)

    listed = books.ListBooks(pb.ListBooksRequest(author=author), timeout=30)
    assert list(listed.books) == [replaced]
    assert not listed.HasField("next_page_token")

    books.DeleteBook(pb.DeleteBookRequest(id=created.id), timeout=30)
    details = call_fails(grpc.StatusCode.NOT_FOUND, books.GetBook, pb.GetBookRequest(id=created.id))
    assert created.id in details["ResourceInfo"].resource_name


def test_rest_and_grpc_show_the_same(rest, books, author):
    created = books.CreateBook(pb.CreateBookRequest(book=sample(author=author)), timeout=30)
    assert rest.get(f"/book/{created.id}").json()["etag"] == created.etag


def test_empty_mask_means_the_populated_fields(books, book):
    updated = books.UpdateBook(pb.UpdateBookRequest(book={"id": book["id"], "year": 9}), timeout=30)
    assert (updated.year, updated.title) == (9, book["title"])


def test_star_means_all_fields(books, reviews, review):
    request = pb.UpdateReviewRequest(
        review={"id": review["id"], "book_id": review["bookId"], "reviewer": "Bea", "rate": 1}
    )
    request.update_mask.paths.append("*")
    updated = reviews.UpdateReview(request, timeout=30)
    assert (updated.reviewer, updated.rate, updated.HasField("review")) == ("Bea", 1, False)


@pytest.mark.parametrize("path", ["colour", "book.title", "title.x", "", "Title", "title,year"])
def test_unknown_path_in_a_mask(books, book, path):
    request = pb.UpdateBookRequest(book={"id": book["id"], "title": "x"})
    request.update_mask.paths.append(path)
    assert fields(call_fails(grpc.StatusCode.INVALID_ARGUMENT, books.UpdateBook, request))


def test_mask_with_fields_of_the_server(books, book):
    request = pb.UpdateBookRequest(book={"id": book["id"], "year": 3})
    request.update_mask.paths.extend(["id", "year", "create_time", "update_time"])
    updated = books.UpdateBook(request, timeout=30)
    assert updated.year == 3
    assert updated.create_time.ToJsonString()[:19] == book["createTime"][:19]


def test_all_violations_at_once(books):
    details = call_fails(grpc.StatusCode.INVALID_ARGUMENT, books.CreateBook, pb.CreateBookRequest(book={}))
    assert fields(details) == {"book.title", "book.author", "book.publisher", "book.year"}
    details = call_fails(grpc.StatusCode.INVALID_ARGUMENT, books.CreateBook, pb.CreateBookRequest())
    assert "book" in {name.split(".")[0] for name in fields(details)}


def test_upsert_needs_the_key(books):
    request = pb.UpsertBookRequest(book=sample())
    assert "book.id" in fields(call_fails(grpc.StatusCode.INVALID_ARGUMENT, books.UpsertBook, request))


def test_errors_have_their_details(books, reviews, book):
    again = pb.CreateBookRequest(book=sample(id=book["id"]))
    assert "ResourceInfo" in call_fails(grpc.StatusCode.ALREADY_EXISTS, books.CreateBook, again)

    orphan = pb.CreateReviewRequest(review={"book_id": str(uuid.uuid4()), "reviewer": "A", "rate": 1})
    details = call_fails(grpc.StatusCode.FAILED_PRECONDITION, reviews.CreateReview, orphan)
    assert details["PreconditionFailure"].violations or details["ErrorInfo"].reason

    stale = pb.DeleteBookRequest(id=book["id"], etag="0")
    details = call_fails(grpc.StatusCode.ABORTED, books.DeleteBook, stale)
    assert details["ErrorInfo"].reason == "ETAG_MISMATCH"


def raw(channel, method: str):
    return channel.unary_unary(f"/bookstore.v1.BookService/{method}")


@pytest.mark.parametrize("text", [b"a\xff", b"\xed\xa0\x80", b"a\x00b"], ids=repr)
def test_text_that_cannot_be_stored(channel, text):
    """A client in a language that does not check would send such bytes."""
    book = b"\x12" + bytes([len(text)]) + text + b"\x1a\x01a\x22\x01p\x28\x01"
    request = b"\x0a" + bytes([len(book)]) + book
    call_fails(grpc.StatusCode.INVALID_ARGUMENT, raw(channel, "CreateBook"), request)


@pytest.mark.parametrize("request_bytes", [b"\x0a\xff", b"\xff" * 20, b"\x07"], ids=repr)
def test_bytes_that_are_no_message(channel, request_bytes):
    call_fails(grpc.StatusCode.INVALID_ARGUMENT, raw(channel, "GetBook"), request_bytes)


def test_message_too_large(books):
    request = pb.CreateBookRequest(book=sample(title="x" * (50 << 20)))
    call_fails(grpc.StatusCode.RESOURCE_EXHAUSTED, books.CreateBook, request)


def test_unknown_method(channel):
    call_fails(grpc.StatusCode.UNIMPLEMENTED, raw(channel, "BurnBook"), b"")
    call_fails(grpc.StatusCode.UNIMPLEMENTED, channel.unary_unary("/nothing.v1.Nothing/Get"), b"")


def test_health(channel):
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    # HealthCheckResponse{status: SERVING}
    assert check(b"", timeout=10) == b"\x08\x01"


def grpcurl(ports, *arguments: str) -> str:
    *options, last = arguments
    command = [GRPCURL, *transport.grpcurl_options(), "-max-time", "20", *options]
    # The address goes before the verb or the method.
    command += [f"127.0.0.1:{ports['grpc_port']}", *last.split()]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=os.environ | {"NO_PROXY": "*"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_reflection(ports, book):
    services = grpcurl(ports, "list").split()
    assert services == [
        "bookstore.v1.BookService",
        "bookstore.v1.ReviewService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
    ]
    for service in services:
        assert f"{service} is a service" in grpcurl(ports, f"describe {service}")
    assert '"SERVING"' in grpcurl(ports, "grpc.health.v1.Health/Check")
    methods = set(grpcurl(ports, "list bookstore.v1.BookService").split())
    assert {
        f"bookstore.v1.BookService.{m}Book" for m in ("Create", "Get", "Upsert", "Update", "Delete")
    } <= methods
    assert "string title = 2" in grpcurl(ports, "describe bookstore.v1.Book")
    answer = grpcurl(ports, "-d", f'{{"id":"{book["id"]}"}}', "bookstore.v1.BookService/GetBook")
    assert book["title"] in answer
