"""Databases of other sizes, for the cases that compare them."""

import pathlib
import subprocess

from .model import MeasurementError
from .paths import BENCH


class Databases:
    """PostgreSQL clusters in a folder, whose data is kept. close() stops those that were started."""

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self._started: list[pathlib.Path] = []

    def start(self, books: int, reviews: int, row_bytes: int = 0) -> pathlib.Path:
        """Starts a cluster unless it was started before, and returns its folder. `row_bytes` is the
        size to which each book is extended; 0 leaves it as it is."""
        name = f"database-{books}" + (f"-{row_bytes}" if row_bytes else "")
        database = self._folder / name
        if database not in self._started:
            self._started.append(database)
            # The command assumes some 300 bytes for each row.
            rows = books + reviews + books * row_bytes // 300
            self._run("start", database, rows)
            self._run("load", database, books, reviews, row_bytes)
        return database

    def close(self) -> None:
        for database in self._started:
            self._run("stop", database)

    @staticmethod
    def _run(verb: str, database: pathlib.Path, *arguments: int) -> None:
        command = [BENCH / "database", verb, database, *arguments]
        # A cluster must not keep the pipes of the command open.
        log = database.parent / "log" / f"{database.name}.log"
        with log.open("ab") as output:
            words = [str(word) for word in command]
            if subprocess.run(words, stdout=output, stderr=output, check=False).returncode:
                raise MeasurementError(f"{database.name}: {verb} failed, see {log}")
