"""What the templates promise: private networks, TLS, encryption, few rights, alarms with pages."""

import json
import re
import subprocess

import pytest
from templates import DEPLOY, ROOT, STACKS, TEMPLATES, of_type, only, references, walk

# Actions that AWS gives no right on a single resource for (Service Authorization Reference).
WITHOUT_RESOURCES = {
    "ecr:GetAuthorizationToken",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
}
# What CloudFormation takes without a bucket.
MAX_TEMPLATE_BYTES = 51200


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def faults() -> dict[str, list[str]]:
    """What cfn-lint says, by file; it starts slowly, so all are given to it at once."""
    command = [ROOT / ".deps/venv/bin/cfn-lint", "--format", "json", "--regions", "us-east-1"]
    done = subprocess.run([*command, "--", *STACKS.values()], capture_output=True, text=True)
    assert done.stdout.startswith("["), done.stdout + done.stderr
    found = {str(path): [] for path in STACKS.values()}
    for fault in json.loads(done.stdout):
        line = fault["Location"]["Start"]["LineNumber"]
        found[fault["Filename"]].append(f"{line}: {fault['Rule']['Id']} {fault['Message']}")
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_cfn_lint_has_nothing_to_say(stack, faults):
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
    # And by no other port: the group itself has no rules, others add theirs.
    group = TEMPLATES["bookstore-aurora"]["Resources"]["DatabaseSecurityGroup"]["Properties"]
    assert "SecurityGroupIngress" not in group


# --- encryption and secrets -----------------------------------------------------------------


def test_tls_is_required_everywhere():
    assert only("AWS::RDS::DBProxy")["RequireTLS"] is True
    assert only("AWS::RDS::DBClusterParameterGroup")["Parameters"]["rds.force_ssl"] == "1"
    listener = only("AWS::ElasticLoadBalancingV2::Listener")
    assert listener["SslPolicy"]["Fn::If"][:2] == ["HasCertificate", "ELBSecurityPolicy-TLS13-1-2-2021-06"]


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
        # The roles do not exist yet when the schedule is made.
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


# --- rights --------------------------------------------------------------------------------


def statements() -> list[tuple[str, dict]]:
    found = []
    for _, name, role in of_type("AWS::IAM::Role"):
        assert "ManagedPolicyArns" not in role, name
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                branches = statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
                found += [(name, branch) for branch in branches]
    return found


def test_rights_name_actions_and_resources():
    assert len(statements()) >= 15
    for role, statement in statements():
        assert statement["Effect"] == "Allow", role
        actions = listed(statement["Action"])
        assert not [action for action in actions if "*" in action], (role, actions)
        for resource in listed(statement["Resource"]):
            if resource == "*":
                assert set(actions) <= WITHOUT_RESOURCES, (role, actions)


def test_roles_trust_one_service():
    for _, name, role in of_type("AWS::IAM::Role"):
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert list(statement["Principal"]) == ["Service"], name
        assert isinstance(statement["Principal"]["Service"], str), name


def test_the_server_may_get_its_own_credentials_and_nothing_else():
    rights = [statement for role, statement in statements() if role == "TaskRole"]
    assert [statement["Action"] for statement in rights] == [
        "rds-db:connect",
        "secretsmanager:GetSecretValue",
    ]
    assert rights[0]["Resource"]["Fn::Sub"][0].endswith("/bookstore_app")
    assert "OwnerSecret" not in json.dumps(rights)
    assert "MasterSecret" not in json.dumps(rights)


def test_only_the_database_teams_stacks_see_master_and_owner():
    for stack in ("bookstore-app", "bookstore-rest"):
        assert not re.search("(Master|Owner)Secret", STACKS[stack].read_text())


# --- how the stacks fit together -------------------------------------------------------------


def exports(template: dict) -> set[str]:
    names = set()
    for output in template.get("Outputs", {}).values():
        if "Export" in output:
            name = output["Export"]["Name"]["Fn::Sub"]
            assert name.startswith("${AWS::StackName}-")
            names.add(name.removeprefix("${AWS::StackName}-"))
    return names


