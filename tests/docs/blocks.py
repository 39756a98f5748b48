"""A page of Markdown, and what a test does with it: the commands of `console` blocks, which are
run and whose output is compared; hidden commands, `<!-- run ... -->`, which prepare what a page
needs; and the files that a block with a title shows."""

import dataclasses
import pathlib
import re
import subprocess

FENCE = re.compile(r"^(?P<indent> *)```(?P<info>.*)$")
TITLE = re.compile(r'title="(?P<path>[^"]+)"')


@dataclasses.dataclass
class Command:
    """A command in a console block. `first` and `last` are the lines of its output in the page:
    from `first`, before `last`."""

    text: str
    output: list[str]
    first: int
    last: int


@dataclasses.dataclass
class Hidden:
    """Commands that the page does not show."""

    text: str


@dataclasses.dataclass
class File:
    """A file that the page shows, and that its reader writes."""

    path: str
    text: str


@dataclasses.dataclass
class Script:
    """Commands that the page shows and that no test runs, because they need AWS or take long."""

    text: str


@dataclasses.dataclass
class Other:
    """A block in another language."""

    info: str
    text: str


Step = Command | Hidden | File | Script | Other


def is_complete(command: str) -> bool:
    """Returns whether bash needs no further line to run the command."""
    if command.endswith("\\"):
        return False
    check = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True)
    return check.returncode == 0 and "here-document" not in check.stderr


def commands(lines: list[str], first: int) -> list[Command]:
    """Returns the commands of a console block, whose first line is line `first` of the page."""
    found: list[Command] = []
    at = 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            raise ValueError(f"line {first + at + 1}: output without a command")
        text = lines[at][2:]
        at += 1
        while not is_complete(text) and at < len(lines):
            text += "\n" + lines[at]
            at += 1
        start = at
        while at < len(lines) and not lines[at].startswith("$ "):
            at += 1
        found.append(Command(text, lines[start:at], first + start, first + at))
    return found


def steps(page: str) -> list[Step]:
    """Returns the steps of the page in its order."""
    lines = page.splitlines()
    found: list[Step] = []
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if lines[at].strip() == "<!-- run":
            end = next(i for i in range(at, len(lines)) if lines[i].strip() == "-->")
            found.append(Hidden("\n".join(lines[at + 1 : end])))
            at = end + 1
        elif fence:
            closing = fence["indent"] + "```"
            end = next(i for i in range(at + 1, len(lines)) if lines[i] == closing)
            block = lines[at + 1 : end]
            found += block_steps(fence["info"].strip(), block, at + 1)
            at = end + 1
        else:
            at += 1
    return found


def block_steps(info: str, block: list[str], first: int) -> list[Step]:
    title = TITLE.search(info)
    if info == "console":
        return list(commands(block, first))
    if info == "sh":
        return [Script("\n".join(block))]
    if title:
        return [File(title["path"], "\n".join(block) + "\n")]
    return [Other(info, "\n".join(block))]


def replace_outputs(path: pathlib.Path, outputs: list[tuple[Command, list[str]]]) -> None:
    """Writes these outputs into the page, in place of those of the commands."""
    lines = path.read_text().splitlines()
    for command, output in sorted(outputs, key=lambda pair: -pair[0].first):
        lines[command.first : command.last] = output
    path.write_text("\n".join(lines) + "\n")
