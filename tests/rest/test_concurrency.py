"""Many clients at once."""

import collections
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import transport
from conftest import sample


def at_once(count: int, work) -> list:
    """Calls work(0..count-1) in as many threads, begun together."""
    barrier = threading.Barrier(count)

    def begin(n):
        barrier.wait()
        return work(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_a_hundred_clients(rest, author):
    def life(n: int) -> list[int]:
        with transport.rest_client(rest.base_url.port) as client:
            statuses = []
            for round_ in range(5):
                created = client.put("/book", json=sample(author=author, title=f"{n}.{round_}"))
                path = f"/book/{created.json()['id']}"
                statuses += [
                    created.status_code,
                    client.get(path).status_code,
                    client.patch(path, json={"year": n + 1}).status_code,
                    client.put(f"{path}/review", json={"reviewer": "A", "rate": 5}).status_code,
                ]
                if round_:
                    statuses.append(client.delete(path).status_code)
            return statuses

    statuses = collections.Counter(status for life_ in at_once(100, life) for status in life_)
    assert statuses == {201: 1000, 200: 1000, 204: 400}
    left = rest.get("/book", params={"author": author, "pageSize": 1000}).json()["books"]
    assert {b["title"] for b in left} == {f"{n}.0" for n in range(100)}


def counted(responses) -> dict[int, int]:
    return dict(collections.Counter(r.status_code for r in responses))


def test_one_of_many_creates_with_one_id(rest, author):
    key = str(uuid.uuid4())
    responses = at_once(40, lambda n: rest.post("/book", json=sample(author=author, id=key, year=n + 1)))
    assert counted(responses) == {201: 1, 409: 39}
    (winner,) = [r.json() for r in responses if r.status_code == 201]
    assert rest.get(f"/book/{key}").json() == winner


def test_one_of_many_puts_creates(rest, author):
    key = str(uuid.uuid4())
    responses = at_once(40, lambda n: rest.put(f"/book/{key}", json=sample(author=author, year=n + 1)))
    assert counted(responses) == {201: 1, 200: 39}
    assert len({r.json()["etag"] for r in responses}) == 40


def test_one_of_many_changes_with_one_etag(rest, book):
    headers = {"If-Match": f'"{book["etag"]}"'}
    responses = at_once(
        40, lambda n: rest.patch(f"/book/{book['id']}", json={"year": n + 1}, headers=headers)
    )
    assert counted(responses) == {200: 1, 412: 39}


def test_no_change_is_lost_when_all_watch_the_etag(rest, book):
    def add_one(_):
        while True:
            seen = rest.get(f"/book/{book['id']}")
            response = rest.patch(
                f"/book/{book['id']}",
                json={"year": seen.json()["year"] + 1},
                headers={"If-Match": seen.headers["etag"]},
            )
            if response.status_code == 200:
                return
            assert response.status_code == 412

    at_once(10, add_one)
    assert rest.get(f"/book/{book['id']}").json()["year"] == book["year"] + 10


def test_reviews_while_their_book_goes(rest, author):
    """Either the review came first and went with its book, or it is refused."""
    for _ in range(10):
        book = rest.put("/book", json=sample(author=author)).json()

        def work(n, book=book):
            if n == 0:
                return rest.delete(f"/book/{book['id']}").status_code
            return rest.put(f"/book/{book['id']}/review", json={"reviewer": "A", "rate": 1}).status_code

        first, *others = at_once(12, work)
        assert first == 204
        assert set(others) <= {201, 409}
        assert rest.get(f"/book/{book['id']}/review").json() == {"reviews": []}
