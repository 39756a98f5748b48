"""Subjects of the cases: a load generator on something of the stage, with the plan's times."""

import os
import re

from . import grpc_load, wrk
from . import pgbench as pgbench_runs
from .generator import run_whole
from .model import Figures, Measure
from .stage import BENCH, Server, Stage

COPY = r"\copy bookstore.book (id, title, author, publisher, year) FROM '{}' (FORMAT csv)"


def _load(stage: Stage, server: Server, case: str, **watched: Server) -> tuple:
    """What each run of bench_load begins with."""
    arguments = ["--case", case, "--target", f"127.0.0.1:{server.port}", "--keys", stage.keys]
    return stage.programs / "bench_load", arguments, stage.watched(server=server, **watched)


def grpc(
    stage: Stage, server: Server, case: str, *more: str, concurrency: int = 64, relayed: bool = False
) -> Measure:
    """bench_load on a server."""
    between = {"relay": stage.relay()} if relayed else {}
    program, arguments, readers = _load(stage, server, case, **between)

    def measure() -> Figures:
        figures = grpc_load.measure(
            program,
            [*arguments, *more],
            readers,
            concurrency=concurrency,
            seconds=stage.plan.seconds,
            warmup=stage.plan.warmup,
        )
        # In a closed loop one follows from the other.
        if "rate" in figures and "--rate" not in more:
            figures["mean_us"] = concurrency / figures["rate"] * 1e6
        return figures

    return measure


def pgbench(
    stage: Stage, script: str, *, clients: int = 64, mode: str = "prepared", relayed: bool = False
) -> Measure:
    uri, between = stage.uri(relayed), {"relay": stage.relay()} if relayed else {}
    watched = stage.watched(**between)
    return lambda: pgbench_runs.measure(
        uri,
        BENCH / "pgbench" / script,
        ["--define", f"books={stage.plan.books}"],
        watched,
        clients=clients,
        mode=mode,
        seconds=stage.plan.seconds,
        warmup=stage.plan.warmup,
    )


def rest(stage: Stage, front: Server, *arguments: str | os.PathLike, **watched: Server) -> Measure:
    """wrk on the gateway or the yardstick; `watched` are the processes behind the port."""
    readers = stage.watched(**watched)
    return lambda: wrk.measure(
        f"http://127.0.0.1:{front.port}",
        BENCH / "wrk/rest.lua",
        arguments,
        readers,
        seconds=stage.plan.seconds,
        warmup=stage.plan.warmup,
    )


def calls(stage: Stage, server: Server, case: str, count: int) -> Figures:
    """So many calls, however long they take."""
    return grpc_load.measure_calls(*_load(stage, server, case), count)


def page_token(stage: Stage, server: Server, page: int, size: int) -> str:
    """Of a page of all books."""
    target = f"127.0.0.1:{server.port}"
    command = ["--case", "page_token", "--target", target, "--page", str(page), "--page_size", str(size)]
    return stage.output(stage.programs / "bench_load", *command).strip()


def import_books(stage: Stage, server: Server) -> Measure:
    """One stream of ImportBooks; rates are of rows."""
    load = _load(stage, server, "import")
    return lambda: grpc_load.measure_import(*load, stage.plan.import_rows)


def copy(stage: Stage) -> Measure:
    r"""psql's \copy of the same rows; rates are of rows."""
    command = ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", stage.uri()]
    command += ["--command", r"\timing on", "--command", COPY.format(stage.new_books)]
    watched, rows = stage.watched(), stage.plan.import_rows

    def measure() -> Figures:
        output = run_whole(command, watched, 600)
        milliseconds = float(re.search(r"^Time: ([\d.]+) ms", output.stdout, re.MULTILINE).group(1))
        return output.add_cpu({"calls": rows, "rate": rows / milliseconds * 1000})

    return measure
