"""The values of the stacks' parameters.

The first of these applies: the value of --parameter; a known value (the name of
another stack of this deployment, an image that is built here, an output of an
earlier stack); the user's answer, or the default if nothing is asked. The default is
the first of: the answer of the previous run, the stack's current value, the value
chosen in this run for an earlier stack's parameter of the same name, the template's
default.
"""

from cli.dialogue import Dialogue
from cli.errors import WrongUse
from cli.memory import Memory
from cli.plan import Planned, named_stack
from cli.template import Parameter

# The stack keeps its current value: a secret, which CloudFormation does not return.
UNCHANGED = object()


def image_name(parameter: Parameter) -> str | None:
    """Returns "server" for ServerImage, and None for images with a default."""
    if parameter.name.endswith("Image") and parameter.default is None:
        return parameter.name.removesuffix("Image").lower()
    return None


class Values:
    def __init__(self, prefix: str, stacks: list[Planned], given: dict[str, str], images: set[str]):
        """`images`: the names of the images that can be built here."""
        known = {name for stack in stacks for name in stack.template.parameters}
        if unknown := sorted(set(given) - known):
            raise WrongUse(
                f"no stack has the parameter {', '.join(unknown)}; "
                f"the parameters are {', '.join(sorted(known))}"
            )
        self._prefix, self._stacks, self._given, self._images = prefix, stacks, given, images
        self._chosen: dict[str, dict[str, object]] = {stack.name: {} for stack in stacks}

    def images_to_build(self) -> list[str]:
        """Returns the images to build, in the order of the stacks that run them."""
        found = {}
        for stack in self._stacks:
            for parameter in stack.template.parameters.values():
                name = image_name(parameter)
                if name in self._images and parameter.name not in self._given:
                    found[name] = None
        return list(found)

    def choose(self, deployed: dict[str, dict[str, str]], memory: Memory, dialogue: Dialogue) -> None:
        """Chooses all values except outputs; `deployed` has the stacks' current values."""
        missing, earlier = [], {}
        for stack in self._stacks:
            answers = {}
            for parameter in self._open(stack):
                has = deployed.get(stack.name, {}).get(parameter.name)
                default = self._default(parameter, memory.answers(stack.name), has, earlier)
                if dialogue.silent and default is None:
                    missing.append(f"{parameter.name} ({stack.name})")
                    continue
                if not answers and not dialogue.silent:
                    dialogue.say(f"\n{stack.name}")
                value = self._answer(parameter, default, dialogue)
                # The default of one template does not apply to another template.
                if value is not UNCHANGED and value != parameter.default:
                    earlier[parameter.name] = value
                self._chosen[stack.name][parameter.name] = value
                if not parameter.secret:
                    answers[parameter.name] = value
            memory.remember_answers(stack.name, answers)
        if missing:
            raise WrongUse("no value for: " + ", ".join(missing) + "; use --parameter NAME=VALUE")

    def of(self, stack: Planned, images: dict[str, str], outputs: dict[str, str]) -> list[dict]:
        """Returns the parameters for CreateChangeSet, after the images and earlier stacks exist."""
        found = []
        for parameter in stack.template.parameters.values():
            value = self._chosen[stack.name].get(parameter.name)
            if value is None:
                value = self._known(stack, parameter, images, outputs)
            entry = {"UsePreviousValue": True} if value is UNCHANGED else {"ParameterValue": value}
            found.append({"ParameterKey": parameter.name} | entry)
        return found

    def chosen(self, parameter: str) -> object:
        """Returns the value chosen for a parameter in the first stack that has it, or None."""
        return next((found[parameter] for found in self._chosen.values() if parameter in found), None)

    def _open(self, stack: Planned) -> list[Parameter]:
        """Returns the parameters that are neither given nor known."""
        found = []
        for parameter in stack.template.parameters.values():
            if parameter.name in self._given:
                value = self._given[parameter.name]
                if wrong := parameter.fault(value):
                    raise WrongUse(f"--parameter {parameter.name}: {wrong}")
                self._chosen[stack.name][parameter.name] = value
            elif not self._is_known(stack, parameter):
                found.append(parameter)
        return found

    def _is_known(self, stack: Planned, parameter: Parameter) -> bool:
        if named_stack(parameter.default, self._prefix) or image_name(parameter) in self._images:
            return True
        before = self._stacks[: self._stacks.index(stack)]
        return parameter.default is None and any(parameter.name in each.template.outputs for each in before)

    def _known(
        self, stack: Planned, parameter: Parameter, images: dict[str, str], outputs: dict[str, str]
    ) -> str:
        name = named_stack(parameter.default, self._prefix)
        if name:
            return name
        if image_name(parameter) in images:
            return images[image_name(parameter)]
        if parameter.name in outputs:
            return outputs[parameter.name]
        raise WrongUse(f"{stack.name}: no earlier stack has the output {parameter.name}; use --parameter")

    @staticmethod
    def _default(parameter: Parameter, answers: dict[str, str], has: str | None, earlier: dict[str, str]):
        if parameter.secret:
            return UNCHANGED if has is not None else parameter.default
        for value in (answers.get(parameter.name), has, earlier.get(parameter.name), parameter.default):
            # A value that the template no longer accepts is ignored.
            if value is not None and not parameter.fault(value):
                return value
        return None

    @staticmethod
    def _answer(parameter: Parameter, default, dialogue: Dialogue):
        if dialogue.silent:
            return default
        if parameter.description:
            dialogue.say(f"  # {parameter.description}")
        unchanged = default is UNCHANGED
        shown = default
        if parameter.secret:
            shown = "unchanged" if unchanged else "the template's default"
        value = dialogue.ask(
            f"  {parameter.name}",
            "" if unchanged else default,
            "" if default is None else f" [{shown}]",
            lambda text: None if unchanged and not text else parameter.fault(text),
            parameter.secret,
        )
        return UNCHANGED if unchanged and not value else value
