"""Processes that end without a shutdown."""

import time

# After the process runs again.
RECOVERY = 2.0


def status(system) -> int:
    with system.client() as client:
        return client.get("/book?page_size=1").status_code


def check_recovers(system) -> None:
    began = time.monotonic()
    while status(system) != 200:
        assert time.monotonic() - began < RECOVERY
        time.sleep(0.02)


def test_a_killed_server(system):
    system.server.kill()
    system.server.wait()
    assert status(system) == 503
    system.start_server()
    check_recovers(system)


def test_a_killed_database(system):
    system.control("kill")
    assert status(system) == 503
    system.control("start")
    check_recovers(system)
