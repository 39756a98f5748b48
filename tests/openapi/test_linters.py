"""Linters find nothing in the documents: that of the bookstore, as served, and that of a contract with
all types."""

import json
import subprocess

import pytest
from conftest import TOOLS
from openapi_spec_validator import validate
from transport import ROOT

HERE = ROOT / "tests/openapi"
OTHERS = {"types": ROOT / "gateway/gen/types/contract/openapi.json"}
NAMES = ["openapi.json", "openapi-3.1.json", *OTHERS]


def run(*command) -> None:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]


@pytest.mark.parametrize("name", NAMES)
def test_spectral(documents, name):
    file = (documents | OTHERS)[name]
    linter = TOOLS / "node_modules/.bin/spectral"
    run(linter, "lint", "--ruleset", HERE / "spectral.yaml", "--fail-severity", "hint", file)


@pytest.mark.parametrize("name", NAMES)
def test_redocly(documents, name):
    file = (documents | OTHERS)[name]
    linter = TOOLS / "node_modules/.bin/redocly"
    run(
        linter, "lint", "--config", HERE / "redocly.yaml", "--max-problems", "20", "--format", "stylish", file
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_of_openapi(documents, name):
    validate(json.loads((documents | OTHERS)[name].read_text()))
