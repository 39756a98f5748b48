"""Makes the Python package of a contract."""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

import arrangement
import descriptors
import pages
import render
import service_config
from google.protobuf import descriptor_pool

RUNTIME = pathlib.Path(__file__).resolve().parent.parent / "runtime"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("descriptors", "description", "name", "version", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def make_stubs(files: descriptors.FileSet, out: pathlib.Path) -> None:
    """Calls protoc with its plugins for the files that no other package has."""
    file_set = out / "contract.binpb"
    file_set.write_bytes(files.SerializeToString())
    programs = pathlib.Path(sys.executable).parent
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"--descriptor_set_in={file_set}",
            f"--plugin=protoc-gen-mypy={programs}/protoc-gen-mypy",
            f"--plugin=protoc-gen-mypy_grpc={programs}/protoc-gen-mypy_grpc",
            *(f"--{kind}_out={out}" for kind in ("python", "grpc_python")),
            *(f"--{kind}_out=quiet:{out}" for kind in ("mypy", "mypy_grpc")),
            *(file.name for file in files.file if not descriptors.is_packaged(file.name)),
        ]
    )
    if done.returncode:
        sys.exit("error: protoc failed")
    file_set.unlink()


def layout(package: pathlib.Path) -> None:
    """Formats the generated modules, whose lines are long."""
    ruff = pathlib.Path(sys.executable).with_name("ruff")
    options = ["--no-cache", "--quiet", "--isolated", "--target-version", "py39", "--line-length", "110"]
    modules = sorted(package.glob("*.py"))
    subprocess.run([ruff, "check", *options, "--select", "I", "--fix", *modules], check=True)
    subprocess.run([ruff, "format", *options, *modules], check=True)


def main() -> None:
    options = arguments()
    out = pathlib.Path(options.out)
    module = f"{options.name}_client"
    package = out / module
    description = json.loads(pathlib.Path(options.description).read_text())
    files = descriptors.strip(descriptors.load(options.descriptors), options.files, f"{module}/protos/")
    make_stubs(files, out)

    shutil.copytree(RUNTIME, package / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    collections = arrangement.arrange(description)
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    contract = render.Contract(pool, files, descriptors.comments(files), collections, module)
    (package / "sync_client.py").write_text(render.client(contract, is_async=False))
    (package / "async_client.py").write_text(render.client(contract, is_async=True))
    (package / "__init__.py").write_text(render.exports(contract))
    (package / "py.typed").write_text("")
    (package / "runtime/service_config.json").write_text(service_config.text(collections))
    layout(package)
    (out / "pyproject.toml").write_text(pages.project(options.name, options.version))
    (out / "README.md").write_text(pages.readme(options.name, collections))


if __name__ == "__main__":
    main()
