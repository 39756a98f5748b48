"""Properties of each template: cfn-lint accepts it, networks are private, TLS, encryption."""

import json
import re
import subprocess

import pytest
from templates import ROOT, STACKS, TEMPLATES, of_type, only, walk

# The limit of CloudFormation for a template that is not in a bucket.
MAX_TEMPLATE_BYTES = 51200


@pytest.fixture(scope="module")
def faults() -> dict[str, list[str]]:
    """The reports of cfn-lint by file. It checks all files in one run, because it starts slowly."""
    command = [ROOT / ".deps/venv/bin/cfn-lint", "--format", "json", "--regions", "us-east-1"]
    done = subprocess.run([*command, "--", *STACKS.values()], capture_output=True, text=True)
    assert done.stdout.startswith("["), done.stdout + done.stderr
    found = {str(path): [] for path in STACKS.values()}
    for fault in json.loads(done.stdout):
        line = fault["Location"]["Start"]["LineNumber"]
        found[fault["Filename"]].append(f"{line}: {fault['Rule']['Id']} {fault['Message']}")
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_cfn_lint_reports_nothing(stack, faults):
    assert faults[str(STACKS[stack])] == []


@pytest.mark.parametrize("stack", STACKS)
def test_it_fits_into_a_call(stack):
    assert len(STACKS[stack].read_bytes()) <= MAX_TEMPLATE_BYTES


# --- network -------------------------------------------------------------------------------


def test_nothing_leads_into_or_out_of_the_vpc():
    forbidden = ("InternetGateway", "NatGateway", "VPCGatewayAttachment", "::Route", "EIP", "EgressOnly")
    for template in TEMPLATES.values():
        for resource in template["Resources"].values():
            assert not resource["Type"].endswith(forbidden), resource


def test_subnets_are_private_and_in_three_zones():
    subnets = of_type("AWS::EC2::Subnet")
    assert len({json.dumps(properties["AvailabilityZone"]) for _, _, properties in subnets}) == 3
    assert all(properties["MapPublicIpOnLaunch"] is False for _, _, properties in subnets)
    routed = {p["SubnetId"]["Ref"] for _, _, p in of_type("AWS::EC2::SubnetRouteTableAssociation")}
    assert routed == {name for _, name, _ in subnets}


