"""Talks to the person: says, asks, confirms."""

import getpass
import sys

from cli.errors import Declined, WrongUse


class Dialogue:
    """With `silent` nothing is asked: defaults hold, and confirmations are given."""

    def __init__(self, silent: bool):
        self.silent = silent

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    def warn(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def ask(self, question: str, default: str | None, shown: str, fault, secret: bool = False) -> str:
        """The answer, or the default (`shown` says which) for an empty one; asks again
        while `fault` (a function that says what is wrong, or nothing) finds something."""
        while True:
            answer = self._read(f"{question}{shown}: ", secret).strip()
            if answer == "" and default is not None:
                answer = default
            wrong = fault(answer)
            if not wrong:
                return answer
            self.say(f"    {wrong}")

    def confirm(self, question: str) -> bool:
        if self.silent:
            return True
        return self._read(f"{question} [y/N]: ", False).strip().lower() in ("y", "yes")

    def require(self, question: str, otherwise: str) -> None:
        """Goes on only with a yes."""
        if not self.confirm(question):
            raise Declined(otherwise)

    def _read(self, prompt: str, secret: bool) -> str:
        try:
            return getpass.getpass(prompt) if secret else input(prompt)
        except EOFError:
            raise WrongUse(
                "there is nobody to answer: use --yes, and --parameter for what it misses"
            ) from None
