"""Subjects of the cases: a load generator and the process that it loads, with the plan's times."""

import os
import pathlib
import re

from . import grpc_load, wrk
from . import pgbench as pgbench_runs
from .generator import run_whole
from .model import Figures, Subject
from .paths import BENCH
from .stage import Server, Stage

COPY = r"\copy bookstore.book (id, title, author, publisher, year) FROM '{}' (FORMAT csv)"
# The number of pages from which a list of later pages takes its pages.
PAGES = 1000


def _load(stage: Stage, server: Server, case: str, **watched: Server) -> tuple:
    """Returns the program, the first arguments and the watched processes of a run of bench_load."""
    arguments = ["--case", case, "--target", f"127.0.0.1:{server.port}", "--keys", stage.keys]
    return stage.programs.tools / "bench_load", arguments, stage.watched(**_named(server), **watched)


def _named(server: Server) -> dict[str, Server]:
    return {"server" if server.is_product else "yardstick": server}


def _with_service_cpu(figures: Figures, names: list[str]) -> Figures:
    """Adds the CPU time per call of all processes of a service."""
    known = [figures[f"{name}_cpu_us"] for name in names if f"{name}_cpu_us" in figures]
    return figures | {"service_cpu_us": sum(known)} if known else figures


def grpc(
    stage: Stage, server: Server, case: str, *more: str | os.PathLike, concurrency: int = 64, relayed=False
) -> Subject:
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
        # In a closed loop the rate determines the mean time.
        if "rate" in figures and "--rate" not in more:
            figures["mean_us"] = concurrency / figures["rate"] * 1e6
        return _with_service_cpu(figures, [*_named(server)])

    return Subject(measure, server.is_product)


def pgbench(
    stage: Stage, script: str, *, clients: int = 64, mode: str = "prepared", relayed: bool = False
) -> Subject:
    uri, between = stage.uri(relayed), {"relay": stage.relay()} if relayed else {}
    watched = stage.watched(**between)

    def measure() -> Figures:
        return pgbench_runs.measure(
            uri,
            BENCH / "pgbench" / script,
            ["--define", f"books={stage.plan.books}"],
            watched,
            clients=clients,
            mode=mode,
            seconds=stage.plan.seconds,
            warmup=stage.plan.warmup,
        )

    return Subject(measure, is_product=False)


def rest(
    stage: Stage, front: Server, *arguments: str | os.PathLike, connections: int = 64, relayed: bool = False
) -> Subject:
    """wrk on the gateway or on the REST yardstick."""
    services = {"yardstick": front}
    if front.is_product:
        services = {"gateway": front, "server": stage.server(relayed=relayed)}
    readers = stage.watched(**services, **({"relay": stage.relay()} if relayed else {}))

    def measure() -> Figures:
        figures = wrk.measure(
            f"http://127.0.0.1:{front.port}",
            BENCH / "wrk/rest.lua",
            arguments,
            readers,
            connections=connections,
            seconds=stage.plan.seconds,
            warmup=stage.plan.warmup,
        )
        return _with_service_cpu(figures, [*services])

    return Subject(measure, front.is_product)


def calls(stage: Stage, server: Server, case: str, count: int) -> Figures:
    """Makes a number of calls, without a limit of time."""
    return grpc_load.measure_calls(*_load(stage, server, case), count)


def page_tokens(stage: Stage, server: Server, size: int) -> pathlib.Path:
    """Returns a file of the tokens of later pages of all books, from the second page to page PAGES
    or the last full page that has a successor."""
    if (server, size) in stage.page_tokens:
        return stage.page_tokens[server, size]
    pages = min(PAGES, stage.plan.books // size - 1)
    command = ["--case", "page_tokens", "--target", f"127.0.0.1:{server.port}", "--page_size", str(size)]
    tokens = stage.output(stage.programs.tools / "bench_load", *command, "--pages", str(pages))
    file = stage.logs / f"page_tokens_{server.port}.txt"
    file.write_text(tokens)
    stage.page_tokens[server, size] = file
    return file


def import_books(stage: Stage, server: Server) -> Subject:
    """One stream of ImportBooks; rates are of rows."""
    load = _load(stage, server, "import")
    return Subject(lambda: grpc_load.measure_import(*load, stage.plan.import_rows))


def copy(stage: Stage) -> Subject:
    r"""psql's \copy of the same rows; rates are of rows."""
    command = ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", stage.uri()]
    command += ["--command", r"\timing on", "--command", COPY.format(stage.new_books)]
    watched, rows = stage.watched(), stage.plan.import_rows

    def measure() -> Figures:
        output = run_whole(command, watched, 600)
        milliseconds = float(re.search(r"^Time: ([\d.]+) ms", output.stdout, re.MULTILINE).group(1))
        return output.add_cpu({"calls": rows, "rate": rows / milliseconds * 1000})

    return Subject(measure, is_product=False)
