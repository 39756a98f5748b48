"""The task of deploy/aws/templates/bookstore on this machine, before a PgBouncer in transaction mode
that asks for TLS, with its credentials from a stand-in for Secrets Manager."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import psycopg
import pytest
from local_service import BINARIES, Database, get
from local_task import ARN, LocalTask, start_proxy
from stand_in import StandIn
from stand_in_services import BookApi, Services
from tool_runs import ROOT

# They start systems of their own, or are about deploy/local or about TLS.
ELSEWHERE = ("test_database", "test_drain", "test_local_deployment", "test_outage", "test_transport")
# It reads the log of the local deployment.
LOCAL_LOG = "tests/rest/test_wire.py::test_the_log_has_no_value_of_a_header"


@pytest.fixture(scope="module")
def database():
    with Database() as database:
        database.certificates = start_proxy(database)
        yield database


def secret(database: Database) -> dict:
    """It names the cluster, and the task has to use the proxy."""
    return {
        "username": "bookstore_app",
        "password": database.password("bookstore_app"),
        "engine": "postgres",
        "host": "cluster.nowhere.invalid",
        "port": 5432,
        "dbname": "bookstore",
    }


@pytest.fixture
def task(database, tmp_path):
    """Not started. `store` has the secrets."""
    with StandIn() as stand_in, BookApi() as api:
        store = Services(stand_in, tmp_path / "docker.log", api)
        store.secrets[ARN] = secret(database)
        found = LocalTask(database, database.certificates, stand_in, tmp_path)
        found.store, found.stand_in = store, stand_in
        with found.processes:
            yield found


def test_the_proxy_asks_for_tls(database):
    place = f"host=localhost hostaddr=127.0.0.1 port={database.port('pgbouncer')} dbname=bookstore"
    login = f"user=bookstore_app password={database.password('bookstore_app')}"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"{place} {login} sslmode=disable")
    with psycopg.connect(
        f"{place} {login} sslmode=verify-full sslrootcert={database.certificates.roots}"
    ) as connection:
        assert connection.pgconn.ssl_in_use


def test_the_task_serves_and_stops_in_time(task):
    containers = task.start()
    assert get(f"http://127.0.0.1:{task.http_port}/book") == 200
    assert task.stand_in.parameters("GetSecretValue")[0] == {"SecretId": ARN}
    assert [each.name for each in containers] == ["server", "gateway"]
    task.processes.close()
    # Both ended by themselves, within what ECS gives them.
    assert task.processes.codes == [0, 0]
    assert task.store.secrets[ARN]["password"] not in task.processes.log()


def test_the_task_with_tokens_of_iam(tmp_path):
    """Which only AWS can check: this proxy takes any password, over TLS."""
    with Database() as database, StandIn() as stand_in:
        certificates = start_proxy(database, "auth_type = trust")
        task = LocalTask(database, certificates, stand_in, tmp_path)
        with task.processes:
            server, _ = task.start(Credentials="iam")
            assert get(f"http://127.0.0.1:{task.http_port}/book") == 200
        assert "rds-credentials iam " in server.environment["CREDENTIALS_COMMAND"]
        assert stand_in.calls == []


def test_another_certificate_is_not_trusted(task, database, tmp_path):
    other = tmp_path / "other.pem"
    subject = ["-nodes", "-batch", "-subj", "/CN=Others", "-keyout", tmp_path / "key", "-out", other]
    subprocess.run(["openssl", "req", "-x509", *subject], check=True, capture_output=True)
    roots, database.certificates.roots = database.certificates.roots, other
    # It would wait for a database whose schema it can look at.
    task.more = {"SCHEMA_CHECK": "off"}
    try:
        task.start()
        assert get(f"http://127.0.0.1:{task.http_port}/book") == 503
    finally:
        database.certificates.roots = roots
    assert "certificate verify failed" in task.processes.log()


@pytest.mark.timeout(1200)
def test_the_rest_tests_pass_through_the_task(task, database, tmp_path):
    task.start()
    state = database.folder
    lines = {"http_port": task.http_port, "grpc_port": task.grpc_port, "pg_port": database.port(), "tls": 0}
    (state / "ready").write_text("".join(f"{name}={port}\n" for name, port in lines.items()))
    report = tmp_path / "rest.xml"
    # A database of its own for the tests that break one: not the task's.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TEST_DATABASE", "AWS_"))
    }
    environment |= {"DATA_SERVICE_STATE": str(state), "DATA_SERVICE_BIN": str(BINARIES), "NO_PROXY": "*"}
    command = [sys.executable, "-m", "pytest", "tests/rest", "-q", "-p", "no:cacheprovider", "--timeout=180"]
    command += [f"--deselect={LOCAL_LOG}"]
    command += [f"--junitxml={report}", *(f"--ignore=tests/rest/{name}.py" for name in ELSEWHERE)]
    output = tmp_path / "output"
    # A file, not a pipe: a database that a test starts would keep a pipe open.
    with output.open("wb") as out:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    assert done.returncode == 0, output.read_text()[-5000:]
    suite = next(ElementTree.parse(report).getroot().iter("testsuite"))
    assert int(suite.get("tests")) > 100
    assert suite.get("skipped") == "0"
