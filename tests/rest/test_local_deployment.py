"""deploy/local: up, down and sample, with a state folder of their own."""

import http.server
import json
import os
import signal
import ssl
import subprocess
import threading

import httpx
import pytest
from local import free_port, wait_for
from transport import ROOT, STATE

LOCAL = ROOT / "deploy/local"


@pytest.fixture
def local(tmp_path):
    """Runs a script of deploy/local on a state folder of its own."""
    # The user postgres must get through to it.
    state = tmp_path / "state"
    environment = os.environ | {"DATA_SERVICE_STATE": str(state)}
    ports = [f"--http_port={free_port()}", f"--grpc_port={free_port()}", f"--pg_port={free_port()}"]
    output = tmp_path / "output"

    def run(script: str, *arguments: str) -> tuple[int, str]:
        command = [LOCAL / script, *arguments, *(ports if script == "up" else [])]
        # A file, not a pipe: what runs on would keep a pipe open.
        with output.open("wb") as out:
            done = subprocess.run(
                command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environment, timeout=150
            )
        return done.returncode, output.read_text()

    run.state, run.ports, run.environment = state, [int(p.split("=")[1]) for p in ports], environment
    yield run
    run("down", "--purge")


def pids(state) -> list[int]:
    return [int(path.read_text().split()[0]) for path in state.glob("*.pid")]


def runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def get(local) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{local.ports[0]}/book", timeout=30, trust_env=False)


def test_up_twice_down_and_up_again(local, tmp_path):
    status, output = local("up", "--detach")
    assert status == 0, output
    assert "[7/7]" in output
    assert f"http://127.0.0.1:{local.ports[0]}" in output
    httpx.put(
        f"http://127.0.0.1:{local.ports[0]}/book",
        json={"title": "T", "author": "A", "publisher": "P", "year": 1},
        trust_env=False,
    )
    books = get(local).json()
    assert len(books["books"]) == 1

    status, output = local("up", "--detach")
    assert status == 0
    assert "already running" in output
    assert f"http://127.0.0.1:{local.ports[0]}" in output

    # Of programs with another contract nothing is served yet, and `up` says so.
    binaries, other = local.environment["DATA_SERVICE_BIN"], tmp_path / "bin"
    other.mkdir()
    (other / "bookstore-schema").write_text("another contract")
    local.environment["DATA_SERVICE_BIN"] = str(other)
    status, output = local("up", "--detach")
    assert status == 1
    assert "deploy/local/down" in output
    assert get(local).json() == books
    local.environment["DATA_SERVICE_BIN"] = binaries

    started = pids(local.state)
    assert len(started) == 4
    assert local("down")[0] == 0
    assert not any(runs(pid) for pid in started)
    assert local("up", "--detach")[0] == 0
    assert get(local).json() == books

    started = pids(local.state)
    assert local("down", "--purge")[0] == 0
    assert not any(runs(pid) for pid in started)
    assert not local.state.exists()


def test_secrets_are_private(local):
    assert local("up", "--detach")[0] == 0
    for path in (local.state / "secrets").iterdir():
        assert path.stat().st_mode & 0o077 == 0
    for pid in pids(local.state):
        command = open(f"/proc/{pid}/cmdline").read()  # noqa: SIM115
        for line in (local.state / "secrets/pgpass").read_text().splitlines():
            assert line.rsplit(":", 1)[1] not in command


def test_up_after_a_crash(local):
    """The supervisor and the server were killed; the rest still runs."""
    assert local("up", "--detach")[0] == 0
    for name in ("up", "server"):
        os.kill(int((local.state / f"{name}.pid").read_text().split()[0]), signal.SIGKILL)
    status, output = local("up", "--detach")
    assert status == 0, output
    assert get(local).status_code == 200


