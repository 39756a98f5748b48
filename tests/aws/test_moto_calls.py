"""Resources that CloudFormation of moto does not support or check: RDS, Secrets Manager and ECS
receive the properties of the templates by their own calls, so that boto3 checks names and types."""

import json
import re

import boto3
import pytest
from moto import mock_aws
from templates import TEMPLATES, text_of


def properties(stack: str, name: str) -> dict:
    """The properties of a resource, with references as strings and parameters at their defaults."""
    template = TEMPLATES[stack]

    def settled(value):
        if isinstance(value, list):
            return [each for each in map(settled, value) if each != "AWS::NoValue"]
        if not isinstance(value, dict):
            return value
        if "Ref" in value:
            return template["Parameters"].get(value["Ref"], {}).get("Default", value["Ref"])
        if "Fn::If" in value:
            return settled(value["Fn::If"][2])
        if "Fn::Split" in value:
            return ["subnet-1", "subnet-2"]
        if "Fn::GetAtt" in value:
            return "arn:aws:iam::111122223333:role/" + value["Fn::GetAtt"][0]
        if "Fn::ImportValue" in value or "Fn::Sub" in value:
            return re.sub(r"[^\w-]", "", text_of(value.get("Fn::ImportValue", value)))
        inner = {key: settled(each) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each != "AWS::NoValue"}

    return settled(template["Resources"][name]["Properties"])


def two_subnets() -> list[str]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    blocks = ("10.0.0.0/24", "10.0.1.0/24")
    return [ec2.create_subnet(VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"] for block in blocks]


def in_lower_case(value):
    """The names in calls of ECS begin with a lower-case letter."""
    if isinstance(value, list):
        return [in_lower_case(each) for each in value]
    if not isinstance(value, dict):
        return value
    # The names of a container's log options are data.
    return {
        key[0].lower() + key[1:]: each if key == "Options" else in_lower_case(each)
        for key, each in value.items()
    }


@pytest.mark.parametrize("stack", ["bookstore-schema", "bookstore-app"])
@mock_aws
def test_ecs_takes_the_task(stack):
    ecs = boto3.client("ecs")
    made = ecs.register_task_definition(**in_lower_case(properties(stack, "Task")))["taskDefinition"]
    assert made["networkMode"] == "awsvpc"
    assert made["requiresCompatibilities"] == ["FARGATE"]
    for container in made["containerDefinitions"]:
        assert container["readonlyRootFilesystem"] is True
        assert container["logConfiguration"]["logDriver"] == "awslogs"


@mock_aws
def test_ecs_takes_the_service():
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="Cluster")
    ecs.register_task_definition(**in_lower_case(properties("bookstore-app", "Task")) | {"family": "Task"})
    asked = in_lower_case(properties("bookstore-app", "Service"))
    network = asked["networkConfiguration"]["awsvpcConfiguration"]
    assert network["securityGroups"] == ["TaskSecurityGroup", "AuroraRDSProxyStackName-ClientSecurityGroup"]
    # moto requires that they exist.
    network |= {"subnets": two_subnets(), "securityGroups": []}
    made = ecs.create_service(serviceName="s", **asked)["service"]
    assert made["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"
    assert [target["containerName"] for target in made["loadBalancers"]] == ["gateway"]
    # A deployment never has fewer tasks than before.
    assert asked["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert asked["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


@mock_aws
def test_rds_takes_the_cluster():
    rds = boto3.client("rds")
    asked = properties("bookstore-aurora", "Cluster")
    asked["DeletionProtection"] = asked["DeletionProtection"] == "true"
    capacity = asked["ServerlessV2ScalingConfiguration"]
    assert capacity["MinCapacity"] < capacity["MaxCapacity"]
    del asked["DBSubnetGroupName"], asked["DBClusterParameterGroupName"]
    rds.create_db_cluster(DBClusterIdentifier="c", **asked)
    (cluster,) = rds.describe_db_clusters()["DBClusters"]
    assert cluster["StorageEncrypted"] is True
    assert cluster["DeletionProtection"] is True
    assert cluster["BackupRetentionPeriod"] == 14
    for name in ("Writer", "Reader"):
        instance = properties("bookstore-aurora", name)
        instance["DBClusterIdentifier"] = "c"
        rds.create_db_instance(DBInstanceIdentifier=name.lower(), **instance)
    for instance in rds.describe_db_instances()["DBInstances"]:
        assert instance["PubliclyAccessible"] is False
        assert instance["DBInstanceClass"] == "db.serverless"


@mock_aws
def test_rds_takes_the_proxy():
    rds = boto3.client("rds")
    asked = properties("bookstore-rds-proxy", "Proxy")
    asked["VpcSubnetIds"] = two_subnets()
    asked["DBProxyName"] = "p"
    rds.create_db_proxy(**asked)
    (proxy,) = rds.describe_db_proxies()["DBProxies"]
    assert proxy["RequireTLS"] is True
    assert [entry["IAMAuth"] for entry in proxy["Auth"]] == ["DISABLED"] * 4


@pytest.mark.parametrize("name", ["MasterSecret", "OwnerSecret", "AppSecret", "ReaderSecret"])
@mock_aws
def test_a_secret_is_what_a_program_reads(name):
    """A secret as Secrets Manager generates it: the template with a password that needs no quoting."""
    asked = properties("bookstore-aurora", name)["GenerateSecretString"]
    content = json.loads(asked["SecretStringTemplate"])
    assert asked["GenerateStringKey"] == "password"
    password = boto3.client("secretsmanager").get_random_password(
        PasswordLength=asked["PasswordLength"], ExcludePunctuation=asked["ExcludePunctuation"]
    )["RandomPassword"]
    assert re.fullmatch(r"[A-Za-z0-9]{32}", password)
    assert list(content) == ["username"]
    assert content["username"] in ("database_master", "bookstore_owner", "bookstore_app", "bookstore_reader")
