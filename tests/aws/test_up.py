"""deploy/aws/up against the stand-in without a terminal: its calls and their order, its output and
its exit code."""

import json

import pytest
from tool_runs import IMAGES, NAMES, PASSWORD, QUIET

pytest_plugins = ["tool_fixtures"]

CREATES = ["CreateChangeSet", "ExecuteChangeSet"]


def test_from_nothing_to_a_service_that_answers(aws):
    code, output = aws.up(*IMAGES, PASSWORD)
    assert code == 0, output
    assert [each["StackName"] for each in aws.stand_in.parameters("CreateChangeSet")] == NAMES
    assert aws.changes() == [*CREATES * 4, "RunTask", "RunTask"]
    assert set(aws.statuses().values()) == {"CREATE_COMPLETE"}
    # A stack starts after the previous one has ended.
    lines = output.splitlines()
    ends = [
        lines.index(next(line for line in lines if line.endswith(f"CREATE_COMPLETE              {name}")))
        for name in NAMES
    ]
    assert ends == sorted(ends)
    # The endpoint is the last line about the stacks.
    endpoint = lines.index(f"API endpoint: {aws.api.url}")
    assert lines[endpoint + 2] == "validation"
    assert "tables: bookstore.book, bookstore.review" in output
    (key,) = [line.split()[1].split(",")[0] for line in lines if line.startswith("  row: ")]
    assert aws.api.calls == ["GET /book", "PUT /book", "GET /book", f"DELETE /book/{key}"]
    assert lines[-1] == "  passed"
    assert aws.api.books == {}


def test_what_a_stack_is_given(aws):
    assert aws.up(*QUIET, "--parameter=CpuArchitecture=ARM64", "--parameter=MaxCapacity=16")[0] == 0
    assert aws.given("bookstore-aurora") == {
        "MaxCapacity": "16",
        "DeletionProtection": "true",
        "AlarmTopicArn": "",
    }
    proxy = aws.given("bookstore-rds-proxy")
    # An output of an earlier stack with the name of the parameter.
    assert proxy["AuroraDBClusterId"] == "bookstore-aurora-AuroraDBClusterId"
    assert proxy["AuroraVPCStackName"] == "bookstore-aurora"
    schema = aws.given("bookstore-schema")
    assert (schema["Password"], schema["CpuArchitecture"]) == ("long enough", "ARM64")
    assert aws.given("bookstore-app")["CpuArchitecture"] == "ARM64"


def test_what_was_chosen_for_one_stack_is_taken_for_the_next_and_a_default_is_not(aws):
    assert aws.up(*QUIET)[0] == 0
    assert aws.given("bookstore-schema")["LogRetentionDays"] == "365"
    assert aws.given("bookstore-app")["LogRetentionDays"] == "30"


def test_the_task_that_asks_the_database_has_no_public_address(aws):
    assert aws.up(*IMAGES, PASSWORD)[0] == 0
    for ask in aws.stand_in.parameters("RunTask"):
        network = ask["networkConfiguration"]["awsvpcConfiguration"]
        assert network["assignPublicIp"] == "DISABLED"
        assert network["subnets"] == ["bookstore-aurora-PrivateSubnets"]
        assert network["securityGroups"] == [
            "bookstore-schema-TaskSecurityGroup",
            "bookstore-rds-proxy-ClientSecurityGroup",
        ]
        assert ask["overrides"]["containerOverrides"][0]["command"][0] == "psql"


def test_a_prefix(aws):
    aws.stacks.outputs["test-app"] = {"ApiEndpoint": aws.api.url}
    code, output = aws.up(*QUIET, "--prefix", "test")
    assert code == 0, output
    assert list(aws.statuses()) == [name.replace("bookstore", "test", 1) for name in NAMES]
    assert aws.given("test-rds-proxy")["AuroraVPCStackName"] == "test-aurora"


