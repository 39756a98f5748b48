"""Clients that openapi-generator makes of the document compile, and each of their operations works."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from conftest import TOOLS
from transport import ROOT

HERE = ROOT / "tests/openapi"
PACKAGE = "bookstore_rest"
TSCONFIG = {
    "compilerOptions": {
        "target": "ES2022",
        "module": "commonjs",
        "lib": ["ES2022", "DOM"],
        "types": ["node"],
        "strict": True,
        "outDir": "out",
    },
    "files": ["calls.ts"],
}


def run(*command, **more) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=150, **more)
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
    return done.stdout


def generate(generator: str, document: pathlib.Path, out: pathlib.Path) -> None:
    run(
        # Without the second compiler of Java, it ends in half of the time.
        *("java", "-XX:TieredStopAtLevel=1", "-jar", TOOLS / "openapi-generator-cli.jar"),
        *("generate", "--generator-name", generator, "--input-spec", document, "--output", out),
        *("--additional-properties", f"packageName={PACKAGE}"),
        *("--global-property", "apiDocs=false,modelDocs=false,apiTests=false,modelTests=false"),
    )


@pytest.fixture(scope="module")
def operations(document) -> set[str]:
    verbs = {"get", "put", "post", "delete", "patch"}
    return {
        o["operationId"] for item in document["paths"].values() for verb, o in item.items() if verb in verbs
    }


def test_typescript(url, documents, operations, tmp_path):
    generate("typescript-fetch", documents["openapi.json"], tmp_path / "client")
    shutil.copy(HERE / "calls.ts", tmp_path)
    (tmp_path / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    run(TOOLS / "node_modules/.bin/tsc", "-p", tmp_path)
    called = run("node", tmp_path / "out/calls.js", url).split()
    assert set(called) == operations


def test_python(url, documents, operations, tmp_path):
    generate("python", documents["openapi.json"], tmp_path)
    run(sys.executable, "-m", "compileall", "-q", tmp_path / PACKAGE)
    called = run(
        TOOLS / "venv/bin/python", HERE / "calls.py", url, env=os.environ | {"PYTHONPATH": str(tmp_path)}
    )
    # In Python an operation is called list_books.
    assert {name.replace("_", "") for name in called.split()} == {name.lower() for name in operations}
