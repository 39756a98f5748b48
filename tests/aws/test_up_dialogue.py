"""deploy/aws/up in a terminal: its questions, and the effect of the answers."""

import pexpect
import pytest
from tool_runs import IMAGES, NAMES

pytest_plugins = ["tool_fixtures"]

SECRET = "correct horse"


def answer(terminal: pexpect.spawn, question: str, text: str = "") -> None:
    terminal.expect_exact(question)
    terminal.sendline(text)


def end(terminal: pexpect.spawn) -> int:
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus


def agree(terminal: pexpect.spawn) -> None:
    answer(terminal, "Execute this change set? [y/N]: ", "y")


@pytest.fixture
def terminal(aws):
    """up with given images and without validation."""
    spawned = []

    def start(*arguments: str) -> pexpect.spawn:
        spawned.append(aws.terminal("up", *IMAGES, "--no_validation", *arguments))
        return spawned[-1]

    yield start
    for each in spawned:
        each.close(force=True)


def test_asks_remembers_shows_and_asks_again(aws, terminal):
    up = terminal()
    answer(up, "bookstore-aurora\r\n  # Aurora capacity units\r\n  MaxCapacity [8]: ", "lots")
    up.expect_exact("must be a number")
    answer(up, "MaxCapacity [8]: ", "1000")
    up.expect_exact("must be from 1 to 128")
    answer(up, "MaxCapacity [8]: ", "16")
    answer(up, "DeletionProtection [true]: ", "no")
    up.expect_exact("must be one of true, false")
    answer(up, "DeletionProtection [true]: ", "false")
    answer(up, "AlarmTopicArn []: ", "arn:topic")
    # The answer for an earlier stack is the default for a later one.
    answer(up, "bookstore-rds-proxy\r\n  AlarmTopicArn [arn:topic]: ")
    answer(up, "bookstore-schema\r\n  CpuArchitecture [X86_64]: ", "ARM64")
    answer(up, "LogRetentionDays [365]: ")
    answer(up, "Password: ", "short")
    up.expect_exact("must have from 8")
    answer(up, "Password: ", SECRET)
    answer(up, "CpuArchitecture [ARM64]: ")
    answer(up, "LogRetentionDays [30]: ")
    answer(up, "AlarmTopicArn [arn:topic]: ", "")
    # Nothing is changed before the change is shown.
    up.expect_exact("+ Cluster")
    up.expect_exact("AWS::RDS::DBCluster")
    up.expect_exact("Execute this change set? [y/N]: ")
    assert "ExecuteChangeSet" not in aws.stand_in.operations()
    up.sendline("y")
    for _ in NAMES[1:]:
        agree(up)
    assert end(up) == 0
    assert aws.statuses() == dict.fromkeys(NAMES, "CREATE_COMPLETE")
    aurora = aws.stacks.stacks["bookstore-aurora"].parameters
    assert aurora == {"MaxCapacity": "16", "DeletionProtection": "false", "AlarmTopicArn": "arn:topic"}
    assert aws.stacks.stacks["bookstore-schema"].parameters["Password"] == SECRET
    for path in (aws.folder / "state").rglob("*"):
        assert path.is_dir() or SECRET not in path.read_text()

    # In the next run the answers are the defaults.
    up = terminal()
    answer(up, "MaxCapacity [16]: ")
    answer(up, "DeletionProtection [false]: ")
    answer(up, "AlarmTopicArn [arn:topic]: ")
    answer(up, "AlarmTopicArn [arn:topic]: ")
    answer(up, "CpuArchitecture [ARM64]: ")
    answer(up, "LogRetentionDays [365]: ")
    answer(up, "Password [unchanged]: ")
    answer(up, "CpuArchitecture [ARM64]: ")
    answer(up, "LogRetentionDays [30]: ")
    answer(up, "AlarmTopicArn [arn:topic]: ")
    assert end(up) == 0
    assert aws.stacks.stacks["bookstore-schema"].parameters["Password"] == SECRET


def test_a_secret_is_not_shown(terminal):
    up = terminal(
        "--parameter=MaxCapacity=8", "--parameter=DeletionProtection=true", "--parameter=AlarmTopicArn="
    )
    answer(up, "CpuArchitecture [X86_64]: ")
    answer(up, "LogRetentionDays [365]: ")
    answer(up, "Password: ", SECRET)
    up.expect_exact("CpuArchitecture [X86_64]: ")
    assert SECRET not in up.before


class TestNo:
    ANSWERED = (
        "--parameter=MaxCapacity=8",
        "--parameter=DeletionProtection=true",
        "--parameter=AlarmTopicArn=",
        "--parameter=CpuArchitecture=X86_64",
        "--parameter=LogRetentionDays=7",
        f"--parameter=Password={SECRET}",
    )

    def test_to_the_first_change_leaves_nothing(self, aws, terminal):
        up = terminal(*self.ANSWERED)
        answer(up, "Execute this change set? [y/N]: ", "")
        up.expect_exact("stopped; this stack and those after it were not changed")
        assert end(up) == 3
        assert aws.statuses() == {}
        assert aws.stacks.change_sets == {}

    def test_to_a_later_one_keeps_what_is_done(self, aws, terminal):
        up = terminal(*self.ANSWERED)
        agree(up)
        answer(up, "Execute this change set? [y/N]: ", "n")
        assert end(up) == 3
        assert aws.statuses() == {"bookstore-aurora": "CREATE_COMPLETE"}

    def test_to_deleting_a_stack_that_failed(self, aws, terminal):
        aws.stacks.failures["bookstore-aurora"] = {"Vpc": "The limit of VPCs is reached"}
        up = terminal(*self.ANSWERED)
        agree(up)
        assert end(up) == 1
        up = terminal(*self.ANSWERED)
        up.expect_exact("Vpc (AWS::EC2::VPC) failed: The limit of VPCs is reached")
        answer(up, "Delete its remains and try again? [y/N]: ", "n")
        assert end(up) == 3
        assert aws.statuses() == {"bookstore-aurora": "ROLLBACK_COMPLETE"}
        assert "DeleteStack" not in aws.stand_in.operations()

    def test_to_building_images(self, aws):
        up = aws.terminal("up", *self.ANSWERED)
        answer(up, "Build and push schema, server, gateway? [y/N]: ", "n")
        up.expect_exact("stopped; nothing was changed")
        assert end(up) == 3
        assert not aws.docker_log.exists()


def test_an_interrupted_run_is_continued(aws, terminal):
    up = terminal(*TestNo.ANSWERED, "--poll_seconds", "3")
    answer(up, "Execute this change set? [y/N]: ", "y")
    # The first event of the stack; others follow.
    up.expect_exact("CREATE_IN_PROGRESS")
    up.sendintr()
    up.expect_exact("interrupted: AWS completes the operations that have started")
    assert end(up) == 130
    assert aws.statuses() == {"bookstore-aurora": "CREATE_IN_PROGRESS"}

    up = terminal(*TestNo.ANSWERED)
    up.expect_exact("is CREATE_IN_PROGRESS; waiting for it to finish")
    up.expect_exact("no changes")
    for _ in NAMES[1:]:
        agree(up)
    assert end(up) == 0
    assert aws.statuses() == dict.fromkeys(NAMES, "CREATE_COMPLETE")


def test_interrupted_at_a_question_nothing_was_begun(aws, terminal):
    up = terminal()
    up.expect_exact("MaxCapacity [8]: ")
    up.sendintr()
    assert end(up) == 130
    assert aws.statuses() == {}
