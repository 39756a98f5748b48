"""The task of deploy/aws/templates/bookstore on this machine. Its database is behind a PgBouncer in
transaction mode that requires TLS, and its credentials come from a stand-in for Secrets Manager."""

import os
import socket
import ssl
import stat
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import psycopg
import pytest
from identity_provider import AUDIENCE, ISSUER, IdentityProvider
from local_service import BINARIES, Database, get
from local_task import ARN, LocalTask, start_proxy
from stand_in import StandIn
from stand_in_services import BookApi, Services
from tool_runs import ROOT

# These test systems that they start themselves, deploy/local, or mutual TLS.
ELSEWHERE = (
    "test_browser",
    "test_database",
    "test_drain",
    "test_local_deployment",
    "test_logs",
    "test_outage",
    "test_overload",
    "test_transport",
)
# This test reads the log of deploy/local.
LOCAL_LOG = "tests/rest/test_wire.py::test_the_log_has_no_value_of_a_header"


@pytest.fixture(scope="module")
def database():
    with Database() as database:
        database.certificates = start_proxy(database)
        yield database


def secret(database: Database) -> dict:
    """The secret has the address of the cluster, which the task must not use: it uses the proxy."""
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
    """A task that has not started. `store` contains the secrets."""
    with StandIn() as stand_in, BookApi() as api:
        store = Services(stand_in, tmp_path / "docker.log", api)
        store.secrets[ARN] = secret(database)
        found = LocalTask(database, database.certificates, stand_in, tmp_path)
        found.store, found.stand_in = store, stand_in
        with found.processes:
            yield found


def test_the_proxy_requires_tls(database):
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
    assert task.get("/book") == 200
    assert task.stand_in.parameters("GetSecretValue")[0] == {"SecretId": ARN}
    assert [each.name for each in containers] == ["server", "gateway"]
    task.processes.close()
    # Both ended by themselves, within the time that ECS gives them.
    assert task.processes.codes == [0, 0]
    assert task.store.secrets[ARN]["password"] not in task.processes.log()


def test_both_ports_have_tls_only(task):
    server, gateway = task.start()
    assert get(f"http://127.0.0.1:{task.http_port}/readyz") == 400
    # The container health check of the template.
    check = server.health_check
    assert check[:2] == ["CMD", "grpc_health_probe"]
    probe = [ROOT / ".deps/bin" / check[1], *task.here(server, check[2:])]
    assert subprocess.run(probe, capture_output=True, timeout=30).returncode == 0
    in_clear = [option for option in probe if not str(option).startswith("-tls")]
    assert subprocess.run(in_clear, capture_output=True, timeout=30).returncode != 0
    # The gateway only reads the volume, and nobody else can.
    assert gateway.mounts == server.mounts
    assert stat.S_IMODE(task.key.stat().st_mode) == 0o600


def test_the_load_balancers_protocols(task):
    """A load balancer calls the gateway by HTTP/1.1 and the server by HTTP/2, with TLS 1.2 or 1.3 and
    without verifying their certificates."""
    task.start()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        for port, protocol in ((task.http_port, "http/1.1"), (task.grpc_port, "h2")):
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.minimum_version = context.maximum_version = version
            context.set_alpn_protocols([protocol])
            with (
                socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
                context.wrap_socket(plain) as secure,
            ):
                assert secure.selected_alpn_protocol() == protocol


def test_the_server_verifies_tokens(task, tmp_path):
    provider = IdentityProvider(tmp_path)
    # A file instead of a URL, because the stand-in has no certificate.
    task.start(JwksUrl=str(provider.jwks), JwtIssuer=ISSUER, JwtAudience=f"other,{AUDIENCE}")
    assert task.get("/book") == 401
    assert task.get("/book", Authorization=f"Bearer {provider.token('ada')}") == 200
    (tmp_path / "stranger").mkdir()
    forged = IdentityProvider(tmp_path / "stranger").token("ada")
    assert task.get("/book", Authorization=f"Bearer {forged}") == 401


def test_the_task_with_tokens_of_iam(tmp_path):
    """Only AWS can verify these tokens: this proxy accepts any password, over TLS."""
    with Database() as database, StandIn() as stand_in:
        certificates = start_proxy(database, "auth_type = trust")
        task = LocalTask(database, certificates, stand_in, tmp_path)
        with task.processes:
            server, _ = task.start(Credentials="iam")
            assert task.get("/book") == 200
        assert "rds-credentials iam " in server.environment["CREDENTIALS_COMMAND"]
        assert stand_in.calls == []


def test_another_certificate_is_not_trusted(task, database, tmp_path):
    other = tmp_path / "other.pem"
    subject = ["-nodes", "-batch", "-subj", "/CN=Others", "-keyout", tmp_path / "key", "-out", other]
    subprocess.run(["openssl", "req", "-x509", *subject], check=True, capture_output=True)
    roots, database.certificates.roots = database.certificates.roots, other
    # Otherwise the server waits until it can check the schema.
    task.more = {"SCHEMA_CHECK": "off"}
    try:
        task.start()
        assert task.get("/book") == 503
    finally:
        database.certificates.roots = roots
    assert "certificate verify failed" in task.processes.log()


@pytest.mark.timeout(1200)
def test_the_rest_tests_pass_through_the_task(task, database, tmp_path):
    task.start()
    state = database.folder
    # Tests that start their own systems use the certificates of deploy/local. All clients trust its
    # authority and the certificate of the task.
    script = f"source deploy/local/lib/tls.sh; make_certificates {state}"
    subprocess.run(["bash", "-ec", script], check=True, cwd=ROOT, capture_output=True)
    with (state / "tls/ca.crt").open("a") as authorities:
        authorities.write(task.certificate.read_text())
    ports = {"http_port": task.http_port, "grpc_port": task.grpc_port, "pg_port": database.port()}
    lines = ports | {"tls": 1, "client_certificates": 0}
    (state / "ready").write_text("".join(f"{name}={port}\n" for name, port in lines.items()))
    report = tmp_path / "rest.xml"
    # The tests that stop a database create their own one.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("TEST_DATABASE", "AWS_"))
    }
    environment |= {"DATA_SERVICE_STATE": str(state), "DATA_SERVICE_BIN": str(BINARIES), "NO_PROXY": "*"}
    command = [sys.executable, "-m", "pytest", "tests/rest", "-q", "-p", "no:cacheprovider", "--timeout=180"]
    command += [f"--deselect={LOCAL_LOG}"]
    command += [f"--junitxml={report}", *(f"--ignore=tests/rest/{name}.py" for name in ELSEWHERE)]
    output = tmp_path / "output"
    # A file, because a database that a test starts would keep a pipe open.
    with output.open("wb") as out:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    assert done.returncode == 0, output.read_text()[-5000:]
    suite = next(ElementTree.parse(report).getroot().iter("testsuite"))
    assert int(suite.get("tests")) > 100
    assert suite.get("skipped") == "0"
