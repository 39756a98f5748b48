"""What schemathesis must know beyond the document, for the bookstore: values of the document's own
formats, the media type of JSON lines, and rules between the parts of a request, which no schema can
express. schemathesis loads this file (schemathesis.toml)."""

import json
import re
import uuid

import schemathesis
from hypothesis import strategies

MASKS = ["", "etag", "createTime", "createTime,updateTime"]
FORMATS = {
    "field-mask": MASKS,
    "page-token": [""],
    "filter": [
        "",
        'id = "1d9a9551-c9bc-51bf-8206-0a5090ea57d8"',
        'createTime < "2030-01-01T00:00:00Z" OR NOT (update_time > "2029-01-01T00:00:00Z")',
    ],
    "order-by": ["", "id", "create_time desc, updateTime"],
    # Not return=minimal: OpenAPI cannot say that 201 has a body or none.
    "preferences": ["return=representation", "respond-async, wait=10"],
    "entity-tags": ["*", '"a"', 'W/"a", "b"', '"" ,""'],
}
REQUIRED = {"book": {"title", "author", "publisher", "year"}, "review": {"bookId", "reviewer", "rate"}}
# Instead of an empty key, which means that the server makes one, although it is no UUID.
NO_KEY = "no key"
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

for name, values in FORMATS.items():
    schemathesis.openapi.format(name, strategies.sampled_from(values))


@schemathesis.serializer("application/x-ndjson")
def write_lines(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def read_lines(ctx, response):
    for line in response.content.splitlines():
        assert isinstance(json.loads(line), dict)
    return response.text


def is_uuid(value) -> bool:
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def keys_of(body: dict):
    """Each place of a batch that has a key: a list or an object, and the index."""
    ids, requests = body.get("ids"), body.get("requests")
    if isinstance(ids, list):
        yield from ((ids, i) for i in range(len(ids)))
    for element in requests if isinstance(requests, list) else []:
        if isinstance(element, dict):
            rows = [element, element.get("book"), element.get("review")]
            yield from ((row, "id") for row in rows if isinstance(row, dict) and "id" in row)


def is_complete(row, name: str) -> bool:
    return isinstance(row, dict) and REQUIRED[name] <= row.keys()


def only_changes(case) -> None:
    """A request that may create a row needs all required fields, and others need none."""
    query, requests = case.query or {}, case.body.get("requests")
    for name in REQUIRED:
        may_create = case.path.startswith(f"/{name}/{{") and query.get("allowMissing") in (True, "true")
        if may_create and not is_complete(case.body, name):
            del query["allowMissing"]
    for element in requests if isinstance(requests, list) else []:
        for name in REQUIRED.keys() & (element.keys() if isinstance(element, dict) else set()):
            if element.get("allowMissing") is True and not is_complete(element[name], name):
                element["allowMissing"] = False


@schemathesis.hook
def filter_case(ctx, case):
    """JSON lines are a text: no other type can be sent."""
    return case.media_type != "application/x-ndjson" or isinstance(case.body, str | bytes)


def know_fields(case) -> None:
    """A mask of a valid request names fields, which its format alone does not say: schemathesis also
    tries texts of its own."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name in ("updateMask", "readMask"):
        if (case.query or {}).get(name, "") not in MASKS:
            case.query[name] = MASKS[0]


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Rules between parts: a key in the body is the one of the path, a batch has no key twice, and a
    creation has all required fields."""
    know_fields(case)
    if not isinstance(case.body, dict):
        return
    if case.body.get("id") == "":
        case.body["id"] = NO_KEY
    key = (case.path_parameters or {}).get("id")
    if is_uuid(key) and is_uuid(case.body.get("id")):
        case.body["id"] = key
    seen = set()
    for place, at in keys_of(case.body):
        if place[at] == "":
            place[at] = NO_KEY
        if is_uuid(place[at]) and place[at].lower() in seen:
            place[at] = str(uuid.uuid4())
        if isinstance(place[at], str):
            seen.add(place[at].lower())
    only_changes(case)
