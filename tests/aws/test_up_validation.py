"""deploy/aws/up: the validation at the end."""

from tool_runs import IMAGES, PASSWORD

pytest_plugins = ["tool_fixtures"]


def test_an_api_that_is_not_there_yet_is_waited_for(aws):
    aws.api.faults = [503]
    code, output = aws.up(*IMAGES, PASSWORD)
    assert code == 0, output
    assert aws.api.calls[:2] == ["GET /book", "GET /book"]


def test_an_api_that_asks_who_calls(aws, tmp_path):
    aws.api.faults = [401]
    code, output = aws.up(*IMAGES, PASSWORD)
    assert code == 1
    assert "use --token_file" in output
    token = tmp_path / "token"
    token.write_text("abc\n")
    assert aws.up(*IMAGES, "--token_file", str(token))[0] == 0
    assert aws.api.tokens == {None, "Bearer abc"}


def test_a_book_whose_row_is_not_there(aws):
    aws.api.stores = False
    code, output = aws.up(*IMAGES, PASSWORD)
    assert code == 1
    assert "is not in the database" in output
    assert aws.api.calls[-1].startswith("DELETE /book/")


def test_a_database_without_the_tables(aws):
    aws.services.tables = ["public.x"]
    code, output = aws.up(*IMAGES, PASSWORD)
    assert code == 1
    assert "no table of the schema bookstore" in output


def test_a_task_that_fails(aws):
    aws.services.task_exit_code = 2
    aws.services.tables = ["psql: error: no pg_hba.conf entry"]
    code, output = aws.up(*IMAGES, PASSWORD)
    assert code == 1
    assert "the query failed:\n  psql: error: no pg_hba.conf entry" in output
