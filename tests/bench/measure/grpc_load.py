"""bench_load: calls over gRPC."""

import json
import os

from .generator import Command, Output, Watched, run, run_whole
from .model import Figures, MeasurementError


def measure(
    program: os.PathLike,
    arguments: Command,
    watched: Watched,
    *,
    concurrency: int = 64,
    seconds: float,
    warmup: float,
) -> Figures:
    """Calls for a time. `arguments` say which and where."""
    # More connections than calls would only idle.
    command = [program, *arguments, "--concurrency", concurrency, "--connections", min(concurrency, 4)]
    command += ["--seconds", seconds, "--warmup", warmup]
    return _figures(run(command, seconds, watched))


def measure_calls(program: os.PathLike, arguments: Command, watched: Watched, count: int) -> Figures:
    """So many calls, for ten minutes at most."""
    command = [program, *arguments, "--calls", count, "--seconds", 600, "--warmup", 0]
    return _figures(run_whole(command, watched, 600))


def measure_import(program: os.PathLike, arguments: Command, watched: Watched, rows: int) -> Figures:
    """One stream of so many rows; rates are of rows."""
    output = run_whole([program, *arguments, "--rows", rows], watched, 600)
    result = _result(output)
    return output.add_cpu({"calls": rows, "rate": rows / result["seconds"]})


def _result(output: Output) -> dict:
    result = json.loads(output.stdout)
    if result["errors"]:
        raise MeasurementError(f"bench_load, {result['case']}: {result['errors']} answers are wrong")
    return result


def _figures(output: Output) -> Figures:
    result = _result(output)
    figures = {name: result[name] for name in ("calls", "p50_us", "p99_us", "max_us")}
    if not result["rate"]:  # single calls
        return figures
    return output.add_cpu(figures | {"rate": result["rate"]})
