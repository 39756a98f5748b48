"""Reviews through REST, on their own route and below their book."""

import uuid

import pytest
from problems import check_problem

REVIEW = {"reviewer": "Ada", "rate": 4, "review": "Good."}


@pytest.mark.parametrize("verb", ["PUT", "POST"])
@pytest.mark.parametrize("nested", [False, True])
def test_create(rest, book, verb, nested):
    if nested:
        response = rest.request(verb, f"/book/{book['id']}/review", json=REVIEW)
    else:
        response = rest.request(verb, "/review", json=REVIEW | {"bookId": book["id"]})
    assert response.status_code == 201
    review = response.json()
    assert review["bookId"] == book["id"]
    assert response.headers["location"].endswith(f"/review/{review['id']}")
    assert rest.get(f"/review/{review['id']}").json() == review
    assert rest.get(f"/book/{book['id']}/review").json() == {"reviews": [review]}


def test_in_a_nested_route_the_paths_book_wins(rest, book):
    response = rest.post(f"/book/{book['id']}/review", json=REVIEW | {"bookId": str(uuid.uuid4())})
    assert response.status_code == 201
    assert response.json()["bookId"] == book["id"]


@pytest.mark.parametrize("verb", ["PUT", "POST"])
def test_review_of_no_book(rest, verb):
    nowhere = str(uuid.uuid4())
    for path, body in ((f"/book/{nowhere}/review", REVIEW), ("/review", REVIEW | {"bookId": nowhere})):
        check_problem(rest.request(verb, path, json=body), 409, "FAILED_PRECONDITION")
    check_problem(
        rest.put(f"/review/{uuid.uuid4()}", json=REVIEW | {"bookId": nowhere}), 409, "FAILED_PRECONDITION"
    )
    listed = rest.get(f"/book/{nowhere}/review")
    assert (listed.status_code, listed.json()) == (200, {"reviews": []})


def test_moving_a_review_to_no_book(rest, review):
    response = rest.patch(f"/review/{review['id']}", json={"bookId": str(uuid.uuid4())})
    check_problem(response, 409, "FAILED_PRECONDITION")
    assert rest.get(f"/review/{review['id']}").json() == review


def test_an_absent_text_is_not_an_empty_one(rest, sql, book):
    absent = rest.put("/review", json={"bookId": book["id"], "reviewer": "A", "rate": 5}).json()
    empty = rest.put("/review", json={"bookId": book["id"], "reviewer": "A", "rate": 5, "review": ""}).json()
    assert "review" not in absent
    assert empty["review"] == ""
    assert "review" not in rest.get(f"/review/{absent['id']}").json()
    assert rest.get(f"/review/{empty['id']}").json()["review"] == ""
    query = "SELECT review FROM bookstore.review WHERE id = %s"
    assert sql.execute(query, [absent["id"]]).fetchone() == (None,)
    assert sql.execute(query, [empty["id"]]).fetchone() == ("",)


def test_patch_with_null_removes_the_text(rest, review):
    response = rest.patch(f"/review/{review['id']}", json={"review": None})
    assert response.status_code == 200
    assert "review" not in response.json()
    assert response.json()["rate"] == review["rate"]


def test_put_without_the_text_removes_it(rest, review):
    body = {"bookId": review["bookId"], "reviewer": "Ada", "rate": 2}
    response = rest.put(f"/review/{review['id']}", json=body)
    assert response.status_code == 200
    assert "review" not in response.json()


def test_put_creates_under_the_id(rest, book):
    key = str(uuid.uuid4())
    response = rest.put(f"/review/{key}", json=REVIEW | {"bookId": book["id"]})
    assert response.status_code == 201
    assert response.headers["location"].endswith(f"/review/{key}")


def test_patch_and_delete(rest, review):
    assert rest.patch(f"/review/{review['id']}", json={"rate": 1}).json()["rate"] == 1
    assert rest.delete(f"/review/{review['id']}").status_code == 204
    check_problem(rest.get(f"/review/{review['id']}"), 404, "NOT_FOUND")
    check_problem(rest.patch(f"/review/{review['id']}", json={"rate": 1}), 404, "NOT_FOUND")


def test_list_by_equality(rest, book):
    for reviewer, rate in (("Ada", 1), ("Ada", 5), ("Bea", 5)):
        rest.put(f"/book/{book['id']}/review", json={"reviewer": reviewer, "rate": rate})

    def found(**query) -> list:
        listed = rest.get("/review", params={"bookId": book["id"]} | query).json()["reviews"]
        return sorted((r["reviewer"], r["rate"]) for r in listed)

    assert found() == [("Ada", 1), ("Ada", 5), ("Bea", 5)]
    assert found(reviewer="Ada") == [("Ada", 1), ("Ada", 5)]
    assert found(rate=5) == [("Ada", 5), ("Bea", 5)]
    assert found(reviewer="Bea", rate=1) == []
    nested = rest.get(f"/book/{book['id']}/review", params={"reviewer": "Bea"}).json()["reviews"]
    assert [r["reviewer"] for r in nested] == ["Bea"]
