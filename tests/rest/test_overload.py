"""Attacks of one client on the gateway: the memory stays bounded, and another client is served
meanwhile and afterwards."""

import asyncio
import contextlib
import json
import resource
import socket
import threading
import time

import httpx
import pytest
import transport
from problems import check_problem
from running import System, bound

ATTACKER, OTHER = "127.0.0.1", "127.0.0.2"
# What the gateway promises with its defaults (gateway/README.md).
MEMORY = 600 << 20
SLOWEST = 2.0


@pytest.fixture(scope="module")
def system(test_database):
    if transport.is_secure():
        pytest.skip("the attacks are the same under TLS, but cost the test itself too much")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with System(test_database) as system:
        yield system
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Watch:
    """Sends requests of another client, and records the slowest one and the memory of the
    gateway."""

    def __init__(self, system: System):
        self.system, self.slowest, self.memory, self.failures = system, 0.0, 0, []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> "Watch":
        self.thread.start()
        return self

    def __exit__(self, *_):
        time.sleep(0.2)
        self.ended.set()
        self.thread.join()
        print(f"slowest request {self.slowest:.2f} s, memory {self.memory >> 20} MB")
        assert not self.failures, self.failures[:3]
        assert self.slowest < bound(SLOWEST)
        assert self.memory < MEMORY

    def run(self) -> None:
        other = httpx.HTTPTransport(local_address=OTHER)
        with httpx.Client(base_url=self.system.url, transport=other, timeout=30) as client:
            while not self.ended.is_set():
                began = time.monotonic()
                try:
                    status = client.get("/book?page_size=1").status_code
                except httpx.HTTPError as error:
                    status = repr(error)
                if status != 200:
                    self.failures.append(status)
                self.slowest = max(self.slowest, time.monotonic() - began)
                self.memory = max(self.memory, resident(self.system.gateway.pid))
                time.sleep(0.02)


def resident(process: int) -> int:
    """The resident memory of a process in bytes."""
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


async def exchange(system: System, text: bytes) -> bytes:
    """Sends a text, and returns what the gateway sends until it closes the connection."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", system.http_port, local_addr=(ATTACKER, 0)
        )
        writer.write(text)
        answer = await reader.read()
        writer.close()
    return answer


def request(verb: str, target: str, body: bytes = b"") -> bytes:
    head = f"{verb} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def attack(system: System, text: bytes, times: int) -> list[str]:
    """Sends a request many times at once; returns the statuses, "" for connections that are
    closed without one."""

    async def all_of_them():
        return await asyncio.gather(*(exchange(system, text) for _ in range(times)))

    return [answer[9:12].decode() for answer in asyncio.run(all_of_them())]


@contextlib.contextmanager
def silent(system: System, text: bytes, times: int):
    """Connections that send a text and receive nothing."""
    with contextlib.ExitStack() as connections:
        for _ in range(times):
            client = connections.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.bind((ATTACKER, 0))
            client.settimeout(5)
            with contextlib.suppress(OSError):
                client.connect(("127.0.0.1", system.http_port))
                client.setblocking(False)
                client.send(text)
        yield


def check_served(system: System) -> None:
    """The attacker is served again, too."""
    with system.client() as client:
        began = time.monotonic()
        while (response := client.get("/book?page_size=1")).status_code != 200:
            assert time.monotonic() - began < bound(SLOWEST), response.text
            time.sleep(0.05)


def test_300_bodies_of_4_mib(system):
    body = json.dumps({"title": "x" * (4 * 1024 * 1024 - 20)}).encode()
    with Watch(system):
        statuses = attack(system, request("PUT", "/book", body), 300)
    assert set(statuses) <= {"400", "503", ""}
    assert "400" in statuses
    assert "503" in statuses
    check_served(system)


def test_bodies_of_many_elements(system):
    body = b'{"requests":[' + b",".join([b"{}"] * 1_390_000) + b"]}"
    began = time.monotonic()
    with Watch(system):
        statuses = attack(system, request("POST", "/book:batchCreate", body), 16)
    assert set(statuses) <= {"413", "503"}
    assert time.monotonic() - began < bound(5)
    with system.client() as client:
        headers = {"Content-Type": "application/json"}
        response = client.post("/book:batchCreate", content=body, headers=headers)
    assert check_problem(response, 413, "RESOURCE_EXHAUSTED")["reason"] == "BODY_TOO_LARGE"


def test_10000_connections_with_large_heads(system):
    head = b"GET /book HTTP/1.1\r\nHost: x\r\n" + b"".join(
        b"X-%d: %s\r\n" % (i, b"x" * 1000) for i in range(70)
    )
    other = httpx.HTTPTransport(local_address=OTHER)
    client = httpx.Client(base_url=system.url, transport=other)
    with Watch(system), silent(system, head, 10_000), client:
        # A connection of another client is accepted meanwhile.
        assert client.get("/book?page_size=1").status_code == 200
    time.sleep(0.5)
    check_served(system)


@pytest.fixture(scope="module")
def many_books(system):
    """As many rows as a page may have, of about 1.7 KB each."""
    row = {
        "title": "\U0001f4d6" * 200,
        "author": "\U0001f4d6" * 100,
        "publisher": "\U0001f4d6" * 100,
        "year": 2000,
    }
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for _ in range(1000))
    with system.client() as client:
        response = client.post(
            "/book:import", content=lines, headers={"Content-Type": "application/x-ndjson"}
        )
    assert response.status_code == 200, response.text
    assert int(response.json()["importedCount"]) == 1000, response.text


@pytest.mark.parametrize("target", ["/book?page_size=1000", "/book:export"])
@pytest.mark.usefixtures("many_books")
def test_600_answers_that_nobody_receives(system, target):
    # Several requests on each connection: the system holds the first answers.
    text = request("GET", target).replace(b"Connection: close\r\n", b"") * 5
    with Watch(system), silent(system, text, 600):
        time.sleep(3)
    time.sleep(0.5)
    check_served(system)


def test_file_descriptors_that_ran_out(system):
    pid = system.gateway.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (30, hard))
    with silent(system, b"", 100):
        time.sleep(1)
    began = time.monotonic()
    with system.client() as client:
        assert client.get("/healthz").status_code == 200
    assert time.monotonic() - began < bound(1)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
