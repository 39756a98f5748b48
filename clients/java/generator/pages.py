"""The package's pom.xml and README."""

import pathlib
import xml.etree.ElementTree as ElementTree

from arrangement import Collection, example_of
from names import accessor, class_of
from render import Contract, class_name, getter, method_name

HERE = pathlib.Path(__file__).parent
EXAMPLE = """
      for ({type} row : client.{rows}().list().limit(10)) {{
        System.out.println(row.get{key}());
        try {{
          client.{rows}().get(row.get{key}());
        }} catch (NotFoundException error) {{
          System.out.println("deleted meanwhile: " + error.requestId());
        }}
      }}"""


def filled(template: str, values: dict[str, str]) -> str:
    text = (HERE / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def versions() -> dict[str, str]:
    """The properties of tools.xml."""
    properties = ElementTree.parse(HERE.parent / "tools.xml").getroot().find("{*}properties")
    return {entry.tag.rpartition("}")[2]: entry.text for entry in properties if entry.text}


def pom(name: str, group: str, version: str) -> str:
    return filled("pom.xml.in", {"name": name, "group": group, "version": version, **versions()})


def _example(contract: Contract) -> str:
    collection = example_of(contract.collections)
    if collection is None:
        return "\n      System.out.println(client.channel());"
    row = contract.pool.FindMessageTypeByName(collection.resource)
    key = accessor(row.fields_by_name[collection.key])
    return EXAMPLE.format(type=class_of(row), rows=getter(collection), key=key)


def _listed(collection: Collection) -> str:
    verbs = [f"`{method_name(method)}`" for method in collection.methods]
    if collection.is_changed_by_function:
        verbs.append("`update` (reads, changes, writes, and again if another writer came first)")
    return f"- `client.{getter(collection)}()` ({class_name(collection)}): {', '.join(verbs)}"


def readme(contract: Contract, name: str, group: str, version: str) -> str:
    collections = contract.collections
    stub = f"`client.{getter(collections[0])}().stub()`" if collections else "none"
    values = {
        "name": name,
        "group": group,
        "version": version,
        "package": contract.package,
        "example": _example(contract),
        "stub": stub,
        "collections": "\n".join(map(_listed, collections)),
    }
    return filled("README.md.in", values)
