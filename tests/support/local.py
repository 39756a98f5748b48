"""Free ports and polling, for tests that start programs on this machine."""

import os
import random
import socket
import time

# Below the kernel's range of ephemeral ports, so that no outgoing connection of
# another test takes a port before its server binds it. tests/run assigns each suite a
# separate part of the range, of which this is the first half: deploy/local/lib/ports.sh
# chooses from the second one, so that neither takes a port that the other has chosen and not
# bound yet.
FIRST = int(os.environ.get("TEST_PORTS_FIRST", "20000"))
COUNT = int(os.environ.get("TEST_PORTS_COUNT", "12000")) // 2
_given: set[int] = set()


def free_port() -> int:
    """A port that nothing listens on and that this process has not returned before."""
    for port in random.sample(range(FIRST, FIRST + COUNT), COUNT):
        if port in _given:
            continue
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"no port from {FIRST} to {FIRST + COUNT - 1} is free")


def wait_for(condition, seconds: float = 30.0, what: str = "the condition"):
    """Polls until the condition holds, and returns its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"{what} did not become true within {seconds} s"
        time.sleep(0.05)
    return value
