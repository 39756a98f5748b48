"""Fixtures. The system under test is one that deploy/local/up started, without TLS (tests/run openapi
does that); by hand: deploy/local/up --detach, then .deps/venv/bin/pytest tests/openapi."""

import json
import subprocess

import httpx
import pytest
import transport
from transport import ROOT

TOOLS = ROOT / ".deps/openapi"
SAMPLE = ROOT / "deploy/local/sample.ndjson"


@pytest.fixture(scope="session")
def url() -> str:
    """The address of the REST API, with the sample in the database."""
    port = transport.running()["http_port"]
    subprocess.run([ROOT / "deploy/local/sample", f"--http_port={port}"], check=True, capture_output=True)
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def documents(url, tmp_path_factory):
    """The files of the documents that the gateway serves, by path."""
    folder = tmp_path_factory.mktemp("documents")
    files = {}
    for name in ("openapi.json", "openapi-3.1.json"):
        files[name] = folder / name
        files[name].write_bytes(httpx.get(f"{url}/{name}").raise_for_status().content)
    return files


@pytest.fixture(scope="session")
def document(documents) -> dict:
    return json.loads(documents["openapi.json"].read_text())
