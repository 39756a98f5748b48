"""Times of single calls at fixed rates and after idling, and memory over many calls."""

from ..model import Case, Comparison, Figure, Figures, Prepared, Subject
from ..processes import resident_mb
from ..stage import Stage
from ..subjects import calls, grpc

RATES = (1000, 5000, 20000)
IDLE_SECONDS = 5


def _latency(stage: Stage) -> Prepared:
    server = stage.server()
    subjects = {f"{rate}/s": grpc(stage, server, "get", "--rate", str(rate)) for rate in RATES}
    idling = ("--idle", str(IDLE_SECONDS), "--times", str(stage.plan.first_calls))
    subjects["first call"] = grpc(stage, server, "first_call", *idling)
    return Prepared(subjects)


def _tail(rate: int, floor: float | None = None, aim: float | None = None) -> Comparison:
    return Comparison(
        f"GetBook at {rate:,} a second, p99 : p50",
        Figure(f"{rate}/s", "p99_us"),
        Figure(f"{rate}/s", "p50_us"),
        lower_is_better=True,
        floor=floor,
        aim=aim,
    )


LATENCY = Case(
    "latency",
    "GetBook at fixed rates (open loop), and the first call after 5 s of idling",
    _latency,
    (
        _tail(1000, 5, 3),
        _tail(5000),
        _tail(20000),
        Comparison(
            "first GetBook after 5 s : p99 at 1,000 a second",
            Figure("first call", "p50_us"),
            Figure("1000/s", "p99_us"),
            lower_is_better=True,
            floor=2,
            aim=1,
        ),
    ),
    compared=("p50_us", "p99_us"),
)


def _memory(stage: Stage) -> Prepared:
    server = stage.server("server_memory")

    def measure() -> Figures:
        calls(stage, server, "mixed", stage.plan.memory_first_calls)
        first = resident_mb(server.process.pid)
        figures = calls(stage, server, "mixed", stage.plan.memory_calls)
        last = resident_mb(server.process.pid)
        return figures | {"first_mb": first, "resident_mb": last}

    return Prepared({"server": Subject(measure)})


MEMORY = Case(
    "memory",
    "the server's resident memory over 2 million mixed calls, after the first 200,000",
    _memory,
    (
        Comparison(
            "resident memory, end : after a tenth of the calls",
            Figure("server", "resident_mb"),
            Figure("server", "first_mb"),
            lower_is_better=True,
            floor=1.05,
        ),
    ),
    writes=True,
    rounds=1,
    compared=("resident_mb",),
)
