"""The package's pyproject.toml and README."""

import pathlib

from arrangement import Collection, example_of

PROJECT = """[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}-client"
version = "{version}"
description = "Client of the {name} data service"
readme = "README.md"
requires-python = ">=3.9"
dependencies = ["grpcio>=1.76", "protobuf>=6.31.1", "googleapis-common-protos>=1.66"]

[project.optional-dependencies]
telemetry = ["opentelemetry-api>=1.20"]
types = ["types-grpcio", "types-protobuf"]

[tool.mypy]
strict = true

[[tool.mypy.overrides]]
# googleapis-common-protos does not declare its types.
module = ["google.api.*", "google.rpc.*", "google.type.*"]
ignore_missing_imports = true

[tool.pyright]
# What protoc and its plugins have written.
ignore = ["**/protos/**"]

[tool.setuptools.packages.find]
include = ["{module}*"]

[tool.setuptools.package-data]
"*" = ["py.typed", "*.pyi", "*.json"]
"""

README = (pathlib.Path(__file__).parent / "README.md.in").read_text()


EXAMPLE = """    for {row} in client.{rows}.list(limit=10):
        print({row}.{key})
        try:
            same = client.{rows}.get({row}.{key})
        except NotFound as error:
            print("deleted meanwhile", error.request_id)
        except ServiceError as error:
            print(error.code, error.reason, error.request_id)"""


def project(name: str, version: str) -> str:
    return PROJECT.format(name=name, version=version, module=f"{name}_client")


def _example(collections: list[Collection]) -> str:
    collection = example_of(collections)
    if collection is None:
        return "    print(client.channel)"
    row = collection.resource.rpartition(".")[2].lower()
    return EXAMPLE.format(row=row, rows=collection.attribute, key=collection.key)


def readme(name: str, collections: list[Collection]) -> str:
    listed = []
    for collection in collections:
        verbs = [f"`{method_name(method)}`" for method in collection.methods]
        if collection.is_changed_by_function:
            verbs.append("`update` (reads, changes, writes, and again if another writer came first)")
        listed.append(f"- `client.{collection.attribute}`: {', '.join(verbs)}")
    stub = f"`client.{collections[0].attribute}.stub`" if collections else "none"
    return README.format(
        name=name,
        module=f"{name}_client",
        example=_example(collections),
        stub=stub,
        collections="\n".join(listed),
    )


def method_name(method) -> str:
    if method.kind == "UPDATE":
        return method.verb.replace("update", "patch", 1)
    return "import_" if method.verb == "import" else method.verb
