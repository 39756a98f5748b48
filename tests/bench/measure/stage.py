"""What stands while it is measured: database, server, gateway, yardstick, relay."""

import os
import pathlib
import subprocess
from collections.abc import Callable

from . import books
from .generator import Watched
from .model import MeasurementError
from .plan import Plan
from .processes import Process, answers, cpu_seconds, family_cpu_seconds, free_port, listens

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent.parent
SERVICE = "bookstore.v1.BookService"


class Server:
    """A process of ours that listens on a port."""

    def __init__(self, process: Process, port: int):
        self.process = process
        self.port = port


class Stage:
    """Starts each thing when a case first needs it; close() stops all. The database runs already."""

    def __init__(self, plan: Plan, programs: pathlib.Path, database: pathlib.Path, logs: pathlib.Path):
        self.plan = plan
        self.programs = programs
        self.database = database
        self.logs = logs
        self.database_port = int((database / "postgres.port").read_text())
        self._postmaster = int((database / "postgres.pid").read_text().split()[0])
        self._started: dict[str, Server] = {}
        self.keys = logs / "keys.txt"
        self.titles = logs / "titles.tsv"
        self.new_books = logs / "new_books.csv"
        logs.mkdir(parents=True, exist_ok=True)
        books.write_keys(self.keys, plan.books)
        books.write_titles(self.titles, plan.books)
        books.write_new(self.new_books, plan.import_rows)

    def close(self) -> None:
        for name in reversed(list(self._started)):
            self.stop(name)

    def stop(self, name: str) -> None:
        self._started.pop(name).process.stop()

    def discard_ended(self) -> list[str]:
        """What ended by itself, and why; a later case starts it again."""
        ended = [name for name, server in self._started.items() if server.process.has_ended()]
        return [f"{name} ended by itself: {self._started.pop(name).process.log_end()}" for name in ended]

    def clean(self) -> None:
        """Takes away what a case has written."""
        self.output(BENCH / "database", "clean", self.database)

    def check_keys(self) -> None:
        """That pgbench's scripts make the keys of books which are there."""
        script = BENCH / "pgbench/check.sql"
        many = ("--no-vacuum", "--protocol", "prepared", "--transactions", "1000")
        self.output("pgbench", *many, "--define", f"books={self.plan.books}", "--file", script, self.uri())

    def has_flag(self, program: str, text: str) -> bool:
        """Whether a program's --help knows it."""
        return text in self.output(self.programs / program, "--help")

    def has_method(self, server: Server, method: str) -> bool:
        grpcurl = ROOT / ".deps/bin/grpcurl"
        listed = self.output(grpcurl, "-plaintext", f"127.0.0.1:{server.port}", "list", SERVICE)
        return f"{SERVICE}.{method}" in listed.split()

    def uri(self, relayed: bool = False) -> str:
        """Of the database, as the app role."""
        port = self.relay().port if relayed else self.database_port
        return self.output(BENCH / "database", "uri", self.database, str(port), "bookstore_app").strip()

    def server(self, name: str = "server", *flags: str, relayed: bool = False) -> Server:
        def command(port: int) -> list:
            key = self.database / "secrets/page_token_key"
            return [
                self.programs / "bookstore-server",
                *("--grpc_address", f"127.0.0.1:{port}", "--database", self.uri(relayed)),
                *("--page_token_key_file", key, *flags),
            ]

        return self._start(name, command, listens)

    def prepared_server(self) -> Server:
        return self.server("server_prepared", "--prepared_statements")

    def gateway(self) -> Server:
        target = f"127.0.0.1:{self.server().port}"
        program = self.programs / "bookstore-gateway"
        return self._start(
            "gateway",
            lambda port: [program, "--http_address", f"127.0.0.1:{port}", "--grpc_target", target],
            lambda port: answers(f"http://127.0.0.1:{port}/readyz"),
        )

    def yardstick(self) -> Server:
        program = self.programs / "bench_yardstick"
        return self._start(
            "yardstick",
            lambda port: [program, "--http_address", f"127.0.0.1:{port}", "--database", self.uri()],
            lambda port: answers(f"http://127.0.0.1:{port}/book?pageSize=1"),
        )

    def relay(self) -> Server:
        """A millisecond each way before the database."""
        program = self.programs / "bench_relay"
        target = self.database_port
        return self._start(
            "relay",
            lambda port: [program, "--listen", str(port), "--target", str(target), "--delay_us", "1000"],
            listens,
        )

    def watched(self, **servers: Server) -> Watched:
        """CPU of these, and of the database."""

        def reader(pid: int) -> Callable[[], float]:
            return lambda: cpu_seconds(pid)

        readers = {name: reader(server.process.pid) for name, server in servers.items()}
        return readers | {"database": lambda: family_cpu_seconds(self._postmaster)}

    def _start(self, name: str, command: Callable[[int], list], ready: Callable[[int], bool]) -> Server:
        if name not in self._started:
            port = free_port()
            process = Process(name, self.logs / f"{name}.log", command(port))
            self._started[name] = Server(process, port)
            process.wait_until(lambda: ready(port))
        return self._started[name]

    @staticmethod
    def output(*command: str | os.PathLike) -> str:
        """What a command prints."""
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise MeasurementError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout
