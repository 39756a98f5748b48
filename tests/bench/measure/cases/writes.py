"""Writes over gRPC. Each is acknowledged after its commit, with fsync and synchronous_commit on."""

from ..model import Case, Comparison, Figure, Figures, Prepared, Subject
from ..stage import Stage
from ..subjects import copy, grpc, import_books, pgbench

PGBENCH = "pgbench -M prepared"


def _create(stage: Stage) -> Prepared:
    server = stage.server()
    return Prepared(
        {
            "server": grpc(stage, server, "create"),
            PGBENCH: pgbench(stage, "insert.sql"),
            "server, 1": grpc(stage, server, "create", concurrency=1),
            "grpc-go + pgx, 1": grpc(stage, stage.yardstick("grpc"), "create", concurrency=1),
        }
    )


CREATE = Case(
    "create",
    "CreateBook, pgbench's INSERT of one row, and a hand-written gRPC service in Go",
    _create,
    (
        Comparison(
            "CreateBook, 64 concurrent : single-row INSERT", Figure("server"), Figure(PGBENCH), floor=2, aim=3
        ),
        Comparison(
            "CreateBook, 1 concurrent, p50 : grpc-go + pgx",
            Figure("server, 1", "p50_us"),
            Figure("grpc-go + pgx, 1", "p50_us"),
            lower_is_better=True,
            floor=1.2,
            aim=1.0,
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

    def cleaned(subject: Subject) -> Subject:
        """Deletes the rows after each measurement, because each one stores the same rows."""

        def measure_and_clean() -> Figures:
            try:
                return subject.measure()
            finally:
                stage.clean()

        return Subject(measure_and_clean, subject.is_product)

    return Prepared({"server": cleaned(import_books(stage, server)), r"psql \copy": cleaned(copy(stage))})


IMPORT = Case(
    "import",
    r"ImportBooks, and psql's \copy of the same rows",
    _import,
    (Comparison(r"ImportBooks, rows : \copy", Figure("server"), Figure(r"psql \copy"), floor=0.5, aim=0.8),),
    writes=True,
)
