"""A CloudFormation stack: its state, events and deletion."""

import time
import uuid

import botocore.exceptions

from cli.cloud import Cloud, code_of
from cli.dialogue import Dialogue
from cli.errors import Stop

# The status of the stack itself at the start of an operation.
_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")

# After this many requests without an event of the operation, the stack's status is used
# instead: the deletion of a stack that was never created may produce no event.
_QUIET_LOOKS = 12


def in_progress(status: str) -> bool:
    """Returns whether an operation runs. REVIEW_IN_PROGRESS means that only a change set exists."""
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


class Stack:
    def __init__(self, cloud: Cloud, name: str, poll_seconds: float):
        self.name = name
        self.cloudformation = cloud.client("cloudformation")
        self._cloud = cloud
        self._poll_seconds = poll_seconds

    def describe(self) -> dict | None:
        """Returns the stack's description, or None if it does not exist."""
        try:
            return self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except botocore.exceptions.ClientError as error:
            # The API returns this code for every invalid argument; the name is always valid.
            if code_of(error) == "ValidationError":
                return None
            raise

    def status(self) -> str | None:
        found = self.describe()
        return found and found["StackStatus"]

    def outputs(self) -> dict[str, str]:
        found = self.describe() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def parameters(self) -> dict[str, str]:
        found = self.describe() or {}
        return {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}

    def resources(self) -> list[dict]:
        return self._cloud.pages(
            "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=self.name
        )

    def delete(self, stack_id: str, dialogue: Dialogue) -> None:
        """Deletes the stack and waits for the end."""
        token = f"down-{uuid.uuid4()}"
        self.cloudformation.delete_stack(StackName=stack_id, ClientRequestToken=token)
        status, events = self.follow(stack_id, token, dialogue)
        if status != "DELETE_COMPLETE":
            raise Stop(f"{self.name} is {status}\n  {self.first_failure(events)}")

    def _status_of(self, stack_id: str) -> str:
        """Returns the status by id, which also works for a deleted stack."""
        return self.cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]

    def events(self, stack_id: str, token: str | None) -> list[dict]:
        """Returns the events of the operation with this token, or of the last operation, oldest
        first."""
        found = []
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id)
        for event in (each for page in pages for each in page["StackEvents"]):
            if token is not None and event.get("ClientRequestToken") != token:
                if found:
                    break
                continue
            found.append(event)
            if token is None and _is_of_stack(event) and event["ResourceStatus"] in _BEGINNINGS:
                break
        return found[::-1]

    def first_failure(self, events: list[dict]) -> str:
        """Describes the first failure. Later failures are mostly cancellations caused by it."""
        for event in events:
            if event["ResourceStatus"].endswith("_FAILED") and not _is_of_stack(event):
                inner = event.get("PhysicalResourceId")
                if event["ResourceType"] == "AWS::CloudFormation::Stack" and inner:
                    # The reason of a nested stack only lists the resources that failed in it.
                    return f"{event['LogicalResourceId']}: {self.first_failure(self.events(inner, None))}"
                reason = event.get("ResourceStatusReason", "no reason was given")
                return f"{event['LogicalResourceId']} ({event['ResourceType']}) failed: {reason}"
        reasons = [event["ResourceStatusReason"] for event in events if event.get("ResourceStatusReason")]
        return reasons[-1] if reasons else "no reason was given"

    def follow(self, stack_id: str, token: str | None, dialogue: Dialogue) -> tuple[str, list[dict]]:
        """Shows the events until the operation ends; returns the last status and the
        events."""
        shown, looks = set(), 0
        while True:
            looks += 1
            events = self.events(stack_id, token)
            for event in events:
                if event["EventId"] not in shown:
                    shown.add(event["EventId"])
                    _show(event, dialogue)
            # The status of DescribeStacks may lag behind; the last event of the operation does not.
            last = next((event for event in reversed(events) if _is_of_stack(event)), None)
            if last and not in_progress(last["ResourceStatus"]):
                return last["ResourceStatus"], events
            if not events and looks >= _QUIET_LOOKS:
                return self._status_of(stack_id), events
            time.sleep(self._poll_seconds)


def _is_of_stack(event: dict) -> bool:
    return event.get("PhysicalResourceId") == event["StackId"]


def _show(event: dict, dialogue: Dialogue) -> None:
    status = event["ResourceStatus"]
    # Shows the end of each resource's operation, and every unusual event.
    if status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS") and not _is_of_stack(
        event
    ):
        return
    line = f"  {event['Timestamp']:%H:%M:%S} {status:<28} {event['LogicalResourceId']}"
    if status.endswith("_FAILED") or "ROLLBACK" in status:
        line += f"  {event.get('ResourceStatusReason', '')}"
    dialogue.say(line.rstrip())
