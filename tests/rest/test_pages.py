"""Lists in pages (AIP-158)."""

import base64
import uuid

import pytest
from bookstore.v1 import bookstore_pb2
from conftest import sample
from problems import check_problem


@pytest.fixture
def many(books, author):
    """230 books of one author: their ids, in order."""
    calls = [
        books.CreateBook.future(
            bookstore_pb2.CreateBookRequest(book=sample(author=author, year=n)), timeout=60
        )
        for n in range(1, 231)
    ]
    return sorted(call.result().id for call in calls)


def pages(rest, path="/book", name="books", between=lambda page: None, **query):
    """All pages; `between` is called after each."""
    token = None
    while True:
        response = rest.get(path, params=query | ({"pageToken": token} if token else {}))
        assert response.status_code == 200, response.text
        page = response.json()
        yield page[name]
        token = page.get("nextPageToken")
        if not token:
            assert "nextPageToken" not in page
            return
        between(page)


@pytest.mark.parametrize("size", [1, 7, 100, 229, 230, 231])
def test_pages_have_everything_once_and_in_key_order(rest, author, many, size):
    if size == 1:
        query = {"author": author, "year": 5}
        assert [len(page) for page in pages(rest, pageSize=1, **query)] == [1]
        return
    found = list(pages(rest, author=author, pageSize=size))
    assert [b["id"] for page in found for b in page] == many
    assert all(len(page) == size for page in found[:-1])
    assert 0 < len(found[-1]) <= size


def test_default_page_size(rest, author, many):
    for query in ({}, {"pageSize": 0}):
        assert len(rest.get("/book", params={"author": author} | query).json()["books"]) == 50


def test_page_size_above_the_largest(rest, author, many, books):
    calls = [
        books.CreateBook.future(bookstore_pb2.CreateBookRequest(book=sample(author=author)), timeout=60)
        for _ in range(800)
    ]
    for call in calls:
        call.result()
    page = rest.get("/book", params={"author": author, "pageSize": 5000}).json()
    assert len(page["books"]) == 1000
    assert page["nextPageToken"]


def test_rows_that_come_and_go_disturb_nothing(rest, author, many):
    """What is there all the time is seen exactly once."""
    doomed, stay = many[::3], [key for n, key in enumerate(many) if n % 3]

    def disturb(page):
        for _ in range(3):
            rest.put("/book", json=sample(author=author, id=str(uuid.uuid4())))
        # The last row of the page too, which its token names.
        for key in [page["books"][-1]["id"], *doomed[:2]]:
            rest.delete(f"/book/{key}")
            if key in doomed:
                doomed.remove(key)
            if key in stay:
                gone.add(key)

    gone = set()
    seen = [b["id"] for page in pages(rest, author=author, pageSize=11, between=disturb) for b in page]
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    assert set(stay) <= set(seen) | gone
    # Those that were deleted as a page's last had been seen before.
    assert gone <= set(seen)


def test_review_pages(rest, book):
    for n in range(25):
        rest.put(f"/book/{book['id']}/review", json={"reviewer": f"R {n}", "rate": 1 + n % 5})
    path = f"/book/{book['id']}/review"
    assert [len(p) for p in pages(rest, path, "reviews", pageSize=10)] == [10, 10, 5]
    assert [len(p) for p in pages(rest, "/review", "reviews", pageSize=2, bookId=book["id"], rate=3)] == [
        2,
        2,
        1,
    ]


def first_token(rest, **query) -> str:
    return rest.get("/book", params={"pageSize": 2} | query).json()["nextPageToken"]


def test_a_token_serves_another_page_size(rest, author, many):
    token = first_token(rest, author=author)
    page = rest.get("/book", params={"author": author, "pageSize": 3, "pageToken": token}).json()
    assert [b["id"] for b in page["books"]] == many[2:5]


def test_token_of_another_list(rest, author, many, book):
    token = first_token(rest, author=author)
    for path, query in (
        ("/book", {}),
        ("/book", {"author": author, "year": 3}),
        ("/book", {"author": author + "x"}),
        ("/book", {"title": author}),
        ("/review", {}),
        (f"/book/{book['id']}/review", {}),
    ):
        check_problem(
            rest.get(path, params=query | {"pageToken": token}), 400, "INVALID_ARGUMENT", ["pageToken"]
        )


def test_edited_token(rest, author, many):
    token = first_token(rest, author=author)
    edited = [token[:-1], token + "A", token[1:], token.swapcase(), "x", "=", "é", "0" * 5000]
    for position in range(0, len(token), 7):
        other = "A" if token[position] != "A" else "B"
        edited.append(token[:position] + other + token[position + 1 :])
    edited.append(base64.urlsafe_b64encode(many[1].encode()).decode())
    for text in edited:
        response = rest.get("/book", params={"author": author, "pageToken": text})
        check_problem(response, 400, "INVALID_ARGUMENT", ["pageToken"])
