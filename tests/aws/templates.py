"""The CloudFormation templates as Python values: short forms (`!Ref x`) are written out, as
CloudFormation does ({"Ref": "x"})."""

import pathlib
import re
from collections.abc import Iterator

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
TEMPLATE_FOLDER = DEPLOY / "aws/templates"
# The stacks by their default names, in the order of their deployment.
STACKS = {
    "bookstore-aurora": TEMPLATE_FOLDER / "aurora/template.yaml",
    "bookstore-rds-proxy": TEMPLATE_FOLDER / "rds_proxy/template.yaml",
    "bookstore-schema": TEMPLATE_FOLDER / "schema/template.yaml",
    "bookstore-app": TEMPLATE_FOLDER / "bookstore/template.yaml",
    "bookstore-rest": TEMPLATE_FOLDER / "bookstore/rest_api.yaml",
}


class Loader(yaml.SafeLoader):
    pass


def construct_short_form(loader: Loader, suffix: str, node: yaml.Node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", construct_short_form)
# CloudFormation has no dates: "2012-10-17" is a string in a policy.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: pathlib.Path) -> dict:
    return yaml.load(path.read_text(), Loader)


TEMPLATES = {name: load(path) for name, path in STACKS.items()}


def walk(value) -> Iterator:
    """The value and all values that it contains."""
    yield value
    if isinstance(value, dict):
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def of_type(*types: str) -> list[tuple[str, str, dict]]:
    """Stack, logical name and properties of all resources of these types, of all stacks."""
    found = []
    for stack, template in TEMPLATES.items():
        for name, resource in template["Resources"].items():
            if resource["Type"] in types:
                found.append((stack, name, resource.get("Properties", {})))
    return found


def only(kind: str) -> dict:
    ((_, _, properties),) = of_type(kind)
    return properties


def containers() -> dict[str, dict]:
    return {
        container["Name"]: container
        for _, _, task in of_type("AWS::ECS::TaskDefinition")
        for container in task["ContainerDefinitions"]
    }


def environment(container: dict) -> dict:
    return {entry["Name"]: entry["Value"] for entry in container.get("Environment", [])}


def text_of(value) -> str:
    """The text of a string or of Fn::Sub, in which `${...}` is not replaced."""
    if isinstance(value, dict) and "Fn::Sub" in value:
        value = value["Fn::Sub"]
    return value[0] if isinstance(value, list) else value


def references(template: dict) -> set[str]:
    """All names that Ref, GetAtt and Sub use, without those that Sub defines itself."""
    names = set()
    for value in walk(template):
        if not isinstance(value, dict):
            continue
        if isinstance(value.get("Ref"), str):
            names.add(value["Ref"])
        if "Fn::GetAtt" in value:
            names.add(value["Fn::GetAtt"][0])
        if "Fn::Sub" in value:
            own = value["Fn::Sub"][1] if isinstance(value["Fn::Sub"], list) else {}
            used = re.findall(r"\$\{([^!}]+)\}", text_of(value))
            names |= {name.split(".")[0] for name in used if name not in own}
    return names
