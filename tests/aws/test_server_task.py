"""The server as a task starts it: server_task, its key from the environment, its health check."""

import json
import os
import signal
import subprocess

import pytest
from templates import DEPLOY, ROOT, containers

TASK = DEPLOY / "images/server_task"
KEY = "k" * 64
PATH = f"{ROOT}/build/release:{ROOT}/.deps/bin:/usr/bin:/bin"


@pytest.fixture(scope="module", autouse=True)
def books():
    """Three books, so that there is a second page."""
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
    """Starts a server with a key; answers process and address."""
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


def test_the_health_check_asks_the_server_and_sigterm_reaches_it(start):
    process, address = start(PAGE_TOKEN_KEY=KEY)
    check = containers()["server"]["HealthCheck"]["Command"][1:]
    assert check[-1] == "-addr=127.0.0.1:50051"
    probe = [ROOT / ".deps/bin" / check[0], f"-addr={address}"]
    assert subprocess.run(probe, capture_output=True, timeout=30).returncode == 0
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert subprocess.run(probe, capture_output=True, timeout=30).returncode != 0


def test_without_a_key_it_starts_too(start):
    start()
