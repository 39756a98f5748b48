"""Bad input gets a clear error and changes nothing."""

import http.client
import json
import uuid

import pytest
import transport
from conftest import sample
from problems import check_problem

HEADERS = {"Content-Type": "application/json"}
LONG = {"title": 200, "author": 100, "publisher": 100}


@pytest.fixture
def unchanged(rest, book):
    """The book, and afterwards the assurance that it is as it was and alone."""
    yield book
    assert rest.get(f"/book/{book['id']}").json() == book
    assert rest.get("/book", params={"author": book["author"]}).json() == {"books": [book]}


def everywhere(book: dict):
    """Each way to write a book."""
    return [
        ("PUT", "/book"),
        ("POST", "/book"),
        ("PUT", f"/book/{book['id']}"),
        ("PATCH", f"/book/{book['id']}"),
    ]


@pytest.mark.parametrize("name", ["title", "author", "publisher", "year"])
@pytest.mark.parametrize("verb", ["PUT", "POST"])
def test_missing_field(rest, unchanged, verb, name):
    body = sample(author=unchanged["author"])
    del body[name]
    check_problem(rest.request(verb, "/book", json=body), 400, "INVALID_ARGUMENT", [name])
    check_problem(rest.put(f"/book/{unchanged['id']}", json=body), 400, "INVALID_ARGUMENT", [name])


@pytest.mark.parametrize(("name", "empty"), [("title", ""), ("author", ""), ("publisher", ""), ("year", 0)])
def test_empty_field(rest, unchanged, name, empty):
    for verb, path in everywhere(unchanged):
        body = sample(author=unchanged["author"]) | {name: empty}
        check_problem(rest.request(verb, path, json=body), 400, "INVALID_ARGUMENT", [name])


@pytest.mark.parametrize("name", LONG)
def test_too_long(rest, unchanged, name):
    for verb, path in everywhere(unchanged):
        body = sample(author=unchanged["author"]) | {name: "é" * (LONG[name] + 1)}
        check_problem(rest.request(verb, path, json=body), 400, "INVALID_ARGUMENT", [name])


def test_just_long_enough(rest):
    body = sample() | {name: "é" * length for name, length in LONG.items()}
    response = rest.put("/book", json=body)
    assert response.status_code == 201
    assert rest.delete(f"/book/{response.json()['id']}").status_code == 204


@pytest.mark.parametrize("year", [-3001, 10000, 2**31, -(2**31) - 1, 10**30])
def test_year_out_of_range(rest, unchanged, year):
    for verb, path in everywhere(unchanged):
        body = sample(author=unchanged["author"], year=year)
        check_problem(rest.request(verb, path, json=body), 400, "INVALID_ARGUMENT")


def test_all_violations_at_once(rest):
    check_problem(
        rest.post("/book", json={}), 400, "INVALID_ARGUMENT", ["title", "author", "publisher", "year"]
    )
    body = {"id": "x", "title": "", "author": "a" * 101, "publisher": "p" * 101, "year": 10000}
    check_problem(
        rest.post("/book", json=body), 400, "INVALID_ARGUMENT", ["id", "title", "author", "publisher", "year"]
    )
    check_problem(rest.post("/review", json={}), 400, "INVALID_ARGUMENT", ["bookId", "reviewer", "rate"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", 5),
        ("title", True),
        ("title", ["a"]),
        ("title", {"a": 1}),
        ("year", "abc"),
        ("year", 1815.5),
        ("year", True),
        ("year", [1815]),
        ("year", ""),
    ],
)
def test_wrong_json_type(rest, unchanged, name, value):
    for verb, path in everywhere(unchanged):
        body = sample(author=unchanged["author"]) | {name: value}
        check_problem(rest.request(verb, path, json=body), 400, "INVALID_ARGUMENT")


def test_a_number_may_come_as_text(rest, author):
    """ProtoJSON takes "1815" for 1815."""
    assert rest.put("/book", json=sample(author=author, year="1815")).json()["year"] == 1815


