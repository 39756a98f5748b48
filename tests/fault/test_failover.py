"""The primary of two PostgreSQL servers is lost, or the server reaches the wrong one."""

import time

import pytest
from clusters import Cluster, Pair
from relay import Relay
from running import System
from writers import Writers

# After the promotion.
RECOVERY = 2.0


@pytest.fixture
def pair(test_database):
    with Pair(Cluster.of(test_database)) as pair:
        yield pair


def fail_over(system: System, pair: Pair, move) -> None:
    """Kills the primary under load and promotes the standby; move() then moves its address."""
    with Writers(system) as writers:
        time.sleep(1)
        pair.primary.kill()
        time.sleep(0.5)
        failures = writers.failures()
        assert failures, "the writers have not noticed"
        pair.standby.promote()
        move()
        writers.await_recovery(RECOVERY)
        writers.check_retryable()
        time.sleep(1)
        system.database["TEST_DATABASE_OWNER"] = pair.standby.uri("bookstore_owner")


def test_a_failover_that_moves_the_address(pair):
    with Relay(pair.primary.port) as relay:
        database = pair.primary.environment()
        database["TEST_DATABASE_APP"] = pair.primary.uri("bookstore_app", relay.port)
        with System(database) as system:
            fail_over(system, pair, lambda: relay.move(pair.standby.port))


def test_a_failover_to_another_host_of_the_connection_string(pair):
    database = pair.primary.environment()
    ports = pair.primary.port, pair.standby.port
    database["TEST_DATABASE_APP"] = pair.primary.uri(
        "bookstore_app", *ports, parameters="&target_session_attrs=read-write"
    )
    with System(database) as system:
        fail_over(system, pair, lambda: None)
