"""The description of clients/lib/describe.py is the one of the engine."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("DATA_SERVICE_BIN", ROOT / "build/release"))
CONTRACTS = {
    "bookstore": ("proto", "bookstore/v1/bookstore.proto"),
    "types": ("tests/contracts", "types/v1/types.proto"),
}


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_engine_decides_the_same(tmp_path, name):
    if not (BINARIES / f"{name}-schema").exists():
        pytest.skip(f"{name}-schema is not built")
    folder, file = CONTRACTS[name]
    descriptors = tmp_path / "contract.binpb"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"-I{ROOT / folder}",
            f"-I{ROOT / 'proto'}",
            f"-I{ROOT / '.deps/protos'}",
            "--include_imports",
            f"--descriptor_set_out={descriptors}",
            file,
        ],
        check=True,
    )
    script = ROOT / "clients/lib/describe.py"
    ours = subprocess.run([sys.executable, script, descriptors, file], check=True, capture_output=True).stdout
    engine = subprocess.run([BINARIES / f"{name}-schema", "describe"], check=True, capture_output=True).stdout
    expected = {key: value for key, value in json.loads(engine).items() if key in ("methods", "resources")}
    assert json.loads(ours) == expected
