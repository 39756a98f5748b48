"""deploy/aws/up: questions, images, stacks in order, outputs, validation."""

import argparse
import uuid

from cli import validation
from cli.changes import ChangeSet, make_change_set
from cli.cloud import Cloud
from cli.dialogue import Dialogue
from cli.errors import OK, Declined, Stop
from cli.images import Images, dockerfiles, tag_of
from cli.memory import Memory
from cli.parameters import Values
from cli.plan import Planned, planned_stacks
from cli.stack import Stack, in_progress

_PLATFORMS = {"X86_64": "linux/amd64", "ARM64": "linux/arm64"}


def run(arguments: argparse.Namespace) -> int:
    return Up(arguments).run()


class Up:
    def __init__(self, arguments: argparse.Namespace):
        self._arguments = arguments
        self._dialogue = Dialogue(arguments.yes)
        self._planned = planned_stacks(arguments.prefix, arguments.deploy_folder / "aws/templates")
        self._cloud = Cloud(arguments.profile, arguments.region)
        self._stacks = {
            each.name: Stack(self._cloud, each.name, arguments.poll_seconds) for each in self._planned
        }

    def run(self) -> int:
        arguments, dialogue = self._arguments, self._dialogue
        dialogue.say(f"account {self._cloud.account}, region {self._cloud.region}, prefix {arguments.prefix}")
        values = self._values()
        images = self._images(values)
        outputs: dict[str, str] = {}
        for planned in self._planned:
            dialogue.say(f"\n{planned.name}")
            self._bring_up(planned, values.of(planned, images, outputs))
            outputs |= self._stacks[planned.name].outputs()
        endpoint = self._show_outputs()
        if arguments.no_validation:
            return OK
        api = validation.Api(endpoint, arguments.token_file)
        outputs = {each.suffix: self._stacks[each.name].outputs() for each in self._planned}
        return validation.run(
            api, validation.Database(self._cloud, outputs, arguments.poll_seconds), dialogue
        )

    def _values(self) -> Values:
        arguments = self._arguments
        given = dict(arguments.parameter)
        values = Values(arguments.prefix, self._planned, given, set(dockerfiles(arguments.deploy_folder)))
        deployed = {name: stack.parameters() for name, stack in self._stacks.items()}
        memory = Memory(arguments.state, arguments.prefix, self._cloud.account, self._cloud.region)
        values.choose(deployed, memory, self._dialogue)
        return values

    def _images(self, values: Values) -> dict[str, str]:
        names = values.images_to_build()
        if not names:
            return {}
        arguments = self._arguments
        images = Images(
            self._cloud, arguments.prefix, arguments.deploy_folder, arguments.docker, arguments.state / "log"
        )
        images.require_docker()
        self._dialogue.say("\nimages")
        self._dialogue.require(f"Build and push {', '.join(names)}?", "stopped; nothing was changed")
        platform = arguments.platform or _PLATFORMS.get(values.chosen("CpuArchitecture"), "linux/amd64")
        return images.provide(
            names, arguments.tag or tag_of(arguments.deploy_folder), platform, self._dialogue
        )

    def _bring_up(self, planned: Planned, parameters: list[dict]) -> None:
        stack, dialogue = self._stacks[planned.name], self._dialogue
        exists = self._make_ready(stack)
        change_set = make_change_set(
            stack,
            exists,
            planned.template,
            self._template_url(planned),
            parameters,
            self._arguments.poll_seconds,
        )
        if change_set is None:
            dialogue.say("  no changes")
            return
        change_set.show(dialogue)
        self._agree(change_set)
        status, events = stack.follow(change_set.stack_id, change_set.execute(), dialogue)
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise Stop(f"{stack.name} is {status}\n  {stack.first_failure(events)}")

    def _make_ready(self, stack: Stack) -> bool:
        """Brings the stack into a state that accepts a change set; returns whether it
        exists."""
        found, dialogue = stack.describe(), self._dialogue
        if found and in_progress(found["StackStatus"]):
            dialogue.say(f"  is {found['StackStatus']}; waiting for it to finish")
            stack.follow(found["StackId"], None, dialogue)
            found = stack.describe()
        status = found["StackStatus"] if found else "DELETE_COMPLETE"
        if status in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
            return False
        if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"):
            dialogue.say(
                f"  was not created ({status}): {stack.first_failure(stack.events(found['StackId'], None))}"
            )
            dialogue.require("Delete its remains and try again?", f"stopped; {stack.name} is {status}")
            stack.delete(found["StackId"], dialogue)
            return False
        if status == "UPDATE_ROLLBACK_FAILED":
            dialogue.say(
                f"  could not be rolled back: {stack.first_failure(stack.events(found['StackId'], None))}"
            )
            dialogue.require("Try to roll it back again?", f"stopped; {stack.name} is {status}")
            self._roll_back(stack, found["StackId"])
        elif status == "DELETE_FAILED":
            raise Stop(
                f"{stack.name} is {status}: {stack.first_failure(stack.events(found['StackId'], None))}\n"
                "  Run deploy/aws/down again, then deploy/aws/up."
            )
        return True

    def _roll_back(self, stack: Stack, stack_id: str) -> None:
        token = f"up-{uuid.uuid4()}"
        stack.cloudformation.continue_update_rollback(StackName=stack_id, ClientRequestToken=token)
        status, events = stack.follow(stack_id, token, self._dialogue)
        if status != "UPDATE_ROLLBACK_COMPLETE":
            raise Stop(f"{stack.name} is {status}\n  {stack.first_failure(events)}")

    def _agree(self, change_set: ChangeSet) -> None:
        losses = change_set.losses()
        if losses:
            self._dialogue.warn(f"  This replaces or removes resources with data: {', '.join(losses)}")
            if self._dialogue.silent and not self._arguments.allow_replacement:
                change_set.discard()
                raise Stop("this requires a confirmation, or --allow_replacement")
        if not self._dialogue.confirm("Execute this change set?"):
            change_set.discard()
            raise Declined("stopped; this stack and those after it were not changed")

    def _template_url(self, planned: Planned) -> str | None:
        if not planned.template.too_long:
            return None
        bucket = self._arguments.template_bucket
        if not bucket:
            raise Stop(f"the template of {planned.name} has over 51,200 bytes: use --template_bucket")
        key = f"{planned.name}.json"
        self._cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=planned.template.body.encode())
        return self._cloud.client("s3").generate_presigned_url("get_object", {"Bucket": bucket, "Key": key})

    def _show_outputs(self) -> str | None:
        endpoint = None
        for planned in self._planned:
            outputs = self._stacks[planned.name].outputs()
            self._dialogue.say(f"\n{planned.name}")
            for key, value in sorted(outputs.items()):
                self._dialogue.say(f"  {key} = {value}")
            endpoint = api_endpoint(outputs) or endpoint
        if endpoint:
            self._dialogue.say(f"\nAPI endpoint: {endpoint}")
        return endpoint


def api_endpoint(outputs: dict[str, str]) -> str | None:
    """Returns the output ApiEndpoint, or else the first output that is a URL."""
    urls = [value for _, value in sorted(outputs.items()) if value.startswith(("https://", "http://"))]
    return outputs.get("ApiEndpoint") or next(iter(urls), None)
