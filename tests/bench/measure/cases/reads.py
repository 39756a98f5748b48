"""Reads over gRPC."""

from ..model import Case, Comparison, Figure, Prepared, Relation, cpu_bound
from ..stage import Stage
from ..subjects import grpc, page_tokens, pgbench, rest

CONCURRENCIES = (1, 8, 64, 256)
OFF = "--prepared_statements=off"
PAGE_SIZE = 50


def _get(stage: Stage) -> Prepared:
    prepared = Prepared({})
    for n in CONCURRENCIES:
        prepared.subjects[f"server {n}"] = grpc(stage, stage.server(), "get", concurrency=n)
        subject = grpc(stage, stage.unprepared_server(), "get", concurrency=n)
        prepared.subjects[f"server {OFF} {n}"] = subject
        for mode in ("prepared", "extended"):
            prepared.subjects[f"pgbench -M {mode} {n}"] = pgbench(stage, "get.sql", clients=n, mode=mode)
    return prepared


def _versus(
    n: int, switch: str, mode: str, floor: float | None = None, aim: float | None = None
) -> Comparison:
    server = f"server {switch}".strip()
    return Comparison(
        f"GetBook, {n} concurrent, {'unprepared' if switch else 'default'} : -M {mode}",
        Figure(f"{server} {n}"),
        Figure(f"pgbench -M {mode} {n}"),
        floor=floor,
        aim=aim,
    )


def _time_over(switch: str, mode: str, floor: float | None, aim: float | None) -> Comparison:
    server = f"server {switch}".strip()
    return Comparison(
        f"GetBook, 1 concurrent, {'unprepared' if switch else 'default'}, p50 over -M {mode}",
        Figure(f"{server} 1", "p50_us"),
        Figure(f"pgbench -M {mode} 1", "p50_us"),
        Relation.DIFFERENCE,
        lower_is_better=True,
        floor=floor,
        aim=aim,
    )


GET = Case(
    "get",
    "GetBook at 1, 8, 64 and 256 concurrent calls, and pgbench's same query",
    _get,
    (
        _versus(64, "", "prepared", 0.95, 1.2),
        _versus(256, "", "prepared", 1.1, 1.4),
        _versus(64, OFF, "extended", floor=1.3),
        _time_over("", "prepared", 90, 50),
        _time_over(OFF, "prepared", None, None),
        _versus(8, "", "prepared"),
        _versus(8, OFF, "extended"),
        _versus(256, OFF, "extended"),
    ),
)


def _list(stage: Stage) -> Prepared:
    server = stage.server()
    tokens = page_tokens(stage, server, PAGE_SIZE)
    size = ("--page_size", str(PAGE_SIZE))
    return Prepared(
        {
            "page 1": grpc(stage, server, "list", *size),
            "later pages": grpc(stage, server, "list", *size, "--page_tokens", tokens),
            "Go + pgx, REST": rest(stage, stage.yardstick("rest"), "list", str(PAGE_SIZE)),
        }
    )


LIST = Case(
    "list",
    "ListBooks of 50, the first page and later pages, and a hand-written REST service in Go",
    _list,
    (
        Comparison(
            "ListBooks of 50, 64 concurrent : Go + pgx, REST",
            Figure("page 1"),
            Figure("Go + pgx, REST"),
            floor=1.5,
            aim=3,
        ),
        Comparison(
            "ListBooks of 50, time of later pages : page 1",
            Figure("later pages", "mean_us"),
            Figure("page 1", "mean_us"),
            lower_is_better=True,
            floor=1.2,
            aim=1.05,
        ),
        cpu_bound("ListBooks of 50, later pages, CPU of the server", "later pages", 105, 80),
    ),
)


def _reviews(stage: Stage) -> Prepared:
    return Prepared(
        {
            "server": grpc(stage, stage.server(), "reviews"),
            "pgbench -M prepared": pgbench(stage, "reviews.sql"),
        }
    )


REVIEWS = Case(
    "reviews",
    "ListReviews (10) of random books, and pgbench's same query",
    _reviews,
    (
        Comparison(
            "ListReviews (10), 64 concurrent : -M prepared",
            Figure("server"),
            Figure("pgbench -M prepared"),
            floor=1.3,
            aim=2,
        ),
    ),
)
