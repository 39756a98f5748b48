"""Processes on 127.0.0.1: a private PostgreSQL with the schema of the service, and the service."""

import contextlib
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import urllib.error
import urllib.request

import psycopg
from local import wait_for
from tool_runs import ROOT

BINARIES = pathlib.Path(os.environ.get("DATA_SERVICE_BIN", ROOT / "build/release"))


class Database:
    """A database of tests/database, in a folder of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aws-database."))
        # The user postgres must be able to enter it.
        self.folder.chmod(0o711)

    def __enter__(self) -> "Database":
        self.control("create")
        command = [BINARIES / "bookstore-schema", "apply", "--app_role", "bookstore_app"]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"DATABASE": self.uri("owner")}
        )
        return self

    def __exit__(self, *_):
        self.control("remove")
        shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, verb: str, **environment: str) -> None:
        # No pipes, because PostgreSQL keeps the files that it inherits open.
        command = [ROOT / "tests/database", verb, self.folder]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, env=os.environ | environment)

    def port(self, of: str = "postgres") -> int:
        return int((self.folder / f"{of}.port").read_text())

    def password(self, role: str) -> str:
        lines = (self.folder / "secrets/pgpass").read_text().splitlines()
        (found,) = [line.split(":")[4] for line in lines if line.split(":")[3] == role]
        return found

    def uri(self, role: str) -> str:
        name = f"bookstore_{role}"
        return f"postgresql://{name}:{self.password(name)}@127.0.0.1:{self.port()}/bookstore"

    def sql(self, statement: str) -> None:
        """Executes a statement as superuser."""
        uri = f"postgresql://postgres:{self.password('postgres')}@127.0.0.1:{self.port()}/bookstore"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(statement)

    def cut(self) -> None:
        """Ends the service's connections, as a failover or the proxy does."""
        self.sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'bookstore_app'"
        )


class Processes(contextlib.ExitStack):
    """Processes that stop in the reverse order of their start; `codes` are their exit codes."""

    def __init__(self, log: pathlib.Path):
        super().__init__()
        self._log_path = log
        self.codes: list[int] = []

    def start(self, command: list, environment: dict[str, str], port: int) -> subprocess.Popen:
        """Returns when the process listens on the port."""
        with self._log_path.open("ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.callback(self._stop, process)

        def listens() -> bool:
            assert process.poll() is None, f"{command[0]} ended: {self.log()[-2000:]}"
            with socket.socket() as client:
                return client.connect_ex(("127.0.0.1", port)) == 0

        wait_for(listens, what=f"a start of {command[0]}")
        return process

    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def _stop(self, process: subprocess.Popen) -> None:
        process.terminate()
        try:
            self.codes.append(process.wait(timeout=60))
        except subprocess.TimeoutExpired:
            process.kill()
            self.codes.append(process.wait())


def get(url: str, authority: pathlib.Path | None = None, headers: dict[str, str] | None = None) -> int:
    """The status of a GET; 0 without a connection, or if the authority has not signed the
    certificate of the server."""
    handlers = [urllib.request.ProxyHandler({})]
    if authority:
        context = ssl.create_default_context(cafile=authority)
        handlers.append(urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=40) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
