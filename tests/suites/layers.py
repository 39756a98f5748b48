"""Checks that the includes of server/ point downwards: a file may include headers of its own folder and of
those below it (server/README.md has the order, which must become five rooms)."""

import pathlib
import re
import sys

SERVER = pathlib.Path(__file__).resolve().parents[2] / "server"
# From the bottom to the top. A folder may include those before it, unless they are APART.
LAYERS = [
    "telemetry",
    "rules",
    "contract",
    "errors",
    "database",
    "values",
    "filter",
    "sql",
    "execution",
    "request",
    "custom",
    "rpc",
    "schema",
    "breaking",
    "settings",
    "tool",
    "program",
]
# The schema tool stands beside the way of a request.
SERVING = {"errors", "filter", "execution", "request", "custom", "rpc"}
TOOLING = {"schema", "breaking"}
# Read by all.
COMMON = {"settings/limits.h"}
INCLUDE = re.compile(r'^#include "(([a-z_]+)/[^"]+)"', re.MULTILINE)


def faults() -> list[str]:
    found = []
    for source in sorted(SERVER.rglob("*")):
        if source.suffix not in (".h", ".cc"):
            continue
        name = source.relative_to(SERVER).as_posix()
        own = name.split("/")[0]
        if own not in LAYERS:
            found.append(f"server/{name} is in no layer")
            continue
        for header, folder in INCLUDE.findall(source.read_text()):
            if folder not in LAYERS or header in COMMON or folder == own:
                continue
            apart = folder in SERVING and own in TOOLING
            if apart or LAYERS.index(folder) > LAYERS.index(own):
                found.append(f"server/{name} includes {header}: {own} does not stand on {folder}")
    return found


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems) or "includes point downwards")
    sys.exit(bool(problems))
