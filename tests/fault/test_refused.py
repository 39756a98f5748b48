"""PostgreSQL is there, but refuses writes or connections for a while: it is read-only, its disk
is full, the password is another one."""

import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator

import grpc
import httpx
import psycopg
import pytest
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc as rpc
from clusters import Cluster, Pair, control
from local import wait_for
from reasons import reason_of
from relay import Relay
from running import System, bound
from writers import TESTS, WRITES, Writers

# After the cause is gone.
RECOVERY = 2.0


@pytest.fixture
def cluster(test_database):
    return Cluster.of(test_database)


def try_to_create(system) -> tuple[grpc.StatusCode, str, bool]:
    """The code of a creation, its reason, and whether RetryInfo says that it may be repeated."""
    book = pb.Book(title="refused", author="a", publisher="p", year=2000)
    with system.channel() as channel:
        try:
            rpc.BookServiceStub(channel).CreateBook(pb.CreateBookRequest(book=book), timeout=10)
        except grpc.RpcError as error:
            return error.code(), *reason_of(error)
    return grpc.StatusCode.OK, "", False


def refusals(answers: Iterable[httpx.Response]) -> Iterator[httpx.Response]:
    """Those of the answers to creations that are refusals, which are clear."""
    for answer in answers:
        if answer.status_code == 201:
            continue
        assert (answer.status_code, answer.json()["reason"]) == (503, "DATABASE_UNAVAILABLE")
        assert int(answer.headers["retry-after"]) >= 1
        yield answer


def check_writes_are_refused(system, each: bool = True) -> None:
    """Writes are refused clearly, each or some of them, and reads are served."""
    refused = (grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE", True)
    wait_for(lambda: try_to_create(system) == refused, bound(20), "a refusal")
    with system.client() as client:
        for _ in range(20):
            assert client.get("/book?page_size=1").status_code == 200
        answers = (
            client.put("/book", json={"title": "t", "author": "a", "publisher": "p", "year": 1})
            for _ in range(5 if each else 1000)
        )
        assert len(list(itertools.islice(refusals(answers), 5))) == 5


@contextlib.contextmanager
def read_only(cluster):
    cluster.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    cluster.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        cluster.execute("ALTER SYSTEM RESET default_transaction_read_only")
        cluster.execute("SELECT pg_reload_conf()")


def test_a_database_that_is_read_only_for_a_while(system, cluster):
    with Writers(system) as writers:
        with read_only(cluster):
            check_writes_are_refused(system)
        writers.await_recovery(RECOVERY)
        writers.check_retryable()


def test_an_address_that_leads_to_a_standby_for_a_while(cluster):
    with Pair(cluster) as pair, Relay(pair.primary.port) as relay:
        database = pair.primary.environment()
        database["TEST_DATABASE_APP"] = pair.primary.uri("bookstore_app", relay.port)
        with System(database) as system, Writers(system) as writers:
            relay.move(pair.standby.port)
            check_writes_are_refused(system)
            relay.move(pair.primary.port)
            writers.await_recovery(RECOVERY)
            writers.check_retryable()


@contextlib.contextmanager
def file_system(kilobytes: int):
    """The path of a small file system."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="disk."))
    options = f"size={kilobytes}k,mode=755"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder]).returncode != 0:
        folder.rmdir()
        pytest.skip("no right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


@pytest.fixture
def small_disk(cluster):
    """The path of a small file system on which the database's tables are."""
    with file_system((64 << 10) + 4 * WRITES // TESTS) as folder:
        tables = folder / "tables"
        tables.mkdir(mode=0o700)
        shutil.chown(tables, "postgres", "postgres")
        cluster.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
        cluster.execute("GRANT CREATE ON TABLESPACE small TO bookstore_owner")
        cluster.execute("ALTER DATABASE bookstore SET default_tablespace = small")
        yield folder
        cluster.execute("ALTER DATABASE bookstore RESET default_tablespace")
        cluster.execute("DROP SCHEMA IF EXISTS bookstore CASCADE")
        cluster.execute("CHECKPOINT")
        cluster.execute("DROP TABLESPACE small")


@contextlib.contextmanager
def moved(folder: pathlib.Path, to: pathlib.Path):
    """Moves a folder for a while, and leaves a link to it."""
    subprocess.run(["cp", "-a", folder, to], check=True)
    before = folder.with_suffix(".before")
    folder.rename(before)
    folder.symlink_to(to)
    try:
        yield
    finally:
        folder.unlink()
        shutil.rmtree(before)
        subprocess.run(["cp", "-a", to, folder], check=True)


@pytest.fixture
def small_wal_disk(cluster):
    """The path of a small file system on which the write-ahead log (WAL) of the database is."""
    wal = cluster.folder / "cluster/data/pg_wal"
    cluster.execute("CHECKPOINT")
    control("stop", cluster.folder)
    used = sum(file.stat().st_size for file in wal.rglob("*"))
    with file_system((used >> 10) + (48 << 10) + 4 * WRITES // TESTS) as folder:
        with moved(wal, folder / "pg_wal"):
            control("start", cluster.folder)
            yield folder
            control("stop", cluster.folder)
        control("start", cluster.folder)


def fill(disk: pathlib.Path) -> pathlib.Path:
    """Fills the disk with a file, whose path is returned."""
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(1 << 16)):
            pass
    return filler


def test_a_full_disk(small_disk, test_database):
    with System(test_database) as system, Writers(system) as writers:
        filler = fill(small_disk)
        # PostgreSQL uses the space of rows that were refused again: some fit.
        check_writes_are_refused(system, each=False)
        filler.unlink()
        writers.await_recovery(RECOVERY)
        writers.check_retryable()


def write_wal(cluster: Cluster, refusals: int) -> None:
    """Writes to the WAL until the database has not taken it so often. Before that it uses the space
    of segments that it does not need any more."""
    refused, end = 0, time.monotonic() + bound(60)
    while refused < refusals:
        assert time.monotonic() < end, refused
        try:
            cluster.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1 << 20))")
        except psycopg.OperationalError:
            refused += 1
            time.sleep(0.05)


