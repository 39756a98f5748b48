"""The fixture of a PostgreSQL that a test may stop."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def test_database(tmp_path_factory):
    """A PostgreSQL that a test may stop: TEST_DATABASE_* as tests/database prints them."""
    if "TEST_DATABASE_CONTROL" in os.environ:
        yield dict(os.environ)
        return
    folder = tmp_path_factory.mktemp("database")
    subprocess.run([ROOT / "tests/database", "create", folder], check=True)
    try:
        script = f'eval "$({ROOT}/tests/database env {folder})"; env -0'
        output = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout
        yield dict(line.split("=", 1) for line in output.split("\0") if "=" in line)
    finally:
        subprocess.run([ROOT / "tests/database", "remove", folder], check=True)
