"""Books through REST: the routes, and what decides the doubtful cases."""

import re
import uuid

import pytest
from conftest import sample
from problems import check_problem


@pytest.mark.parametrize("verb", ["PUT", "POST"])
def test_create(rest, author, verb):
    response = rest.request(verb, "/book", json=sample(author=author))
    assert response.status_code == 201
    book = response.json()
    assert response.headers["location"].endswith(f"/book/{book['id']}")
    assert rest.get(response.headers["location"]).json() == book
    assert response.headers["etag"] == f'"{book["etag"]}"'
    assert response.headers["content-type"].startswith("application/json")
    assert {k: book[k] for k in ("title", "author", "publisher", "year")} == sample(author=author)
    assert uuid.UUID(book["id"]).version == 7
    assert book["createTime"] == book["updateTime"]
    assert set(book) == {"id", "title", "author", "publisher", "year", "createTime", "updateTime", "etag"}


def test_create_under_the_callers_id(rest, author):
    key = str(uuid.uuid4())
    response = rest.post("/book", json=sample(author=author, id=key.upper()))
    assert response.status_code == 201
    assert response.json()["id"] == key
    again = rest.post("/book", json=sample(author=author, id=key))
    check_problem(again, 409, "ALREADY_EXISTS")


def test_create_ignores_what_the_server_sets(rest, author):
    old = "1999-01-01T00:00:00Z"
    book = rest.put("/book", json=sample(author=author, createTime=old, updateTime=old)).json()
    assert not book["createTime"].startswith("1999")
    assert not book["updateTime"].startswith("1999")


def test_get(rest, book):
    response = rest.get(f"/book/{book['id']}")
    assert response.status_code == 200
    assert response.json() == book
    assert rest.get(f"/book/{book['id'].upper()}").json() == book


def test_get_unknown(rest):
    check_problem(rest.get(f"/book/{uuid.uuid4()}"), 404, "NOT_FOUND")


def test_put_creates_then_replaces(rest, author):
    key = str(uuid.uuid4())
    created = rest.put(f"/book/{key}", json=sample(author=author))
    assert created.status_code == 201
    assert created.headers["location"].endswith(f"/book/{key}")
    replaced = rest.put(f"/book/{key}", json=sample(author=author, year=1816))
    assert replaced.status_code == 200
    assert "location" not in replaced.headers
    first, second = created.json(), replaced.json()
    assert second["year"] == 1816
    assert second["createTime"] == first["createTime"]
    assert second["etag"] != first["etag"]
    assert second["updateTime"] > first["updateTime"]
    assert rest.get(f"/book/{key}").json() == second


def test_put_replaces_whole(rest, book):
    check_problem(rest.put(f"/book/{book['id']}", json={"title": "Only"}), 400, "INVALID_ARGUMENT")
    assert rest.get(f"/book/{book['id']}").json() == book


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_the_id_in_the_body_is_the_one_of_the_path(rest, book, verb):
    other = sample(id=str(uuid.uuid4()), author=book["author"])
    problem = check_problem(rest.request(verb, f"/book/{book['id']}", json=other), 400, "INVALID_ARGUMENT")
    assert [e["field"] for e in problem["errors"]] == ["id"]
    assert rest.get(f"/book/{book['id']}").json() == book
    for same in (book["id"], book["id"].upper()):
        response = rest.request(verb, f"/book/{book['id']}", json=sample(id=same, author=book["author"]))
        assert (response.status_code, response.json()["id"]) == (200, book["id"])


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_get_edit_and_send_back(rest, book, verb):
    response = rest.request(verb, f"/book/{book['id']}", json=book | {"title": "Edited"})
    assert response.status_code == 200
    edited = response.json()
    assert edited["title"] == "Edited"
    assert edited["createTime"] == book["createTime"]
    # The same body again has an old etag in it.
    stale = rest.request(verb, f"/book/{book['id']}", json=book | {"title": "Edited"})
    check_problem(stale, 412, "ABORTED")


def test_patch_changes_what_it_names(rest, book):
    response = rest.patch(f"/book/{book['id']}", json={"year": 1816})
    assert response.status_code == 200
    patched = response.json()
    assert response.headers["etag"] == f'"{patched["etag"]}"'
    assert patched == book | {"year": 1816, "etag": patched["etag"], "updateTime": patched["updateTime"]}
    assert patched["updateTime"] > book["updateTime"]


