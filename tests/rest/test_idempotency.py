"""Idempotency-Key and requestId: what is sent again is done once (AIP-155)."""

import base64
import concurrent.futures
import json
import uuid

import pytest
import transport
from bookstore.v1 import bookstore_pb2
from conftest import sample
from problems import check_problem


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def books_by(rest, author: str) -> list[dict]:
    return rest.get("/book", params={"author": author}).json()["books"]


def same(first, again) -> None:
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("etag", "location"):
        assert again.headers.get(name) == first.headers.get(name)


@pytest.mark.parametrize("verb", ["PUT", "POST"])
def test_create(rest, author, verb):
    headers = key()
    first = rest.request(verb, "/book", json=sample(author=author), headers=headers)
    assert first.status_code == 201
    same(first, rest.request(verb, "/book", json=sample(author=author), headers=headers))
    assert len(books_by(rest, author)) == 1
    # The other route is the same method, and quotes are the header's own.
    headers = {"Idempotency-Key": f'"{headers["Idempotency-Key"]}"'}
    same(first, rest.post("/book", json=sample(author=author), headers=headers))
    # Even when the book has gone.
    assert rest.delete(first.headers["location"]).status_code == 204
    same(first, rest.put("/book", json=sample(author=author), headers=headers))
    assert books_by(rest, author) == []


def test_query_parameter(rest, author):
    request_id = str(uuid.uuid4())
    first = rest.put("/book", params={"requestId": request_id}, json=sample(author=author))
    assert first.status_code == 201
    same(first, rest.put("/book", params={"request_id": request_id}, json=sample(author=author)))
    same(first, rest.put("/book", json=sample(author=author), headers={"Idempotency-Key": request_id}))
    assert len(books_by(rest, author)) == 1


def test_upsert_patch_delete(rest, author):
    path = f"/book/{uuid.uuid4()}"
    created, replaced, changed, deleted = key(), key(), key(), key()
    first = rest.put(path, json=sample(author=author), headers=created)
    assert first.status_code == 201
    second = rest.put(path, json=sample(author=author, year=7), headers=replaced)
    assert second.status_code == 200
    etag = {"If-Match": second.headers["etag"]}
    third = rest.patch(path, json={"year": 8}, headers=changed | etag)
    assert third.status_code == 200
    fourth = rest.delete(path, headers=deleted)
    assert fourth.status_code == 204
    same(first, rest.put(path, json=sample(author=author), headers=created))
    same(second, rest.put(path, json=sample(author=author, year=7), headers=replaced))
    same(third, rest.patch(path, json={"year": 8}, headers=changed | etag))
    same(fourth, rest.delete(path, headers=deleted))
    check_problem(rest.get(path), 404)
    assert rest.delete(path, headers=key()).status_code == 404


def test_review(rest, book):
    headers = key()
    path = f"/book/{book['id']}/review"
    body = {"reviewer": "A", "rate": 5}
    first = rest.post(path, json=body, headers=headers)
    assert first.status_code == 201
    same(first, rest.put(path, json=body, headers=headers))
    assert len(rest.get(path).json()["reviews"]) == 1


def test_another_request(rest, author):
    headers = key()
    first = rest.put("/book", json=sample(author=author), headers=headers)
    path = first.headers["location"]
    for response in (
        rest.put("/book", json=sample(author=author, year=7), headers=headers),
        rest.put(path, json=sample(author=author), headers=headers),
        rest.patch(path, json={"year": 7}, headers=headers),
        rest.delete(path, headers=headers),
        rest.put("/review", json={"bookId": path[6:], "reviewer": "A", "rate": 5}, headers=headers),
    ):
        assert check_problem(response, 422, "ALREADY_EXISTS")["reason"] == "REQUEST_ID_REUSED"
    assert books_by(rest, author) == [first.json()]


def bearer(**claims) -> dict:
    """A token as an identity provider would give, but for its signature."""
    parts = [{"alg": "RS256"}, {"iss": "https://id.example", "sub": "ada"} | claims]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return {"Authorization": ".".join(["Bearer " + texts[0], texts[1], "c2lnbmF0dXJl"])}


