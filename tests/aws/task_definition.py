"""Reads the task definition of a CloudFormation template as ECS receives it: its
commands, environment and mounts, with parameters, imports and intrinsic functions resolved."""

import pathlib
import re
from dataclasses import dataclass, field

from tool_runs import parse

_NOTHING = object()


@dataclass
class Container:
    name: str
    command: list[str]
    environment: dict[str, str]
    # The secrets of the variables that ECS sets from one.
    secrets: dict[str, str] = field(default_factory=dict)
    depends_on: list[str] = field(default_factory=list)
    stop_timeout: int = 30
    # The volume that is mounted at a path.
    mounts: dict[str, str] = field(default_factory=dict)
    health_check: list[str] = field(default_factory=list)


class TaskTemplate:
    """`imports` are the exports of earlier stacks, by the name of the export without the
    name of its stack."""

    def __init__(self, path: pathlib.Path, parameters: dict[str, str], imports: dict[str, str]):
        self._template = parse(path.read_text())
        declared = self._template["Parameters"]
        given = {name: str(each.get("Default", "")) for name, each in declared.items()} | parameters
        lists = {name for name, each in declared.items() if each["Type"] == "CommaDelimitedList"}
        self._values = {
            "AWS::Region": "eu-west-1", "AWS::AccountId": "123456789012", "AWS::Partition": "aws",
            "AWS::StackName": "bookstore-app", "AWS::NoValue": _NOTHING,
        } | {name: value.split(",") if name in lists else value for name, value in given.items()}  # fmt: skip
        self._imports = imports

    def containers(self) -> list[Container]:
        """In the order in which ECS starts them."""
        (task,) = [
            each
            for each in self._template["Resources"].values()
            if each["Type"] == "AWS::ECS::TaskDefinition"
        ]
        waiting = [_container(each) for each in self.resolve(task["Properties"]["ContainerDefinitions"])]
        started = []
        while waiting:
            names = [each.name for each in started]
            ready = next(each for each in waiting if set(each.depends_on) <= set(names))
            waiting.remove(ready)
            started.append(ready)
        return started

    def resolve(self, value):
        if isinstance(value, list):
            return [found for each in value if (found := self.resolve(each)) is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, inner),) = value.items()
            function = name.removeprefix("Fn::").replace("::", "_").lower()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return getattr(self, f"_{function}")(inner)
        return {key: found for key, each in value.items() if (found := self.resolve(each)) is not _NOTHING}

    def _ref(self, name: str):
        # The value of a resource is its logical id.
        return self._values.get(name, name)

    def _getatt(self, parts) -> str:
        return ".".join(parts) if isinstance(parts, list) else parts

    def _sub(self, value) -> str:
        text, own = (value, {}) if isinstance(value, str) else (value[0], self.resolve(value[1]))
        return re.sub(r"\$\{([^!}]+)\}", lambda found: str(own.get(found[1], self._ref(found[1]))), text)

    def _importvalue(self, value) -> str:
        name = self.resolve(value)
        return next(found for end, found in self._imports.items() if name.endswith(f"-{end}"))

    def _join(self, value) -> str:
        return value[0].join(str(each) for each in self.resolve(value[1]))

    def _split(self, value) -> list[str]:
        return self.resolve(value[1]).split(value[0])

    def _select(self, value):
        return self.resolve(value[1])[int(value[0])]

    def _if(self, value):
        name, yes, no = value
        return self.resolve(yes if self._condition(name) else no)

    def _condition(self, name: str) -> bool:
        return self.resolve(self._template["Conditions"][name])

    def _equals(self, value) -> bool:
        first, second = self.resolve(value)
        return str(first) == str(second)

    def _not(self, value) -> bool:
        return not self.resolve(value[0])

    def _and(self, value) -> bool:
        return all(self.resolve(each) for each in value)

    def _or(self, value) -> bool:
        return any(self.resolve(each) for each in value)


def _container(found: dict) -> Container:
    return Container(
        name=found["Name"],
        command=[str(each) for each in [*found.get("EntryPoint", []), *found.get("Command", [])]],
        environment={each["Name"]: str(each["Value"]) for each in found.get("Environment", [])},
        secrets={each["Name"]: each["ValueFrom"] for each in found.get("Secrets", [])},
        depends_on=[each["ContainerName"] for each in found.get("DependsOn", [])],
        stop_timeout=int(found.get("StopTimeout", 30)),
        mounts={each["ContainerPath"]: each["SourceVolume"] for each in found.get("MountPoints", [])},
        health_check=found.get("HealthCheck", {}).get("Command", []),
    )
