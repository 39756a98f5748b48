"""The resources that remain after the stacks are deleted, and their costs.

CloudFormation keeps resources with a DeletionPolicy of Retain or Snapshot, Secrets
Manager keeps a deleted secret for a recovery period, and images and some log groups
do not belong to a stack.
"""

import botocore.exceptions

from cli.cloud import Cloud, code_of
from cli.plan import stack_names
from cli.stack import Stack

_LOOKED_FOR = ("AWS::RDS::DBCluster", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup", "AWS::KMS::Key")


def may_remain(stacks: list[Stack]) -> list[dict]:
    """Returns the resources that may remain. Must be called before the deletion."""
    return [
        {"type": each["ResourceType"], "id": each["PhysicalResourceId"]}
        for stack in stacks
        for each in stack.resources()
        if each["ResourceType"] in _LOOKED_FOR and each.get("PhysicalResourceId")
    ]


class Remainders:
    def __init__(self, cloud: Cloud, prefix: str, resources: list[dict]):
        self._cloud, self._prefix = cloud, prefix
        self._ids = {kind: [each["id"] for each in resources if each["type"] == kind] for kind in _LOOKED_FOR}

    def lines(self) -> list[str]:
        """Returns a line for each resource that exists."""
        found = []
        for what, look in (
            ("snapshots", self._snapshots),
            ("secrets", self._secrets),
            ("log groups", self._log_groups),
            ("keys", self._keys),
            ("images", self._images),
        ):
            try:
                found += look()
            except botocore.exceptions.ClientError as error:
                found.append(f"{what}: unknown, AWS returned {code_of(error)}")
        return found

    def repositories(self) -> list[str]:
        found = self._cloud.pages("ecr", "describe_repositories", "repositories")
        return [
            each["repositoryName"] for each in found if each["repositoryName"].startswith(f"{self._prefix}/")
        ]

    def _snapshots(self) -> list[str]:
        found = []
        for cluster in self._ids["AWS::RDS::DBCluster"]:
            found += self._cloud.pages(
                "rds", "describe_db_cluster_snapshots", "DBClusterSnapshots",
                DBClusterIdentifier=cluster, SnapshotType="manual",
            )  # fmt: skip
        return [
            f"snapshot {each['DBClusterSnapshotIdentifier']}: costs its storage until it is deleted"
            for each in found
        ]

    def _secrets(self) -> list[str]:
        found = []
        for secret in self._ids["AWS::SecretsManager::Secret"]:
            try:
                answer = self._cloud.client("secretsmanager").describe_secret(SecretId=secret)
            except botocore.exceptions.ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    continue
                raise
            gone = answer.get("DeletedDate")
            after = (
                f"is deleted, and cannot be recovered after {gone:%Y-%m-%d}"
                if gone
                else "costs its monthly price"
            )
            found.append(f"secret {answer['Name']}: {after}")
        return found

    def _log_groups(self) -> list[str]:
        beginnings = [*self._ids["AWS::Logs::LogGroup"]]
        beginnings += [f"/aws/lambda/{name}" for name in stack_names(self._prefix)]
        beginnings += [f"/aws/rds/cluster/{cluster}/" for cluster in self._ids["AWS::RDS::DBCluster"]]
        found = {}
        for beginning in beginnings:
            for each in self._cloud.pages(
                "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=beginning
            ):
                found[each["logGroupName"]] = each.get("storedBytes", 0)
        return [f"log group {name}: costs its storage ({size} bytes)" for name, size in sorted(found.items())]

    def _keys(self) -> list[str]:
        found = []
        for key in self._ids["AWS::KMS::Key"]:
            answer = self._cloud.client("kms").describe_key(KeyId=key)["KeyMetadata"]
            gone = answer.get("DeletionDate")
            found.append(
                f"key {key}: {f'is deleted at {gone:%Y-%m-%d}' if gone else 'costs its monthly price'}"
            )
        return found

    def _images(self) -> list[str]:
        return [
            f"images in {name}: cost their storage (deploy/aws/down --images deletes them)"
            for name in self.repositories()
        ]
