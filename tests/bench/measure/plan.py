"""How long and how often is measured."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Plan:
    """Times are in seconds. pgbench and wrk know whole ones only: they get the next more."""

    books: int
    reviews: int
    rounds: int
    # Of one measurement, and before it.
    seconds: float
    warmup: float
    # Calls after which the server's memory is looked at, first and last.
    memory_first_calls: int
    memory_calls: int
    # First calls after idling, in each round.
    first_calls: int
    import_rows: int
    # Also what has neither floor nor aim.
    everything: bool

    def with_books(self, books: int) -> "Plan":
        """Returns the plan for another number of books, with three reviews for each."""
        return replace(self, books=books, reviews=3 * books)


FULL = Plan(
    books=1_000_000,
    reviews=3_000_000,
    rounds=5,
    seconds=4,
    warmup=1,
    memory_first_calls=200_000,
    memory_calls=2_000_000,
    first_calls=3,
    import_rows=200_000,
    everything=True,
)
QUICK = Plan(
    books=100_000,
    reviews=300_000,
    rounds=3,
    seconds=0.7,
    warmup=0.3,
    memory_first_calls=20_000,
    memory_calls=200_000,
    first_calls=1,
    import_rows=50_000,
    everything=False,
)