def test_nothing_has_a_public_address():
    for _, name, properties in of_type("AWS::RDS::DBInstance"):
        assert properties["PubliclyAccessible"] is False, name
    network = only("AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["AssignPublicIp"] == "DISABLED"
    assert only("AWS::ElasticLoadBalancingV2::LoadBalancer")["Scheme"] == "internal"
    runner = TEMPLATES["bookstore-schema"]["Resources"]["Runner"]["Properties"]["Code"]["ZipFile"]
    assert '"assignPublicIp": "DISABLED"' in runner


def ingress_rules() -> list[tuple[str, dict]]:
    rules = [(name, rule) for _, name, rule in of_type("AWS::EC2::SecurityGroupIngress")]
    for _, name, group in of_type("AWS::EC2::SecurityGroup"):
        rules += [(name, rule) for rule in group.get("SecurityGroupIngress", [])]
    return rules


def test_no_rule_lets_the_world_in():
    assert len(ingress_rules()) >= 8
    for name, rule in ingress_rules():
        assert rule.get("CidrIp") != "0.0.0.0/0", name
        assert "CidrIpv6" not in rule, name
        assert "SourcePrefixListId" not in rule, name


def test_the_database_is_reached_from_security_groups_only():
    to_database = [(name, rule) for name, rule in ingress_rules() if rule["FromPort"] == 5432]
    assert len(to_database) >= 5
    for name, rule in to_database:
        assert "SourceSecurityGroupId" in rule, name
        assert "CidrIp" not in rule, name
        assert rule["ToPort"] == 5432, name
    # No other port is open: the group has no rules of its own, and other stacks add theirs.
    group = TEMPLATES["bookstore-aurora"]["Resources"]["DatabaseSecurityGroup"]["Properties"]
    assert "SecurityGroupIngress" not in group


# --- encryption and secrets -----------------------------------------------------------------


def test_tls_is_required_everywhere():
    assert only("AWS::RDS::DBProxy")["RequireTLS"] is True
    assert only("AWS::RDS::DBClusterParameterGroup")["Parameters"]["rds.force_ssl"] == "1"
    listener = only("AWS::ElasticLoadBalancingV2::Listener")
    assert listener["SslPolicy"]["Fn::If"][:2] == ["HasCertificate", "ELBSecurityPolicy-TLS13-1-2-2021-06"]
    targets = of_type("AWS::ElasticLoadBalancingV2::TargetGroup")
    assert len(targets) == 2
    for _, name, group in targets:
        assert group["Protocol"] == group["HealthCheckProtocol"] == "HTTPS", name
    for template in TEMPLATES.values():
        assert "allow_cleartext" not in json.dumps(template)


def test_all_storage_is_encrypted():
    assert only("AWS::RDS::DBCluster")["StorageEncrypted"] is True
    for disk in only("AWS::EC2::Instance")["BlockDeviceMappings"]:
        assert disk["Ebs"]["Encrypted"] is True


def test_the_cluster_is_kept():
    cluster = TEMPLATES["bookstore-aurora"]["Resources"]["Cluster"]
    assert cluster["DeletionPolicy"] == cluster["UpdateReplacePolicy"] == "Snapshot"
    assert cluster["Properties"]["DeletionProtection"] == {"Ref": "DeletionProtection"}
    assert TEMPLATES["bookstore-aurora"]["Parameters"]["DeletionProtection"]["Default"] == "true"
    assert TEMPLATES["bookstore-aurora"]["Parameters"]["BackupRetentionDays"]["MinValue"] >= 1


def test_slow_statements_are_logged_without_their_values():
    parameters = only("AWS::RDS::DBClusterParameterGroup")["Parameters"]
    assert parameters["log_parameter_max_length"] == "0"
    assert parameters["log_parameter_max_length_on_error"] == "0"
    assert only("AWS::RDS::DBProxy")["DebugLogging"] is False


def test_every_database_secret_is_attached_and_rotated():
    secrets = {n for s, n, _ in of_type("AWS::SecretsManager::Secret") if s == "bookstore-aurora"}
    assert secrets == {"MasterSecret", "OwnerSecret", "AppSecret", "ReaderSecret"}
    attached = {p["SecretId"]["Ref"] for _, _, p in of_type("AWS::SecretsManager::SecretTargetAttachment")}
    rotated = {p["SecretId"]["Ref"] for _, _, p in of_type("AWS::SecretsManager::RotationSchedule")}
    assert attached == rotated == secrets
    for _, name, schedule in of_type("AWS::SecretsManager::RotationSchedule"):
        # The roles do not exist yet when the schedule is created.
        assert schedule["RotateImmediatelyOnUpdate"] is False, name


def test_no_password_is_a_parameter_or_in_clear():
    for stack, template in TEMPLATES.items():
        for name in template.get("Parameters", {}):
            assert not re.search("password|token|credential$", name, re.IGNORECASE), (stack, name)
        for value in walk(template):
            if isinstance(value, dict) and "MasterUserPassword" in value:
                assert value["MasterUserPassword"]["Fn::Sub"].startswith("{{resolve:secretsmanager:")


def test_the_proxy_knows_all_roles_and_only_the_server_may_use_tokens():
    auth = only("AWS::RDS::DBProxy")["Auth"]
    assert len(auth) == 4
    assert [entry["IAMAuth"] for entry in auth] == [
        {"Fn::If": ["ByToken", "REQUIRED", "DISABLED"]},
        *["DISABLED"] * 3,
    ]
    assert only("AWS::RDS::DBProxyEndpoint")["TargetRole"] == "READ_ONLY"
