"""Fixtures. The pages are followed on the system that deploy/local/up has started (tests/run docs
does that); by hand: deploy/local/up --detach, then .deps/venv/bin/pytest tests/docs. With
DOCS_UPDATE=1 the outputs that differ are written into the pages."""

import os
import pathlib
import subprocess

import psycopg
import pytest
from reader import GRPC, HTTP, POSTGRES, Place

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = pathlib.Path(os.environ.get("DATA_SERVICE_STATE", ROOT / "deploy/local/.state"))
BINARIES = pathlib.Path(os.environ.get("DATA_SERVICE_BIN", ROOT / "build/release"))


@pytest.fixture(scope="session")
def ports() -> dict[str, int]:
    lines = (STATE / "ready").read_text().splitlines()
    return {name: int(value) for name, value in (line.split("=", 1) for line in lines)}


@pytest.fixture
def empty_store(ports):
    owner = f"host=127.0.0.1 port={ports['pg_port']} user=bookstore_owner passfile={STATE}/secrets/pgpass"
    with psycopg.connect(f"{owner} dbname=bookstore", autocommit=True) as connection:
        connection.execute("TRUNCATE bookstore.book, bookstore.review, bookstore.request_claim")


@pytest.fixture
def place(tmp_path, ports, empty_store) -> Place:
    """A folder that has what a checkout has. What a page writes is in it, not in the checkout."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in (".git", "build"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").mkdir()
    (folder / "build/release").symlink_to(BINARIES)
    return Place(
        folder,
        {HTTP: ports["http_port"], GRPC: ports["grpc_port"], POSTGRES: ports["pg_port"]},
        {"deploy/local/.state": str(STATE)},
        {"DATA_SERVICE_STATE": str(STATE), "PATH": f"{BINARIES}:{os.environ['PATH']}"},
    )


@pytest.fixture(scope="session")
def site() -> pathlib.Path:
    """The documentation site."""
    built = subprocess.run([ROOT / "docs/build"], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return ROOT / "build/docs/site"
