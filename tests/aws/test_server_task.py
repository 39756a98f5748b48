"""The entry point of the server's image, server_task: the certificate that it creates, the page token
key from the environment, the health check."""

import json
import os
import pathlib
import signal
import stat
import subprocess

import pytest
from cryptography import x509
from templates import DEPLOY, ROOT, containers

TASK = DEPLOY / "images/server_task"
KEY = "k" * 64
PATH = f"{ROOT}/build/release:{ROOT}/.deps/bin:/usr/bin:/bin"


@pytest.fixture(scope="module", autouse=True)
def books():
    """Three books, so that a list of two has a second page."""
    owner = os.environ["TEST_DATABASE_OWNER"]
    tool = ROOT / "build/release/bookstore-schema"
    subprocess.run([tool, "apply", "--database", owner, "--app_role", "bookstore_app"], check=True)
    rows = "SELECT gen_random_uuid(), n::text, 'a', 'p', 1 FROM generate_series(1, 3) n"
    insert = f"INSERT INTO bookstore.book (id, title, author, publisher, year) {rows}"
    subprocess.run(["psql", "--no-psqlrc", "--quiet", "--command", insert, owner], check=True)
    yield
    subprocess.run([os.environ["TEST_DATABASE_CONTROL"], "reset"], check=True)


@pytest.fixture
def start():
    """Starts a server with these variables; returns its process and address."""
    running = []

    def start_one(**more: str) -> tuple[subprocess.Popen, str]:
        variables = {"PATH": PATH, "DATABASE": os.environ["TEST_DATABASE_APP"], **more}
        command = [TASK, "--grpc_address=127.0.0.1:0", "--drain_delay=0"]
        process = subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True)
        running.append(process)
        for line in process.stderr:
            entry = json.loads(line)
            if entry["event"] == "serving":
                return process, f"127.0.0.1:{entry['port']}"
        pytest.fail(f"the server did not start: {process.wait()}")

    yield start_one
    for process in running:
        process.kill()
        process.wait()


def list_books(address: str, **request) -> subprocess.CompletedProcess:
    command = [
        "grpcurl",
        "-plaintext",
        "-d",
        json.dumps(request),
        address,
        "bookstore.v1.BookService/ListBooks",
    ]
    return subprocess.run(command, env={"PATH": PATH}, capture_output=True, text=True, timeout=30)


def test_a_page_token_of_one_task_is_taken_by_another(start):
    _, first = start(PAGE_TOKEN_KEY=KEY)
    _, second = start(PAGE_TOKEN_KEY=KEY)
    _, stranger = start(PAGE_TOKEN_KEY=KEY.replace("k", "x"))
    done = list_books(first, page_size=2)
    page = json.loads(done.stdout)
    token = page["next_page_token"]
    rest = json.loads(list_books(second, page_size=2, page_token=token).stdout)
    assert len(page["books"]) + len(rest["books"]) == 3
    refused = list_books(stranger, page_size=2, page_token=token)
    assert refused.returncode != 0
    assert "InvalidArgument" in refused.stderr


def test_the_key_is_not_in_the_servers_environment(start):
    process, _ = start(PAGE_TOKEN_KEY=KEY)
    with open(f"/proc/{process.pid}/environ") as file:
        assert KEY not in file.read()
    with open(f"/proc/{process.pid}/cmdline") as file:
        assert KEY not in file.read()


def test_the_health_check_asks_the_server_and_sigterm_reaches_it(start, tmp_path):
    process, address = start(PAGE_TOKEN_KEY=KEY, **pair(tmp_path))
    check = containers()["server"]["HealthCheck"]["Command"][1:]
    places = {"127.0.0.1:50051": address, "/run/tls": str(tmp_path)}
    for there, here in places.items():
        check = [part.replace(there, here) for part in check]
    probe = [ROOT / ".deps/bin" / check[0], *check[1:]]
    assert subprocess.run(probe, capture_output=True, timeout=30).returncode == 0
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert subprocess.run(probe, capture_output=True, timeout=30).returncode != 0


def test_without_a_key_it_starts_too(start):
    start()


def pair(folder: pathlib.Path) -> dict[str, str]:
    return {"TLS_CERTIFICATE": str(folder / "tls.crt"), "TLS_KEY": str(folder / "tls.key")}


def test_it_creates_a_certificate_once(start, tmp_path):
    start(**pair(tmp_path))
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(contents) == {"tls.crt", "tls.key"}
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    certificate = x509.load_pem_x509_certificate(contents["tls.crt"])
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    limits = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert limits.ca is False
    # A second start uses the files that exist, such as those of an operator.
    start(**pair(tmp_path))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == contents


def test_every_task_has_a_key_of_its_own(start, tmp_path):
    keys = set()
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        start(**pair(folder))
        keys.add((folder / "tls.key").read_bytes())
    assert len(keys) == 2


def test_without_a_certificate_it_does_not_start(tmp_path):
    variables = {"PATH": PATH, "DATABASE": os.environ["TEST_DATABASE_APP"], **pair(tmp_path / "nowhere")}
    done = subprocess.run([TASK], env=variables, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "serving" not in done.stderr
