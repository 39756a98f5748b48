"""deploy/aws/status against the stand-in."""

from tool_runs import NAMES, QUIET

pytest_plugins = ["tool_fixtures"]


def bring_up(aws) -> None:
    assert aws.up(*QUIET)[0] == 0
    members = [
        {"DBInstanceIdentifier": "w", "IsClusterWriter": True},
        {"DBInstanceIdentifier": "r", "IsClusterWriter": False},
    ]
    aws.services.clusters["bookstore-aurora-Cluster"] = {"Status": "available", "DBClusterMembers": members}


def test_of_nothing(aws):
    code, output = aws.run("status")
    assert code == 1
    assert output.count("missing") == 4


def test_where_all_is_well(aws):
    bring_up(aws)
    code, output = aws.run("status")
    assert code == 0, output
    for name in NAMES:
        assert f"{name:<24} CREATE_COMPLETE" in output
    assert "database bookstore-aurora-Cluster: available; w (writer), r (reader)" in output
    assert "service bookstore-app-Service: 2 of 2 tasks run" in output
    assert output.splitlines()[-1] == f"API endpoint: {aws.api.url} (200)"
    # The output fits on one screen.
    assert len(output.splitlines()) < 24
    assert max(len(line) for line in output.splitlines()) < 100


def test_what_is_not_well(aws):
    bring_up(aws)
    aws.services.services = {"runningCount": 1, "desiredCount": 2, "events": [{"message": "no capacity"}]}
    aws.services.alarms = [{"AlarmName": "bookstore-aurora-capacity", "AlarmDescription": "over 90 %"}]
    aws.api.faults = [503]
    code, output = aws.run("status")
    assert code == 1
    assert "1 of 2 tasks run; no capacity" in output
    assert "alarm bookstore-aurora-capacity: over 90 %" in output
    assert "(503)" in output


def test_of_a_stack_that_failed(aws):
    aws.stacks.failures["bookstore-aurora"] = {"Cluster": "No capacity"}
    assert aws.up(*QUIET)[0] == 1
    code, output = aws.run("status")
    assert code == 1
    assert "ROLLBACK_COMPLETE" in output
    assert "Cluster (AWS::RDS::DBCluster) failed: No capacity" in output


def test_it_changes_nothing(aws):
    bring_up(aws)
    before = len(aws.stand_in.calls)
    aws.run("status")
    verbs = {name for _, name, _ in aws.stand_in.calls[before:]}
    assert all(name.startswith(("Describe", "List", "Get")) for name in verbs)
