"""Reads and writes of single rows, lists, and the forms of the output."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator

import pytest
import yaml
from conftest import PROGRAMS, Run
from relay import without_answers


def create(run: Run, author: str, title: str, year: int = 1816) -> dict:
    fields = {"title": title, "author": author, "publisher": "John Murray", "year": str(year)}
    sets = [argument for field, value in fields.items() for argument in ("--set", f"{field}={value}")]
    return json.loads(run("book", "create", *sets, "-o", "json").stdout)


def test_create_get_update_delete(run: Run, author: str) -> None:
    book = create(run, author, "Emma", 1815)
    assert json.loads(run("book", "get", book["id"], "-o", "json").stdout) == book
    updated = json.loads(run("book", "update", book["id"], "--set", "year=1816", "-o", "json").stdout)
    assert (updated["year"], updated["title"]) == (1816, "Emma")
    assert updated["etag"] != book["etag"]
    # The version that the deletion names is an earlier one.
    assert "ABORTED" in run("book", "delete", book["id"], "--etag", book["etag"], code=4).stderr.upper()
    assert run("book", "delete", book["id"], "--etag", updated["etag"]).stdout == ""
    run("book", "get", book["id"], code=3)


def test_create_from_a_file(run: Run, author: str) -> None:
    row = json.dumps({"title": "Emma", "author": author, "publisher": "John Murray", "year": 1815})
    book = json.loads(
        run("book", "create", "--file", "-", "--set", "year=1816", "-o", "json", stdin=row).stdout
    )
    assert (book["title"], book["year"]) == ("Emma", 1816)


def test_clear_removes_an_optional_field(run: Run, author: str) -> None:
    book = create(run, author, "Emma")
    fields = [
        "--set",
        f"book_id={book['id']}",
        "--set",
        "reviewer=Ada",
        "--set",
        "rate=5",
        "--set",
        "review=Good",
    ]
    review = json.loads(run("review", "create", *fields, "-o", "json").stdout)
    assert review["review"] == "Good"
    assert "review" not in json.loads(
        run("review", "update", review["id"], "--clear", "review", "-o", "json").stdout
    )


def test_the_forms_of_one_row(run: Run, author: str) -> None:
    book = create(run, author, "yes")  # a word that YAML 1.1 reads as true
    form = {
        name: run("book", "get", book["id"], "-o", name).stdout for name in ("ndjson", "yaml", "csv", "table")
    }
    assert json.loads(form["ndjson"]) == book
    assert yaml.safe_load(form["yaml"]) == book
    assert f"\nauthor: {author}\n" in form["yaml"]
    assert "\nyear: 1816\n" in form["yaml"]
    [row] = csv.DictReader(io.StringIO(form["csv"]))
    assert (row["title"], row["create_time"], row["year"]) == ("yes", book["createTime"], "1816")
    assert ["title", "yes"] in [line.split() for line in form["table"].splitlines()]


def test_the_forms_of_a_list(run: Run, author: str) -> None:
    books = [
        create(run, author, title, year)
        for title, year in (("Emma", 1816), ('"a",\tb', 1700), ("傲慢", 1813))
    ]
    books.sort(key=lambda book: book["year"])
    arguments = ["book", "list", "--filter", f'author = "{author}"', "--order-by", "year", "-o"]
    assert json.loads(run(*arguments, "json").stdout) == books
    assert [json.loads(line) for line in run(*arguments, "ndjson").stdout.splitlines()] == books
    assert list(yaml.safe_load_all(run(*arguments, "yaml").stdout)) == books
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "csv").stdout)))
    assert [row["title"] for row in rows] == [book["title"] for book in books]
    header, *lines = run(*arguments, "table").stdout.splitlines()
    assert header.startswith("ID ")
    assert [line.split()[0] for line in lines] == [book["id"] for book in books]
    assert "\t" not in "".join(lines)  # control characters do not reach the terminal


def test_upsert(run: Run, author: str) -> None:
    key = str(uuid.uuid4())
    fields = ["--set", f"author={author}", "--set", "publisher=P", "--set", "year=1815", "-o", "json"]
    created = json.loads(run("book", "upsert", key, "--set", "title=Emma", *fields).stdout)
    assert (created["id"], created["title"]) == (key, "Emma")
    replaced = json.loads(run("book", "upsert", key, "--set", "title=Persuasion", *fields).stdout)
    assert (replaced["title"], replaced["createTime"]) == ("Persuasion", created["createTime"])


def test_batches(run: Run, author: str, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "books.csv"
    lines = [f"Book {n},{author},P,{1800 + n}\n" for n in range(3)]
    file.write_text("title,author,publisher,year\n" + "".join(lines))
    books = json.loads(run("book", "batch-create", file.name, "-o", "json").stdout)
    keys = [book["id"] for book in books]
    assert [book["title"] for book in books] == ["Book 0", "Book 1", "Book 2"]
    assert json.loads(run("book", "batch-get", *reversed(keys), "-o", "json").stdout) == books[::-1]
    assert run("book", "batch-get", keys[1], "--fields", "year", "-o", "csv").stdout == "year\n1801\n"

    changes = tmp_path / "changes.ndjson"
    changes.write_text("".join(json.dumps({"id": key, "year": 1900}) + "\n" for key in keys))
    updated = json.loads(run("book", "batch-update", changes.name, "-o", "json").stdout)
    assert [(book["title"], book["year"]) for book in updated] == [(f"Book {n}", 1900) for n in range(3)]
    changes.write_text(
        json.dumps({"id": keys[0], "title": "A"}) + "\n" + json.dumps({"id": keys[1], "title": ""})
    )
    assert "title" in run("book", "batch-update", changes.name, code=5).stderr
    changes.write_text('{"nothing": 1}')
    assert "line 1: " in run("book", "batch-update", changes.name, code=2).stderr
    run("book", "batch-update", "nothing.csv", code=2)

    # All or none: one of the keys does not exist.
    run("book", "batch-delete", keys[0], str(uuid.uuid4()), code=3)
    assert run("book", "batch-delete", *keys).stdout == ""
    run("book", "batch-get", keys[0], code=3)


def test_an_empty_list(run: Run, author: str) -> None:
    arguments = ["book", "list", "--author", author, "-o"]
    assert json.loads(run(*arguments, "json").stdout) == []
    assert run(*arguments, "ndjson").stdout == run(*arguments, "yaml").stdout == ""
    assert run(*arguments, "csv").stdout.startswith("id,title,")


def test_filter_order_and_limit(run: Run, author: str) -> None:
    for year in (1811, 1813, 1815):
        create(run, author, f"Book {year}", year)
    arguments = [
        "book",
        "list",
        "--author",
        author,
        "--filter",
        "year < 1815",
        "--order-by",
        "year desc",
        "-o",
        "ndjson",
    ]
    assert [json.loads(line)["year"] for line in run(*arguments).stdout.splitlines()] == [1813, 1811]
    limited = run(*arguments, "--limit", "1")
    assert len(limited.stdout.splitlines()) == 1
    assert "more rows exist" in limited.stderr
    assert len(run(*arguments, "--all").stdout.splitlines()) == 2


def test_fields(run: Run, author: str) -> None:
    book = create(run, author, "Emma")
    one = ["book", "get", book["id"], "-o", "json"]
    assert json.loads(run(*one, "--fields", "year,title").stdout) == {"year": 1816, "title": "Emma"}
    assert json.loads(run(*one, "--fields", "review_count").stdout) == {"reviewCount": 0}
    assert json.loads(run(*one, "--fields", "*").stdout) == book | {"reviewCount": 0}
    rows = ["book", "list", "--author", author, "--fields", "title,year", "-o"]
    assert json.loads(run(*rows, "json").stdout) == [{"title": "Emma", "year": 1816}]
    assert yaml.safe_load(run(*rows, "yaml").stdout) == {"title": "Emma", "year": 1816}
    assert run(*rows, "csv").stdout == "title,year\nEmma,1816\n"
    assert run(*rows, "table").stdout == "TITLE  YEAR\nEmma   1816\n"
    assert "reviewCount" not in book  # it is not computed, so 0 would be wrong


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, ["nothing"]),
        (2, ["book", "nothing"]),
        (2, ["book", "get"]),
        (2, ["book", "batch-get"]),
        (2, ["book", "list", "--nothing"]),
        (2, ["book", "list", "-o", "xml"]),
        (2, ["book", "create", "--set", "nothing=1"]),
        (2, ["book", "create", "--set", "year=old"]),
        (2, ["book", "list", "--profile", "nothing"]),
        (2, ["book", "import", "nothing.ndjson"]),
        (3, ["book", "get", "01890000-0000-7000-8000-000000000000"]),
        (5, ["book", "get", "no-uuid"]),
        (5, ["book", "list", "--filter", "year <"]),
        (6, ["book", "list", "--address", "127.0.0.1:1", "--cleartext", "--timeout", "1s"]),
    ],
)
def test_exit_codes(run: Run, code: int, arguments: list[str]) -> None:
    result = run(*arguments, code=code)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")


@pytest.fixture
def paused() -> Iterator[None]:
    """The servers do not answer meanwhile."""
    control = os.environ["CLIENT_CONTROL"]
    subprocess.run([control, "pause"], check=True, stdin=subprocess.DEVNULL)
    yield
    subprocess.run([control, "resume"], check=True, stdin=subprocess.DEVNULL)


def test_the_outcome_of_a_write_without_answer_is_unknown(run: Run, author: str) -> None:
    sets = ["--set", "title=Emma", "--set", f"author={author}", "--set", "publisher=P", "--set", "year=1815"]
    with without_answers() as address:
        reached = ["--address", address, "--cleartext", "--timeout", "1s"]
        assert "request id" in run("book", "create", *sets, *reached, code=7).stderr
        run("book", "list", *reached, code=6)
    assert run("book", "list", "--author", author, "--fields", "title", "-o", "csv").stdout == "title\nEmma\n"


def test_ctrl_c_ends_a_command(environment: dict[str, str], paused: None) -> None:
    # A shell that runs the tests in the background lets them ignore SIGINT.
    command = ["env", "--default-signal=INT", PROGRAMS / "bookstore", "book", "list"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=10)
    assert (process.returncode, error.startswith("error: interrupted")) == (130, True), error


def test_a_key_that_exists_is_a_conflict(run: Run, author: str) -> None:
    book = create(run, author, "Emma")
    row = json.dumps({"id": book["id"], "title": "E", "author": author, "publisher": "J", "year": 1})
    run("book", "create", "--file", "-", stdin=row, code=4)


def test_violations_are_printed_once(run: Run) -> None:
    error = run("book", "create", "--set", "title=Emma", code=5).stderr
    assert error.splitlines()[:-1] == [
        "error: the request breaks its rules (InvalidArgument)",
        "  book.author: value is required",
        "  book.publisher: value is required",
        "  book.year: value is required",
    ]
    assert error.count("request id") == 1
