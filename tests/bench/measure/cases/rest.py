"""REST through the gateway, and a hand-written service in Go."""

import os

from ..model import Case, Comparison, Figure, Prepared, Subject, cpu_bound
from ..stage import Stage
from ..subjects import page_tokens, rest

YARDSTICK = "Go net/http + pgx"
PAGE_SIZE = 50


def _both(stage: Stage, *arguments: str | os.PathLike, suffix: str = "", **more: int) -> dict[str, Subject]:
    """Returns the same calls of the gateway and of the yardstick."""
    return {
        f"gateway{suffix}": rest(stage, stage.gateway(), *arguments, **more),
        f"{YARDSTICK}{suffix}": rest(stage, stage.yardstick("rest"), *arguments, **more),
    }


def _rate(label: str, floor: float, aim: float, suffix: str = "") -> Comparison:
    product, yardstick = Figure(f"gateway{suffix}"), Figure(f"{YARDSTICK}{suffix}")
    return Comparison(f"{label}, 64 connections : Go + pgx", product, yardstick, floor=floor, aim=aim)


def _get(stage: Stage) -> Prepared:
    get = ("get", stage.titles)
    return Prepared(_both(stage, *get) | _both(stage, *get, suffix=", 1", connections=1))


REST_GET = Case(
    "rest_get",
    "GET /book/ID of random books, 64 connections and 1 connection",
    _get,
    (
        _rate("REST GET of a book", 1.2, 1.8),
        cpu_bound("REST GET of a book, CPU of gateway and server", "gateway", 70, 45),
        Comparison(
            "REST GET of a book, 1 connection, p50 : Go + pgx",
            Figure("gateway, 1", "p50_us"),
            Figure(f"{YARDSTICK}, 1", "p50_us"),
            lower_is_better=True,
            floor=1.6,
            aim=1.2,
        ),
    ),
)


def _list(stage: Stage) -> Prepared:
    size, later = str(PAGE_SIZE), ", later pages"
    # Both yardsticks have the same tokens, as server and gateway do.
    tokens = page_tokens(stage, stage.server(), PAGE_SIZE)
    go_tokens = page_tokens(stage, stage.yardstick("grpc"), PAGE_SIZE)
    return Prepared(
        _both(stage, "list", size)
        | {
            f"gateway{later}": rest(stage, stage.gateway(), "list", size, tokens),
            f"{YARDSTICK}{later}": rest(stage, stage.yardstick("rest"), "list", size, go_tokens),
        }
    )


REST_LIST = Case(
    "rest_list",
    "GET /book, pages of 50: the first page and later pages at random",
    _list,
    (
        _rate("REST list of 50", 1.3, 2),
        _rate("REST list of 50, later pages", 1.3, 2, ", later pages"),
    ),
)

REST_CREATE = Case(
    "rest_create",
    "PUT /book of a new book",
    lambda stage: Prepared(_both(stage, "create")),
    (_rate("REST creation of a book", 1.3, 2),),
    writes=True,
)
