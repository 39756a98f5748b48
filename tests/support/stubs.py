"""Python clients of the bookstore, made from the protos as a client team would. To import
this module makes them."""

import pathlib
import sys
import tempfile

from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ["buf/validate/validate.proto", "storage/v1/storage.proto", "bookstore/v1/bookstore.proto"]


# A folder of this process alone: another suite may make its clients while this one imports them.
FOLDER = tempfile.TemporaryDirectory(prefix="python-stubs-")


def make_stubs() -> None:
    out = FOLDER.name
    status = protoc.main(
        [
            "protoc",
            f"-I{ROOT}/proto",
            f"-I{ROOT}/.deps/protos",
            f"-I{pathlib.Path(protoc.__file__).parent}/_proto",
            f"--python_out={out}",
            f"--grpc_python_out={out}",
            *FILES,
        ]
    )
    if status:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, out)


make_stubs()
