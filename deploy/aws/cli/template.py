"""A CloudFormation template: its text, parameters and outputs."""

import json
import pathlib
import re

import yaml

from cli.errors import WrongUse

# The maximum size of a template in CreateChangeSet; a larger one is read from S3.
MAX_BODY_BYTES = 51200


class _Loader(yaml.SafeLoader):
    """Reads the short forms of intrinsic functions as their long ones."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)
# A date such as 2010-09-09 is read as text.
_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(text: str) -> dict:
    """Returns the template with intrinsic functions in their long form."""
    return yaml.load(text, _Loader)


class Template:
    def __init__(self, path: pathlib.Path):
        if not path.is_file():
            raise WrongUse(f"the template {path} does not exist")
        text = path.read_text()
        try:
            self.content = parse(text)
        except yaml.YAMLError as error:
            raise WrongUse(f"{path} cannot be read: {error}") from None
        # JSON without whitespace is the same template in fewer bytes.
        compact = json.dumps(self.content, separators=(",", ":"), default=str)
        self.body = text if len(text.encode()) <= MAX_BODY_BYTES else compact
        self.parameters = {
            name: Parameter(name, found) for name, found in self.content.get("Parameters", {}).items()
        }
        self.outputs = set(self.content.get("Outputs", {}))

    @property
    def too_long(self) -> bool:
        return len(self.body.encode()) > MAX_BODY_BYTES

    @property
    def capabilities(self) -> list[str]:
        types = {resource["Type"] for resource in self.content["Resources"].values()}
        found = ["CAPABILITY_NAMED_IAM"] if any(name.startswith("AWS::IAM::") for name in types) else []
        return found + (["CAPABILITY_AUTO_EXPAND"] if "Transform" in self.content else [])


class Parameter:
    """A parameter of a template, and the values that it accepts."""

    def __init__(self, name: str, content: dict):
        self.name = name
        self.type = content.get("Type", "String")
        self.description = " ".join(str(content.get("Description", "")).split())
        self.default = _text(content["Default"]) if "Default" in content else None
        self.secret = _text(content.get("NoEcho", False)) == "true"
        self._content = content

    def fault(self, value: str) -> str | None:
        """Returns an error message for an invalid value, or None. CloudFormation would report
        it later."""
        content = self._content
        if "AllowedValues" in content:
            allowed = [_text(each) for each in content["AllowedValues"]]
            if value not in allowed:
                return f"must be one of {', '.join(each or '(empty)' for each in allowed)}"
        if self.type == "Number":
            try:
                number = float(value)
            except ValueError:
                return "must be a number"
            if not float(content.get("MinValue", number)) <= number <= float(content.get("MaxValue", number)):
                return f"must be from {content.get('MinValue', '-')} to {content.get('MaxValue', '-')}"
        length = len(value)
        if not int(content.get("MinLength", 0)) <= length <= int(content.get("MaxLength", length)):
            return (
                f"must have from {content.get('MinLength', 0)} to {content.get('MaxLength', '-')} characters"
            )
        pattern = content.get("AllowedPattern")
        if pattern and not re.fullmatch(pattern, value):
            return content.get("ConstraintDescription", f"must match {pattern}")
        return None


def _text(value) -> str:
    """Returns the value as CloudFormation writes a parameter: booleans in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value)