def imports(template: dict) -> set[tuple[str, str]]:
    """(parameter with the name of the stack, what is imported)"""
    found = set()
    for value in walk(template):
        if isinstance(value, dict) and "Fn::ImportValue" in value:
            found.add(re.fullmatch(r"\$\{(\w+)\}-(\w+)", value["Fn::ImportValue"]["Fn::Sub"]).groups())
    return found


def test_every_import_is_an_export_of_an_earlier_stack():
    before: list[str] = []
    imported = set()
    for stack, template in TEMPLATES.items():
        for parameter, thing in imports(template):
            source = template["Parameters"][parameter]["Default"]
            assert source in before, (stack, parameter)
            assert thing in exports(TEMPLATES[source]), (stack, source, thing)
            imported.add((source, thing))
        before.append(stack)
    # And no export is left over.
    assert imported == {(stack, thing) for stack, t in TEMPLATES.items() for thing in exports(t)}


@pytest.mark.parametrize("stack", STACKS)
def test_every_parameter_and_condition_is_used_and_described(stack):
    template = TEMPLATES[stack]
    used = references({key: template[key] for key in template if key != "Parameters"})
    assert set(template["Parameters"]) <= used
    for name, parameter in template["Parameters"].items():
        assert parameter.get("Description"), name
    named = json.dumps(template["Resources"]) + json.dumps(template["Outputs"])
    for condition in template.get("Conditions", {}):
        assert f'"{condition}"' in named, condition


def test_parameters_have_the_names_of_the_earlier_stacks():
    have = {stack: set(template["Parameters"]) for stack, template in TEMPLATES.items()}
    assert "AuroraDBSecretName" in have["bookstore-aurora"]
    assert {"AuroraVPCStackName", "AuroraDBClusterId", "AuroraDBSecretArn"} <= have["bookstore-rds-proxy"]
    for stack in ("bookstore-schema", "bookstore-app"):
        assert {"AuroraVPCStackName", "AuroraRDSProxyStackName"} <= have[stack]
    assert "AuroraDBSecretArn" in have["bookstore-app"]


@pytest.mark.parametrize("stack", STACKS)
def test_only_images_must_be_given(stack):
    given = {n for n, p in TEMPLATES[stack]["Parameters"].items() if "Default" not in p}
    assert given == {
        "bookstore-schema": {"SchemaImage"},
        "bookstore-app": {"ServerImage", "GatewayImage"},
    }.get(stack, set())


# --- watching ------------------------------------------------------------------------------


def alarms() -> dict[str, dict]:
    return {
        alarm["AlarmName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): alarm
        for _, _, alarm in of_type("AWS::CloudWatch::Alarm")
    }


def test_every_alarm_has_its_first_three_steps():
    chapter = (DEPLOY / "OPERATIONS.md").read_text().split("\n## Alarms\n")[1]
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", chapter, re.MULTILINE | re.DOTALL))
    assert set(sections) == set(alarms())
    for name, text in sections.items():
        assert re.findall(r"^(\d)\. ", text, re.MULTILINE) == ["1", "2", "3"], name


def test_every_alarm_is_told_to_somebody():
    assert len(alarms()) >= 12
    for name, alarm in alarms().items():
        assert alarm["AlarmActions"] == [
            {"Fn::If": ["HasTopic", {"Ref": "AlarmTopicArn"}, {"Ref": "AWS::NoValue"}]}
        ]
        assert alarm["AlarmDescription"], name


def test_every_log_ends():
    groups = of_type("AWS::Logs::LogGroup")
    assert len(groups) >= 5
    for _, name, group in groups:
        assert "RetentionInDays" in group, name


def test_the_dashboard_is_json():
    text, _ = only("AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(text)["widgets"]
    assert {widget["type"] for widget in widgets} == {"metric", "log"}


def test_the_pages_name_files_that_are_there():
    for page in [*DEPLOY.glob("*.md"), *DEPLOY.glob("*/README.md")]:
        for path in re.findall(r"`((?:deploy|tests|server|gateway)/[\w./]+)`", page.read_text()):
            if path != "deploy/aws":
                assert (ROOT / path.rstrip("/")).exists(), (page.name, path)
