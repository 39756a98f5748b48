"""Many calls at once: health checks are answered, what is refused comes again, and other clients
keep their times (docs/faults.md)."""

import threading
import time

import crowds
import grpc
import httpx
import psycopg
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc as rpc
from local import free_port
from others import GROWTH, resident
from running import System, bound
from servers import Servers

FEW, CALLS = 2000, 20000
HEALTH = 0.2
READY = 0.1
MODEST = 9
SLOWER, SLOWEST_P99 = 4.0, 0.025
EXPORTS, EXPORTED = 140, 20000
EXPORT_HEALTH = 0.1
TRIES = 3
OWN = [("grpc.use_local_subchannel_pool", 1)]


class Health:
    """Checks health again and again, by gRPC and by /readyz of the metrics address, and records the
    times and the growth of the server's memory."""

    def __init__(self, system, metrics_address: str):
        self.system, self.ended = system, threading.Event()
        self.url = f"http://{metrics_address}/readyz"
        self.start, self.growth, self.failures = resident(system.server.pid), 0, []
        self.times, self.ready = [], []
        self.threads = [threading.Thread(target=run) for run in (self.run, self.probe)]

    def __enter__(self) -> "Health":
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.system.grpc_port}", OWN)
        self.check = self.channel.unary_unary("/grpc.health.v1.Health/Check")
        self.check(b"", timeout=10)
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        self.channel.close()

    def run(self) -> None:
        while not self.ended.is_set():
            began = time.monotonic()
            try:
                self.check(b"", timeout=20)
            except grpc.RpcError as error:
                self.failures.append(error)
            self.times.append(time.monotonic() - began)
            self.growth = max(self.growth, resident(self.system.server.pid) - self.start)
            time.sleep(0.005)

    def probe(self) -> None:
        with httpx.Client(trust_env=False) as client:
            while not self.ended.is_set():
                began = time.monotonic()
                status = client.get(self.url, timeout=20).status_code
                self.ready.append(time.monotonic() - began)
                if status != 200:
                    self.failures.append(status)
                time.sleep(0.005)


def titles_of(system) -> list[str]:
    with psycopg.connect(system.database["TEST_DATABASE_OWNER"]) as connection:
        rows = connection.execute("SELECT title FROM bookstore.book").fetchall()
    return sorted(title for (title,) in rows)


def test_creations_that_are_refused_come_again(test_database):
    titles = [str(number) for number in range(FEW)]
    with (
        System(test_database, server_flags=("--max_calls", "200")) as system,
        crowds.process() as process,
    ):
        seconds, refused = process.submit(crowds.create, system.grpc_port, titles).result()
        print(f"{FEW} creations in {seconds:.1f} s, {refused} refused")
        assert refused > 0
        assert titles_of(system) == sorted(titles)


def test_20000_creations_at_once(test_database):
    metrics = f"127.0.0.1:{free_port()}"
    with System(test_database, server_flags=("--metrics_address", metrics)) as system:
        create_20000(system, metrics)


def create_20000(system: System, metrics: str) -> None:
    created = []
    for wave in range(TRIES):  # the machine may be busy with other suites
        titles = [f"{wave}.{number}" for number in range(CALLS)]
        with crowds.process() as process, Health(system, metrics) as health:
            seconds, refused = process.submit(crowds.create, system.grpc_port, titles).result()
        print(
            f"{CALLS} creations in {seconds:.1f} s, {refused} refused; "
            f"health {max(health.times) * 1000:.0f} ms, /readyz {max(health.ready) * 1000:.0f} ms; "
            f"growth {health.growth >> 20} MB"
        )
        created += titles
        assert titles_of(system) == sorted(created)
        assert health.growth < GROWTH
        assert not health.failures
        if max(health.times) < bound(HEALTH) and max(health.ready) < bound(READY):
            return
    raise AssertionError((max(health.times), max(health.ready)))


class Modest:
    """Clients that read a row now and then, each over a connection of its own."""

    def __init__(self, port: int, book: str):
        self.channels = [grpc.insecure_channel(f"127.0.0.1:{port}", OWN) for _ in range(MODEST)]
        self.stubs = [rpc.BookServiceStub(channel) for channel in self.channels]
        self.request = pb.GetBookRequest(id=book)

    def close(self) -> None:
        for channel in self.channels:
            channel.close()

    def read(self, seconds: float) -> tuple[float, int]:
        """The 99th percentile of the times, and the number of reads."""
        times, until = [], time.monotonic() + seconds
        while time.monotonic() < until:
            for stub in self.stubs:
                began = time.monotonic()
                stub.GetBook(self.request, timeout=30)
                times.append(time.monotonic() - began)
                time.sleep(0.002)
        times.sort()
        return times[len(times) * 99 // 100], len(times)

    def read_beside(self, process, port: int, connections: int) -> float:
        """The 99th percentile while another client has STREAMS calls under way on each of its
        connections to a server, which may be another one than theirs."""
        book = self.request.id
        calls = process.submit(crowds.read_all_the_time, port, book, connections, 4)
        time.sleep(1)
        percentile, count = self.read(2)
        print(f"p99 {percentile * 1000:.1f} ms of {count} reads beside {calls.result():.0f} calls/s")
        return percentile


def create(system) -> str:
    with grpc.insecure_channel(f"127.0.0.1:{system.grpc_port}", OWN) as channel:
        row = pb.Book(title="read", author="a", publisher="p", year=2000)
        return rpc.BookServiceStub(channel).CreateBook(pb.CreateBookRequest(book=row), timeout=30).id


@pytest.fixture
def book(system) -> str:
    return create(system)


@pytest.mark.parametrize("connections", [1, 16])
def test_one_client_with_many_calls_does_not_delay_others(system, book, connections):
    """The yardstick is the same crowd at another server: processor and database are shared with it
    in any case."""
    with Servers(system) as servers, crowds.process() as process:
        port, elsewhere = (port for _, port in servers.addresses)
        modest = Modest(port, book)
        print(f"p99 {modest.read(2)[0] * 1000:.1f} ms alone")
        for _ in range(TRIES):
            yardstick = modest.read_beside(process, elsewhere, connections)
            beside = modest.read_beside(process, port, connections)
            if beside <= max(SLOWER * yardstick, bound(SLOWEST_P99)):
                break
        else:
            raise AssertionError((beside, yardstick))
        modest.close()


def test_calls_that_are_refused_all_the_time(test_database):
    """Refused calls end on one thread while another one handles them."""
    with System(test_database, server_flags=("--max_calls", "400")) as system, crowds.process() as process:
        book = create(system)
        calls = process.submit(crowds.read_all_the_time, system.grpc_port, book, 4, 3).result()
        checks = process.submit(crowds.check_all_the_time, system.grpc_port, 3).result()
        print(f"{calls:.0f} calls/s, {checks:.0f} health checks/s")
        assert system.server.poll() is None
        assert create(system) != book


def test_exports_do_not_delay_health_checks(test_database):
    metrics = f"127.0.0.1:{free_port()}"
    with System(test_database, server_flags=("--metrics_address", metrics)) as system:
        fill(system)
        with crowds.process() as process:
            for _ in range(TRIES):
                with Health(system, metrics) as health:
                    size = process.submit(crowds.export_all, system.grpc_port, EXPORTS, 4).result()
                print(f"health {max(health.times) * 1000:.0f} ms beside {size >> 20} MB in 4 s")
                assert not health.failures
                if max(health.times) < bound(EXPORT_HEALTH):
                    return
    raise AssertionError(max(health.times))


def fill(system) -> None:
    with psycopg.connect(system.database["TEST_DATABASE_OWNER"], autocommit=True) as connection:
        connection.execute(
            "INSERT INTO bookstore.book (id, title, author, publisher, year, create_time, update_time) "
            "SELECT gen_random_uuid(), 't' || n, 'a', 'p', 2000, now(), now() "
            "FROM generate_series(1, %s) AS n",
            (EXPORTED,),
        )
