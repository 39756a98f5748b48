"""Makes the Java package of a contract."""

import argparse
import json
import pathlib
import subprocess
import sys

import arrangement
import descriptors
import pages
import render
from google.protobuf import descriptor_pool
from names import package_name

RUNTIME = pathlib.Path(__file__).resolve().parent.parent / "runtime"
# The package of the runtime's sources, which each client has under a name of its own.
RUNTIME_PACKAGE = "dataservice.runtime"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("descriptors", "description", "name", "version", "out", "tools", "group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def run(*command: str | pathlib.Path) -> None:
    if subprocess.run(command).returncode:
        sys.exit(f"error: {pathlib.Path(command[0]).name} failed")


def set_java_options(files: descriptors.FileSet, name: str) -> None:
    """Each message gets a file of its own, in the package that the contract chooses or in the
    one of the proto."""
    for file in files.file:
        if not descriptors.is_packaged(file.name):
            file.options.java_multiple_files = True
            if not file.options.java_package:
                file.options.java_package = package_name(file.package or name)


def make_stubs(tools: pathlib.Path, files: descriptors.FileSet, out: pathlib.Path, sources: pathlib.Path) -> None:
    """Calls protoc with its plugin for the files that no other package has."""
    file_set = out / "contract.binpb"
    file_set.write_bytes(files.SerializeToString())
    run(
        next(tools.glob("protoc-linux-*.exe")),
        f"--descriptor_set_in={file_set}",
        f"--plugin=protoc-gen-grpc-java={next(tools.glob('protoc-gen-grpc-java-*.exe'))}",
        f"--java_out={sources}",
        f"--grpc-java_out=@generated=omit:{sources}",
        *(file.name for file in files.file if not descriptors.is_packaged(file.name)),
    )
    file_set.unlink()


def copy_runtime(package: str, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True)
    for file in RUNTIME.glob("*.java"):
        (folder / file.name).write_text(file.read_text().replace(RUNTIME_PACKAGE, f"{package}.runtime"))


def lay_out(tools: pathlib.Path, sources: list[pathlib.Path]) -> None:
    """Formats the generated classes, whose lines are long, and removes imports that they do not use."""
    run(tools / "google-java-format", "--replace", *sources)


def main() -> None:
    options = arguments()
    out, tools = pathlib.Path(options.out), pathlib.Path(options.tools)
    sources = out / "src/main/java"
    sources.mkdir(parents=True)
    package = f"{package_name(options.name)}.client"
    folder = sources / package.replace(".", "/")
    collections = arrangement.arrange(json.loads(pathlib.Path(options.description).read_text()))
    files = descriptors.strip(descriptors.load(options.descriptors), options.files)
    set_java_options(files, options.name)
    make_stubs(tools, files, out, sources)
    copy_runtime(package, folder / "runtime")

    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    contract = render.Contract(pool, files, descriptors.comments(files), collections, package)
    for collection in collections:
        name = render.class_name(collection)
        (folder / f"{name}.java").write_text(render.CollectionText(contract, collection).text())
    (folder / "Client.java").write_text(render.client(contract, options.name))
    lay_out(tools, sorted(folder.glob("*.java")))
    (out / "pom.xml").write_text(pages.pom(options.name, options.group or options.name, options.version))
    (out / "README.md").write_text(pages.readme(contract, options.name, options.group or options.name, options.version))


if __name__ == "__main__":
    main()
