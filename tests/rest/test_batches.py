"""Batches through REST: all or nothing, in the order of the request."""

import uuid

import pytest
from conftest import sample
from problems import check_problem


def create(rest, author, count):
    body = {"requests": [{"book": sample(author=author, year=1000 + i)} for i in range(count)]}
    response = rest.post("/book:batchCreate", json=body)
    assert response.status_code == 200, response.text
    return response.json()["books"]


def stored(rest, author):
    return rest.get("/book", params={"author": author, "pageSize": 1000}).json()["books"]


def test_create_read_change_delete(rest, author):
    response = rest.post(
        "/book:batchCreate", json={"requests": [{"book": sample(author=author, year=y)} for y in (3, 1, 2)]}
    )
    assert response.status_code == 200
    assert "location" not in response.headers
    assert "etag" not in response.headers
    books = response.json()["books"]
    assert [b["year"] for b in books] == [3, 1, 2]
    ids = [b["id"] for b in books]

    read = rest.get("/book:batchGet", params={"ids": [ids[2], ids[0], ids[2]]})
    assert read.status_code == 200
    assert read.json()["books"] == [books[2], books[0], books[2]]

    changed = rest.post(
        "/book:batchUpdate",
        json={
            "requests": [
                {"book": {"id": ids[1], "year": 20, "title": "ignored"}, "updateMask": "year"},
                {"book": {"id": ids[0], "title": "Changed", "etag": books[0]["etag"]}},
            ]
        },
    )
    assert changed.status_code == 200, changed.text
    assert [(b["id"], b["year"], b["title"]) for b in changed.json()["books"]] == [
        (ids[1], 20, "Emma"),
        (ids[0], 3, "Changed"),
    ]

    deleted = rest.post("/book:batchDelete", json={"requests": [{"id": i} for i in ids]})
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert stored(rest, author) == []


def test_reviews(rest, book):
    body = {"requests": [{"review": {"bookId": book["id"], "reviewer": "Ada", "rate": r}} for r in (5, 1)]}
    response = rest.post("/review:batchCreate", json=body)
    assert response.status_code == 200, response.text
    reviews = response.json()["reviews"]
    assert [r["rate"] for r in reviews] == [5, 1]
    ids = [r["id"] for r in reviews]
    assert rest.get("/review:batchGet", params={"ids": ids}).json() == {"reviews": reviews}
    change = {"requests": [{"review": {"id": ids[1], "review": "More."}}]}
    assert rest.post("/review:batchUpdate", json=change).json()["reviews"][0]["review"] == "More."
    assert rest.post("/review:batchDelete", json={"ids": ids}).status_code == 204
    assert rest.get(f"/book/{book['id']}/review").json() == {"reviews": []}


def test_no_elements(rest):
    assert rest.get("/book:batchGet").json() == {"books": []}
    assert rest.post("/book:batchCreate", json={}).json() == {"books": []}
    assert rest.post("/book:batchUpdate", json={"requests": []}).json() == {"books": []}
    assert rest.post("/book:batchDelete", json={}).status_code == 204


def test_a_missing_book(rest, author):
    books = create(rest, author, 2)
    nowhere = str(uuid.uuid4())
    problem = check_problem(
        rest.get("/book:batchGet", params={"ids": [books[0]["id"], nowhere]}), 404, "NOT_FOUND", ["ids[1]"]
    )
    assert nowhere in problem["detail"]
    check_problem(
        rest.post(
            "/book:batchDelete", json={"requests": [{"id": b["id"]} for b in books] + [{"id": nowhere}]}
        ),
        404,
        "NOT_FOUND",
        ["requests[2]"],
    )
    assert len(stored(rest, author)) == 2


def test_another_version_in_the_middle(rest, author):
    books = create(rest, author, 3)
    requests = [{"book": {"id": b["id"], "year": 1999, "etag": b["etag"]}} for b in books]
    requests[1]["book"]["etag"] = books[0]["etag"] + "0"
    problem = check_problem(
        rest.post("/book:batchUpdate", json={"requests": requests}), 412, "ABORTED", ["requests[1]"]
    )
    assert problem["reason"] == "ETAG_MISMATCH"
    assert stored(rest, author) == sorted(books, key=lambda b: b["id"])


