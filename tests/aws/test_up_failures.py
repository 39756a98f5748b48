"""deploy/aws/up: stacks that fail, that an earlier run left incomplete, and that contain data."""

import shutil

import pytest
from stand_in import ApiError
from stand_in_stacks import FakeStack
from tool_runs import DEPLOY, NAMES, QUIET

pytest_plugins = ["tool_fixtures"]


class TestFailures:
    def test_the_first_event_that_failed_is_shown(self, aws):
        aws.stacks.failures["bookstore-rds-proxy"] = {"Proxy": "The quota of proxies is used up"}
        code, output = aws.up(*QUIET)
        assert code == 1
        last = output.splitlines()[-2:]
        assert last == [
            "error: bookstore-rds-proxy is ROLLBACK_COMPLETE",
            "  Proxy (AWS::RDS::DBProxy) failed: The quota of proxies is used up",
        ]
        # The events of resources that were cancelled follow it in the output.
        assert output.index("quota") < output.index("Resource create cancelled")
        assert list(aws.statuses()) == NAMES[:2]

    def test_a_stack_within_a_stack_says_what_failed_in_it(self, aws, tmp_path):
        aws.deploy = tmp_path / "deploy"
        shutil.copytree(DEPLOY, aws.deploy)
        template = aws.deploy / "aws/templates/rds_proxy/template.yaml"
        nested = 'Resources:\n  Rotation: {Type: "AWS::CloudFormation::Stack"}\n'
        template.write_text(template.read_text().replace("Resources:\n", nested))
        inner = FakeStack("inner")
        inner.id = "bookstore-rds-proxy-Rotation"
        inner.template = {"Resources": {"Function": {"Type": "AWS::Lambda::Function"}}}
        inner.plan("CREATE", ["Function"], {"Function": "The role may not be assumed"}, None)
        inner.events, inner.to_come = inner.to_come, []
        aws.stacks.gone.append(inner)
        aws.stacks.failures["bookstore-rds-proxy"] = {"Rotation": "Embedded stack was not created"}
        code, output = aws.up(*QUIET)
        assert code == 1
        assert output.splitlines()[-1] == (
            "  Rotation: Function (AWS::Lambda::Function) failed: The role may not be assumed"
        )

    def test_the_next_run_goes_on_from_there(self, aws):
        aws.stacks.failures["bookstore-schema"] = {"Applied": "refused: column book.title would be dropped"}
        code, output = aws.up(*QUIET)
        assert code == 1
        assert "Applied (Custom::SchemaApplied) failed: refused: column book.title would be dropped" in output
        before = len(aws.stand_in.calls)
        code, output = aws.up(*QUIET)
        assert code == 0, output
        assert "was not created (ROLLBACK_COMPLETE): Applied (Custom::SchemaApplied) failed" in output
        deleted = [ask for _, name, ask in aws.stand_in.calls[before:] if name == "DeleteStack"]
        assert [ask["StackName"].split("/")[1] for ask in deleted] == ["bookstore-schema"]
        assert output.count("no changes") == 2
        assert aws.statuses() == dict.fromkeys(NAMES, "CREATE_COMPLETE")

    def test_an_update_that_is_rolled_back(self, aws):
        assert aws.up(*QUIET)[0] == 0
        aws.stacks.failures["bookstore-aurora"] = {"Cluster": "The capacity is not available"}
        code, output = aws.up(*QUIET, "--parameter=MaxCapacity=64")
        assert code == 1
        assert "bookstore-aurora is UPDATE_ROLLBACK_COMPLETE" in output
        assert "Cluster (AWS::RDS::DBCluster) failed: The capacity is not available" in output
        code, output = aws.up(*QUIET, "--parameter=MaxCapacity=64")
        assert code == 0, output
        assert aws.statuses()["bookstore-aurora"] == "UPDATE_COMPLETE"

    def test_a_change_set_that_is_refused(self, aws):
        aws.stacks.refusals["bookstore-aurora"] = "Unresolved resource dependencies [X]"
        code, output = aws.up(*QUIET)
        assert code == 1
        assert "rejected the change set: Unresolved resource dependencies [X]" in output
        assert aws.statuses() == {}
        assert aws.stacks.change_sets == {}

    def test_a_right_that_is_missing(self, aws):
        def refuse(ask):
            raise ApiError("AccessDenied", "not authorized to perform: cloudformation:CreateChangeSet", 403)

        aws.stand_in.handlers[("cloudformation", "CreateChangeSet")] = refuse
        code, output = aws.up(*QUIET)
        assert code == 1
        assert output.splitlines()[-1].startswith("error: AWS: ")
        assert "cloudformation:CreateChangeSet" in output
        assert "Traceback" not in output