@pytest.mark.parametrize("part", ["gateway", "server", "postgres"])
def test_when_a_part_ends_all_stops(local, part):
    assert local("up", "--detach")[0] == 0
    started = pids(local.state)
    os.kill(int((local.state / f"{part}.pid").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: not any(runs(pid) for pid in started), 60, "the end of all")
    log = (local.state / "log/up.log").read_text()
    assert f"{part} ended unexpectedly" in log


@pytest.mark.parametrize("number", range(3))
def test_a_taken_port(local, number):
    import socket

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", local.ports[number]))
        listener.listen()
        status, output = local("up", "--detach")
    assert status != 0
    assert str(local.ports[number]) in output
    assert ["--http_port", "--grpc_port", "--pg_port"][number] in output
    assert f"process {os.getpid()}" in output
    assert pids(local.state) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_in_the_foreground(local, stop, tmp_path):
    with (tmp_path / "foreground").open("wb") as out:
        arguments = [
            f"--{n}={p}" for n, p in zip(("http_port", "grpc_port", "pg_port"), local.ports, strict=True)
        ]
        up = subprocess.Popen(
            # Under a shell's background job SIGINT is ignored, under nohup SIGHUP, and
            # stays so.
            ["env", "--default-signal=INT,HUP", LOCAL / "up", *arguments],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=local.environment,
        )
    try:
        wait_for(lambda: (local.state / "ready").exists() or up.poll() is not None, 120, "being up")
        assert get(local).status_code == 200
        started = pids(local.state)
        up.send_signal(stop)
        assert up.wait(timeout=60) == 0
        assert not any(runs(pid) for pid in started)
    finally:
        if up.poll() is None:
            up.terminate()
            up.wait()


def test_sample(rest, ports):
    before = len(all_books(rest))
    for _ in range(2):
        done = subprocess.run([LOCAL / "sample"], capture_output=True, text=True, timeout=120, env=os.environ)
        assert done.returncode == 0, done.stderr
        catalogue = [json.loads(line) for line in (LOCAL / "sample.ndjson").read_text().splitlines()]
        assert len(catalogue) >= 50
        stored = all_books(rest)
        assert len(stored) - before <= len(catalogue)
        for book in catalogue:
            expected = {name: book[name] for name in ("id", "title", "author", "publisher", "year")}
            assert expected.items() <= stored[book["id"]].items()
        reviews = rest.get(f"/book/{catalogue[0]['id']}/review").json()["reviews"]
        assert len(reviews) == len(catalogue[0]["reviews"])


def test_the_sample_is_for_the_bookstore_only():
    """Another contract, here one that has books with other fields, gets none of it."""
    asked = []

    class Other(http.server.BaseHTTPRequestHandler):
        def answer(self):
            asked.append(f"{self.command} {self.path}")
            body = json.dumps({"paths": {"/book": {"get": {}}, "/book/{id}": {"put": {}}}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = answer

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run(
            [LOCAL / "sample", f"--http_port={server.server_port}"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        server.shutdown()
    assert done.returncode == 1
    assert "does not serve the bookstore" in done.stderr
    assert asked == ["GET /openapi.json"]


def all_books(rest) -> dict[str, dict]:
    found, token = {}, ""
    while True:
        page = rest.get("/book", params={"pageSize": 1000, "pageToken": token}).json()
        found |= {book["id"]: book for book in page["books"]}
        token = page.get("nextPageToken", "")
        if not token:
            return found


def test_down_knows_that_nothing_runs(local):
    status, output = local("down")
    assert (status, output.strip()) == (0, "nothing was running")


def test_the_state_of_this_run_is_private():
    assert (STATE / "secrets").stat().st_mode & 0o077 == 0


def test_up_with_tls(local):
    status, output = local("up", "--detach", "--tls")
    assert status == 0, output
    url, authority = f"https://127.0.0.1:{local.ports[0]}", local.state / "tls/ca.crt"
    assert f"curl --cacert {authority} {url}/book" in output
    for path in (local.state / "tls").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path

    verify = ssl.create_default_context(cafile=str(authority))
    with httpx.Client(base_url=url, verify=verify, trust_env=False, timeout=30) as client:
        assert client.get("/book").json() == {"books": []}
        status, output = local("sample")
        assert status == 0, output
        assert f"are in {url}/book" in output
        assert len(client.get("/book").json()["books"]) > 10
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{url}/book", trust_env=False)

    status, output = local("up", "--detach")
    assert status == 1
    assert "with TLS; run deploy/local/down first" in output
    certificate = (local.state / "tls/gateway.crt").read_bytes()
    local("down")
    assert local("up", "--detach")[0] == 0
    assert get(local).status_code == 200
    local("down")
    assert local("up", "--detach", "--tls")[0] == 0
    assert (local.state / "tls/gateway.crt").read_bytes() == certificate