def test_a_key_that_exists(rest, author):
    books = create(rest, author, 1)
    requests = [{"book": sample(author=author)}, {"book": sample(author=author, id=books[0]["id"])}]
    check_problem(
        rest.post("/book:batchCreate", json={"requests": requests}), 409, "ALREADY_EXISTS", ["requests[1]"]
    )
    assert stored(rest, author) == books


def test_a_review_of_no_book(rest, book):
    requests = [{"review": {"bookId": book["id"], "reviewer": "Ada", "rate": 3}} for _ in range(20)]
    requests[13]["review"]["bookId"] = str(uuid.uuid4())
    check_problem(
        rest.post("/review:batchCreate", json={"requests": requests}),
        409,
        "FAILED_PRECONDITION",
        ["requests[13].review.bookId"],
    )
    assert rest.get(f"/book/{book['id']}/review").json() == {"reviews": []}


def test_all_violations_at_once(rest, author):
    requests = [
        {"book": sample(author=author)},
        {"book": sample(author=author, title="", year=20000)},
        {},
        {"book": sample(author="x" * 101)},
    ]
    check_problem(
        rest.post("/book:batchCreate", json={"requests": requests}),
        400,
        "INVALID_ARGUMENT",
        ["requests[1].book.title", "requests[1].book.year", "requests[2].book", "requests[3].book.author"],
    )
    assert stored(rest, author) == []


def test_a_book_twice(rest, author):
    book = create(rest, author, 1)[0]
    request = {"book": {"id": book["id"], "year": 1}}
    other = {"book": {"id": book["id"].upper(), "year": 2}}
    check_problem(
        rest.post("/book:batchUpdate", json={"requests": [request, other]}),
        400,
        "INVALID_ARGUMENT",
        ["requests[1].book.id"],
    )


def test_the_limit(rest, author):
    books = create(rest, author, 1000)
    assert [b["year"] for b in books] == list(range(1000, 2000))
    body = {"requests": [{"book": sample(author=author)} for _ in range(1001)]}
    check_problem(rest.post("/book:batchCreate", json=body), 400, "INVALID_ARGUMENT", ["requests"])
    assert len(stored(rest, author)) == 1000
    response = rest.post("/book:batchDelete", json={"requests": [{"id": b["id"]} for b in books]})
    assert response.status_code == 204


@pytest.mark.parametrize(
    ("verb", "path", "allow"),
    [
        ("POST", "/book:batchGet", "GET, HEAD, OPTIONS"),
        ("DELETE", "/book:batchGet", "GET, HEAD, OPTIONS"),
        ("GET", "/book:batchCreate", "OPTIONS, POST"),
        ("PUT", "/review:batchUpdate", "OPTIONS, POST"),
        ("DELETE", "/review:batchDelete", "OPTIONS, POST"),
    ],
)
def test_methods_of_the_routes(rest, verb, path, allow):
    response = rest.request(verb, path)
    check_problem(response, 405)
    assert response.headers["allow"] == allow


def test_faults_of_the_request(rest):
    check_problem(rest.get("/book:batchGet", params={"id": "x"}), 400)
    check_problem(rest.get("/book:batchGet", params={"ids": ["x"]}), 400, fields=["ids[0]"])
    check_problem(rest.post("/book:batchCreate", json={"books": []}), 400, fields=["books"])
    check_problem(
        rest.post("/book:batchCreate", json={"requests": [{"book": {"colour": 1}}]}),
        400,
        fields=["requests[0].book.colour"],
    )
    check_problem(
        rest.post("/book:batchUpdate", json={"requests": [{"book": {}, "updateMask": "colour"}]}),
        400,
        fields=["requests[0].updateMask", "requests[0].book.id"],
    )
    check_problem(
        rest.post("/book:batchDelete", json={}, headers={"If-Match": '"x"'}), 400, fields=["if-match"]
    )


def test_the_document_has_the_routes(rest):
    paths = rest.get("/openapi.json").json()["paths"]
    assert set(paths["/book:batchGet"]) == {"get"}
    assert paths["/book:batchGet"]["get"]["parameters"][0]["schema"]["type"] == "array"
    assert set(paths["/review:batchCreate"]) == {"post"}
    assert "201" not in paths["/review:batchCreate"]["post"]["responses"]
    ids = [
        operation["operationId"]
        for item in paths.values()
        for verb, operation in item.items()
        if verb != "parameters"
    ]
    assert len(ids) == len(set(ids))
