"""Describes the machine and the measured versions."""

import datetime
import os
import pathlib
import platform
import re
import subprocess

from .paths import BENCH, ROOT
from .stage import Stage

SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
    "autovacuum",
)


def describe(stage: Stage, before: Stage | None = None) -> dict:
    """`before` has the other build of --against."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "cpu": _first(r"^model name\s*:\s*(.+)$", pathlib.Path("/proc/cpuinfo").read_text()),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "kernel": platform.release(),
        },
        "versions": {
            "commit": _commit(ROOT),
            "against": _commit(before.programs.product) if before else "",
            "compiler": _output("c++", "-dumpfullversion"),
            "grpc": _output("pkg-config", "--modversion", "grpc++"),
            "go": _output("go", "env", "GOVERSION"),
            "pgx": _first(r"pgx/v5 (\S+)", (BENCH / "yardstick/go.mod").read_text()),
            "pgbench": _first(r"(\d[\d.]*)", _output("pgbench", "--version")),
            "wrk": _first(r"wrk (\S+)", _output("wrk", "-v")),
        },
        "database": {name: _show(stage, name) for name in SETTINGS},
    }


def title(description: dict) -> str:
    machine, versions = description["machine"], description["versions"]
    against = f" against {versions['against']}" if versions["against"] else ""
    return (
        f"{description['date'][:10]}, {machine['cores']} cores ({machine['cpu']}), "
        f"{machine['memory_gb']:g} GB, commit {versions['commit']}{against}"
    )


def _commit(folder: pathlib.Path) -> str:
    return _output("git", "-C", folder, "describe", "--always", "--dirty")


def _show(stage: Stage, setting: str) -> str:
    return stage.output("psql", "--no-psqlrc", "-Atc", f"SHOW {setting}", stage.uri()).strip()


def _output(*command: str | os.PathLike) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    # Some write their version to standard error, and some exit with 1.
    return (done.stdout or done.stderr).strip()


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else ""
