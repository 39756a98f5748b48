"""Imports and exports as JSON lines, through the whole system."""

import json
import threading

import httpx
import pytest
from conftest import sample
from problems import check_problem

LINES = {"Content-Type": "application/x-ndjson"}


def import_books(client: httpx.Client, lines, path: str = "/book:import") -> dict:
    response = client.post(path, content=("".join(f"{line}\n" for line in lines)).encode(), headers=LINES)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def export(client: httpx.Client, path: str = "/book:export", **query) -> list[dict]:
    with client.stream("GET", path, params=query) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in response.iter_lines()]


def test_import_of_many_lines_with_bad_ones(own_system):
    lines, bad, good = [], {}, 0
    for n in range(10_000):
        position = good + len(bad)
        match n % 100:
            case 7:
                lines.append(json.dumps(sample(title=f"{n}"))[:-1])
                bad[position] = 3
            case 19:
                lines.append(json.dumps(sample(title="", year=20000)))
                bad[position] = 3
            case 31:
                lines.append("")
                continue
            case 43:
                lines.append(json.dumps(sample(colour="red")))
                bad[position] = 3
            case 57 if n == 157:
                lines.append(json.dumps(sample(title="x" * (5 << 20))))
                bad[position] = 8
            case _:
                lines.append(json.dumps(sample(title=f"bulk {n}")))
                good += 1
                continue
    with own_system.client() as client:
        result = import_books(client, lines)
        assert int(result["importedCount"]) == good
        assert int(result["failedCount"]) == len(bad)
        found = {int(f["position"]): f["status"]["code"] for f in result["failures"]}
        assert found == dict(list(bad.items())[:100])
        broken = next(
            f for f in result["failures"] if len(f["status"].get("details", [])) and f["position"] == "19"
        )
        fields = {v["field"] for v in broken["status"]["details"][0]["fieldViolations"]}
        assert fields == {"title", "year"}
        stored = own_system.titles()
        assert sum(title.startswith("bulk ") for title in stored) == good
        # The export has them, in the order of the keys.
        rows = export(client, filter='title = "bulk *"')
        assert len(rows) == good
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


def test_import_streams_in_and_counts(own_system):
    """A body of unknown length, line by line."""

    def body():
        for n in range(500):
            yield json.dumps(sample(title=f"chunk {n}")).encode() + b"\n"
        yield json.dumps(sample(title="the last, without an end of line")).encode()

    with own_system.client() as client:
        response = client.post("/book:import", content=body(), headers=LINES)
    assert response.status_code == 200
    assert response.json() == {"importedCount": "501", "failedCount": "0", "failures": []}


def test_import_refuses_what_exists_and_what_has_no_parent(own_system):
    with own_system.client() as client:
        book = client.put("/book", json=sample()).json()
        result = import_books(client, [json.dumps(sample(id=book["id"])), json.dumps(sample())])
        assert result["importedCount"] == "1"
        assert [(f["position"], f["status"]["code"]) for f in result["failures"]] == [("0", 6)]
        review = {"reviewer": "Ada", "rate": 4}
        lines = [
            json.dumps(review | {"bookId": book["id"]}),
            json.dumps(review | {"bookId": "01a20ca1-9136-7608-97ab-2d050c35514a"}),
            json.dumps(review),
        ]
        result = import_books(client, lines, "/review:import")
        assert result["importedCount"] == "1"
        assert [(f["position"], f["status"]["code"]) for f in result["failures"]] == [("1", 9), ("2", 3)]
        assert len(export(client, "/review:export", filter=f'book_id = "{book["id"]}"')) == 1


def test_wrong_media_and_wrong_queries(own_system):
    with own_system.client() as client:
        response = client.post("/book:import", json=sample())
        check_problem(response, 415, "INVALID_ARGUMENT")
        assert "application/x-ndjson" in response.headers["accept"]
        check_problem(client.post("/book:import?title=x", content=b"", headers=LINES), 400)
        check_problem(client.get("/book:export?filter=nothing%20=%201"), 400, "INVALID_ARGUMENT", ["filter"])
        check_problem(client.get("/book:export?pageSize=1"), 400)
        check_problem(client.delete("/book:export"), 405)
        assert client.head("/book:export").status_code == 200


def test_round_trip(own_system):
    own = "A round trip"
    with own_system.client() as client:
        import_books(
            client, [json.dumps(sample(author=own, title=f't{n} \u00e9\u4e66"\\')) for n in range(1000)]
        )
        rows = export(client, filter=f'author = "{own}"')
        assert len(rows) == 1000
        for row in rows:
            assert client.delete(f"/book/{row['id']}").status_code == 204
        assert export(client, filter=f'author = "{own}"') == []
        # As they came: with times and etags, which mean nothing to a creation.
        result = import_books(client, [json.dumps(row) for row in rows])
        assert result == {"importedCount": "1000", "failedCount": "0", "failures": []}

        def essence(books):
            return [
                {k: v for k, v in b.items() if k not in ("createTime", "updateTime", "etag")} for b in books
            ]

        assert essence(export(client, filter=f'author = "{own}"')) == essence(rows)


def test_export_while_rows_come(own_system):
    own, stop = "Comes and goes", threading.Event()
    with own_system.client() as client:
        import_books(client, [json.dumps(sample(author=own, title="before")) for _ in range(3000)])
        before = {row["id"] for row in export(client, filter=f'author = "{own}"')}

        def insert():
            with own_system.client() as other:
                while not stop.is_set():
                    other.put("/book", json=sample(author=own, title="meanwhile"))

        inserter = threading.Thread(target=insert)
        inserter.start()
        try:
            for _ in range(5):
                ids = [row["id"] for row in export(client, filter=f'author = "{own}"')]
                assert ids == sorted(set(ids))
                assert before <= set(ids)
        finally:
            stop.set()
            inserter.join(60)


@pytest.mark.timeout(240)
def test_many_imports_at_once(own_system):
    results = []

    def one(n: int) -> None:
        with own_system.client() as client:
            results.append(import_books(client, [json.dumps(sample(author=f"many {n}")) for _ in range(500)]))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert [result["importedCount"] for result in results] == ["500"] * 20


def test_an_export_that_fails_is_broken_off(fresh_system):
    with fresh_system.client() as client:
        import_books(client, [json.dumps(sample(title=f"{n} {'x' * 190}")) for n in range(40_000)])
        with client.stream("GET", "/book:export") as response:
            assert response.status_code == 200
            chunks = response.iter_raw()
            next(chunks)
            fresh_system.server.terminate()
            with pytest.raises(httpx.RemoteProtocolError):
                for _ in chunks:
                    pass
    assert fresh_system.server.wait(timeout=40) == 0


def test_a_drain_of_the_server_ends_an_import(fresh_system):
    terminated = threading.Event()

    def body():
        for n in range(10_000_000):
            if n == 2000:
                fresh_system.server.terminate()
                terminated.set()
            yield json.dumps(sample(title=f"{n}")).encode() + b"\n"

    with fresh_system.client() as client:
        response = client.post("/book:import", content=body(), headers=LINES)
    assert terminated.is_set()
    problem = check_problem(response, 503, "UNAVAILABLE")
    assert problem["reason"] == "SHUTTING_DOWN"
    assert f"{len(fresh_system.titles())} rows were imported" in problem["detail"]
    assert "retry-after" not in response.headers
