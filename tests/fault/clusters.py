"""PostgreSQL servers of a test: one, or two with streaming replication, where the second has
what the first acknowledges."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile

import psycopg
from local import wait_for
from psycopg import sql

ROOT = pathlib.Path(__file__).resolve().parents[2]


def control(*arguments) -> None:
    # No pipes: PostgreSQL keeps what it inherits.
    subprocess.run([ROOT / "tests/database", *arguments], check=True, stdin=subprocess.DEVNULL)


def is_alive(process: int) -> bool:
    """Whether the process runs: not if it has ended and its parent has not asked for its result."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


class Cluster:
    """A cluster of tests/database in a folder."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.port = int((folder / "postgres.port").read_text())

    @classmethod
    def of(cls, database: dict[str, str]) -> "Cluster":
        return cls(pathlib.Path(database["TEST_DATABASE_CONTROL"]).parent)

    def uri(self, role: str, *ports: int, parameters: str = "") -> str:
        """How to connect as a role to this cluster, or to the first of these ports."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports or (self.port,))
        return f"postgresql://{role}@{hosts}/bookstore?passfile={self.folder}/secrets/pgpass{parameters}"

    def environment(self) -> dict[str, str]:
        """As `tests/database env` prints it."""
        return {
            "TEST_DATABASE_OWNER": self.uri("bookstore_owner"),
            "TEST_DATABASE_APP": self.uri("bookstore_app"),
            "TEST_DATABASE_CONTROL": str(self.folder / "control"),
        }

    def execute(self, statement: str) -> None:
        """As superuser."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def runs(self) -> bool:
        try:
            psycopg.connect(self.uri("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def has_ended(self) -> bool:
        return not is_alive(int((self.folder / "postgres.pid").read_text().split()[0]))

    def kill(self) -> None:
        """Kills all processes of the server, as the end of its machine does."""
        process = int((self.folder / "postgres.pid").read_text().split()[0])
        os.kill(process, signal.SIGSTOP)  # makes no new ones
        children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
        processes = (process, *map(int, children))
        for each in processes:
            os.kill(each, signal.SIGKILL)
        # They hold the shared memory until they have ended.
        for each in processes:
            wait_for(lambda each=each: not is_alive(each), what=f"the end of process {each}")
        # A new server takes the lock file for valid as long as the process number exists.
        wait_for(lambda: not pathlib.Path(f"/proc/{process}").exists(), what=f"process {process} to be gone")

    def promote(self) -> None:
        control("promote", self.folder)

    def follow(self, other: "Cluster") -> None:
        """Makes this standby the standby of another one. (A copy of a standby is not possible
        while full_page_writes is off.)"""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            (conninfo,) = connection.execute("SHOW primary_conninfo").fetchone()
            conninfo = re.sub(r"port=\d+", f"port={other.port}", conninfo)
            connection.execute(sql.SQL("ALTER SYSTEM SET primary_conninfo = {}").format(conninfo))
            connection.execute("ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'")
            connection.execute("SELECT pg_reload_conf()")


class Pair:
    """A primary, and a synchronous standby of it that exists in the block only."""

    def __init__(self, primary: Cluster):
        self.primary = primary

    def __enter__(self) -> "Pair":
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="standby."))
        control("standby", self.folder, self.primary.folder)
        self.standby = Cluster(self.folder)
        return self

    def __exit__(self, *_):
        if not self.primary.runs():
            control("start", self.primary.folder)
        self.primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
        self.primary.execute("SELECT pg_reload_conf()")
        control("remove", self.folder)
