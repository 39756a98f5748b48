"""wrk: REST over HTTP/1.1."""

import json
import math
import os
from collections.abc import Sequence

from .generator import Watched, run
from .model import Figures, MeasurementError


def measure(
    url: str,
    script: os.PathLike,
    arguments: Sequence[str | os.PathLike],
    watched: Watched,
    *,
    connections: int = 64,
    seconds: float,
    warmup: float,
) -> Figures:
    """`warmup` is part of wrk's run, because its end costs the server its connections."""
    duration = math.ceil(warmup + seconds)
    command = ["wrk", "--threads", "1", "--connections", connections, "--duration", f"{duration}s"]
    output = run([*command, "--script", script, url, "--", warmup, *arguments], seconds, watched)
    # Above it stands wrk's own report.
    result = json.loads(output.stdout.splitlines()[-1])
    if result["errors"] or not result["calls"]:
        raise MeasurementError(
            f"{url}: {result['errors']} of {result['calls']} answers are wrong: {output.stderr[-300:]}"
        )
    figures = {name: result[name] for name in ("calls", "rate", "p50_us", "p99_us", "max_us")}
    return output.add_cpu(figures | {"mean_us": connections / figures["rate"] * 1e6})
