"""deploy/aws/down against the stand-in."""

import pexpect
import pytest
from stand_in import ApiError
from tool_runs import NAMES, PASSWORD, QUIET

pytest_plugins = ["tool_fixtures"]

CLUSTER = "bookstore-aurora-Cluster"
SECRET = "bookstore-aurora-Secret"


@pytest.fixture(autouse=True)
def _is_up(aws):
    code, output = aws.up(*QUIET)
    assert code == 0, output
    aws.services.clusters[CLUSTER] = {
        "DBClusterIdentifier": CLUSTER,
        "Status": "available",
        "DeletionProtection": False,
    }
    aws.services.secrets[SECRET] = {"Name": "database", "ARN": SECRET}


def deleted(aws) -> list[str]:
    return [ask["StackName"].split("/")[1] for ask in aws.stand_in.parameters("DeleteStack")]


def test_deletes_in_reverse_order_and_says_what_remains(aws):
    services = aws.services
    services.snapshots = [{"DBClusterIdentifier": CLUSTER, "DBClusterSnapshotIdentifier": "final-1"}]
    services.secrets[SECRET]["DeletedDate"] = 1797000000
    services.repositories["bookstore/server"] = {"repositoryName": "bookstore/server", "repositoryUri": "r"}
    services.repositories["other/server"] = {"repositoryName": "other/server", "repositoryUri": "r"}
    services.log_groups = {
        "bookstore-schema-Logs": 100,
        f"/aws/rds/cluster/{CLUSTER}/postgresql": 7,
        "/aws/lambda/bookstore-aurora-rotation": 8,
        "/aws/lambda/other": 9,
    }
    code, output = aws.run("down", "--yes")
    assert code == 0, output
    assert deleted(aws) == NAMES[::-1]
    assert aws.statuses() == {}
    remains = output.split("What remains:\n")[1].splitlines()
    assert remains == [
        "  snapshot final-1: costs its storage until it is deleted",
        "  secret database: is deleted, and cannot be recovered after 2026-12-11",
        "  log group /aws/lambda/bookstore-aurora-rotation: costs its storage (8 bytes)",
        f"  log group /aws/rds/cluster/{CLUSTER}/postgresql: costs its storage (7 bytes)",
        "  log group bookstore-schema-Logs: costs its storage (100 bytes)",
        "  images in bookstore/server: cost their storage (deploy/aws/down --images deletes them)",
    ]


def test_nothing_remains(aws):
    aws.services.secrets.clear()
    code, output = aws.run("down", "--yes")
    assert code == 0
    assert output.splitlines()[-1] == "Nothing remains."
    code, output = aws.run("down", "--yes")
    assert code == 0
    assert "no stack exists" in output


def test_images_on_demand(aws):
    aws.services.repositories["bookstore/server"] = {
        "repositoryName": "bookstore/server",
        "repositoryUri": "r",
    }
    assert aws.run("down", "--yes", "--images")[0] == 0
    assert aws.services.repositories == {}
    (ask,) = aws.stand_in.parameters("DeleteRepository")
    assert ask == {"repositoryName": "bookstore/server", "force": True}


def test_asks_first(aws):
    terminal = aws.terminal("down")
    terminal.expect_exact("\r\n".join(["in this order:", *(f"  {name}" for name in NAMES[::-1])]))
    terminal.expect_exact("Delete all of this? [y/N]: ")
    terminal.sendline("")
    terminal.expect_exact("stopped; nothing was deleted")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 3
    assert deleted(aws) == []


def test_a_protected_cluster_keeps_everything(aws):
    aws.services.clusters[CLUSTER]["DeletionProtection"] = True
    code, output = aws.run("down", "--yes")
    assert code == 1
    assert f"the database cluster {CLUSTER} is protected" in output
    assert "--parameter DeletionProtection=false" in output
    assert deleted(aws) == []


def test_a_protected_stack_keeps_everything(aws):
    aws.stacks.stacks["bookstore-schema"].protected = True
    code, output = aws.run("down", "--yes")
    assert code == 1
    assert "bookstore-schema is protected" in output
    assert deleted(aws) == []


def test_a_failure_shows_the_first_event_and_the_next_run_goes_on(aws):
    aws.services.snapshots = [{"DBClusterIdentifier": CLUSTER, "DBClusterSnapshotIdentifier": "final-1"}]
    aws.stacks.failures["bookstore-aurora"] = {"Vpc": "The vpc has dependencies"}
    code, output = aws.run("down", "--yes")
    assert code == 1
    assert output.splitlines()[-2:] == [
        "error: bookstore-aurora is DELETE_FAILED",
        "  Vpc (AWS::EC2::VPC) failed: The vpc has dependencies",
    ]
    assert aws.statuses() == {"bookstore-aurora": "DELETE_FAILED"}
    code, output = aws.run("down", "--yes")
    assert code == 0, output
    assert aws.statuses() == {}
    # The list includes the stacks that the first run deleted.
    assert "snapshot final-1" in output


def test_a_stack_that_never_was_carried_out(aws):
    """The deletion of such a stack produces no event."""
    stack = aws.stacks.stacks["bookstore-app"]
    stack.status, stack.template, stack.events = "REVIEW_IN_PROGRESS", {}, []
    code, output = aws.run("down", "--yes")
    assert code == 0, output
    assert deleted(aws) == NAMES[::-1]
    assert aws.statuses() == {}


def test_a_stack_at_work_is_waited_for(aws):
    stack = aws.stacks.stacks["bookstore-app"]
    stack.status = "UPDATE_IN_PROGRESS"
    stack.to_come = [stack.event("UPDATE_IN_PROGRESS"), stack.event("UPDATE_COMPLETE")]
    code, output = aws.run("down", "--yes")
    assert code == 0
    assert "is UPDATE_IN_PROGRESS; waiting for it to finish" in output


def test_where_it_may_not_look_it_says_so(aws):
    def refuse(ask):
        raise ApiError("AccessDeniedException", "no")

    aws.stand_in.handlers[("logs", "DescribeLogGroups")] = refuse
    code, output = aws.run("down", "--yes")
    assert code == 0
    assert "log groups: unknown, AWS returned AccessDeniedException" in output


def test_up_after_down(aws):
    assert aws.run("down", "--yes")[0] == 0
    code, output = aws.up(*QUIET, PASSWORD)
    assert code == 0, output
    assert list(aws.statuses()) == NAMES
