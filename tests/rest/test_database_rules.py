"""What only the database refuses: a rule in a trigger, a constraint beside the
contract. The answer says which field, the log nothing of the row."""

import uuid

import psycopg
import pytest
from conftest import PLANTED, sample
from problems import check_problem


@pytest.fixture
def owner(fresh_system):
    with psycopg.connect(fresh_system.database["TEST_DATABASE_OWNER"], autocommit=True) as connection:
        yield connection


def test_a_rule_in_a_trigger(fresh_system, owner, author):
    owner.execute(
        """
        CREATE FUNCTION bookstore.no_luck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF NEW.year = 13 THEN
            RAISE EXCEPTION 'Year 13 is closed' USING HINT = 'Take 12', COLUMN = 'year',
              DETAIL = NEW.author, ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER no_luck BEFORE INSERT OR UPDATE ON bookstore.book
          FOR EACH ROW EXECUTE FUNCTION bookstore.no_luck();
        """
    )
    with fresh_system.client() as client:
        problem = check_problem(client.put("/book", json=sample(author=author, year=13)), 409)
        assert problem["code"] == "FAILED_PRECONDITION"
        assert problem["reason"] == "DATABASE_RULE"
        assert problem["detail"] == "Year 13 is closed"
        assert problem["errors"] == [{"field": "year", "description": "Take 12"}]
        body = {"requests": [{"book": sample(author=author, year=year)} for year in (12, 13)]}
        problem = check_problem(client.post("/book:batchCreate", json=body), 409)
        assert problem["detail"] == "requests[1]: Year 13 is closed"
        assert problem["errors"] == [{"field": "requests[1].book.year", "description": "Take 12"}]
        assert client.get("/book", params={"author": author}).json() == {"books": []}
    assert PLANTED not in fresh_system.log_text()


def test_a_constraint_beside_the_contract(fresh_system, owner, author):
    owner.execute("ALTER TABLE bookstore.book ADD CONSTRAINT only_once UNIQUE (author, title)")
    owner.execute("ALTER TABLE bookstore.book ADD CONSTRAINT not_12 CHECK (year <> 12)")
    with fresh_system.client() as client:
        check_problem(client.put("/book", json=sample(author=author, year=12)), 400, fields=["year"])
        assert client.put("/book", json=sample(author=author)).status_code == 201
        response = client.put("/book", json=sample(author=author))
        problem = check_problem(response, 409, "FAILED_PRECONDITION", ["author", "title"])
        assert problem["reason"] == "UNIQUE_BROKEN"
        review = {"reviewer": PLANTED, "rate": 5, "bookId": str(uuid.uuid4())}
        check_problem(client.put("/review", json=review), 409, "FAILED_PRECONDITION", ["bookId"])
    log = fresh_system.log_text()
    assert "not_12" in log
    assert PLANTED not in log


def test_a_replay_is_no_error_for_the_database(fresh_system, author):
    """The team of the database reads its log, too."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    batch = {"requests": [{"book": sample(author=author)}]}
    with fresh_system.client() as client:
        before = fresh_system.database_log()
        first = client.put("/book", json=sample(author=author), headers=headers)
        path = first.headers["location"]
        keys = [{"Idempotency-Key": str(uuid.uuid4())} for _ in range(3)]
        for _ in range(3):
            assert client.put("/book", json=sample(author=author), headers=headers).json() == first.json()
            assert client.patch(path, json={"year": 7}, headers=keys[0]).status_code == 200
            assert client.post("/book:batchCreate", json=batch, headers=keys[1]).status_code == 200
        for _ in range(3):
            assert client.delete(path, headers=keys[2]).status_code == 204
        written = fresh_system.database_log()[len(before) :]
    assert "request_claim" in written
    assert "ERROR" not in written
