"""Makes the C++ package of a contract."""

import argparse
import json
import pathlib
import shutil
import subprocess

import arrangement
import client
import descriptors
import pages
import render
import service_config
from google.protobuf import descriptor_pool, duration_pb2
from google.rpc import error_details_pb2, status_pb2

RUNTIME = pathlib.Path(__file__).resolve().parent.parent / "runtime"
STYLE = RUNTIME.parents[2] / ".clang-format"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("descriptors", "description", "name", "version", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def with_runtime(files: descriptors.FileSet) -> descriptors.FileSet:
    """The files with those of the details of errors, which the runtime reads."""
    present = {file.name for file in files.file}
    for module in (duration_pb2, status_pb2, error_details_pb2):
        for descriptor in (*module.DESCRIPTOR.dependencies, module.DESCRIPTOR):
            if descriptor.name not in present:
                present.add(descriptor.name)
                descriptor.CopyToProto(files.file.add())
    return files


def layout(path: pathlib.Path) -> None:
    """Formats a file, if the machine has the formatter."""
    program = shutil.which("clang-format")
    if program:
        subprocess.run([program, "-i", f"--style=file:{STYLE}", path], check=True)


def main() -> None:
    options = arguments()
    out = pathlib.Path(options.out)
    description = json.loads(pathlib.Path(options.description).read_text())
    stripped = descriptors.strip(descriptors.load(options.descriptors), options.files)
    collections = arrangement.arrange(description)
    pool = descriptor_pool.DescriptorPool()
    for file in stripped.file:
        pool.Add(file)
    contract = render.Contract(
        options.name,
        options.version,
        pool,
        stripped,
        descriptors.comments(stripped),
        collections,
        service_config.text(collections),
    )
    texts = [render.CollectionText(contract, collection) for collection in collections]

    shutil.copytree(RUNTIME, out, dirs_exist_ok=True)
    stem = f"{contract.namespace}/client"
    for path, text in (
        (out / f"include/{stem}.h", client.header(contract, texts)),
        (out / f"src/{stem}.cc", client.source(contract, texts)),
    ):
        path.parent.mkdir()
        path.write_text(text)
        layout(path)

    complete = with_runtime(stripped)
    (out / "contract.binpb").write_bytes(complete.SerializeToString())
    # libprotobuf has the code of google/protobuf.
    names = [file.name for file in complete.file if not file.name.startswith("google/protobuf/")]
    services = {file.name for file in complete.file if file.service}
    for name, text in pages.cmake(options.name, options.version, names, services).items():
        (out / name).write_text(text)
    (out / "README.md").write_text(pages.readme(options.name, options.version, collections))


if __name__ == "__main__":
    main()
