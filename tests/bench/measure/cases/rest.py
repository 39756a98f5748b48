"""REST through the gateway, and a hand-written service in Go."""

import os

from ..model import Case, Comparison, Figure, Prepared
from ..stage import Stage
from ..subjects import rest

YARDSTICK = "Go net/http + pgx"


def _rest(stage: Stage, *arguments: str | os.PathLike) -> Prepared:
    gateway, yardstick = stage.gateway(), stage.yardstick()
    return Prepared(
        {
            "gateway": rest(stage, gateway, *arguments, gateway=gateway, server=stage.server()),
            YARDSTICK: rest(stage, yardstick, *arguments, yardstick=yardstick),
        }
    )


REST_GET = Case(
    "rest_get",
    "GET /book/ID of random books",
    lambda stage: _rest(stage, "get", stage.titles),
    (
        Comparison(
            "REST GET of a book, 64 connections : Go + pgx",
            Figure("gateway"),
            Figure(YARDSTICK),
            floor=0.9,
            aim=1.2,
        ),
    ),
)

REST_PUT = Case(
    "rest_put",
    "PUT /book of a new book",
    lambda stage: _rest(stage, "put"),
    (
        Comparison(
            "REST PUT of a book, 64 connections : Go + pgx",
            Figure("gateway"),
            Figure(YARDSTICK),
            floor=1.2,
            aim=2,
        ),
    ),
    writes=True,
)