def test_a_renewed_token_is_the_same_caller(rest, author):
    if transport.knows_certificates():
        pytest.skip("a server that knows its callers by certificates refuses tokens without their keys")
    headers = key()
    first = rest.put("/book", json=sample(author=author), headers=headers | bearer(exp=1, jti="a"))
    same(first, rest.put("/book", json=sample(author=author), headers=headers | bearer(exp=2, jti="b")))
    for other in (bearer(sub="eve"), bearer(iss="https://other.example"), {"Authorization": "Bearer x"}, {}):
        response = rest.put("/book", json=sample(author=author), headers=headers | other)
        assert check_problem(response, 422)["reason"] == "REQUEST_ID_REUSED"
    assert len(books_by(rest, author)) == 1


def test_a_failure_is_not_remembered(rest, author):
    headers = key()
    body = sample(author=author)
    path = f"/book/{uuid.uuid4()}"
    check_problem(rest.put("/book", json=body | {"title": ""}, headers=headers), 400)
    check_problem(rest.patch(path, json={"year": 7}, headers=headers), 404)
    check_problem(rest.put(path, json=body, headers=headers | {"If-Match": "*"}), 412)
    assert rest.put(path, json=body, headers=headers).status_code == 201


@pytest.mark.parametrize("value", ["", '""', "x" * 129, "\xe9", "a\tb"])
def test_what_is_no_key(rest, author, value):
    headers = {"Idempotency-Key": value.encode("latin-1")}
    problem = check_problem(rest.put("/book", json=sample(author=author), headers=headers), 400)
    assert [e["field"].lower() for e in problem["errors"]] == ["idempotency-key"]
    assert books_by(rest, author) == []


def test_two_keys(rest, author):
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    check_problem(rest.put("/book", json=sample(author=author), headers=headers), 400)
    for given in ({"requestId": "a"}, {"requestId": "x" * 129}):
        response = rest.put(
            "/book", params=given, json=sample(author=author), headers={"Idempotency-Key": "b"}
        )
        check_problem(response, 400)
    assert books_by(rest, author) == []


def test_reads_ignore_it(rest, book):
    headers = key()
    for _ in range(2):
        assert rest.get(f"/book/{book['id']}", headers=headers).json() == book
    assert rest.get("/book", headers=headers).status_code == 200


def test_grpc_and_rest_are_one(rest, books, author):
    request_id = str(uuid.uuid4())
    body = sample(author=author)
    first = books.CreateBook(
        bookstore_pb2.CreateBookRequest(book=bookstore_pb2.Book(**body), request_id=request_id)
    )
    again = rest.put("/book", json=body, headers={"Idempotency-Key": request_id})
    if transport.knows_certificates():
        # The gRPC client is its certificate, the REST client is anonymous: two callers.
        assert check_problem(again, 422)["reason"] == "REQUEST_ID_REUSED"
        return
    assert again.status_code == 201
    assert (again.json()["id"], again.json()["etag"]) == (first.id, first.etag)


def test_many_at_once(rest, author):
    headers = key()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        sent = [
            pool.submit(rest.put, "/book", json=sample(author=author), headers=headers) for _ in range(32)
        ]
        answers = {(r.status_code, r.content) for r in (s.result() for s in sent)}
    assert len(answers) == 1
    assert len(books_by(rest, author)) == 1


def test_openapi(rest):
    paths = rest.get("/openapi.json").json()["paths"]
    for path, item in paths.items():
        for verb in ("get", "put", "post", "patch", "delete"):
            if verb not in item:
                continue
            names = {p["name"] for p in item[verb].get("parameters", [])}
            # The header means the same as the field request_id, so that the document has only one of them.
            assert "requestId" not in names
            writes = verb != "get" and not path.endswith(":import")
            assert ("Idempotency-Key" in names) == writes, (verb, path)
