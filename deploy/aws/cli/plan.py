"""The stacks, in the order in which they are created."""

import pathlib

from cli.template import Template

# The name after the prefix, and the folder of the template. A stack imports the
# exports of earlier stacks.
STACKS = (("aurora", "aurora"), ("rds-proxy", "rds_proxy"), ("schema", "schema"), ("app", "bookstore"))
DEFAULT_PREFIX = "bookstore"


class Planned:
    """A stack to create or update."""

    def __init__(self, prefix: str, suffix: str, template: Template):
        self.name = f"{prefix}-{suffix}"
        self.suffix = suffix
        self.template = template


def planned_stacks(prefix: str, templates: pathlib.Path) -> list[Planned]:
    return [
        Planned(prefix, suffix, Template(templates / folder / "template.yaml")) for suffix, folder in STACKS
    ]


def stack_names(prefix: str) -> list[str]:
    return [f"{prefix}-{suffix}" for suffix, _ in STACKS]


def named_stack(parameter_default: str | None, prefix: str) -> str | None:
    """Returns the name of the stack that a parameter refers to, or None. The parameter's
    default is that name with the default prefix."""
    defaults = dict(zip(stack_names(DEFAULT_PREFIX), stack_names(prefix), strict=True))
    return defaults.get(parameter_default or "")
