"""One request is found in the log and in the traces; /debug and --print_config."""

import json
import os
import subprocess

import httpx
from load import PLANTED, book
from local import wait_for
from running import BINARIES

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


def test_a_request_is_found_by_its_trace(system, collector):
    with system.client() as client:
        headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-Id": "mine-1"}
        assert client.put("/book", json=book(), headers=headers).status_code == 201

    def lines(kind: str) -> list[dict]:
        return [line for line in system.lines() if line.get("trace_id") == TRACE and kind in line["event"]]

    (line,) = wait_for(lambda: lines("request"), what="the line of the gateway")
    (call,) = wait_for(lambda: lines("call"), what="the line of the server")
    assert line["route"] == "/book"
    assert line["status"] == 201
    assert line["request_id"] == "mine-1"
    assert line["client"] == "127.0.0.1"
    assert line["method"] == "bookstore.v1.BookService/CreateBook"
    assert 0 < line["upstream_ms"] <= line["duration_ms"]
    assert call["method"] == line["method"]
    assert call["request_id"] == "mine-1"
    assert call["caller"] == "anonymous"
    assert call["code"] == "OK"
    assert (call["batch"], call["rows"]) == (1, 1)
    assert 0 < call["database_ms"] <= call["duration_ms"] <= line["duration_ms"]
    wait_for(lambda: bytes.fromhex(TRACE) in collector.received, what="the spans of the gateway")
    # Those of the server are JSON.
    wait_for(lambda: call["span_id"].encode() in collector.received, what="the spans of the server")
    for name in (b'"queue"', b'"statement"'):
        assert name in collector.received
    for part in (
        bytes.fromhex(CALLER),
        bytes.fromhex(line["span_id"]),
        b"PUT /book",
        line["method"].encode(),
    ):
        assert part in collector.received
    assert PLANTED.encode() not in collector.received


def test_debug(system):
    with system.client() as client:
        client.get("/book")
        debug = system.debug()
    assert debug["flags"]["max_calls"] == "160"
    assert debug["server"]["state"] == "ready"
    assert debug["connections"]["largest"][0]["client"] == "127.0.0.1"


def test_debug_of_the_server(system):
    with system.client() as client:
        client.get("/book")
    debug = system.server_debug()
    assert debug["flags"]["queue_capacity"] == "100"
    assert debug["build"]["contract_digest"] == system.debug()["build"]["contract_digest"]
    assert debug["database"]["open"] > 0
    assert debug["clients"]["connections"] > 0
    assert set(debug["queue"]["lanes"]) == {"read", "write", "bulk", "alone"}
    assert PLANTED not in json.dumps(debug)


def test_health_of_the_server(system):
    for path in ("/healthz", "/readyz"):
        response = httpx.get(f"http://{system.server_metrics}{path}", headers={"Host": "probe"})
        assert (response.status_code, response.text) == (200, "ok\n")


def test_debug_of_the_server_is_for_this_machine(system):
    for host, status in (("localhost", 200), ("example.com", 403)):
        response = httpx.get(f"http://{system.server_metrics}/debug", headers={"Host": host})
        assert response.status_code == status


def test_metrics_have_an_address_of_this_machine():
    done = subprocess.run(
        [BINARIES / "bookstore-server", "--metrics_address=0.0.0.0:0", "--schema_check=off"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 1
    assert "--metrics_address 0.0.0.0:0 can be reached from other machines" in done.stderr


def test_print_config_of_the_server():
    done = subprocess.run(
        [BINARIES / "bookstore-server", "--print_config", "--workers=7"],
        env=os.environ | {"DRAIN_DELAY": "3s", "DATABASE": f"host=db password={PLANTED}"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr
    assert "\n--drain_delay=3s\n" in done.stdout
    assert "\n--workers=7\n" in done.stdout
    assert "\n# --request_timeout=10s\n" in done.stdout
    assert "host" in done.stdout
    assert PLANTED not in done.stdout


def test_print_config():
    done = subprocess.run(
        [BINARIES / "bookstore-gateway", "--print_config", "--max_calls=7"],
        env=os.environ | {"DRAIN_DELAY": "3s"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0
    assert "\n--drain_delay=3s\n" in done.stdout
    assert "\n--max_calls=7\n" in done.stdout
    assert "\n# --read_timeout=30s\n" in done.stdout
