"""The primary is lost, one standby is promoted, and another one, which is the reader, follows it."""

import time

import grpc
import pytest
from clusters import Pair
from local import wait_for
from readers import Readers, Reads
from running import bound

# After the promotion.
RECOVERY = 2.0


class Cascade(Readers):
    """The reader is a standby of the synchronous standby."""

    def __enter__(self) -> "Cascade":
        self.pair = self.stack.enter_context(Pair(self.primary))
        self.reader = self.stack.enter_context(Pair(self.primary)).standby
        self.reader.follow(self.pair.standby)
        database = self.primary.environment()
        database["TEST_DATABASE_APP"] = self.primary.uri(
            "bookstore_app",
            self.primary.port,
            self.pair.standby.port,
            parameters="&target_session_attrs=read-write",
        )
        self.start(database, self.reader)
        return self


@pytest.fixture
def readers(test_database):
    with Cascade(test_database) as readers:
        readers.await_used()
        yield readers


def created(readers: Readers) -> bool:
    """Whether a book could be created."""
    try:
        readers.create("after the failover")
    except grpc.RpcError:
        return False
    return True


def check_own_writes(readers: Readers, writes: list[tuple[str, str]]) -> None:
    for key, token in writes:
        assert readers.get(key, ("consistency-token", token))[0].id == key


def test_a_reader_that_follows_the_promoted_standby(readers):
    writes = [readers.create(f"book {n}") for n in range(20)]
    readers.primary.kill()
    time.sleep(0.5)
    readers.pair.standby.promote()
    wait_for(lambda: created(readers), bound(RECOVERY), "writes after the promotion")
    check_own_writes(readers, writes)
    # The standby writes the new timeline to its control file at its next restartpoint.
    readers.pair.standby.execute("CHECKPOINT")
    readers.reader.execute("CHECKPOINT")
    with Reads(readers, writes[0][0]) as reads:
        reads.await_reader()
        for n in range(20):
            check_own_writes(readers, [readers.create(f"book {20 + n}")])
    reads.check()
    readers.await_used()
