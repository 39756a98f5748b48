"""Writes over gRPC. Each is acknowledged after its commit, with fsync and synchronous_commit on."""

from ..model import Case, Comparison, Figure, Figures, Measure, Prepared
from ..stage import Stage
from ..subjects import copy, grpc, import_books, pgbench

PGBENCH = "pgbench -M prepared"


def _create(stage: Stage) -> Prepared:
    return Prepared({"server": grpc(stage, stage.server(), "create"), PGBENCH: pgbench(stage, "insert.sql")})


CREATE = Case(
    "create",
    "CreateBook, and pgbench's INSERT of one row",
    _create,
    (
        Comparison(
            "CreateBook, 64 concurrent : single-row INSERT", Figure("server"), Figure(PGBENCH), floor=2, aim=3
        ),
    ),
    writes=True,
)


def _update(stage: Stage) -> Prepared:
    return Prepared({"server": grpc(stage, stage.server(), "update"), PGBENCH: pgbench(stage, "update.sql")})


UPDATE = Case(
    "update",
    "UpdateBook of random books, and pgbench's UPDATE of one row",
    _update,
    (Comparison("UpdateBook, 64 concurrent : single-row UPDATE", Figure("server"), Figure(PGBENCH)),),
    writes=True,
)


def _mixed(stage: Stage) -> Prepared:
    return Prepared({"server": grpc(stage, stage.server(), "mixed")})


MIXED = Case(
    "mixed",
    "80 % GetBook, 15 % ListReviews, 5 % CreateReview",
    _mixed,
    (),
    writes=True,
)


def _import(stage: Stage) -> Prepared:
    server = stage.server()
    if not stage.has_method(server, "ImportBooks"):
        return Prepared({}, ["the server has no ImportBooks"])

    def cleaned(measure: Measure) -> Measure:
        """The same rows come each time, and each time into a table that lacks them."""

        def measure_and_clean() -> Figures:
            try:
                return measure()
            finally:
                stage.clean()

        return measure_and_clean

    return Prepared({"server": cleaned(import_books(stage, server)), r"psql \copy": cleaned(copy(stage))})


IMPORT = Case(
    "import",
    r"ImportBooks, and psql's \copy of the same rows",
    _import,
    (Comparison(r"ImportBooks, rows : \copy", Figure("server"), Figure(r"psql \copy"), floor=0.5, aim=0.8),),
    writes=True,
)
