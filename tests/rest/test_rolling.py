"""The next contract comes while the service goes on: expand, servers of both
contracts, contract; and no request fails."""

import subprocess
import threading

import grpc
import httpx
import psycopg
import pytest
import transport
from conftest import sample
from local import free_port, wait_for
from running import BINARIES, System


class Both:
    """Server N of `system`, server N+1 beside it, each behind a gateway."""

    def __init__(self, system: System):
        self.system = system
        self.next = System.__new__(System)
        self.next.database, self.next.log = system.database, system.log
        self.next.gateway_flags = system.gateway_flags
        self.next.grpc_port, self.next.http_port = free_port(), free_port()
        self.next.server_command = lambda: [str(BINARIES / "next-server"), *system_arguments(self.next)]
        self.next.server = self.next.gateway = None

    def stop(self, system: System) -> None:
        for process in (system.gateway, system.server):
            if process and process.poll() is None:
                process.terminate()
                process.wait(timeout=40)


def system_arguments(system: System) -> list[str]:
    return [
        "--grpc_address",
        f"127.0.0.1:{system.grpc_port}",
        "--database",
        system.database["TEST_DATABASE_APP"],
        *transport.script_flags("server"),
    ]


class Load:
    """Clients that each live the life of a book, again and again."""

    def __init__(self, clients: int, url: str):
        self.urls = [url]
        self.failures: list[str] = []
        self.done = [0] * clients
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(clients)]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def run(self, n: int) -> None:
        with httpx.Client(timeout=30, trust_env=False, verify=transport.context()) as client:
            while not self.over.is_set():
                try:
                    self.live(client, self.urls[n % len(self.urls)], n)
                except Exception as e:
                    self.failures.append(repr(e))
                self.done[n] += 1

    def live(self, client: httpx.Client, url: str, n: int) -> None:
        author = f"author {n}"
        created = self.expect(client.put(f"{url}/book", json=sample(author=author)), 201).json()
        book = f"{url}/book/{created['id']}"
        got = self.expect(client.get(book), 200).json()
        assert got["title"] == created["title"], got
        changed = self.expect(client.patch(book, json={"year": 1900}), 200).json()
        assert changed["year"] == 1900, changed
        listed = self.expect(client.get(f"{url}/book", params={"filter": f'author = "{author}"'}), 200).json()
        assert created["id"] in [one["id"] for one in listed["books"]], listed
        review = {"reviewer": "Walter", "rate": 5}
        self.expect(client.post(f"{book}/review", json=review), 201)
        assert len(self.expect(client.get(f"{book}/review"), 200).json()["reviews"]) == 1
        self.expect(client.delete(book), 204)

    @staticmethod
    def expect(response: httpx.Response, status: int) -> httpx.Response:
        assert response.status_code == status, (response.request.method, str(response.url), response.text)
        return response

    def goes_on(self, what: str) -> None:
        """Waits until each client has ended two lives, the second of which began with the URLs of now."""
        before = list(self.done)
        wait_for(
            lambda: all(now >= then + 2 for now, then in zip(self.done, before, strict=True)),
            60,
            f"requests {what}",
        )
        assert not self.failures, (what, self.failures[:3])


def next_schema(system: System, verb: str, *arguments: str) -> subprocess.CompletedProcess:
    command = [BINARIES / "next-schema", verb, "--database", system.database["TEST_DATABASE_OWNER"]]
    roles = ["--app_role", "bookstore_app"]
    return subprocess.run([*command, *roles, *arguments], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("prepared", [True, False], ids=["default", "unprepared"])
@pytest.mark.timeout(300)
def test_expand_serve_both_contract(fresh_system, prepared):
    both = Both(fresh_system)
    if not prepared:
        command = fresh_system.server_command
        fresh_system.server_command = lambda: [*command(), "--prepared_statements=off"]
        fresh_system.server.terminate()
        fresh_system.server.wait(timeout=40)
        fresh_system.start_server()
        wait_for(fresh_system.ready, what="the gateway")
    try:
        with Load(8, fresh_system.url) as load:
            load.goes_on("of the old server before anything")

            done = next_schema(fresh_system, "apply")
            assert done.returncode == 0, done.stderr
            assert "left: drop-column:book.publisher" in done.stdout
            load.goes_on("of the old server on the new schema")

            both.next.start_server()
            both.next.start_gateway()
            load.urls = [fresh_system.url, both.next.url]
            load.goes_on("of both servers")

            load.urls = [both.next.url]
            load.goes_on("of the new server")
            # One of the old contract is restarted meanwhile: it serves, with a warning.
            fresh_system.server.terminate()
            fresh_system.server.wait(timeout=40)
            fresh_system.start_server()
            wait_for(fresh_system.ready, what="the gateway")
            load.urls = [fresh_system.url, both.next.url]
            load.goes_on("of both servers, the old one restarted")

            load.urls = [both.next.url]
            load.goes_on("of the new server")
            both.stop(fresh_system)
            done = next_schema(fresh_system, "apply", "--allow", "drop-column:book.publisher")
            assert done.returncode == 0, done.stderr
            load.goes_on("of the new server on its own schema")
        assert next_schema(fresh_system, "check").returncode == 0
        # Now the old server does not serve what it would get wrong.
        refused = subprocess.run(fresh_system.server_command(), capture_output=True, text=True, timeout=60)
        assert refused.returncode == 1
        assert "bookstore.book: publisher is missing" in refused.stderr
    finally:
        both.stop(both.next)


def test_a_server_waits_for_the_database_to_look_at_the_schema(fresh_system):
    fresh_system.server.terminate()
    fresh_system.server.wait(timeout=40)
    fresh_system.control("stop")
    server = subprocess.Popen(fresh_system.server_command(), stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if '"event":"database_away"' in line:
                break
        fresh_system.control("start")
        with fresh_system.channel() as channel:
            grpc.channel_ready_future(channel).result(timeout=30)
    finally:
        server.terminate()
        server.wait(timeout=40)
        server.stderr.close()


def test_a_server_that_waits_for_the_database_stops_when_told(fresh_system):
    fresh_system.server.terminate()
    fresh_system.server.wait(timeout=40)
    fresh_system.control("stop")
    server = subprocess.Popen(fresh_system.server_command(), stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        if '"event":"database_away"' in line:
            break
    server.terminate()
    assert server.wait(timeout=20) == 0
    server.stderr.close()
    fresh_system.control("start")


def test_an_empty_database_is_refused_with_the_remedy(fresh_system):
    with psycopg.connect(fresh_system.database["TEST_DATABASE_OWNER"], autocommit=True) as connection:
        connection.execute("DROP SCHEMA bookstore CASCADE")
    command = [*fresh_system.server_command()[:1], *system_arguments(fresh_system)]
    command[2] = f"127.0.0.1:{free_port()}"
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert "bookstore.book is missing" in refused.stderr
    assert "plan and apply" in refused.stderr
