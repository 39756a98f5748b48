"""How long and how often is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Times are in whole seconds: pgbench and wrk know no other."""

    books: int
    reviews: int
    rounds: int
    # Of one measurement, and before it.
    seconds: int
    warmup: int
    # Calls after which the server's memory is looked at, first and last.
    memory_first_calls: int
    memory_calls: int
    # First calls after idling, in each round.
    first_calls: int
    import_rows: int
    # Whether what has neither floor nor aim is measured where time is short.
    everything: bool

    @property
    def rows(self) -> int:
        return self.books + self.reviews


FULL = Plan(
    books=1_000_000,
    reviews=3_000_000,
    rounds=3,
    seconds=5,
    warmup=1,
    memory_first_calls=200_000,
    memory_calls=2_000_000,
    first_calls=4,
    import_rows=200_000,
    everything=True,
)
QUICK = Plan(
    books=100_000,
    reviews=300_000,
    rounds=3,
    seconds=1,
    warmup=1,
    memory_first_calls=20_000,
    memory_calls=200_000,
    first_calls=1,
    import_rows=20_000,
    everything=False,
)
