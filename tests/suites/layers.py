"""Checks the parts of server/ (server/README.md): an include points downwards, and a library links the
folders that its sources include and no others."""

import pathlib
import re
import sys

SERVER = pathlib.Path(__file__).resolve().parents[2] / "server"
# From the bottom to the top. A folder may include its own headers, those of the folders before it, and those
# that lie in server/ itself.
FOLDERS = [
    "contract/rules",
    "contract",
    "postgres",
    "serve/errors",
    "serve/values",
    "serve/json",
    "serve/filter",
    "serve/sql",
    "serve/execution",
    "serve/reader",
    "serve/identity",
    "serve/policy",
    "serve/audit",
    "serve/request",
    "serve/custom",
    "serve/connection",
    "serve/rpc",
    "serve/monitoring",
    "schema/model",
    "schema/plan",
    "schema/apply",
    "schema/breaking",
    "program",
]
# What each part is for, as the reason of a refusal.
RULES = {
    "": "what lies in server/ itself is read by all and includes no part",
    "contract": "contract knows descriptors only, no database and no request",
    "postgres": "postgres serves the engine and the schema tool, and knows neither",
    "serve": "serve does not know the schema tool, and each step of a request knows the steps below it only",
    "schema": "schema does not know how requests are served",
    "program": "program is the top: nothing includes it",
}
INCLUDE = re.compile(r'^#include "([a-z0-9_/]+\.h)"', re.MULTILINE)
LIBRARY = re.compile(r"engine_library\((\S+)\s+SOURCES\s+[^)]*?LINK\s+([^)]*)\)")


def folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def allowed(own: str, other: str) -> bool:
    if other in ("", own):
        return True
    if own == "" or other not in FOLDERS or own not in FOLDERS:
        return False
    apart = {own.split("/")[0], other.split("/")[0]} == {"serve", "schema"}
    return not apart and FOLDERS.index(other) < FOLDERS.index(own)


def faults() -> list[str]:
    found = []
    includes: dict[str, set[str]] = {}
    for source in sorted(SERVER.rglob("*")):
        if source.suffix not in (".h", ".cc"):
            continue
        name = source.relative_to(SERVER).as_posix()
        own = folder_of(name)
        if own and own not in FOLDERS:
            found.append(f"server/{name} lies in no known folder: tests/suites/layers.py lists them")
            continue
        for header in INCLUDE.findall(source.read_text()):
            if not (SERVER / header).exists():
                continue
            other = folder_of(header)
            if allowed(own, other):
                includes.setdefault(own, set()).add(other)
            else:
                found.append(f"server/{name} includes {header}: {RULES[own.split('/')[0]]}")
    return found + link_faults(includes)


def link_faults(includes: dict[str, set[str]]) -> list[str]:
    found = []
    for own, links in LIBRARY.findall((SERVER / "CMakeLists.txt").read_text()):
        engine = {link.removeprefix("engine_") for link in links.split() if link.startswith("engine_")}
        linked = engine - {"base"}
        needed = {other.replace("/", "_") for other in includes.get(own, set()) - {"", own}}
        for name in sorted(needed - linked):
            found.append(f"server/CMakeLists.txt: {own} includes engine_{name} and does not link it")
        for name in sorted(linked - needed):
            found.append(f"server/CMakeLists.txt: {own} links engine_{name} and does not include it")
    return found


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems) or "includes point downwards, and libraries link what they include")
    sys.exit(bool(problems))
