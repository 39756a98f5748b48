"""One request is found in the log and in the traces; /debug and --print_config."""

import os
import subprocess

from load import PLANTED, book
from local import wait_for
from running import BINARIES

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


def test_a_request_is_found_by_its_trace(system, collector):
    with system.client() as client:
        headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-Id": "mine-1"}
        assert client.put("/book", json=book(), headers=headers).status_code == 201
    (line,) = wait_for(
        lambda: [line for line in system.lines() if line.get("trace_id") == TRACE], what="the line"
    )
    assert line["route"] == "/book"
    assert line["status"] == 201
    assert line["request_id"] == "mine-1"
    assert line["client"] == "127.0.0.1"
    assert line["method"] == "bookstore.v1.BookService/CreateBook"
    assert 0 < line["upstream_ms"] <= line["duration_ms"]
    wait_for(lambda: bytes.fromhex(TRACE) in collector.received, what="the spans")
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
