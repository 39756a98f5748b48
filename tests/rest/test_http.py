"""HTTP as such: HEAD, OPTIONS, health, the OpenAPI document."""

import uuid

import pytest
from openapi_spec_validator import validate


def test_head(rest, book):
    for path in ("/book", f"/book/{book['id']}", f"/book/{book['id']}/review"):
        got, head = rest.get(path), rest.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers.get("etag") == got.headers.get("etag")
        assert head.headers["content-type"] == got.headers["content-type"]
    missing = rest.head(f"/book/{uuid.uuid4()}")
    assert (missing.status_code, missing.content) == (404, b"")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/book", {"GET", "PUT", "POST"}), ("/book/{id}", {"GET", "PUT", "PATCH", "DELETE"})],
)
def test_options(rest, path, allowed):
    response = rest.options(path.format(id=uuid.uuid4()))
    assert response.status_code in (200, 204)
    assert allowed <= {method.strip() for method in response.headers["allow"].split(",")}


def test_health(rest):
    assert rest.get("/healthz").status_code == 200
    assert rest.get("/readyz").status_code == 200


def test_openapi(rest):
    response = rest.get("/openapi.json")
    assert response.status_code == 200
    document = response.json()
    validate(document)
    paths = document["paths"]
    assert {"get", "put", "post"} <= set(paths["/book"])
    for resource in ("book", "review"):
        # One path item, whatever the bindings call the variable.
        items = [p for p in paths if p.startswith(f"/{resource}/{{") and p.count("/") == 2]
        assert items == [f"/{resource}/{{id}}"]
        assert {"get", "put", "patch", "delete"} <= set(paths[items[0]])
    (nested,) = [p for p in paths if p.startswith("/book/{") and p.endswith("/review")]
    assert {"get", "put", "post"} <= set(paths[nested])
