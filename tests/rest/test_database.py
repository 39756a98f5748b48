"""What psql may do and may not: the rules hold there too."""

import psycopg
import pytest
from psycopg import errors

GOOD = {
    "id": "00000000-0000-4000-8000-000000000001",
    "title": "T",
    "author": "A",
    "publisher": "P",
    "year": 1,
}


@pytest.fixture
def owner(own_system):
    with psycopg.connect(own_system.database["TEST_DATABASE_OWNER"]) as connection:
        yield connection
        connection.rollback()


def insert(connection, values: dict) -> None:
    columns = ", ".join(values)
    places = ", ".join(f"%({name})s" for name in values)
    connection.execute(f"INSERT INTO bookstore.book ({columns}) VALUES ({places})", values)


def test_a_good_row_is_served(own_system, owner):
    insert(owner, GOOD)
    owner.commit()
    with own_system.client() as client:
        assert client.get(f"/book/{GOOD['id']}").json()["title"] == "T"
        assert client.delete(f"/book/{GOOD['id']}").status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"author": ""},
        {"author": "x" * 101},
        {"publisher": "x" * 101},
        {"year": 0},
        {"year": -3001},
        {"year": 10000},
        {"title": None},
        {"id": None},
        {"id": "x"},
    ],
    ids=repr,
)
def test_a_bad_row_is_refused(owner, change):
    with pytest.raises((errors.IntegrityError, errors.DataError)):
        insert(
            owner,
            GOOD | {name: value[:300] if isinstance(value, str) else value for name, value in change.items()},
        )


def test_a_review_of_no_book_is_refused(owner):
    with pytest.raises(errors.ForeignKeyViolation):
        owner.execute(
            "INSERT INTO bookstore.review (id, book_id, reviewer, rate) VALUES (%s, %s, 'A', 1)",
            [GOOD["id"], "00000000-0000-4000-8000-000000000002"],
        )


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE bookstore.x ()",
        "CREATE TABLE public.x ()",
        "CREATE TEMPORARY TABLE x ()",
        "CREATE SCHEMA x",
        "DROP TABLE bookstore.book",
        "ALTER TABLE bookstore.book ADD x int",
        "TRUNCATE bookstore.book",
        "CREATE ROLE x",
    ],
)
def test_the_app_role_may_not(own_system, statement):
    with (
        psycopg.connect(own_system.database["TEST_DATABASE_APP"], autocommit=True) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_every_foreign_key_has_an_index(owner):
    """Or deleting a book would read all reviews."""
    found = owner.execute(
        """
        SELECT c.conname FROM pg_constraint c
        WHERE c.contype = 'f' AND c.connamespace = 'bookstore'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
        """
    ).fetchall()
    assert found == []
