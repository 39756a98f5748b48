"""Follows a page: writes its files, runs its commands, and compares their output."""

import dataclasses
import os
import pathlib
import re

import blocks
from compare import Names, matches
from shell import Shell

# The ports that the pages show: the defaults of deploy/local/up.
HTTP, GRPC, POSTGRES = 8080, 50051, 5433


@dataclasses.dataclass
class Place:
    """Where a page is followed: the folder that its commands run in, what its ports are there,
    and its paths."""

    folder: pathlib.Path
    ports: dict[int, int]
    paths: dict[str, str]
    environment: dict[str, str] = dataclasses.field(default_factory=dict)

    def actual(self, command: str) -> str:
        """Returns the command with the ports and paths of this place."""
        for shown, real in self.ports.items():
            command = re.sub(rf"\b{shown}\b", str(real), command)
        for shown, real in self.paths.items():
            command = command.replace(shown, real)
        ports = zip(("http", "grpc", "pg"), (HTTP, GRPC, POSTGRES), strict=True)
        flags = " ".join(f"--{name}_port {self.ports[shown]}" for name, shown in ports)
        return re.sub(r"deploy/local/up\b", f"deploy/local/up {flags}", command)

    def shown(self, line: str) -> str:
        """Returns a line of output as the page has it."""
        for shown, real in self.ports.items():
            line = re.sub(rf"\b{real}\b", str(shown), line)
        for shown, real in self.paths.items():
            line = line.replace(real, shown)
        return line.replace(f"{self.folder}/", "")


def follow(path: pathlib.Path, place: Place) -> list[str]:
    """Follows the page and returns the faults. With DOCS_UPDATE=1 in the environment it writes
    the outputs that differ into the page."""
    expected_names, actual_names = Names(), Names()
    differing: list[tuple[blocks.Command, list[str]]] = []
    faults: list[str] = []
    updates = os.environ.get("DOCS_UPDATE") == "1"
    shell = Shell(place.folder, place.environment)
    try:
        for step in blocks.steps(path.read_text()):
            match step:
                case blocks.File():
                    file = place.folder / step.path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(step.text)
                case blocks.Hidden():
                    output, status = shell.run(place.actual(step.text))
                    if status:
                        return [*faults, "\n".join(["hidden commands failed:", step.text, *output])]
                case blocks.Command():
                    output, status = shell.run(place.actual(step.text))
                    output = [place.shown(line) for line in output]
                    expected = expected_names.normalised(step.output)
                    actual = actual_names.normalised(output)
                    if not matches(expected, actual):
                        differing.append((step, output))
                        faults.append(
                            "\n".join([f"$ {step.text}", "expected:", *expected, "but it prints:", *actual])
                        )
                        if status and not updates:
                            break  # the commands after it need what it should have done
    finally:
        shell.close()
    if updates and differing:
        blocks.replace_outputs(path, differing)
    return faults
