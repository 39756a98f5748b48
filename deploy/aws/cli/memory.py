"""State between two runs: answers, and the resources that may remain after `down`.

One JSON file for each prefix, account and region. It contains no secrets.
"""

import json
import pathlib
import re

from cli.errors import WrongUse


class Memory:
    def __init__(self, folder: pathlib.Path, *names: str):
        self.path = folder / (re.sub(r"[^A-Za-z0-9.-]", "_", "-".join(names)) + ".json")
        try:
            self._content = json.loads(self.path.read_text())
        except FileNotFoundError:
            self._content = {}
        except ValueError:
            raise WrongUse(f"{self.path} is not valid JSON: correct or delete it") from None

    def answers(self, stack: str) -> dict[str, str]:
        return self._content.get("parameters", {}).get(stack, {})

    def remember_answers(self, stack: str, answers: dict[str, str]) -> None:
        self._content.setdefault("parameters", {})[stack] = answers
        self._write()

    def remainders(self) -> list[dict]:
        return self._content.get("remainders", [])

    def remember_remainders(self, found: list[dict]) -> None:
        self._content["remainders"] = found
        self._write()

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self._content, indent=2, sort_keys=True) + "\n")
        fresh.replace(self.path)