@pytest.mark.parametrize("name", ["isbn", "Title", "reviews", ""])
def test_unknown_field(rest, unchanged, name):
    for verb, path in everywhere(unchanged):
        body = sample(author=unchanged["author"]) | {name: "x"}
        check_problem(rest.request(verb, path, json=body), 400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b"}",
        b"null",
        b"[]",
        b"5",
        b'"text"',
        b'{"title":}',
        b"{'title':'x'}",
        b'{"title":"x",}',
        b'{"title":"x"} junk',
        b'{"title":"x"}{"title":"y"}',
        b'{"title":"x","title":"y"}',
        b"\xff\xfe",
        b'{"title":"x" /* comment */}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_malformed_json(rest, unchanged, body):
    for verb, path in everywhere(unchanged):
        check_problem(rest.request(verb, path, content=body, headers=HEADERS), 400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "text",
    [rb"a\u0000b", b"a\xffb", b"\xc3", b"\xed\xa0\x80", rb"\ud800", b"a\x00b"],
    ids=lambda text: repr(text),
)
@pytest.mark.parametrize("name", ["title", "author"])
def test_nul_and_invalid_utf_8(rest, unchanged, name, text):
    values = json.dumps(sample(author=unchanged["author"]) | {name: "@"}).encode().replace(b"@", text)
    for verb, path in everywhere(unchanged):
        check_problem(rest.request(verb, path, content=values, headers=HEADERS), 400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("text", ["%00", "a%00b", "%ff", "%c3", "%ed%a0%80"])
def test_nul_and_invalid_utf_8_in_the_target(rest, text):
    check_problem(rest.get(f"/book?title={text}"), 400, "INVALID_ARGUMENT")
    check_problem(rest.get(f"/book/{text}"), 400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "key",
    [
        "1",
        "x",
        "00000000-0000-0000-0000-00000000000",
        "00000000-0000-0000-0000-0000000000000",
        "00000000000000000000000000000000",
        "{00000000-0000-0000-0000-000000000000}",
        "g0000000-0000-0000-0000-000000000000",
        "'%20OR%20'1'='1",
        "0" * 1000,
        "%20",
        "é",
    ],
)
def test_malformed_id(rest, key):
    for resource, body in (("book", sample()), ("review", {"rate": 1})):
        check_problem(rest.get(f"/{resource}/{key}"), 400, "INVALID_ARGUMENT")
        check_problem(rest.delete(f"/{resource}/{key}"), 400, "INVALID_ARGUMENT")
        check_problem(rest.put(f"/{resource}/{key}", json=body), 400, "INVALID_ARGUMENT")
        check_problem(rest.patch(f"/{resource}/{key}", json=body), 400, "INVALID_ARGUMENT")
    check_problem(rest.get(f"/book/{key}/review"), 400, "INVALID_ARGUMENT")
    check_problem(rest.put(f"/book/{key}/review", json={"reviewer": "A", "rate": 1}), 400, "INVALID_ARGUMENT")


def test_malformed_id_in_a_body(rest, unchanged):
    for verb in ("PUT", "POST"):
        response = rest.request(verb, "/book", json=sample(author=unchanged["author"], id="x"))
        check_problem(response, 400, "INVALID_ARGUMENT", ["id"])


@pytest.mark.parametrize("rate", [0, 6, -1, 2**31 - 1])
def test_rate_out_of_range(rest, review, rate):
    body = {"bookId": review["bookId"], "reviewer": "A", "rate": rate}
    for verb, path in (
        ("PUT", "/review"),
        ("PUT", f"/review/{review['id']}"),
        ("PATCH", f"/review/{review['id']}"),
    ):
        check_problem(rest.request(verb, path, json=body), 400, "INVALID_ARGUMENT", ["rate"])
    assert rest.get(f"/review/{review['id']}").json() == review


def test_review_too_long(rest, review):
    assert rest.patch(f"/review/{review['id']}", json={"review": "é" * 500}).status_code == 200
    response = rest.patch(f"/review/{review['id']}", json={"review": "é" * 501})
    check_problem(response, 400, "INVALID_ARGUMENT", ["review"])


@pytest.mark.parametrize("size", [-1, -(2**31)])
def test_negative_page_size(rest, size):
    for path in ("/book", "/review", f"/book/{uuid.uuid4()}/review"):
        check_problem(rest.get(path, params={"pageSize": size}), 400, "INVALID_ARGUMENT", ["pageSize"])


@pytest.mark.parametrize(
    "query",
    ["pageSize=x", "pageSize=1.5", "pageSize=99999999999", "year=x", "pageSize=1&pageSize=2", "pageSize=%zz"],
)
def test_malformed_query(rest, query):
    check_problem(rest.get(f"/book?{query}"), 400, "INVALID_ARGUMENT")


def test_unknown_query_parameter(rest, unchanged):
    path = f"/book/{unchanged['id']}"
    for verb, target in [("GET", "/book"), ("GET", path), ("DELETE", path), *everywhere(unchanged)]:
        body = None if verb in ("GET", "DELETE") else sample(author=unchanged["author"])
        response = rest.request(verb, f"{target}?colour=red", json=body)
        check_problem(response, 400, "INVALID_ARGUMENT", ["colour"])


def test_unknown_path(rest):
    # A URL, because httpx reads a path that begins with two slashes as another host.
    twice = f"{rest.base_url}//book"
    for path in ("/nothing", "/books", f"/book/{uuid.uuid4()}/nothing", "/book/", twice):
        check_problem(rest.get(path), 404)


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("DELETE", "/book", {"GET", "PUT", "POST"}),
        ("PATCH", "/review", {"GET", "PUT", "POST"}),
        ("POST", "/book/{id}", {"GET", "PUT", "PATCH", "DELETE"}),
        ("POST", "/review/{id}", {"GET", "PUT", "PATCH", "DELETE"}),
        ("DELETE", "/book/{id}/review", {"GET", "PUT", "POST"}),
        ("FOO", "/book", {"GET", "PUT", "POST"}),
    ],
)
def test_method_not_allowed(rest, verb, path, allowed):
    response = rest.request(verb, path.format(id=uuid.uuid4()))
    check_problem(response, 405)
    assert allowed <= {method.strip() for method in response.headers["allow"].split(",")}


