"""deploy/aws/up with the stacks of this repository, against the stand-in."""

import pytest
from tool_runs import NAMES, ROOT, STACKS, Template

pytest_plugins = ["tool_fixtures"]
TEMPLATES = [ROOT / "deploy/aws/templates" / folder / "template.yaml" for _, folder in STACKS]


def test_needs_nobody(aws):
    """Every parameter has a value that its template accepts; the task that queries the database
    gets its values from the outputs."""
    aws.deploy = ROOT / "deploy"
    code, output = aws.up()
    assert code == 0, output
    assert aws.statuses() == dict.fromkeys(NAMES, "CREATE_COMPLETE")
    assert aws.docker_log.read_text().count("\npush ") == 3
    assert aws.given("bookstore-app")["ServerImage"].startswith("123456789012.dkr.ecr.")
    network = aws.stand_in.parameters("RunTask")[0]["networkConfiguration"]["awsvpcConfiguration"]
    assert network["subnets"] == ["bookstore-aurora-PrivateSubnets"]
    assert network["securityGroups"] == [
        "bookstore-schema-TaskSecurityGroup",
        "bookstore-rds-proxy-ClientSecurityGroup",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name)
def test_a_template_needs_no_bucket(path):
    assert not Template(path).too_long