def test_patch_of_nothing(rest, book):
    response = rest.patch(f"/book/{book['id']}", json={})
    assert (response.status_code, response.json()) == (200, book)


def test_patch_ignores_what_the_server_sets(rest, book):
    response = rest.patch(f"/book/{book['id']}", json={"createTime": "1999-01-01T00:00:00Z", "year": 2})
    assert response.status_code == 200
    assert response.json()["createTime"] == book["createTime"]
    assert response.json()["year"] == 2


def test_patch_cannot_empty_a_required_field(rest, book):
    check_problem(rest.patch(f"/book/{book['id']}", json={"title": ""}), 400, "INVALID_ARGUMENT", ["title"])
    assert rest.get(f"/book/{book['id']}").json() == book


def test_patch_unknown(rest):
    check_problem(rest.patch(f"/book/{uuid.uuid4()}", json={"year": 1}), 404, "NOT_FOUND")


def test_delete(rest, book, review):
    response = rest.delete(f"/book/{book['id']}")
    assert (response.status_code, response.content) == (204, b"")
    check_problem(rest.get(f"/book/{book['id']}"), 404, "NOT_FOUND")
    check_problem(rest.get(f"/review/{review['id']}"), 404, "NOT_FOUND")
    check_problem(rest.delete(f"/book/{book['id']}"), 404, "NOT_FOUND")


@pytest.mark.parametrize("name", ["title", "author", "publisher", "year"])
def test_list_by_equality(rest, author, name):
    match = sample(author=author, title=f"T {uuid.uuid4()}", publisher=f"P {uuid.uuid4()}", year=-500)
    other = sample(author=f"{author} junior", title="Other", publisher="Other", year=1999)
    for values in (match, other):
        assert rest.put("/book", json=values).status_code == 201
    query = {"author": author, name: match[name]} if name == "year" else {name: match[name]}
    found = rest.get("/book", params=query).json()["books"]
    assert [b["title"] for b in found] == [match["title"]]


def test_list_names_come_in_both_spellings(rest, author):
    for year in (1, 2, 3):
        rest.put("/book", json=sample(author=author, year=year))
    for name in ("page_size", "pageSize"):
        page = rest.get("/book", params={"author": author, name: 2}).json()
        assert len(page["books"]) == 2
        assert page["nextPageToken"]


def test_body_takes_both_spellings(rest, book):
    response = rest.put("/review", json={"book_id": book["id"], "reviewer": "A", "rate": 1})
    assert response.status_code == 201
    assert response.json()["bookId"] == book["id"]


@pytest.mark.parametrize(
    "title",
    [
        "Преступление и наказание",
        "吾輩は猫である",
        "🐈" * 200,
        "'; DROP TABLE book; --",
        'a"b\\c\n\t%_',
        " x ",
    ],
)
def test_text_comes_back_as_it_was(rest, author, title):
    response = rest.put("/book", json=sample(author=author, title=title))
    assert response.status_code == 201
    assert rest.get(f"/book/{response.json()['id']}").json()["title"] == title
    assert [
        b["title"] for b in rest.get("/book", params={"title": title, "author": author}).json()["books"]
    ] == [title]


@pytest.mark.parametrize("year", [-3000, -1, 1, 9999])
def test_years_at_the_edges(rest, author, year):
    assert rest.put("/book", json=sample(author=author, year=year)).json()["year"] == year


def test_times_are_rfc_3339_in_utc(book):
    for name in ("createTime", "updateTime"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z", book[name])


def test_etag_changes_with_every_change(rest, book):
    seen = {book["etag"]}
    for year in range(1, 21):
        seen.add(rest.patch(f"/book/{book['id']}", json={"year": year}).json()["etag"])
    assert len(seen) == 21


def test_psql_sees_the_row(rest, sql, book):
    query = "SELECT title, author, publisher, year FROM bookstore.book WHERE id = %s"
    assert sql.execute(query, [book["id"]]).fetchone() == tuple(
        book[n] for n in ("title", "author", "publisher", "year")
    )
    rest.patch(f"/book/{book['id']}", json={"title": "Changed"})
    assert sql.execute(query, [book["id"]]).fetchone()[0] == "Changed"
    rest.delete(f"/book/{book['id']}")
    assert sql.execute(query, [book["id"]]).fetchone() is None
