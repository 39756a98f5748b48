"""deploy/aws/status: shows the stacks, the database, the service and the API."""

import argparse

from cli import errors
from cli.cloud import Cloud
from cli.dialogue import Dialogue
from cli.plan import stack_names
from cli.stack import Stack
from cli.up import api_endpoint
from cli.validation import Api

_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def run(arguments: argparse.Namespace) -> int:
    """Returns exit code 0 if everything is healthy."""
    dialogue = Dialogue(silent=True)
    cloud = Cloud(arguments.profile, arguments.region)
    dialogue.say(f"account {cloud.account}, region {cloud.region}, prefix {arguments.prefix}\n")
    well, endpoint, resources = True, None, []
    for name in stack_names(arguments.prefix):
        stack = Stack(cloud, name, 0)
        found = stack.describe()
        status = found["StackStatus"] if found else "missing"
        changed = found and (found.get("LastUpdatedTime") or found["CreationTime"])
        dialogue.say(f"{name:<24} {status:<28} {f'{changed:%Y-%m-%d %H:%M}' if changed else ''}".rstrip())
        well = well and status in _GOOD
        if found:
            if "FAILED" in status or "ROLLBACK" in status:
                dialogue.say(f"  {stack.first_failure(stack.events(found['StackId'], None))}")
            resources += stack.resources()
            endpoint = api_endpoint(stack.outputs()) or endpoint
    dialogue.say()
    for check in (_clusters, _services, _alarms):
        for good, line in check(cloud, arguments.prefix, resources):
            dialogue.say(line)
            well = well and good
    if endpoint:
        status, text = Api(endpoint, None).call("GET", "/book?pageSize=1")
        # An API that requires a token is reachable.
        well = well and status in (200, 401, 403)
        dialogue.say(f"API endpoint: {endpoint} ({status or text})")
    return errors.OK if well else errors.FAILED


def _ids(resources: list[dict], kind: str) -> list[str]:
    return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == kind]


def _clusters(cloud: Cloud, prefix: str, resources: list[dict]) -> list[tuple[bool, str]]:
    found = []
    for key in _ids(resources, "AWS::RDS::DBCluster"):
        for each in cloud.pages(
            "rds", "describe_db_clusters", "DBClusters", Filters=[{"Name": "db-cluster-id", "Values": [key]}]
        ):
            members = ", ".join(
                f"{member['DBInstanceIdentifier']} ({'writer' if member['IsClusterWriter'] else 'reader'})"
                for member in each.get("DBClusterMembers", [])
            )
            found.append((each["Status"] == "available", f"database {key}: {each['Status']}; {members}"))
    return found


def _services(cloud: Cloud, prefix: str, resources: list[dict]) -> list[tuple[bool, str]]:
    found = []
    for arn in _ids(resources, "AWS::ECS::Service"):
        # arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME
        cluster = arn.split("/")[1]
        for each in cloud.client("ecs").describe_services(cluster=cluster, services=[arn])["services"]:
            running, desired = each["runningCount"], each["desiredCount"]
            line = f"service {each['serviceName']}: {running} of {desired} tasks run"
            if running < desired and each.get("events"):
                line += f"; {each['events'][0]['message']}"
            found.append((running >= desired, line))
    return found


def _alarms(cloud: Cloud, prefix: str, resources: list[dict]) -> list[tuple[bool, str]]:
    found = cloud.pages(
        "cloudwatch", "describe_alarms", "MetricAlarms", AlarmNamePrefix=f"{prefix}-", StateValue="ALARM"
    )
    return [(False, f"alarm {each['AlarmName']}: {each.get('AlarmDescription', '')}") for each in found]
