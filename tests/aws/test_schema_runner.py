"""The function that runs the schema task for CloudFormation. Its clients are those of boto3, with
responses from the Stubber of botocore, which rejects calls that AWS does not accept."""

import json
import sys
import types

import boto3
import pytest
from botocore.stub import Stubber
from templates import TEMPLATES

CODE = TEMPLATES["bookstore-schema"]["Resources"]["Runner"]["Properties"]["Code"]["ZipFile"]
ARN = "arn:aws:ecs:us-east-1:111122223333:task/c/0123456789abcdef"
ASKED = {
    "Cluster": "c",
    "TaskDefinition": "bookstore-schema:1",
    "LogGroup": "group",
    "Subnets": ["subnet-1"],
    "SecurityGroups": ["sg-1"],
}
NETWORK = {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}
START = {
    "cluster": "c",
    "taskDefinition": "bookstore-schema:1",
    "launchType": "FARGATE",
    "networkConfiguration": {"awsvpcConfiguration": NETWORK},
}


class Function:
    """The function and its environment; `answer` is the response to CloudFormation."""

    def __init__(self, monkeypatch):
        self.ecs, self.logs = boto3.client("ecs"), boto3.client("logs")
        self.stubs = [Stubber(self.ecs), Stubber(self.logs)]
        clients = {"ecs": self.ecs, "logs": self.logs}
        self.answer, self.slept = None, 0
        fake_boto3 = types.SimpleNamespace(client=clients.__getitem__)
        response = types.SimpleNamespace(SUCCESS="SUCCESS", FAILED="FAILED", send=self._send)
        monkeypatch.setitem(sys.modules, "boto3", fake_boto3)
        monkeypatch.setitem(sys.modules, "cfnresponse", response)
        names = {}
        exec(compile(CODE, "index.py", "exec"), names)
        names["time"] = types.SimpleNamespace(sleep=self._sleep)
        self._handler = names["handler"]
        self.remaining = 900_000

    def _send(self, event, context, status, data, physical_id=None, noEcho=False, reason=None):
        assert self.answer is None
        self.answer = (status, data, physical_id, reason)

    def _sleep(self, seconds):
        self.slept += seconds
        self.remaining -= seconds * 1000

    def starts(self, tasks=True):
        answer = (
            {"tasks": [{"taskArn": ARN}]} if tasks else {"tasks": [], "failures": [{"reason": "no capacity"}]}
        )
        self.stubs[0].add_response("run_task", answer, START)

    def is_seen(self, status, **more):
        container = {"name": "schema", **more.pop("container", {})}
        answer = {"tasks": [{"lastStatus": status, "containers": [container], **more}]}
        self.stubs[0].add_response("describe_tasks", answer, {"cluster": "c", "tasks": [ARN]})

    def said(self, *lines):
        expected = {"logGroupName": "group", "logStreamName": "schema/schema/0123456789abcdef", "limit": 20}
        self.stubs[1].add_response("get_log_events", {"events": [{"message": m} for m in lines]}, expected)

    def call(self, kind="Create"):
        context = types.SimpleNamespace(get_remaining_time_in_millis=lambda: self.remaining)
        for stub in self.stubs:
            stub.activate()
        self._handler({"RequestType": kind, "ResourceProperties": ASKED}, context)
        for stub in self.stubs:
            stub.assert_no_pending_responses()
        return self.answer


@pytest.fixture
def function(monkeypatch):
    return Function(monkeypatch)


def test_it_fits_into_a_template():
    assert len(CODE) <= 4096


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_success_has_the_tools_words(function, kind):
    function.starts()
    function.is_seen("PENDING")
    function.is_seen("RUNNING")
    function.is_seen("STOPPED", container={"exitCode": 0})
    function.said("created 3 tables", "granted the rights of the roles")
    words = "created 3 tables\ngranted the rights of the roles"
    assert function.call(kind) == ("SUCCESS", {"Words": words}, "schema", words)
    assert function.slept == 10


def test_a_refusal_fails_with_the_tools_words(function):
    function.starts()
    function.is_seen("STOPPED", container={"exitCode": 1})
    function.said("refused: drops the column book.year", "--allow drop:book.year takes the step")
    status, _, _, reason = function.call()
    assert status == "FAILED"
    assert reason == "refused: drops the column book.year\n--allow drop:book.year takes the step"


def test_a_task_that_said_nothing_has_ecs_words(function):
    function.starts()
    function.is_seen("STOPPED", stoppedReason="CannotPullContainerError: not found")
    function.stubs[1].add_client_error("get_log_events", "ResourceNotFoundException")
    assert function.call()[::3] == ("FAILED", "CannotPullContainerError: not found")


def test_a_task_that_does_not_start_fails(function):
    function.starts(tasks=False)
    status, _, _, reason = function.call()
    assert status == "FAILED"
    assert "no capacity" in reason


def test_a_task_that_takes_long_is_told_before_the_function_ends(function):
    function.starts()
    function.remaining = 34_000
    function.is_seen("RUNNING")
    function.is_seen("RUNNING")
    status, _, _, reason = function.call()
    assert status == "FAILED"
    assert "still runs" in reason
    assert function.remaining > 20_000


def test_an_error_is_answered_too(function):
    function.stubs[0].add_client_error("run_task", "AccessDeniedException", "not allowed")
    status, _, _, reason = function.call()
    assert status == "FAILED"
    assert "not allowed" in reason


def test_deleting_runs_nothing(function):
    assert function.call("Delete")[0] == "SUCCESS"


def test_long_words_are_cut_at_their_beginning(function):
    """CloudFormation accepts a response of 4096 bytes."""
    function.starts()
    function.is_seen("STOPPED", container={"exitCode": 1})
    function.said(*['"ä' * 400] * 19, "the last line")
    _, data, _, reason = function.call()
    assert reason.endswith("the last line")
    assert len(json.dumps([reason, data])) < 3700
