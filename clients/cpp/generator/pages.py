"""The package's CMake files and README."""

import pathlib

from arrangement import Collection, example_of
from names import camel

HERE = pathlib.Path(__file__).parent
EXAMPLE = """  for (auto& {row} : client->{rows}().List({{}}, limit)) {{
    if (!{row}.ok()) return Fail({row}.status());
    std::cout << {row}->{key}() << "\\n";
  }}"""


def fill(name: str, values: dict[str, str]) -> str:
    """A template with its @NAME@s replaced."""
    text = (HERE / name).read_text()
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def cmake(name: str, version: str, files: list[str], with_stubs: set[str]) -> dict[str, str]:
    """The text of each CMake file by its name. `files` are the protos to compile."""
    values = {
        "NAME": name,
        "VERSION": version,
        "PROTOS": "\n  ".join(files),
        "SERVICES": "\n  ".join(file for file in files if file in with_stubs),
    }
    return {
        "CMakeLists.txt": fill("CMakeLists.txt.in", values),
        f"{name}-client-config.cmake": fill("config.cmake.in", values),
    }


def readme(name: str, version: str, collections: list[Collection]) -> str:
    example = "  std::cout << client->channel()->GetState(true);"
    if shown := example_of(collections):
        row = shown.resource.rpartition(".")[2].lower()
        example = EXAMPLE.format(row=row, rows=shown.attribute, key=shown.key)
    listed = []
    for collection in collections:
        verbs = [f"`{camel(method.verb)}`" for method in collection.methods]
        if collection.is_changed_by_function:
            verbs.append("`Update` with a function (reads, changes, writes, and again if another writer came first)")
        listed.append(f"- `client->{collection.attribute}()`: {', '.join(verbs)}")
    values = {"NAME": name, "VERSION": version, "EXAMPLE": example, "COLLECTIONS": "\n".join(listed)}
    return fill("README.md.in", values)
