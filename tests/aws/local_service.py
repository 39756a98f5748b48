"""Processes on 127.0.0.1: a private PostgreSQL with the schema in it, and the service."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request

import psycopg
from local import wait_for
from tool_runs import ROOT

BINARIES = pathlib.Path(os.environ.get("DATA_SERVICE_BIN", ROOT / "build/release"))
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Database:
    """tests/database in a folder of its own; `settings` are more lines of PgBouncer's
    configuration, which is started only with them."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aws-database."))
        # The user postgres must get through to its cluster.
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
        # No pipes: PostgreSQL keeps what it inherits.
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
        """As superuser."""
        uri = f"postgresql://postgres:{self.password('postgres')}@127.0.0.1:{self.port()}/bookstore"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(statement)

    def cut(self) -> None:
        """Ends the service's connections, as a fail-over or the proxy would."""
        self.sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'bookstore_app'"
        )


class Processes(contextlib.ExitStack):
    """Started in order, stopped in reverse; `codes` are how they ended."""

    def __init__(self, log: pathlib.Path):
        super().__init__()
        self._log_path = log
        self.codes: list[int] = []

    def start(self, command: list, environment: dict[str, str], port: int) -> subprocess.Popen:
        """Returns when it listens on the port."""
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


def get(url: str) -> int:
    """The status of a GET; 0 without a connection."""
    try:
        with _DIRECT.open(url, timeout=40) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