def test_a_second_time_nothing_changes(aws):
    assert aws.up(*QUIET)[0] == 0
    before = len(aws.stand_in.calls)
    code, output = aws.up(*QUIET)
    assert code == 0
    assert output.count("no changes") == 4
    again = [name for _, name, _ in aws.stand_in.calls[before:]]
    assert "ExecuteChangeSet" not in again
    assert again.count("DeleteChangeSet") == 4
    assert aws.stacks.change_sets == {}


def test_an_update_changes_what_is_to_be_changed(aws):
    assert aws.up(*QUIET)[0] == 0
    code, output = aws.up(*IMAGES, "--no_validation", "--parameter=MaxCapacity=32")
    assert code == 0, output
    assert "~ Cluster" in output
    assert "~ Secret" not in output
    assert output.count("no changes") == 3
    assert aws.statuses()["bookstore-aurora"] == "UPDATE_COMPLETE"
    assert aws.stacks.stacks["bookstore-aurora"].parameters["MaxCapacity"] == "32"
    # The secret is kept without a question.
    assert aws.given("bookstore-schema")["Password"] == "(previous)"
    assert aws.stacks.stacks["bookstore-schema"].parameters["Password"] == "long enough"


def test_answers_are_remembered_and_secrets_are_not(aws):
    assert aws.up(*QUIET, "--parameter=MaxCapacity=16")[0] == 0
    (file,) = (aws.folder / "state").glob("*.json")
    assert "long enough" not in file.read_text()
    assert json.loads(file.read_text())["parameters"]["bookstore-aurora"]["DeletionProtection"] == "true"


def test_answers_that_cannot_be_read(aws):
    assert aws.up(*QUIET)[0] == 0
    (file,) = (aws.folder / "state").glob("*.json")
    file.write_text("{")
    code, output = aws.up(*QUIET)
    assert code == 2
    assert f"{file} is not valid JSON" in output


class TestWrongUse:
    """The exit code is 2, and nothing was changed."""

    @pytest.fixture(autouse=True)
    def _nothing_was_begun(self, aws):
        yield
        assert aws.changes() == []

    def test_a_parameter_without_a_value(self, aws):
        code, output = aws.up(*IMAGES)
        assert code == 2
        assert "no value for: Password (bookstore-schema)" in output

    def test_a_parameter_that_no_stack_has(self, aws):
        code, output = aws.up(*QUIET, "--parameter=Colour=red")
        assert code == 2
        assert "no stack has the parameter Colour" in output

    @pytest.mark.parametrize("prefix", ["Shop", "1shop", "shop_1", "", "a--b", "shop-", "x" * 41])
    def test_a_prefix_that_cannot_be(self, aws, prefix):
        code, output = aws.up(*QUIET, f"--prefix={prefix}")
        assert code == 2
        assert "may contain only lower-case letters, digits and single hyphens" in output

    @pytest.mark.parametrize(
        ("value", "fault"),
        [
            ("MaxCapacity=x", "must be a number"),
            ("MaxCapacity=0", "must be from 1 to 128"),
            ("DeletionProtection=maybe", "must be one of true, false"),
            ("Password=short", "must have from 8"),
        ],
    )
    def test_a_value_that_cannot_be(self, aws, value, fault):
        code, output = aws.up(*QUIET, f"--parameter={value}")
        assert code == 2
        assert fault in output

    def test_no_region(self, aws):
        code, output = aws.up(*QUIET, AWS_REGION="")
        assert code == 2
        assert "no region" in output

    def test_no_credentials(self, aws):
        code, output = aws.up(*QUIET, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        assert code == 2
        assert "no AWS credentials" in output

    def test_a_profile_that_is_not_there(self, aws):
        code, output = aws.up(*QUIET, "--profile", "nobody")
        assert code == 2
        assert "nobody" in output

    def test_no_docker(self, aws):
        code, output = aws.up(PASSWORD, "--docker", "/nowhere/docker")
        assert code == 2
        assert "/nowhere/docker is not installed" in output

    def test_nobody_to_answer(self, aws):
        code, output = aws.run("up", *QUIET)
        assert code == 2
        assert "standard input has no answer" in output
