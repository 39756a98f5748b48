"""Deploys the parts of the stacks that moto supports: networks, rights, tasks and load balancers as
the APIs then describe them. test_moto_calls.py has the other parts."""

import ast
import copy
import ipaddress
import json
import re

import boto3
import pytest
from moto import mock_aws
from templates import TEMPLATES, text_of

KNOWN = {
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::VPCEndpoint",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBSubnetGroup",
}
IMAGES = {f"{name}Image": f"111122223333.dkr.ecr/{name}" for name in ("Server", "Gateway", "Schema")}
NAME = "books.example.com"


def reduced(template: dict) -> dict:
    """The part of the template that moto supports; references to other resources become strings."""
    template = copy.deepcopy(template)
    template.pop("Transform", None)
    template.pop("Rules", None)
    parameters = template["Parameters"]
    gone = {name for name, r in template["Resources"].items() if r["Type"] not in KNOWN}
    resources = {name: r for name, r in template["Resources"].items() if name not in gone}
    for name, resource in resources.items():
        resource.pop("DependsOn", None)
        # moto does not support the transforms of listener rules.
        if name == "StageRule":
            resource["Properties"].pop("Transforms")

    def settled(value):
        if isinstance(value, list):
            return [settled(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "Fn::Cidr" in value:  # moto does not evaluate it
            block, count, bits = value["Fn::Cidr"]
            network = ipaddress.ip_network(parameters[block["Ref"]]["Default"])
            return [str(each) for each in network.subnets(new_prefix=32 - bits)][:count]
        if value.get("Ref") in gone:
            return f"{value['Ref']}-id"
        if "Fn::GetAtt" in value and value["Fn::GetAtt"][0] in gone:
            return "arn:aws:x:us-east-1:111122223333:{}:{}".format(*value["Fn::GetAtt"])
        if "Fn::Sub" in value:
            text = re.sub(
                r"\$\{(\w+)[\w.]*\}",
                lambda found: f"{found[1]}-id" if found[1] in gone else found[0],
                text_of(value),
            )
            if isinstance(value["Fn::Sub"], list):
                return {"Fn::Sub": [text, settled(value["Fn::Sub"][1])]}
            return {"Fn::Sub": text}
        return {key: settled(each) for key, each in value.items()}

    for parameter in parameters.values():
        if parameter["Type"].startswith("AWS::SSM::"):
            parameter |= {"Type": "String", "Default": "ami-0"}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": parameters,
        "Conditions": template.get("Conditions", {}),
        "Resources": settled(resources),
        "Outputs": settled(template["Outputs"]),
    }


class Deployed:
    def __init__(self, region: str, **parameters: str):
        names = ("ec2", "iam", "ecs", "elbv2", "cloudformation")
        clients = [boto3.client(name, region_name=region) for name in names]
        self.ec2, self.iam, self.ecs, self.balancing, self.stacks = clients
        for stack in ("bookstore-aurora", "bookstore-rds-proxy", "bookstore-schema", "bookstore-app"):
            template = reduced(TEMPLATES[stack])
            known = {k: v for k, v in (IMAGES | parameters).items() if k in template["Parameters"]}
            self.stacks.create_stack(
                StackName=stack,
                TemplateBody=json.dumps(template),
                Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in known.items()],
                Capabilities=["CAPABILITY_IAM"],
            )

    def id(self, stack: str, name: str) -> str:
        found = self.stacks.describe_stack_resource(StackName=stack, LogicalResourceId=name)
        return found["StackResourceDetail"]["PhysicalResourceId"]

    def output(self, stack: str, name: str) -> str:
        (found,) = self.stacks.describe_stacks(StackName=stack)["Stacks"]
        return {o["OutputKey"]: o["OutputValue"] for o in found["Outputs"]}[name]

    def may_reach(self, group: str, port: int) -> set[str]:
        """The security groups, and the networks, that may connect to members of the group."""
        (found,) = self.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        reach = set()
        for rule in found["IpPermissions"]:
            if rule["IpProtocol"] == "-1" or rule["FromPort"] <= port <= rule["ToPort"]:
                reach |= {pair["GroupId"] for pair in rule["UserIdGroupPairs"]}
                reach |= {network["CidrIp"] for network in rule["IpRanges"]}
        return reach

    def rights(self, stack: str, role: str) -> list[dict]:
        name = self.id(stack, role)
        statements = []
        for policy in self.iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = self.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            # moto returns some documents as a Python literal.
            document = ast.literal_eval(document) if isinstance(document, str) else document
            statements += document["Statement"]
        return statements


