"""Change sets: creates, shows and executes the changes of a stack."""

import time
import uuid

from cli.dialogue import Dialogue
from cli.errors import Stop
from cli.stack import Stack
from cli.template import Template

# Resource types that hold data: replacing or removing one loses it.
HOLDS_DATA = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::SecretsManager::Secret", "AWS::KMS::Key")
_SIGNS = {"Add": "+", "Modify": "~", "Remove": "-", "Import": ">", "Dynamic": "?"}


class ChangeSet:
    """A change set that is ready to be executed."""

    def __init__(self, stack: Stack, is_new: bool, found: dict, changes: list[dict]):
        self._stack, self._is_new = stack, is_new
        self._id = found["ChangeSetId"]
        self.stack_id = found["StackId"]
        self.changes = [each["ResourceChange"] for each in changes if "ResourceChange" in each]

    def losses(self) -> list[str]:
        """Returns the resources with data that it would replace or remove."""
        return [
            f"{each['LogicalResourceId']} ({each['ResourceType']})"
            for each in self.changes
            if each["ResourceType"] in HOLDS_DATA
            and (
                each["Action"] == "Remove"
                or (each["Action"] == "Modify" and each.get("Replacement") == "True")
            )
        ]

    def show(self, dialogue: Dialogue) -> None:
        for each in self.changes:
            replaced = {"True": "  (replaced)", "Conditional": "  (perhaps replaced)"}
            note = replaced.get(each.get("Replacement", ""), "") if each["Action"] == "Modify" else ""
            sign = _SIGNS.get(each["Action"], each["Action"])
            dialogue.say(f"  {sign} {each['LogicalResourceId']:<32} {each['ResourceType']}{note}")

    def execute(self) -> str:
        """Starts the execution; returns the token of its events."""
        token = f"up-{uuid.uuid4()}"
        self._stack.cloudformation.execute_change_set(
            ChangeSetName=self._id, StackName=self.stack_id, ClientRequestToken=token
        )
        return token

    def discard(self) -> None:
        """Deletes the change set, and the stack if the change set was to create it."""
        self._stack.cloudformation.delete_change_set(ChangeSetName=self._id, StackName=self.stack_id)
        if self._is_new:
            self._stack.cloudformation.delete_stack(StackName=self.stack_id)


def make_change_set(
    stack: Stack,
    exists: bool,
    template: Template,
    url: str | None,
    parameters: list[dict],
    poll_seconds: float,
) -> ChangeSet | None:
    """Returns None if there is nothing to change."""
    made = stack.cloudformation.create_change_set(
        StackName=stack.name,
        ChangeSetName=f"up-{uuid.uuid4()}",
        ChangeSetType="UPDATE" if exists else "CREATE",
        Parameters=parameters,
        Capabilities=template.capabilities,
        **({"TemplateURL": url} if url else {"TemplateBody": template.body}),
    )
    while True:
        found, changes = _describe(stack, made["Id"])
        if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            break
        time.sleep(poll_seconds)
    change_set = ChangeSet(stack, not exists, found, changes)
    if found["Status"] == "CREATE_COMPLETE":
        return change_set
    change_set.discard()
    # CloudFormation has no error code for this case; the AWS CLI compares the same texts.
    reason = found.get("StatusReason", "")
    if "didn't contain changes" in reason or "No updates are to be performed" in reason:
        return None
    raise Stop(f"{stack.name}: CloudFormation rejected the change set: {reason}")


def _describe(stack: Stack, change_set: str) -> tuple[dict, list[dict]]:
    changes, more = [], {}
    while True:
        found = stack.cloudformation.describe_change_set(ChangeSetName=change_set, **more)
        changes += found.get("Changes", [])
        if "NextToken" not in found:
            return found, changes
        more = {"NextToken": found["NextToken"]}
