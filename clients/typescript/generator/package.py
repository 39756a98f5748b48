"""Makes the TypeScript package of a contract."""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys

import arrangement
import describe
import descriptors
import pages
import render
from google.protobuf import descriptor_pool

RUNTIME = pathlib.Path(__file__).resolve().parent.parent / "runtime"
DETAILS = ("google/rpc/status.proto", "google/rpc/error_details.proto")
COMPILER = {
    "target": "ES2022",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noImplicitOverride": True,
    "declaration": True,
    "skipLibCheck": True,
    "lib": ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    "types": ["node"],
    "rootDir": "src",
    "outDir": "dist",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("descriptors", "description", "name", "version", "out", "tools", "protos"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def run(*command: str | pathlib.Path, cwd: pathlib.Path | None = None) -> None:
    if subprocess.run(command, cwd=cwd).returncode:
        sys.exit(f"error: {pathlib.Path(command[0]).name} failed")


def make_messages(options: argparse.Namespace, files: descriptors.FileSet, gen: pathlib.Path) -> None:
    """Calls protoc with its plugin for the contract and for the details of errors."""
    gen.mkdir(parents=True)
    file_set = gen / "contract.binpb"
    file_set.write_bytes(files.SerializeToString())
    plugin = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"--plugin=protoc-gen-es={options.tools}/node_modules/.bin/protoc-gen-es",
        "--es_opt=target=ts,import_extension=js",
        f"--es_out={gen}",
    ]
    own = [file.name for file in files.file if not file.name.startswith("google/protobuf/")]
    run(*plugin, f"--descriptor_set_in={file_set}", *own)
    run(*plugin, f"-I{options.protos}", *DETAILS)
    file_set.unlink()


def compile_package(tools: pathlib.Path, out: pathlib.Path) -> None:
    """Compiles for Node.js, and one file without imports for browsers."""
    modules = out / "node_modules"
    modules.symlink_to(tools / "node_modules")
    (out / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER, "include": ["src"]}, indent=2))
    run(tools / "node_modules/.bin/tsc", "-p", ".", cwd=out)
    bundle = ["--bundle", "--format=esm", "--platform=browser", "--target=es2022", "--log-level=warning"]
    run(tools / "node_modules/.bin/esbuild", "src/web.ts", *bundle, "--outfile=dist/web.js", cwd=out)
    modules.unlink()


def main() -> None:
    options = arguments()
    out = pathlib.Path(options.out)
    collections = arrangement.arrange(json.loads(pathlib.Path(options.description).read_text()))
    all_files = descriptors.load(options.descriptors)
    files = descriptors.strip(all_files, options.files)
    make_messages(options, files, out / "src/gen")
    shutil.copytree(RUNTIME, out / "src/runtime")
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    original = describe.Contract(all_files.SerializeToString(), options.files)
    contract = render.Contract(pool, files, descriptors.comments(files), collections, original)
    for name, text in render.modules(contract).items():
        (out / "src" / name).write_text(text)
    (out / "package.json").write_text(pages.package(options.name, options.version, options.tools))
    (out / "README.md").write_text(pages.readme(options.name, collections))
    compile_package(pathlib.Path(options.tools), out)


if __name__ == "__main__":
    main()