@pytest.fixture(scope="module")
def aws():
    with mock_aws():
        yield Deployed("us-east-1")


@pytest.fixture(scope="module")
def aws_with_certificate():
    with mock_aws():
        # Both fixtures share the state of moto, so the second deployment is in another region.
        region = "eu-central-1"
        made = boto3.client("acm", region_name=region).request_certificate(DomainName=NAME)
        given = {"CertificateArn": made["CertificateArn"], "CertificateName": NAME, "Credentials": "iam"}
        yield Deployed(region, **given)


def test_the_subnets_do_not_overlap_and_have_no_way_out(aws):
    subnets = aws.ec2.describe_subnets(SubnetIds=aws.output("bookstore-aurora", "PrivateSubnets").split(","))
    networks = [ipaddress.ip_network(subnet["CidrBlock"]) for subnet in subnets["Subnets"]]
    assert len(networks) == 3
    assert not any(a.overlaps(b) for a in networks for b in networks if a is not b)
    assert all(network.num_addresses >= 1024 for network in networks)
    assert len({subnet["AvailabilityZone"] for subnet in subnets["Subnets"]}) == 3
    vpc = aws.id("bookstore-aurora", "Vpc")
    assert (
        aws.ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])[
            "InternetGateways"
        ]
        == []
    )
    tables = aws.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    for table in tables:
        for route in table["Routes"]:
            assert route.get("DestinationCidrBlock") != "0.0.0.0/0"


def test_what_tasks_need_of_aws_has_its_endpoint(aws):
    vpc = aws.id("bookstore-aurora", "Vpc")
    found = aws.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["VpcEndpoints"]
    services = {endpoint["ServiceName"].removeprefix("com.amazonaws.us-east-1.") for endpoint in found}
    assert services == {"s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"}


def test_the_database_is_reached_by_three(aws):
    group = aws.output("bookstore-aurora", "DatabaseSecurityGroup")
    assert aws.may_reach(group, 5432) == {
        aws.id("bookstore-aurora", "RotationSecurityGroup"),
        aws.id("bookstore-aurora", "BastionSecurityGroup"),
        aws.id("bookstore-rds-proxy", "ProxySecurityGroup"),
    }
    assert aws.may_reach(group, 22) == set()


def test_the_proxy_is_reached_by_its_clients_and_the_bastion(aws):
    proxy = aws.id("bookstore-rds-proxy", "ProxySecurityGroup")
    client = aws.output("bookstore-rds-proxy", "ClientSecurityGroup")
    assert aws.may_reach(proxy, 5432) == {client, aws.output("bookstore-aurora", "BastionSecurityGroup")}
    # No rule permits connections to a client, the schema task or the bastion.
    for stack, name in (
        ("bookstore-rds-proxy", "ClientSecurityGroup"),
        ("bookstore-schema", "TaskSecurityGroup"),
        ("bookstore-aurora", "BastionSecurityGroup"),
    ):
        for port in (22, 443, 5432, 8080):
            assert aws.may_reach(aws.id(stack, name), port) == set()


def test_the_tasks_are_reached_by_the_load_balancer_alone(aws):
    tasks = aws.id("bookstore-app", "TaskSecurityGroup")
    balancer = aws.id("bookstore-app", "BalancerSecurityGroup")
    assert aws.may_reach(tasks, 8080) == aws.may_reach(tasks, 50051) == {balancer}
    assert aws.may_reach(tasks, 22) == set()
    link = aws.id("bookstore-app", "LinkSecurityGroup")
    assert aws.may_reach(balancer, 80) == {link, "10.20.0.0/16"}
    assert aws.may_reach(balancer, 443) == set()


def containers_of(aws, stack: str) -> dict[str, dict]:
    task = aws.ecs.describe_task_definition(taskDefinition=aws.id(stack, "Task"))["taskDefinition"]
    return {container["name"]: container for container in task["containerDefinitions"]}


