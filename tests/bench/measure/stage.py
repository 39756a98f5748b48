"""The processes that are measured: database, server, gateway, yardsticks, relay."""

import os
import pathlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from . import books
from .databases import Databases
from .generator import Watched
from .model import MeasurementError
from .paths import BENCH, ROOT
from .plan import Plan
from .processes import Process, answers, cpu_seconds, family_cpu_seconds, free_port, listens

SERVICE = "bookstore.v1.BookService"


@dataclass(frozen=True)
class Server:
    """A process that listens on a port."""

    process: Process
    port: int
    is_product: bool = True


@dataclass(frozen=True)
class Programs:
    """Folders of programs: of the product, and of the benchmark's generators and yardsticks."""

    product: pathlib.Path
    tools: pathlib.Path


class Stage:
    """Starts each process when a case first needs it; close() stops all. The database must run;
    `databases` has those of other sizes."""

    def __init__(
        self,
        plan: Plan,
        programs: Programs,
        database: pathlib.Path,
        databases: Databases,
        logs: pathlib.Path,
    ):
        self.plan = plan
        self.programs = programs
        self.database = database
        self.logs = logs
        self.database_port = int((database / "postgres.port").read_text())
        self._postmaster = int((database / "postgres.pid").read_text().split()[0])
        self._started: dict[str, Server] = {}
        self._databases = databases
        self._others: dict[pathlib.Path, Stage] = {}
        # Of page_tokens() in subjects.py, by server and page size.
        self.page_tokens: dict[tuple[Server, int], pathlib.Path] = {}
        self.keys = logs / "keys.txt"
        self.titles = logs / "titles.tsv"
        self.new_books = logs / "new_books.csv"
        logs.mkdir(parents=True, exist_ok=True)
        books.write_keys(self.keys, plan.books)
        books.write_titles(self.titles, plan.books)
        books.write_new(self.new_books, plan.import_rows)

    def of_size(self, books: int, row_bytes: int = 0) -> "Stage":
        """Returns a stage on a database with another number or size of books, or this stage."""
        plan = self.plan.with_books(books)
        if plan == self.plan and not row_bytes:
            return self
        database = self._databases.start(plan.books, plan.reviews, row_bytes)
        if database not in self._others:
            logs = self.logs / database.name
            self._others[database] = Stage(plan, self.programs, database, self._databases, logs)
        return self._others[database]

    def close(self) -> None:
        for other in self._others.values():
            other.close()
        for name in reversed(list(self._started)):
            self.stop(name)

    def stop(self, name: str) -> None:
        self._started.pop(name).process.stop()

    def discard_ended(self) -> list[str]:
        """Returns which processes ended by themselves, and why. A later case starts them again."""
        ended = [name for name, server in self._started.items() if server.process.has_ended()]
        return [f"{name} ended by itself: {self._started.pop(name).process.log_end()}" for name in ended]

    def clean(self) -> None:
        """Deletes the rows that a case has written."""
        for other in self._others.values():
            other.clean()
        self.output(BENCH / "database", "clean", self.database)

    def check_keys(self) -> None:
        """Fails unless the keys that pgbench's scripts compute are keys of books."""
        script = BENCH / "pgbench/check.sql"
        many = ("--no-vacuum", "--protocol", "prepared", "--transactions", "1000")
        self.output("pgbench", *many, "--define", f"books={self.plan.books}", "--file", script, self.uri())

    def has_method(self, server: Server, method: str) -> bool:
        grpcurl = ROOT / ".deps/bin/grpcurl"
        listed = self.output(grpcurl, "-plaintext", f"127.0.0.1:{server.port}", "list", SERVICE)
        return f"{SERVICE}.{method}" in listed.split()

    def uri(self, relayed: bool = False) -> str:
        """Returns the URI of the database for the app role."""
        port = self.relay().port if relayed else self.database_port
        return self.output(BENCH / "database", "uri", self.database, str(port), "bookstore_app").strip()

    def server(self, name: str = "server", *flags: str, relayed: bool = False) -> Server:
        def command(port: int) -> list:
            key = self.database / "secrets/page_token_key"
            return [
                self.programs.product / "bookstore-server",
                *("--grpc_address", f"127.0.0.1:{port}", "--database", self.uri(relayed)),
                *("--page_token_key_file", key, *flags),
            ]

        return self._start(_far(name, relayed), command, listens)

    def unprepared_server(self) -> Server:
        return self.server("server_unprepared", "--prepared_statements=off")

    def gateway(self, relayed: bool = False) -> Server:
        """Returns the gateway before server()."""
        target = f"127.0.0.1:{self.server(relayed=relayed).port}"
        program = self.programs.product / "bookstore-gateway"
        return self._start(
            _far("gateway", relayed),
            lambda port: [program, "--http_address", f"127.0.0.1:{port}", "--grpc_target", target],
            lambda port: answers(f"http://127.0.0.1:{port}/readyz"),
        )

    def yardstick(self, api: str, relayed: bool = False) -> Server:
        """Returns the service in Go that has the given API: "rest" or "grpc"."""
        program = self.programs.tools / f"bench_yardstick_{api}"
        uri = self.uri(relayed)
        return self._start(
            _far(f"yardstick_{api}", relayed),
            lambda port: [program, "--address", f"127.0.0.1:{port}", "--database", uri],
            listens,
            is_product=False,
        )

    def relay(self) -> Server:
        """Returns a relay to the database that adds a millisecond each way."""
        program = self.programs.tools / "bench_relay"
        target = self.database_port
        return self._start(
            "relay",
            lambda port: [program, "--listen", str(port), "--target", str(target), "--delay_us", "1000"],
            listens,
        )

    def watched(self, **servers: Server) -> Watched:
        """Returns readers of the CPU time of the given processes and of the database."""

        def reader(pid: int) -> Callable[[], float]:
            return lambda: cpu_seconds(pid)

        readers = {name: reader(server.process.pid) for name, server in servers.items()}
        return readers | {"database": lambda: family_cpu_seconds(self._postmaster)}

    def _start(
        self,
        name: str,
        command: Callable[[int], list],
        ready: Callable[[int], bool],
        is_product: bool = True,
    ) -> Server:
        if name not in self._started:
            port = free_port()
            process = Process(name, self.logs / f"{name}.log", command(port))
            self._started[name] = Server(process, port, is_product)
            process.wait_until(lambda: ready(port))
        return self._started[name]

    @staticmethod
    def output(*command: str | os.PathLike) -> str:
        """Returns what a command prints to standard output."""
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise MeasurementError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout


def _far(name: str, relayed: bool) -> str:
    """Returns the name of a process, which differs if the relay is before its database."""
    return f"{name}_relayed" if relayed else name
