"""schemathesis, with all checks, finds nothing. OPENAPI_EXAMPLES is the number of examples of each
operation; the default keeps this test short."""

import os
import re
import subprocess

import pytest
from conftest import TOOLS
from transport import ROOT


@pytest.mark.timeout(3600)
def test_schemathesis_finds_nothing(url):
    done = subprocess.run(
        [
            str(TOOLS / "venv/bin/schemathesis"),
            *("--config-file", "schemathesis.toml", "run", f"{url}/openapi.json"),
            *("--checks", "all", "--max-examples", os.environ.get("OPENAPI_EXAMPLES", "10")),
            *("--continue-on-failure", "--no-color"),
        ],
        cwd=ROOT / "tests/openapi",
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    print(done.stdout[-4000:])
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-2000:]
    assert re.search(r"(\d{3,}) generated, \1 passed", done.stdout)
