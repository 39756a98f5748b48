"""A server and a gateway that a test starts, stops and breaks itself."""

import os
import pathlib
import re
import socket
import subprocess
import tempfile
from typing import IO

import grpc
import httpx
import psycopg
import transport
from local import free_port, wait_for
from transport import BINARIES, ROOT


def bound(seconds: float) -> float:
    """A bound of time: as given on a machine with nothing else to do, longer on a busy one."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def new_log() -> IO[bytes]:
    """A file for the log of one system, which no other system, test or suite writes to. It has
    the name of the test that starts the system, and remains in the folder OWN_SYSTEM_LOGS."""
    folder = pathlib.Path(os.environ.get("OWN_SYSTEM_LOGS", ROOT / "build/log/systems"))
    folder.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "system").split("::")[-1]
    name = re.sub(r"[^A-Za-z0-9_]+", "-", test.split(" ")[0])[:80]
    # Append mode, because server and gateway write to it.
    return tempfile.NamedTemporaryFile("ab", dir=folder, prefix=f"{name}.", suffix=".log", delete=False)


class System:
    def __init__(
        self,
        database: dict[str, str],
        gateway_flags: tuple[str, ...] = (),
        server_flags: tuple[str, ...] = (),
    ):
        self.database = database
        self.server_flags = server_flags
        self.gateway_flags = gateway_flags
        self.grpc_port = free_port()
        self.http_port = free_port()
        self.server = self.gateway = None
        self.log = new_log()

    def __enter__(self) -> "System":
        self.control("start")
        with psycopg.connect(self.database["TEST_DATABASE_OWNER"], autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS bookstore CASCADE")
        self.apply_schema()
        try:
            self.start_server()
            self.start_gateway()
        except AssertionError as error:
            error.add_note(self.log_text())
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in (self.gateway, self.server):
            if process:
                self.end(process)
        self.log.close()
        self.control("start")

    def restart_gateway(self, *flags: str) -> None:
        """Starts the gateway again, with other flags."""
        self.end(self.gateway)
        self.gateway_flags = flags
        self.start_gateway()

    def end(self, process: subprocess.Popen) -> None:
        if process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def control(self, verb: str) -> None:
        """Stops or starts the database; a start of one that runs does nothing."""
        if verb == "start" and self.database_runs():
            return
        # No pipes: PostgreSQL keeps what it inherits.
        subprocess.run([self.database["TEST_DATABASE_CONTROL"], verb], check=True, stdin=subprocess.DEVNULL)

    def database_runs(self) -> bool:
        try:
            psycopg.connect(self.database["TEST_DATABASE_OWNER"], connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def schema(self, verb: str, *arguments: str) -> str:
        """Runs the schema tool; returns what it prints."""
        command = [BINARIES / "bookstore-schema", verb, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply_schema(self) -> None:
        owner = self.database["TEST_DATABASE_OWNER"]
        self.schema("apply", "--database", owner, "--app_role", "bookstore_app")

    def server_command(self) -> list[str]:
        return [
            str(BINARIES / "bookstore-server"),
            "--grpc_address",
            f"127.0.0.1:{self.grpc_port}",
            "--database",
            self.database["TEST_DATABASE_APP"],
            *transport.script_flags("server"),
            *self.server_flags,
        ]

    def gateway_command(self) -> list[str]:
        return [
            str(BINARIES / "bookstore-gateway"),
            "--http_address",
            f"127.0.0.1:{self.http_port}",
            "--grpc_target",
            f"127.0.0.1:{self.grpc_port}",
            *transport.script_flags("gateway"),
            *self.gateway_flags,
        ]

    def start_server(self) -> None:
        self.server = subprocess.Popen(self.server_command(), stdout=self.log, stderr=self.log)
        wait_for(lambda: self.listens(self.grpc_port, self.server), what="the server")

    def start_gateway(self) -> None:
        self.launch_gateway()
        wait_for(lambda: self.ready(), what="the gateway")

    def launch_gateway(self) -> None:
        """Starts the gateway without waiting for it."""
        self.gateway = subprocess.Popen(self.gateway_command(), stdout=self.log, stderr=self.log)

    def listens(self, port: int, process: subprocess.Popen, host: str = "127.0.0.1") -> bool:
        assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
        with socket.socket() as client:
            return client.connect_ex((host, port)) == 0

    def ready(self) -> bool:
        for process in (self.server, self.gateway):
            assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
        try:
            with transport.rest_client(self.http_port, timeout=5) as client:
                return client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    @property
    def url(self) -> str:
        return transport.rest_url(self.http_port)

    def client(self) -> httpx.Client:
        return transport.rest_client(self.http_port)

    def channel(self) -> grpc.Channel:
        return transport.grpc_channel(self.grpc_port)

    def log_text(self) -> str:
        """What server and gateway have logged."""
        return pathlib.Path(self.log.name).read_bytes().decode(errors="replace")

    def database_log(self) -> str:
        return pathlib.Path(self.database["TEST_DATABASE_LOG"]).read_text(errors="replace")

    def titles(self) -> set[str]:
        """What the database has, past the server."""
        with psycopg.connect(self.database["TEST_DATABASE_OWNER"], autocommit=True) as connection:
            return {title for (title,) in connection.execute("SELECT title FROM bookstore.book")}