def recovers(cluster: Cluster) -> bool:
    """Starts PostgreSQL if it has ended; otherwise it recovers by itself."""
    if cluster.has_ended():
        control("start", cluster.folder)
    return cluster.runs()


def test_a_full_disk_of_the_wal(small_wal_disk, test_database, cluster):
    """PostgreSQL ends with a PANIC each time."""
    with System(test_database) as system, Writers(system) as writers:
        filler = fill(small_wal_disk)
        write_wal(cluster, 20)
        filler.unlink()
        wait_for(lambda: recovers(cluster), 60, "the database")
        writers.await_recovery(RECOVERY)
        writers.check_retryable()


class Secret:
    """The secret of bookstore_app, in a file that a server reads, or its command."""

    def __init__(self, cluster: Cluster, folder: pathlib.Path):
        self.cluster, self.file = cluster, folder / "secret.json"
        lines = (cluster.folder / "secrets/pgpass").read_text().splitlines()
        (self.first,) = [line.split(":")[4] for line in lines if line.split(":")[3] == "bookstore_app"]
        self.publish(self.first)

    def publish(self, password: str) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({"username": "bookstore_app", "password": password}))
        new.rename(self.file)

    def set(self, password: str) -> None:
        self.cluster.execute(f"ALTER ROLE bookstore_app PASSWORD '{password}'")

    def end_connections(self) -> None:
        self.cluster.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'bookstore_app'"
        )

    def flags(self, kind: str) -> tuple[str, ...]:
        if kind == "file":
            return ("--database_secret", f"@{self.file}")
        return ("--credentials_command", f"{sys.executable} -c \"print(open('{self.file}').read())\"")


@pytest.fixture
def secret(cluster, tmp_path):
    secret = Secret(cluster, tmp_path)
    yield secret
    secret.set(secret.first)


@pytest.mark.parametrize("kind", ["file", "command"])
def test_a_password_that_changes(test_database, cluster, secret, kind):
    without_password = {"TEST_DATABASE_APP": f"postgresql://127.0.0.1:{cluster.port}/bookstore"}
    with (
        System({**test_database, **without_password}, server_flags=secret.flags(kind)) as system,
        Writers(system) as writers,
    ):
        # Connections that exist are kept.
        secret.set("second")
        time.sleep(1)
        assert not writers.failures()
        # All connections are new ones, while the old password is refused.
        secret.end_connections()
        check_all_is_refused(system)
        secret.publish("second")
        writers.await_recovery(RECOVERY)
        # A worker may have read the old password just before.
        wait_for(lambda: not writers.failures(time.monotonic() - 1), 10, "a second without failures")
        writers.check_retryable()


def check_all_is_refused(system) -> None:
    refused = (grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE", True)
    wait_for(lambda: try_to_create(system) == refused, 20, "a refusal")
    with system.client() as client:
        assert client.get("/book").json()["reason"] == "DATABASE_UNAVAILABLE"