def test_a_method_override_has_no_effect(rest, book):
    headers = {"X-HTTP-Method-Override": "DELETE", "Content-Type": "application/x-www-form-urlencoded"}
    rest.post(f"/book/{book['id']}", content=b"", headers=headers)
    assert rest.get(f"/book/{book['id']}").status_code == 200


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x"])
def test_unsupported_media_type(rest, unchanged, media):
    for verb, path in everywhere(unchanged):
        body = json.dumps(sample(author=unchanged["author"], title="Other"))
        check_problem(rest.request(verb, path, content=body, headers={"Content-Type": media}), 415)


def test_json_with_a_charset_is_json(rest, author):
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    response = rest.put("/book", content=json.dumps(sample(author=author)), headers=headers)
    assert response.status_code == 201


@pytest.mark.parametrize("chunked", [False, True])
def test_body_of_50_mb(rest, unchanged, chunked):
    body = b'{"title":"' + b"x" * (50 << 20) + b'"}'

    def chunks():
        for start in range(0, len(body), 1 << 20):
            yield body[start : start + (1 << 20)]

    response = rest.put("/book", content=chunks() if chunked else body, headers=HEADERS)
    check_problem(response, 413)
    assert rest.get("/healthz").status_code == 200


def request_raw(port: int, target: str, headers: dict | None = None) -> tuple[int, bytes]:
    """A request that careful clients would not send."""
    if transport.is_secure():
        secure = transport.context()
        connection = http.client.HTTPSConnection(transport.HOST, port, timeout=30, context=secure)
    else:
        connection = http.client.HTTPConnection(transport.HOST, port, timeout=30)
    try:
        connection.putrequest("GET", target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("prefix", ["/", "/book/", "/book?title="])
def test_target_of_a_million_characters(rest, ports, prefix):
    status, body = request_raw(ports["http_port"], prefix + "x" * 1_000_000)
    assert status == 414
    assert json.loads(body)["status"] == 414
    assert rest.get("/healthz").status_code == 200


def test_target_of_9_kb(rest, ports):
    status, _ = request_raw(ports["http_port"], "/book?title=" + "x" * 9 * 1024)
    assert status == 414


def test_headers_too_large(rest, ports):
    status, _ = request_raw(ports["http_port"], "/book", {f"X-{i}": "x" * 8000 for i in range(40)})
    assert status == 431
    assert rest.get("/healthz").status_code == 200
