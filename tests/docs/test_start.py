"""Follows docs/start.md in a copy of the checkout: a contract of another domain is built, served
and changed."""

import os
import shutil
import subprocess

import pytest
from conftest import ROOT
from local import free_port
from reader import GRPC, HTTP, POSTGRES, Place, follow


@pytest.fixture
def copy(tmp_path) -> Place:
    folder = tmp_path / "checkout"
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        source = ROOT / name
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    (folder / ".deps").symlink_to(ROOT / ".deps")
    # The user postgres must get through to the database.
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o111)
    # The page builds the programs, and has a state folder of its own.
    environment = {"DATA_SERVICE_STATE": str(folder / "deploy/local/.state"), "DATA_SERVICE_BIN": ""}
    yield Place(folder, {port: free_port() for port in (HTTP, GRPC, POSTGRES)}, {}, environment)
    subprocess.run([folder / "deploy/local/down", "--purge"], env=os.environ | environment, check=True)


@pytest.mark.timeout(1500)
def test_the_page_start(copy):
    faults = follow(ROOT / "docs/start.md", copy)
    assert not faults, "\n\n".join(faults)