class TestStatesOfAnEarlierRun:
    @pytest.fixture(autouse=True)
    def _is_up(self, aws):
        assert aws.up(*QUIET)[0] == 0

    @staticmethod
    def stack(aws):
        return aws.stacks.stacks["bookstore-rds-proxy"]

    def test_one_that_is_still_at_work_is_waited_for(self, aws):
        stack = self.stack(aws)
        stack.status = "UPDATE_IN_PROGRESS"
        stack.to_come = [
            stack.event("UPDATE_IN_PROGRESS"),
            stack.event("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
            stack.event("UPDATE_COMPLETE"),
        ]
        code, output = aws.up(*QUIET)
        assert code == 0, output
        assert "is UPDATE_IN_PROGRESS; waiting for it to finish" in output
        assert stack.to_come == []

    def test_one_that_is_being_deleted_is_made_anew(self, aws):
        stack = self.stack(aws)
        stack.status = "DELETE_IN_PROGRESS"
        stack.plan("DELETE", ["Proxy"], {}, None)
        code, output = aws.up(*QUIET)
        assert code == 0, output
        assert self.stack(aws) is not stack
        assert aws.statuses()["bookstore-rds-proxy"] == "CREATE_COMPLETE"

    def test_a_change_set_that_was_never_carried_out(self, aws):
        stack = self.stack(aws)
        stack.status, stack.template, stack.events = "REVIEW_IN_PROGRESS", {}, []
        code, output = aws.up(*QUIET)
        assert code == 0, output
        assert aws.statuses()["bookstore-rds-proxy"] == "CREATE_COMPLETE"

    @pytest.mark.parametrize("status", ["CREATE_FAILED", "ROLLBACK_FAILED"])
    def test_one_that_was_half_made_is_deleted_and_made(self, aws, status):
        stack = self.stack(aws)
        stack.status = status
        code, output = aws.up(*QUIET)
        assert code == 0, output
        assert self.stack(aws) is not stack

    def test_a_rollback_that_failed_is_tried_again(self, aws):
        self.stack(aws).status = "UPDATE_ROLLBACK_FAILED"
        code, output = aws.up(*QUIET)
        assert code == 0, output
        assert "ContinueUpdateRollback" in aws.stand_in.operations()

    def test_a_deletion_that_failed_is_for_down(self, aws):
        self.stack(aws).status = "DELETE_FAILED"
        before = aws.changes()
        code, output = aws.up(*QUIET)
        assert code == 1
        assert "Run deploy/aws/down again" in output
        assert aws.changes()[len(before) :] == ["CreateChangeSet", "DeleteChangeSet"]


class TestDataThatWouldBeLost:
    @pytest.fixture(autouse=True)
    def _is_up(self, aws):
        assert aws.up(*QUIET)[0] == 0
        aws.stacks.replaced = {"Cluster"}

    def test_is_not_without_a_person(self, aws):
        code, output = aws.up(*QUIET, "--parameter=MaxCapacity=64")
        assert code == 1
        assert "~ Cluster" in output
        assert "(replaced)" in output
        assert "resources with data: Cluster (AWS::RDS::DBCluster)" in output
        assert aws.statuses()["bookstore-aurora"] == "CREATE_COMPLETE"
        assert aws.stacks.change_sets == {}

    def test_is_with_a_flag(self, aws):
        code, output = aws.up(*QUIET, "--parameter=MaxCapacity=64", "--allow_replacement")
        assert code == 0, output

    def test_removal_is_loss_too(self, aws, tmp_path):
        aws.deploy = tmp_path / "deploy"
        shutil.copytree(DEPLOY, aws.deploy)
        template = aws.deploy / "aws/templates/aurora/template.yaml"
        lines = [line for line in template.read_text().splitlines() if not line.startswith("  Secret:")]
        template.write_text("\n".join(lines))
        code, output = aws.up(*QUIET)
        assert code == 1
        assert "resources with data: Secret (AWS::SecretsManager::Secret)" in output
