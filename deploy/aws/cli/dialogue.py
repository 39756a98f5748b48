"""Interaction with the user: output, questions, confirmations."""

import getpass
import sys

from cli.errors import Declined, WrongUse


class Dialogue:
    """If `silent` is set, nothing is asked and every confirmation is given."""

    def __init__(self, silent: bool):
        self.silent = silent

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    def warn(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def ask(self, question: str, default: str | None, shown: str, fault, secret: bool = False) -> str:
        """Returns the answer, or the default if the answer is empty; `shown` describes the
        default. `fault` returns an error message or None; the question is repeated while it
        returns an error."""
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
        """Raises Declined unless the user confirms."""
        if not self.confirm(question):
            raise Declined(otherwise)

    def _read(self, prompt: str, secret: bool) -> str:
        try:
            return getpass.getpass(prompt) if secret else input(prompt)
        except EOFError:
            raise WrongUse(
                "standard input has no answer: use --yes, and --parameter for values without a default"
            ) from None
