"""Reads of some fields (AIP-157), and computed ones."""

import pytest
from bookstore.v1 import bookstore_pb2 as pb
from conftest import sample
from google.protobuf import field_mask_pb2
from problems import check_problem

REVIEW_FIELDS = {"id", "bookId", "reviewer", "rate", "createTime", "updateTime", "etag"}


def path(book: dict) -> str:
    return f"/book/{book['id']}"


def add_reviews(rest, book: dict, *rates: int) -> list[dict]:
    made = []
    for rate in rates:
        response = rest.post(f"{path(book)}/review", json={"reviewer": "r", "rate": rate})
        assert response.status_code == 201
        made.append(response.json())
    return made


def get(rest, target: str, mask: str, **more) -> dict:
    response = rest.get(target, params={"readMask": mask, **more})
    assert response.status_code == 200, response.text
    assert "etag" not in response.headers
    return response.json()


@pytest.mark.parametrize(
    ("mask", "names"),
    [
        ("title", {"title"}),
        ("title,year", {"title", "year"}),
        ("createTime,update_time", {"createTime", "updateTime"}),
        ("etag", {"etag"}),
        ("id, title", {"id", "title"}),
        ("title,title", {"title"}),
    ],
)
def test_get_answers_what_is_named(rest, book, mask, names):
    named = {name: book[name] for name in names}
    assert get(rest, path(book), mask) == named
    assert get(rest, "/book:batchGet", mask, ids=book["id"]) == {"books": [named]}


def test_either_spelling_of_the_parameter(rest, book):
    for name in ("readMask", "read_mask"):
        assert rest.get(path(book), params={name: "title"}).json() == {"title": book["title"]}
    both = rest.get(path(book), params={"readMask": "title", "read_mask": "title"})
    check_problem(both, 400, "INVALID_ARGUMENT")


def test_star_is_all(rest, book):
    assert get(rest, path(book), "*") == {**book, "reviewCount": 0}
    add_reviews(rest, book, 5, 4)
    assert get(rest, path(book), "*") == {**book, "reviewCount": 2, "averageRate": 4.5}


def test_computed_fields(rest, book):
    mask = "reviewCount,averageRate"
    assert get(rest, path(book), mask) == {"reviewCount": 0}
    first, *_ = add_reviews(rest, book, 1, 5, 5)
    assert get(rest, path(book), mask) == {"reviewCount": 3, "averageRate": 11 / 3}
    assert get(rest, path(book), "review_count") == {"reviewCount": 3}
    rest.patch(f"/review/{first['id']}", json={"rate": 2})
    assert get(rest, path(book), "averageRate") == {"averageRate": 4}
    rest.delete(f"/review/{first['id']}")
    assert get(rest, path(book), mask) == {"reviewCount": 2, "averageRate": 5}


def test_without_a_mask_computed_fields_are_not_there(rest, book, author):
    add_reviews(rest, book, 3)
    response = rest.get(path(book))
    assert response.json() == book
    assert "reviewCount" not in book
    assert response.headers["etag"] == f'"{book["etag"]}"'
    assert rest.get(path(book), params={"readMask": ""}).json() == book
    listed = rest.get("/book", params={"author": author}).json()["books"]
    assert listed == [book]
    changed = rest.patch(path(book), json={"year": 1})
    assert "reviewCount" not in changed.json()


