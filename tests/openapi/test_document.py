"""Names and examples of the document."""

import json
import re

import httpx
import pytest
from conftest import SAMPLE

VERBS = ("get", "put", "patch", "post", "delete")


@pytest.fixture(scope="module")
def sample() -> tuple[dict, dict]:
    """The first book of the sample, and its first review."""
    with SAMPLE.open() as lines:
        book = json.loads(next(lines))
    reviews = book.pop("reviews")
    return book, reviews[0] | {"bookId": book["id"]}


def operations(document: dict):
    for path, item in document["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield verb, path, item.get("parameters", []), item[verb]


def test_names_are_identifiers(document):
    ids = [operation["operationId"] for _, _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", name) for name in ids)
    assert {"listBooks", "createBook", "createBookWithPost", "listReviewsByBookId", "getHealth"} <= set(ids)
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) for name in document["components"]["schemas"])


def test_every_answer_has_a_named_schema(document):
    for _, path, _, operation in operations(document):
        for response in operation["responses"].values():
            for media, content in response.get("content", {}).items():
                assert (
                    media != "application/json" or path.startswith("/openapi") or "$ref" in content["schema"]
                )


def test_examples_are_a_row_of_the_sample(document, sample):
    for name, row in zip(("Book", "Review"), sample, strict=True):
        properties = document["components"]["schemas"][name]["properties"]
        examples = {
            n: p["example"] for n, p in properties.items() if "example" in p and not p.get("readOnly")
        }
        assert examples == row


def test_examples_of_requests_work(document, url):
    """In the order of VERBS, without what deletes the rows of the examples."""
    with httpx.Client(base_url=url, timeout=30) as client:
        done = 0
        for verb, path, shared, operation in sorted(operations(document), key=lambda o: VERBS.index(o[0])):
            if verb == "delete" or "Delete" in path:
                continue
            # A review's id is not in the schema of the path's variable of the book.
            for parameter in shared:
                value = parameter["schema"]["example"]
                path = path.replace(f"{{{parameter['name']}}}", value)
            query = {
                p["name"]: p.get("example", p["schema"].get("example"))
                for p in operation.get("parameters", [])
                if p["in"] == "query" and ("example" in p or "example" in p["schema"])
            }
            body = operation.get("requestBody", {}).get("content", {})
            headers, text = {}, None
            for media, content in body.items():
                example = content["example"]
                headers, text = (
                    {"Content-Type": media},
                    example if isinstance(example, str) else json.dumps(example),
                )
            answer = client.request(verb, path, params=query, headers=headers, content=text)
            assert answer.is_success, (verb, path, answer.text)
            done += 1
        assert done > 25


def test_json_lines_name_the_schema_of_a_line(document):
    answer = document["paths"]["/book:export"]["get"]["responses"]["200"]["content"]["application/x-ndjson"]
    assert answer["x-item-schema"] == {"$ref": "#/components/schemas/Book"}
    assert answer["schema"]["format"] == "binary"
    assert json.loads(answer["example"])["title"] == "Pride and Prejudice"


def test_what_a_caller_may_do(document):
    book = document["paths"]["/book/{id}"]
    assert {"401", "403", "404", "412"} <= set(book["get"]["responses"])
    headers = {p["name"] for p in book["patch"]["parameters"] if p["in"] == "header"}
    assert {"If-Match", "Idempotency-Key"} <= headers
    assert "at most 1000 rows" in document["paths"]["/book"]["get"]["description"]
    assert "at most 1000 elements" in document["paths"]["/book:batchUpdate"]["post"]["description"]
    assert document["servers"][0]["url"] == "/"
