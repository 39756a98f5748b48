"""A database a millisecond away: server and pgbench with 8 connections each, through the same relay."""

from ..model import Case, Comparison, Figure, Prepared
from ..stage import Stage
from ..subjects import grpc, pgbench

CONNECTIONS = 8
CONCURRENCY = 512


def _distance(stage: Stage) -> Prepared:
    server = stage.server("server_distance", "--workers", str(CONNECTIONS), relayed=True)
    return Prepared(
        {
            "server, GetBook": grpc(stage, server, "get", concurrency=CONCURRENCY, relayed=True),
            "pgbench, SELECT": pgbench(stage, "get.sql", clients=CONNECTIONS, relayed=True),
            "server, CreateBook": grpc(stage, server, "create", concurrency=CONCURRENCY, relayed=True),
            "pgbench, INSERT": pgbench(stage, "insert.sql", clients=CONNECTIONS, relayed=True),
        }
    )


def _versus(call: str, statement: str) -> Comparison:
    return Comparison(
        f"1 ms each way, 8 connections, {call}, 512 concurrent",
        Figure(f"server, {call}"),
        Figure(f"pgbench, {statement}"),
        floor=8,
        aim=12,
    )


DISTANCE = Case(
    "distance",
    "GetBook and CreateBook with 1 ms each way added between server and database",
    _distance,
    (_versus("GetBook", "SELECT"), _versus("CreateBook", "INSERT")),
    writes=True,
)
