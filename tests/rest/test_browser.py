"""CORS as a browser enforces it: pages of other origins read answers of the gateway, or
do not."""

import json

import pytest
from browser import Page
from conftest import sample
from running import System

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def page() -> Page:
    """A page of the allowed origin."""
    return Page()


@pytest.fixture(scope="module")
def system(test_database, page):
    with System(test_database, (f"--cors_origin=https://app.example.com,{page.origin}",)) as system:
        yield system


def put(url: str, title: str, **headers: str) -> tuple[str, dict]:
    options = {"method": "PUT", "headers": JSON | headers, "body": json.dumps(sample(title=title))}
    return (f"{url}/book", options)


def test_a_page_of_an_allowed_origin(system, page):
    """Each of these requests but the plain one is preceded by a preflight request."""
    with system.client() as client:
        book = client.put("/book", json=sample(title="shown")).json()
    url = f"{system.url}/book/{book['id']}"
    every = {
        "Authorization": "Bearer x",
        "Grpc-Timeout": "5S",
        "Prefer": "return=minimal",
        "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "X-Request-Id": "from-a-page",
    }
    answers = page.fetch(
        {
            "plain": (url, {}),
            "headers": (url, {"headers": every}),
            "create": put(system.url, "made by a page", **{"Idempotency-Key": "page-1"}),
            "unchanged": (url, {"headers": {"If-None-Match": f'"{book["etag"]}"'}, "cache": "no-store"}),
            "conflict": (
                url,
                {"method": "PATCH", "headers": JSON | {"If-Match": '"other"'}, "body": '{"year":1}'},
            ),
            "invalid": (f"{system.url}/book?x=y", {}),
            "unknown path": (f"{system.url}/nothing", {}),
            "delete": (url, {"method": "DELETE"}),
        }
    )
    assert json.loads(answers["plain"]["body"]) == book
    assert answers["plain"]["headers"]["etag"] == f'"{book["etag"]}"'
    assert answers["headers"]["headers"]["x-request-id"] == "from-a-page"
    created = answers["create"]
    assert created["status"] == 201
    assert created["headers"]["location"] == f"/book/{json.loads(created['body'])['id']}"
    assert answers["unchanged"]["status"] == 304
    assert answers["conflict"]["status"] == 412
    for name, status in (("conflict", 412), ("invalid", 400), ("unknown path", 404)):
        answer = answers[name]
        assert answer["status"] == status, name
        assert json.loads(answer["body"])["requestId"] == answer["headers"]["x-request-id"], name
    assert answers["delete"]["status"] == 204
    assert system.titles() == {"made by a page"}


def test_a_page_of_another_origin(system):
    """It reads nothing, and what needs a preflight request is not even sent."""
    before = system.titles()
    answers = Page().fetch(
        {
            "plain": (f"{system.url}/book", {}),
            "create": put(system.url, "forged"),
            "opaque": (f"{system.url}/book", {"mode": "no-cors"}),
        }
    )
    assert answers["plain"] == {"blocked": "TypeError"}
    assert answers["create"] == {"blocked": "TypeError"}
    assert (answers["opaque"]["status"], answers["opaque"]["body"], answers["opaque"]["headers"]) == (
        0,
        "",
        {},
    )
    assert system.titles() == before


def test_credentials(system, page):
    """A browser shows an answer to a request with credentials only with the flag."""
    request = {"include": (f"{system.url}/book", {"credentials": "include"})}
    assert page.fetch(request)["include"] == {"blocked": "TypeError"}
    system.restart_gateway(f"--cors_origin={page.origin}", "--cors_credentials")
    assert page.fetch(request)["include"]["status"] == 200


def test_off_by_default_and_any_origin(system, page):
    request = {"plain": (f"{system.url}/book", {}), "create": put(system.url, "any")}
    system.restart_gateway()
    assert page.fetch(request)["plain"] == {"blocked": "TypeError"}
    assert "any" not in system.titles()
    system.restart_gateway("--cors_origin=*")
    answers = Page().fetch(request)
    assert (answers["plain"]["status"], answers["create"]["status"]) == (200, 201)
