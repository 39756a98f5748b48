"""A stack in AWS: how it is, and what happens to it."""

import time
import uuid

import botocore.exceptions

from cli.cloud import Cloud, code_of
from cli.dialogue import Dialogue
from cli.errors import Stop

# An operation begins with one of these, on the stack itself.
_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")

# After so many looks without an event of the operation its status is what counts: the
# deletion of a stack that never was carried out may leave none.
_QUIET_LOOKS = 12


def in_progress(status: str) -> bool:
    """REVIEW_IN_PROGRESS is a stack of which there is a change set and no more."""
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


class Stack:
    def __init__(self, cloud: Cloud, name: str, poll_seconds: float):
        self.name = name
        self.cloudformation = cloud.client("cloudformation")
        self._cloud = cloud
        self._poll_seconds = poll_seconds

    def describe(self) -> dict | None:
        """What DescribeStacks says; nothing for one that is not there."""
        try:
            return self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except botocore.exceptions.ClientError as error:
            # The API has this code for every wrong argument; the name cannot be wrong.
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
        """Returns when it is gone."""
        token = f"down-{uuid.uuid4()}"
        self.cloudformation.delete_stack(StackName=stack_id, ClientRequestToken=token)
        status, events = self.follow(stack_id, token, dialogue)
        if status != "DELETE_COMPLETE":
            raise Stop(f"{self.name} is {status}\n  {self.first_failure(events)}")

    def _status_of(self, stack_id: str) -> str:
        """Of a stack that may be gone: by its id it is still known."""
        return self.cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]

    def events(self, stack_id: str, token: str | None) -> list[dict]:
        """Those of one operation, oldest first: the one with our token, or the last."""
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
        """What failed first; what fails after it mostly was cancelled because of it."""
        for event in events:
            if event["ResourceStatus"].endswith("_FAILED") and not _is_of_stack(event):
                inner = event.get("PhysicalResourceId")
                if event["ResourceType"] == "AWS::CloudFormation::Stack" and inner:
                    # Its own reason only lists what failed within it.
                    return f"{event['LogicalResourceId']}: {self.first_failure(self.events(inner, None))}"
                reason = event.get("ResourceStatusReason", "no reason was given")
                return f"{event['LogicalResourceId']} ({event['ResourceType']}) failed: {reason}"
        reasons = [event["ResourceStatusReason"] for event in events if event.get("ResourceStatusReason")]
        return reasons[-1] if reasons else "no reason was given"

    def follow(self, stack_id: str, token: str | None, dialogue: Dialogue) -> tuple[str, list[dict]]:
        """Shows what happens until the operation has ended; answers the last status
        and the events."""
        shown, looks = set(), 0
        while True:
            looks += 1
            events = self.events(stack_id, token)
            for event in events:
                if event["EventId"] not in shown:
                    shown.add(event["EventId"])
                    _show(event, dialogue)
            # The list of stacks may lag behind; the operation's own last event does not.
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
    # The end of each resource, and what is out of the ordinary.
    if status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS") and not _is_of_stack(
        event
    ):
        return
    line = f"  {event['Timestamp']:%H:%M:%S} {status:<28} {event['LogicalResourceId']}"
    if status.endswith("_FAILED") or "ROLLBACK" in status:
        line += f"  {event.get('ResourceStatusReason', '')}"
    dialogue.say(line.rstrip())
