"""The schema tool as the database team runs it."""

import json
import random
import subprocess
import time

import psycopg
import pytest
from running import BINARIES


@pytest.fixture
def tool(fresh_system):
    """Runs the tool of one contract or the next on a database at the first, with rows."""
    owner = fresh_system.database["TEST_DATABASE_OWNER"]

    def run(contract: str, verb: str, *arguments: str) -> subprocess.CompletedProcess:
        command = [BINARIES / f"{contract}-schema", verb, "--database", owner, "--app_role", "bookstore_app"]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=120)

    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO bookstore.book (id, title, author, publisher, year) "
            "SELECT gen_random_uuid(), 'title ' || i, 'author ' || i % 10, 'publisher', 1900 "
            "FROM generate_series(1, 5000) AS i"
        )
    run.owner = owner
    return run


def test_plan_is_for_people_and_for_machines(tool):
    text = tool("next", "plan")
    assert text.returncode == 0, text.stderr
    assert "change-type:book.title  [online]" in text.stdout
    assert "CREATE INDEX CONCURRENTLY book_isbn_id_idx ON bookstore.book (isbn, id);" in text.stdout
    plan = json.loads(tool("next", "plan", "--format", "json").stdout)
    kinds = {step["name"]: step["kind"] for step in plan["steps"]}
    assert kinds["add-column:book.isbn"] == "online"
    assert kinds["drop-column:book.publisher"] == "destructive"
    assert all(step["sql"] and step["lock"] for step in plan["steps"])
    assert [step["concurrent"] for step in plan["steps"] if step["name"].startswith("create-index:")] == [
        True
    ]
    # Nothing was done.
    assert tool("bookstore", "check").returncode == 0
    dry = tool("next", "apply", "--dry_run")
    assert dry.stdout == text.stdout
    assert tool("bookstore", "check").returncode == 0


def test_check_names_the_differences(tool):
    agreed = tool("bookstore", "check")
    assert (agreed.returncode, agreed.stdout) == (0, "the database agrees with the contract\n")
    differs = tool("next", "check")
    assert differs.returncode == 1
    assert "bookstore.book: isbn is missing" in differs.stdout
    report = json.loads(tool("next", "check", "--format", "json").stdout)
    assert report["agrees"] is False
    harmful = {one["text"]: one["harmful"] for one in report["differences"]}
    assert harmful["bookstore.book: isbn is missing"] is True
    assert harmful["bookstore.book: index book_isbn_id_idx is missing"] is False


def test_rows_that_do_not_fit_are_counted_and_nothing_is_done(tool):
    with psycopg.connect(tool.owner, autocommit=True) as connection:
        assert tool("next", "apply").returncode == 0
        connection.execute("UPDATE bookstore.book SET title = repeat('x', 250) WHERE title LIKE 'title 1%'")
    back = tool("bookstore", "apply", "--allow", "drop-column:book.isbn")
    assert back.returncode == 1
    assert "1111 rows of bookstore.book whose title is longer than 200 characters" in back.stderr
    assert tool("next", "check").returncode == 0


@pytest.mark.timeout(300)
def test_killed_at_any_moment_and_run_again(tool):
    seed = random.randrange(1 << 32)
    print("seed", seed)
    dice = random.Random(seed)
    owner = tool.owner
    for round in range(3):
        contract, steps = (
            ("next", ["drop-column:book.publisher"])
            if round % 2 == 0
            else (
                "bookstore",
                [
                    "drop-column:book.isbn",
                    "change-type:book.title",
                    "add-constraint:book.book_publisher_required",
                ],
            )
        )
        allowed = [f"--allow={step}" for step in steps]
        if contract == "bookstore":
            # A removed field's values are gone, and it is required.
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute("DELETE FROM bookstore.book")
        command = [
            BINARIES / f"{contract}-schema",
            "apply",
            "--database",
            owner,
            "--app_role",
            "bookstore_app",
        ]
        for _ in range(12):
            process = subprocess.Popen(
                [*command, *allowed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(dice.uniform(0.0, 0.12))
            process.kill()
            process.wait()
        done = tool(contract, "apply", *allowed)
        assert done.returncode == 0, done.stderr
        checked = tool(contract, "check")
        assert checked.returncode == 0, checked.stdout
        if round == 0:
            with psycopg.connect(owner) as connection:
                assert connection.execute("SELECT count(*) FROM bookstore.book").fetchone() == (5000,)


def test_errors_are_the_databases_own_words(tool):
    refused = subprocess.run(
        [BINARIES / "bookstore-schema", "plan", "--database", "host=127.0.0.1 port=1 password=hush"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 1
    assert "cannot connect" in refused.stderr
    assert "hush" not in refused.stderr + refused.stdout
