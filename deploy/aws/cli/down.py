"""deploy/aws/down: deletes the stacks in reverse order, and lists what remains."""

import argparse

from cli.cloud import Cloud
from cli.dialogue import Dialogue
from cli.errors import OK, Stop
from cli.memory import Memory
from cli.plan import stack_names
from cli.remainders import Remainders, may_remain
from cli.stack import Stack, in_progress


def run(arguments: argparse.Namespace) -> int:
    dialogue = Dialogue(arguments.yes)
    cloud = Cloud(arguments.profile, arguments.region)
    dialogue.say(f"account {cloud.account}, region {cloud.region}, prefix {arguments.prefix}")
    memory = Memory(arguments.state, arguments.prefix, cloud.account, cloud.region)
    names = stack_names(arguments.prefix)[::-1]
    present = [
        stack for stack in (Stack(cloud, name, arguments.poll_seconds) for name in names) if stack.describe()
    ]
    # Recorded by earlier runs: stacks that are already deleted cannot be queried.
    resources = memory.remainders()
    resources += [each for each in may_remain(present) if each not in resources]
    memory.remember_remainders(resources)
    remainders = Remainders(cloud, arguments.prefix, resources)
    repositories = remainders.repositories() if arguments.images else []
    if present or repositories:
        _refuse_protected(cloud, present)
        doomed = [stack.name for stack in present] + [f"images in {name}" for name in repositories]
        dialogue.say("To be deleted, in this order:\n" + "\n".join(f"  {name}" for name in doomed))
        dialogue.require("Delete all of this?", "stopped; nothing was deleted")
    else:
        dialogue.say("no stack exists")
    for stack in present:
        dialogue.say(f"\n{stack.name}")
        _delete(stack, dialogue)
    for name in repositories:
        cloud.client("ecr").delete_repository(repositoryName=name, force=True)
        dialogue.say(f"deleted the images in {name}")
    _say_what_remains(remainders, dialogue)
    return OK


def _refuse_protected(cloud: Cloud, stacks: list[Stack]) -> None:
    """Stops before the first deletion if a stack or cluster is protected. Otherwise the
    service would be deleted and the database would remain."""
    for stack in stacks:
        found = stack.describe()
        if found and found.get("EnableTerminationProtection"):
            raise Stop(
                f"{stack.name} is protected from deletion (termination protection); nothing was deleted"
            )
        for resource in stack.resources():
            if resource["ResourceType"] != "AWS::RDS::DBCluster" or not resource.get("PhysicalResourceId"):
                continue
            key = resource["PhysicalResourceId"]
            clusters = cloud.pages(
                "rds",
                "describe_db_clusters",
                "DBClusters",
                Filters=[{"Name": "db-cluster-id", "Values": [key]}],
            )
            if any(each.get("DeletionProtection") for each in clusters):
                raise Stop(
                    f"the database cluster {key} is protected from deletion; nothing was deleted.\n"
                    "  Run deploy/aws/up --parameter DeletionProtection=false to remove the protection."
                )


def _delete(stack: Stack, dialogue: Dialogue) -> None:
    found = stack.describe()
    if found and in_progress(found["StackStatus"]):
        dialogue.say(f"  is {found['StackStatus']}; waiting for it to finish")
        stack.follow(found["StackId"], None, dialogue)
        found = stack.describe()
    if found:
        stack.delete(found["StackId"], dialogue)


def _say_what_remains(remainders: Remainders, dialogue: Dialogue) -> None:
    lines = remainders.lines()
    dialogue.say("\nWhat remains:" if lines else "\nNothing remains.")
    for line in lines:
        dialogue.say(f"  {line}")