def test_the_server_is_told_where_to_connect(aws, aws_with_certificate):
    secret, token = (
        {
            entry["name"]: entry["value"]
            for entry in containers_of(each, "bookstore-app")["server"]["environment"]
        }
        for each in (aws, aws_with_certificate)
    )
    assert secret["DATABASE"].endswith(
        " port=5432 dbname=bookstore sslmode=verify-full sslrootcert=/etc/ssl/certs/amazon-trust.pem"
    )
    assert secret["CREDENTIALS_COMMAND"] == "rds-credentials secret --arn AppSecret-id"
    host = re.search(r"host=(\S+)", token["DATABASE"]).group(1)
    assert (
        token["CREDENTIALS_COMMAND"] == f"rds-credentials iam --host {host} --port 5432 --user bookstore_app"
    )


def test_the_server_may_do_one_thing(aws, aws_with_certificate):
    (by_secret,) = aws.rights("bookstore-app", "TaskRole")
    assert (by_secret["Action"], by_secret["Resource"]) == ("secretsmanager:GetSecretValue", "AppSecret-id")
    (by_token,) = aws_with_certificate.rights("bookstore-app", "TaskRole")
    assert by_token["Action"] == "rds-db:connect"
    assert re.fullmatch(r"arn:aws:rds-db:eu-central-1:\d+:dbuser:[^*]+/bookstore_app", by_token["Resource"])


def test_the_proxy_reads_the_four_secrets(aws):
    (right,) = aws.rights("bookstore-rds-proxy", "ProxyRole")
    assert right["Action"] == "secretsmanager:GetSecretValue"
    assert sorted(right["Resource"]) == [
        "AppSecret-id",
        "MasterSecret-id",
        "OwnerSecret-id",
        "ReaderSecret-id",
    ]


def test_the_function_runs_the_schema_task_and_no_other(aws):
    rights = {json.dumps(right["Action"]): right for right in aws.rights("bookstore-schema", "RunnerRole")}
    run = rights['"ecs:RunTask"']
    assert run["Resource"].endswith(":task-definition/bookstore-schema:*")
    assert run["Condition"]["ArnEquals"]["ecs:cluster"].endswith(aws.id("bookstore-schema", "Cluster"))
    assert rights['"iam:PassRole"']["Resource"].endswith(aws.id("bookstore-schema", "ExecutionRole"))


def listener_of(aws) -> dict:
    balancer = aws.id("bookstore-app", "Balancer")
    (found,) = aws.balancing.describe_load_balancers(LoadBalancerArns=[balancer])["LoadBalancers"]
    assert (found["Scheme"], found["Type"]) == ("internal", "application")
    (listener,) = aws.balancing.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    return listener


def test_without_a_certificate_the_load_balancer_speaks_rest(aws):
    assert (listener_of(aws)["Protocol"], listener_of(aws)["Port"]) == ("HTTP", 80)
    groups = aws.balancing.describe_target_groups()["TargetGroups"]
    assert [(group["Port"], group["HealthCheckPath"]) for group in groups] == [(8080, "/readyz")]
    assert {(group["Protocol"], group["HealthCheckProtocol"]) for group in groups} == {("HTTPS", "HTTPS")}


def test_with_a_certificate_it_speaks_grpc_too(aws_with_certificate):
    aws = aws_with_certificate
    listener = listener_of(aws)
    assert (listener["Protocol"], listener["Port"]) == ("HTTPS", 443)
    assert len(listener["Certificates"]) == 1
    groups = {g["TargetGroupArn"]: g for g in aws.balancing.describe_target_groups()["TargetGroups"]}
    rules = aws.balancing.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    (grpc,) = [rule for rule in rules if rule["Priority"] == "10"]
    # moto does not return its ProtocolVersion, GRPC.
    assert groups[grpc["Actions"][0]["TargetGroupArn"]]["Port"] == 50051
    assert "application/grpc*" in json.dumps(grpc["Conditions"])
    # The port without TLS is closed.
    assert aws.may_reach(aws.id("bookstore-app", "BalancerSecurityGroup"), 80) == set()
