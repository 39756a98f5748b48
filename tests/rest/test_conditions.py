"""ETag, If-Match and If-None-Match (RFC 9110, 13)."""

import uuid

import pytest
from conftest import sample
from problems import check_problem

STALE = '"0"'


def path(book: dict) -> str:
    return f"/book/{book['id']}"


def tag(book: dict) -> str:
    return f'"{book["etag"]}"'


def test_get_if_none_match(rest, book):
    for value in (tag(book), f"W/{tag(book)}", f"{STALE}, {tag(book)}", "*"):
        response = rest.get(path(book), headers={"If-None-Match": value})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag(book)
    response = rest.get(path(book), headers={"If-None-Match": STALE})
    assert (response.status_code, response.json()) == (200, book)


def change(rest, verb: str, book: dict, headers: dict):
    body = {"PUT": sample(author=book["author"], year=7), "PATCH": {"year": 7}, "DELETE": None}[verb]
    return rest.request(verb, path(book), json=body, headers=headers)


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
def test_if_match(rest, book, verb):
    problem = check_problem(change(rest, verb, book, {"If-Match": STALE}), 412, "ABORTED")
    assert problem["reason"] == "ETAG_MISMATCH"
    # Weak tags never match strongly (RFC 9110, 13.1.1).
    assert change(rest, verb, book, {"If-Match": f"W/{tag(book)}"}).status_code in (400, 412)
    assert rest.get(path(book)).json() == book
    response = change(rest, verb, book, {"If-Match": tag(book)})
    assert response.status_code == (204 if verb == "DELETE" else 200)
    if verb != "DELETE":
        # The old tag has had its day.
        check_problem(change(rest, verb, book, {"If-Match": tag(book)}), 412, "ABORTED")
        assert change(rest, verb, book, {"If-Match": response.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
def test_if_match_takes_a_list(rest, book, verb):
    check_problem(change(rest, verb, book, {"If-Match": f'{STALE}, W/{tag(book)}, "x"'}), 412, "ABORTED")
    response = change(rest, verb, book, {"If-Match": f"{STALE}, {tag(book)}"})
    assert response.status_code == (204 if verb == "DELETE" else 200)


@pytest.mark.parametrize("verb", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
def test_an_empty_condition_is_refused(rest, book, verb, header):
    if verb == "GET":
        response = rest.get(path(book), headers={header: ""})
    else:
        response = change(rest, verb, book, {header: ""})
    problem = check_problem(response, 400, "INVALID_ARGUMENT")
    assert [e["field"] for e in problem["errors"]] == [header]
    assert rest.get(path(book)).json() == book


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
def test_if_match_any(rest, book, verb):
    response = change(rest, verb, book, {"If-Match": "*"})
    assert response.status_code == (204 if verb == "DELETE" else 200)


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("value", [STALE, "*"])
def test_if_match_on_a_missing_row(rest, author, verb, value):
    missing = {"id": str(uuid.uuid4()), "author": author}
    check_problem(change(rest, verb, missing, {"If-Match": value}), 412)
    check_problem(rest.get(path(missing)), 404)


def test_put_if_none_match_any_creates_only(rest, author):
    new = {"id": str(uuid.uuid4()), "author": author}
    headers = {"If-None-Match": "*"}
    created = change(rest, "PUT", new, headers)
    assert created.status_code == 201
    check_problem(change(rest, "PUT", new, headers), 412)
    assert rest.get(path(new)).json() == created.json()


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_etag_in_the_body(rest, book, verb):
    body = sample(author=book["author"], year=7)
    check_problem(rest.request(verb, path(book), json=body | {"etag": "0"}), 412, "ABORTED")
    assert rest.get(path(book)).json() == book
    response = rest.request(verb, path(book), json=body | {"etag": book["etag"]})
    assert response.status_code == 200
    assert response.json()["etag"] != book["etag"]


def test_delete_with_the_etag_in_the_query(rest, book):
    check_problem(rest.delete(path(book), params={"etag": "0"}), 412, "ABORTED")
    assert rest.delete(path(book), params={"etag": book["etag"]}).status_code == 204
