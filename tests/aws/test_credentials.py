"""Credentials that change while the server runs, with processes and a PostgreSQL."""

import json
import os
import pathlib
import subprocess

import pytest
from local import free_port, wait_for
from local_service import BINARIES, Database, Processes, get
from stand_in import StandIn
from stand_in_services import REGION, BookApi, Services
from tool_runs import ROOT

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-1"


@pytest.fixture(scope="module")
def database():
    with Database() as database:
        yield database


@pytest.fixture
def password(database):
    """A new password of the server's role. Each test has its own one."""
    counter = [0]

    def rotate() -> str:
        counter[0] += 1
        fresh = f'it\'s \\ "{counter[0]}" {os.urandom(8).hex()}'
        quoted = fresh.replace("'", "''").replace("\\", "\\\\")
        database.sql(f"ALTER ROLE bookstore_app PASSWORD E'{quoted}'")
        return fresh

    return rotate


class Service:
    """Server and gateway, with the server's credentials from the environment."""

    def __init__(self, database: Database, folder: pathlib.Path):
        self.database, self.folder = database, folder
        self.processes = Processes(folder / "log")

    def start(self, *flags: str, **environment: str) -> None:
        grpc, http = free_port(), free_port()
        place = f"host=127.0.0.1 port={self.database.port()} dbname=bookstore"
        # Otherwise a server without credentials waits for the schema.
        environment = {"PATH": os.environ["PATH"], "DATABASE": place, "SCHEMA_CHECK": "off"} | environment
        # One worker, so that the number of connections is known.
        command = [BINARIES / "bookstore-server", f"--grpc_address=127.0.0.1:{grpc}", "--workers=1", *flags]
        self.server = self.processes.start(command, environment, grpc)
        self.processes.start(
            [
                BINARIES / "bookstore-gateway",
                f"--http_address=127.0.0.1:{http}",
                f"--grpc_target=127.0.0.1:{grpc}",
            ],
            {"PATH": os.environ["PATH"]},
            http,
        )
        self.url = f"http://127.0.0.1:{http}/book"
        wait_for(lambda: get(f"http://127.0.0.1:{http}/readyz") == 200, what="being ready")

    def status(self) -> int:
        return get(self.url)

    def serves(self, seconds: float = 30) -> None:
        wait_for(lambda: self.status() == 200, seconds, "service")


@pytest.fixture
def service(database, tmp_path):
    found = Service(database, tmp_path)
    with found.processes:
        yield found


def secret(password: str, **more) -> str:
    # The secret has the address of the cluster, and the server uses another one.
    return json.dumps({"username": "bookstore_app", "password": password, "engine": "postgres",
                       "host": "cluster.nowhere.invalid", "port": 1, "dbname": "nowhere"} | more)  # fmt: skip


def script(folder: pathlib.Path, body: str) -> str:
    """A command that counts its runs in the file `runs`."""
    path = folder / "command"
    path.write_text(f"#!/bin/sh\necho run >>'{folder}/runs'\n{body}\n")
    path.chmod(0o755)
    return str(path)


