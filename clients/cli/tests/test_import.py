"""Imports and exports."""

import csv
import io
import json
import pathlib
import signal
import subprocess
import sys
import time

import pexpect
import pytest
from conftest import PROGRAMS, Run


def row(author: str, title: str, year: int = 1816) -> dict:
    return {"title": title, "author": author, "publisher": "John Murray", "year": year}


def write(file: pathlib.Path, rows: list[dict]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def exported(run: Run, author: str) -> list[dict]:
    lines = run("book", "export", "--filter", f'author = "{author}"').stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_ndjson_with_refused_lines(run: Run, author: str, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "books.ndjson"
    write(file, [row(author, "first"), row(author, "second", 99999), row(author, "third")])
    with file.open("a") as out:
        out.write('{"title": "fourth", "nothing": 1}\n')
    first = run("book", "import", file.name, code=8)
    assert "2 imported, 2 refused" in first.stderr
    assert "line 2: error: " in first.stderr
    refused = tmp_path / "books.ndjson.refused"
    assert sorted(json.loads(line)["title"] for line in refused.read_text().splitlines()) == [
        "fourth",
        "second",
    ]

    # A line that is still wrong is refused again; the corrected one is the only row that is sent.
    write(refused, [row(author, "second"), row(author, "fourth", -99999)])
    assert "1 imported, 1 refused" in run("book", "import", file.name, code=8).stderr
    write(refused, [row(author, "fourth")])
    assert "1 imported, 0 refused" in run("book", "import", file.name).stderr
    assert sorted(book["title"] for book in exported(run, author)) == ["first", "fourth", "second", "third"]
    assert [path.name for path in tmp_path.iterdir()] == ["books.ndjson"]


def test_csv_with_refused_lines(run: Run, author: str, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "books.csv"
    file.write_text(
        "\ufefftitle,author,publisher,year\n"
        f'"one, with a comma\nand two lines",{author},P,1816\n'
        f"two,{author},P,99999\n"
        f"three,{author},,1816\n"
        f"four,{author},P,old\n"
        f"five,{author},P\n"
    )
    assert "1 imported, 4 refused" in run("book", "import", file.name, code=8).stderr
    refused = tmp_path / "books.csv.refused"
    lines = list(csv.reader(io.StringIO(refused.read_text())))
    assert lines[0] == ["title", "author", "publisher", "year"]
    assert sorted(line[0] for line in lines[1:]) == ["five", "four", "three", "two"]

    refused.write_text(f"title,author,publisher,year\ntwo,{author},P,1999\n")
    assert "1 imported, 0 refused" in run("book", "import", file.name).stderr
    titles = {book["title"]: book["year"] for book in exported(run, author)}
    assert titles == {"one, with a comma\nand two lines": 1816, "two": 1999}


def test_a_csv_column_that_is_no_field(run: Run, tmp_path: pathlib.Path) -> None:
    (tmp_path / "books.csv").write_text("title,nothing\na,b\n")
    assert "has no field nothing" in run("book", "import", "books.csv", code=2).stderr


def test_an_export_can_be_imported(run: Run, author: str, tmp_path: pathlib.Path) -> None:
    write(tmp_path / "books.ndjson", [row(author, f"Book {n}") for n in range(3)])
    run("book", "import", "books.ndjson")
    filter_ = ["--filter", f'author = "{author}"']
    before = exported(run, author)
    (tmp_path / "copy.csv").write_text(run("book", "export", *filter_, "-o", "csv").stdout)
    for book in before:
        run("book", "delete", book["id"])
    assert "3 imported, 0 refused" in run("book", "import", "copy.csv").stderr
    assert [(book["id"], book["title"]) for book in exported(run, author)] == [
        (book["id"], book["title"]) for book in before
    ]


@pytest.mark.parametrize(("ended", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_an_import_that_was_ended_goes_on(
    run: Run,
    author: str,
    environment: dict[str, str],
    tmp_path: pathlib.Path,
    ended: signal.Signals,
    code: int,
) -> None:
    count = 20_000
    write(tmp_path / "books.ndjson", [row(author, f"Book {n}", 2001) for n in range(count)])
    state = tmp_path / "books.ndjson.import"
    command = [str(PROGRAMS / "bookstore"), "book", "import", "books.ndjson"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as process:
        while not (state.exists() and json.loads(state.read_text())["done"]):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(ended)
    assert process.returncode == code
    done = json.loads(state.read_text())["done"]
    second = run("book", "import", "books.ndjson")
    assert f"going on after line {done}" in second.stderr
    assert f"{count - done} imported, 0 refused" in second.stderr
    assert len(exported(run, author)) == count
    assert not state.exists()


def test_the_progress_bar(run: Run, author: str, environment: dict[str, str], tmp_path: pathlib.Path) -> None:
    rows = [row(author, f"Book {n}", 2001 if n else 99999) for n in range(8_000)]
    write(tmp_path / "books.ndjson", rows)
    child = pexpect.spawn(
        str(PROGRAMS / "bookstore"),
        ["book", "import", "books.ndjson"],
        cwd=str(tmp_path),
        env=environment,
        encoding="utf-8",
        dimensions=(24, 100),
        timeout=50,
        logfile=sys.stdout,
    )
    child.expect(r"imported, 1 refused +\d+% \|[^|]*\| \([\d.]+k?/8[.0k]*, [\d.]+k? rows/s\)")
    child.expect("7999 imported, 1 refused")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 8
