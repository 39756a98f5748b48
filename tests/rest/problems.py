"""The one form of an error in REST (RFC 9457)."""

import httpx


def plain(name: str) -> str:
    """A field's name without its spelling (camelCase or snake_case)."""
    return name.replace("_", "").lower()


def check_problem(response: httpx.Response, status: int, code: str | None = None, fields=()) -> dict:
    """Asserts the form, status and code, and that errors name just the fields
    (where any are given). Returns the problem."""
    assert response.status_code == status, f"{response.status_code}: {response.text[:500]}"
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    for name in ("type", "title", "detail", "code"):
        assert isinstance(problem[name], str), name
        assert problem[name], name
    for error in problem.get("errors", []):
        assert set(error) == {"field", "description"}
        assert error["description"]
    if code:
        assert problem["code"] == code
    if fields:
        assert {plain(e["field"]) for e in problem.get("errors", [])} == {plain(f) for f in fields}
    text = response.text.lower()
    for leak in ("select ", "insert ", "sqlstate", "pqxx", "libpq", "bookstore_app", "violates"):
        assert leak not in text, f"the answer shows {leak!r}"
    return problem