def command_line(pid: int) -> str:
    """The command line of a process; empty if it has ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def runs(folder: pathlib.Path) -> int:
    return len((folder / "runs").read_text().splitlines())


def check_silence(service: Service, *secrets: str) -> None:
    """No secret is in a log or on a command line."""
    command = command_line(service.server.pid)
    for each in secrets:
        assert each not in service.processes.log()
        assert json.dumps(each)[1:-1] not in service.processes.log()
        assert each not in command


def test_a_secret_in_the_environment(service, password):
    first = password()
    service.start(DATABASE_SECRET=secret(first))
    assert service.status() == 200
    check_silence(service, first)


def test_a_secret_alone_says_everything(service, password, database):
    place = {"host": "127.0.0.1", "port": database.port(), "dbname": "bookstore"}
    service.start(DATABASE="", DATABASE_SECRET=secret(password(), **place))
    assert service.status() == 200


def test_a_secret_file_that_is_replaced(service, password, tmp_path, database):
    file = tmp_path / "secret.json"
    first = password()
    file.write_text(secret(first))
    service.start(f"--database_secret=@{file}")
    assert service.status() == 200
    second = password()
    # Connections that exist remain open.
    assert service.status() == 200
    database.cut()
    wait_for(lambda: service.status() == 503, what="a refusal of the old password")
    file.write_text(secret(second))
    service.serves()
    check_silence(service, first, second)


def test_a_command_is_run_for_new_connections_only(service, password, tmp_path, database):
    (tmp_path / "secret").write_text(secret(password(), expires_at="2099-01-01T00:00:00Z"))
    service.start(CREDENTIALS_COMMAND=script(tmp_path, f"cat '{tmp_path}/secret'"))
    assert not (tmp_path / "runs").exists()
    for _ in range(20):
        assert service.status() == 200
    assert runs(tmp_path) == 1
    # After a rotation the previous password is rejected, and the command runs again.
    second = password()
    (tmp_path / "secret").write_text(secret(second, expires_at="2099-01-01T00:00:00Z"))
    database.cut()
    service.serves()
    assert runs(tmp_path) == 2
    check_silence(service, second)


def test_a_command_that_fails_is_an_outage_of_new_connections_only(service, password, tmp_path, database):
    good, bad = f"cat '{tmp_path}/secret'", "echo 'hush' ; echo 'the store says no' >&2; exit 3"
    (tmp_path / "secret").write_text(secret(password()))
    command = script(tmp_path, bad)
    service.start(CREDENTIALS_COMMAND=command)
    assert service.status() == 503
    assert "the store says no" in service.processes.log()
    assert "ended with status 3" in service.processes.log()
    assert "hush" not in service.processes.log()
    script(tmp_path, good)
    service.serves()
    script(tmp_path, bad)
    assert service.status() == 200
    # The previous output remains valid, because it has no expiry time.
    database.cut()
    service.serves()


def test_a_command_that_hangs_is_killed(service, password, tmp_path):
    (tmp_path / "secret").write_text(secret(password()))
    command = script(tmp_path, f"sleep 1000 & echo $! >'{tmp_path}/pid'; wait")
    service.start(CREDENTIALS_COMMAND=command)
    assert service.status() == 503
    assert "was killed after 10s" in service.processes.log()
    pid = int((tmp_path / "pid").read_text())
    wait_for(lambda: command_line(pid) == "", what="the end of what the command had started")
    script(tmp_path, f"cat '{tmp_path}/secret'")
    service.serves()


@pytest.fixture
def store(tmp_path):
    """The stand-in for Secrets Manager, and the environment variables with its address."""
    with StandIn() as stand_in, BookApi() as api:
        services = Services(stand_in, tmp_path / "docker.log", api)
        services.environment = {
            "PATH": f"{BINARIES}:{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": stand_in.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example",
            "CREDENTIALS_COMMAND": f"rds-credentials secret --arn {ARN}",
        }
        services.stand_in = stand_in
        yield services


def test_a_secret_that_secrets_manager_rotates(service, password, store, database):
    first = password()
    store.secrets[ARN] = json.loads(secret(first))
    service.start(**store.environment)
    assert service.status() == 200
    for _ in range(3):
        second = password()
        store.secrets[ARN] = json.loads(secret(second))
        database.cut()
        service.serves()
    assert store.stand_in.parameters("GetSecretValue")[0] == {"SecretId": ARN}
    check_silence(service, first, second)


def test_a_store_without_the_secret(service, store):
    service.start(**store.environment)
    assert service.status() == 503
    assert "ResourceNotFoundException" in service.processes.log()


def test_a_token_of_iam_is_signed_for_the_place_and_the_user(store):
    command = [
        "rds-credentials",
        "iam",
        "--host",
        "proxy.example",
        "--port",
        "5433",
        "--user",
        "bookstore_app",
    ]
    done = subprocess.run(command, env=store.environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["username"] == "bookstore_app"
    assert found["password"].startswith("proxy.example:5433?Action=connect&DBUser=bookstore_app&")
    assert store.stand_in.calls == []


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "--database, --database_secret or --credentials_command is needed"),
        ({"DATABASE_SECRET": "{}", "CREDENTIALS_COMMAND": "x"}, "choose one"),
        ({"DATABASE_SECRET": '{"hush": 1}'}, '"username" and "password" are required'),
        ({"DATABASE_SECRET": "@/nowhere"}, "cannot read /nowhere: No such file or directory"),
        ({"CREDENTIALS_COMMAND": "a | b"}, "no plain command line"),
    ],
)
def test_what_the_server_refuses_at_start(environment, words):
    command = [BINARIES / "bookstore-server", "--grpc_address=127.0.0.1:0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert words in done.stderr
    assert "hush" not in done.stderr


def test_the_helper_s_own_tests():
    done = subprocess.run(
        ["go", "test", "./..."], cwd=ROOT / "tools/rds_credentials", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
