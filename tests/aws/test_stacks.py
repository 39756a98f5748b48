"""Properties of all templates together: rights, imports and exports, alarms and their pages."""

import json
import re

import pytest
from templates import DEPLOY, ROOT, STACKS, TEMPLATES, of_type, only, references, walk

# Actions that AWS does not restrict to a resource (Service Authorization Reference).
WITHOUT_RESOURCES = {
    "ecr:GetAuthorizationToken",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
}


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


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
    """Pairs of the parameter with the name of the stack, and the imported name."""
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
    # Every export is imported.
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
    pages = list(DEPLOY.rglob("*.md"))
    assert len(pages) >= 8
    for page in pages:
        for path in re.findall(r"`((?:deploy|tests|server|gateway)/[\w./]+)`", page.read_text()):
            # The commands create their state folder, which git ignores.
            if ".state" not in path:
                assert (ROOT / path.rstrip("/")).exists(), (page.name, path)