def test_lists(rest, author):
    books = [rest.put("/book", json=sample(author=author, year=1800 + i)).json() for i in range(5)]
    for i, book in enumerate(books):
        add_reviews(rest, book, *range(1, i + 1))
    answer = get(rest, "/book", "year,reviewCount,averageRate", author=author, orderBy="year")
    assert answer == {
        "books": [{"year": 1800, "reviewCount": 0}]
        + [{"year": 1800 + i, "reviewCount": i, "averageRate": (1 + i) / 2} for i in range(1, 5)]
    }
    # By a field that is not named, a page at a time, another mask each.
    names, token = ["title", "reviewCount", "id"], ""
    for i in range(0, 5, 2):
        page = get(
            rest, "/book", names[i // 2], author=author, orderBy="year desc", pageSize=2, pageToken=token
        )
        expected = [{**book, "reviewCount": n} for n, book in enumerate(books)][::-1][i : i + 2]
        assert page["books"] == [{names[i // 2]: book[names[i // 2]]} for book in expected]
        token = page.get("nextPageToken", "")
    assert not token


def test_lists_of_reviews(rest, book):
    add_reviews(rest, book, 4)
    assert get(rest, f"{path(book)}/review", "rate") == {"reviews": [{"rate": 4}]}
    (whole,) = get(rest, f"{path(book)}/review", "*")["reviews"]
    assert set(whole) == REVIEW_FIELDS
    # An absent optional field is absent, named or not.
    assert get(rest, f"{path(book)}/review", "review,rate") == {"reviews": [{"rate": 4}]}


@pytest.mark.parametrize(
    "mask", ["nothing", "title.x", "Title", "title,nothing", "*,title", "books.title", "title;year", "📚"]
)
def test_names_that_are_no_fields(rest, book, mask):
    for target in (path(book), "/book"):
        problem = rest.get(target, params={"readMask": mask})
        check_problem(problem, 400, "INVALID_ARGUMENT", fields=["readMask"])


def test_long_masks(rest, book):
    assert get(rest, path(book), ",".join(["title"] * 1000)) == {"title": book["title"]}
    check_problem(
        rest.get(path(book), params={"readMask": ",".join(["etag"] * 1001)}),
        400,
        "INVALID_ARGUMENT",
        fields=["readMask"],
    )


def test_never_304(rest, book):
    for mask in ("*", "title", "etag"):
        for value in (f'"{book["etag"]}"', "*"):
            response = rest.get(path(book), params={"readMask": mask}, headers={"If-None-Match": value})
            assert response.status_code == 200
            assert "etag" not in response.headers


def test_computed_fields_restrict_and_order_nothing(rest):
    check_problem(rest.get("/book", params={"filter": "review_count > 1"}), 400, fields=["filter"])
    check_problem(rest.get("/book", params={"orderBy": "reviewCount"}), 400, fields=["orderBy"])
    check_problem(rest.get("/book", params={"orderBy": "review_count"}), 400, fields=["orderBy"])
    check_problem(rest.get("/book", params={"reviewCount": 1}), 400, fields=["reviewCount"])
    for target, parameters in (
        ("/book", {"filter": "review_count > 1"}),
        ("/book", {"orderBy": "review_count"}),
    ):
        assert "computed" in rest.get(target, params=parameters).json()["errors"][0]["description"]


def test_writes_ignore_computed_fields(rest, book, author):
    add_reviews(rest, book, 2)
    whole = get(rest, path(book), "*")
    whole |= {"reviewCount": 99, "averageRate": 1e300, "year": 7}
    for verb in ("PUT", "PATCH"):
        response = rest.request(verb, path(book), json=whole)
        assert response.status_code == 200, response.text
        whole["etag"] = response.json()["etag"]
        assert "reviewCount" not in response.json()
    named = rest.patch(path(book), json={"reviewCount": 5}, params={"updateMask": "reviewCount"})
    assert named.status_code == 200
    assert get(rest, path(book), "reviewCount,averageRate") == {"reviewCount": 1, "averageRate": 2}


def test_openapi_shows_masks_and_computed_fields(rest):
    document = rest.get("/openapi.json").json()
    for target in ("/book", "/book/{id}", "/review/{id}", "/book/{book_id}/review"):
        parameters = {p["name"]: p for p in document["paths"][target]["get"]["parameters"]}
        assert parameters["readMask"]["schema"] == {"type": "string", "format": "field-mask"}, target
    schemas = document["components"]["schemas"]
    for name in ("reviewCount", "averageRate"):
        assert schemas["Book"]["properties"][name]["readOnly"]
        assert name not in schemas["Book"]["required"]
    assert "required" not in schemas["BookView"]  # what a read mask leaves
    rows = schemas["ListBooksResponse"]["properties"]["books"]["items"]
    assert rows == {"$ref": "#/components/schemas/BookView"}


def test_grpc(books, rest, book):
    add_reviews(rest, book, 5)
    mask = field_mask_pb2.FieldMask(paths=["review_count", "title"])
    answer = books.GetBook(pb.GetBookRequest(id=book["id"], read_mask=mask), timeout=30)
    assert answer == pb.Book(title=book["title"], review_count=1)
    whole = books.GetBook(pb.GetBookRequest(id=book["id"]), timeout=30)
    assert whole.review_count == 0
    assert not whole.HasField("average_rate")
