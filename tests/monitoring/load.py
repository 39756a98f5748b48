"""Requests of every kind, with a text that no metric, log or trace may have."""

import json
import uuid

PLANTED = "planted-4f1c9a"  # tests/suites/common.sh looks for it in logs
LINES = {"Content-Type": "application/x-ndjson"}


def book(**changes) -> dict:
    return {"title": PLANTED, "author": PLANTED, "publisher": PLANTED, "year": 1815} | changes


def every_kind(client) -> None:
    """Sends requests of every kind of method, and some that fail."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = client.put("/book", json=book(), headers=key)
    assert client.put("/book", json=book(), headers=key).json() == first.json()
    path = f"/book/{first.json()['id']}"
    review = client.put(f"{path}/review", json={"reviewer": PLANTED, "rate": 5, "review": PLANTED})
    for response, status in (
        (first, 201),
        (review, 201),
        (client.get(path), 200),
        (client.get("/book", params={"filter": f'title = "{PLANTED}"'}), 200),
        (client.get(f"{path}/review"), 200),
        (client.patch(path, json={"title": PLANTED}), 200),
        (client.put(path, json=book(year=1816)), 200),
        (client.get("/book:batchGet", params={"ids": first.json()["id"]}), 200),
        (client.post("/book:batchCreate", json={"requests": [{"book": book()}] * 3}), 200),
        (
            client.post(
                "/book:import", content=f"{json.dumps(book())}\n{json.dumps(book(year='x'))}\n", headers=LINES
            ),
            200,
        ),
        (
            client.post(
                "/book:import",
                content=f"{json.dumps(book())}\n{json.dumps(book(author=''))}\n",
                headers=LINES,
            ),
            200,
        ),
        (client.get("/book:export"), 200),
        (client.get(f"/book/{uuid.uuid4()}"), 404),
        (client.get(f"/{PLANTED}"), 404),
        (client.put("/book", json=book(year=PLANTED)), 400),
        (client.delete(path), 200),
    ):
        assert response.status_code in (status, 204), response.text
