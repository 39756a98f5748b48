"""Follows each page of docs/ and the README, on an empty store."""

import pathlib
import subprocess

import blocks
import pytest
from conftest import ROOT
from reader import follow

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# test_start.py follows this one.
START = ROOT / "docs/start.md"


def has_commands(path: pathlib.Path) -> bool:
    return any(isinstance(step, blocks.Command) for step in blocks.steps(path.read_text()))


@pytest.mark.parametrize("path", [p for p in PAGES if p != START and has_commands(p)], ids=lambda p: p.stem)
def test_commands_print_what_the_page_shows(path, place):
    faults = follow(path, place)
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_commands_are_in_blocks_that_are_run(path):
    """A block with a prompt is a `console` block, which is run. Commands that no test can run are
    in `sh` blocks, whose syntax is checked."""
    for step in blocks.steps(path.read_text()):
        match step:
            case blocks.Other(info, text):
                assert not text.startswith("$ "), f"run this, or show it without a prompt: {info} {text}"
            case blocks.Script(text):
                check = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
                assert check.returncode == 0, check.stderr


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


def test_pictures_are_small():
    pictures = [path for path in (ROOT / "docs").iterdir() if path.suffix in (".svg", ".jpg", ".png")]
    assert {path.name for path in pictures if path.stat().st_size >= 300_000} == set()
