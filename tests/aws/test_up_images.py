"""deploy/aws/up: builds and pushes images with a docker that only records its calls."""

import pytest
from stand_in_services import PASSWORD as REGISTRY_PASSWORD
from stand_in_services import REGISTRY
from tool_runs import PASSWORD

pytest_plugins = ["tool_fixtures"]


def test_are_built_and_pushed_once(aws):
    code, output = aws.up(PASSWORD, "--no_validation", "--tag", "t1", "--parameter=CpuArchitecture=ARM64")
    assert code == 0, output
    log = aws.docker_log.read_text()
    for name in ("schema", "server", "gateway"):
        uri = f"{REGISTRY}/bookstore/{name}:t1"
        file = aws.deploy / f"images/{name}.Dockerfile"
        assert f"build --platform linux/arm64 -f {file} -t {uri} {aws.deploy.parent}\n" in log
        assert f"push {uri}\n" in log
    assert aws.given("bookstore-app")["ServerImage"] == f"{REGISTRY}/bookstore/server:t1"
    for repository in aws.stand_in.parameters("CreateRepository"):
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    code, output = aws.up("--no_validation", "--tag", "t1")
    assert code == 0, output
    assert aws.docker_log.read_text() == log


def test_a_given_one_is_not_built(aws):
    assert aws.up(PASSWORD, "--no_validation", "--parameter=ServerImage=r/server:1")[0] == 0
    assert "server" not in aws.docker_log.read_text()
    assert aws.given("bookstore-app")["ServerImage"] == "r/server:1"


def test_the_password_goes_through_standard_input(aws):
    assert aws.up(PASSWORD, "--no_validation")[0] == 0
    lines = aws.docker_log.read_text().splitlines()
    (login,) = [line for line in lines if line.startswith("login")]
    assert login == f"login --username AWS --password-stdin {REGISTRY}"
    assert f"password {REGISTRY_PASSWORD}" in lines


@pytest.mark.parametrize("verb", ["build", "login", "push"])
def test_a_failure_shows_docker_s_words_and_no_stack_is_made(aws, verb):
    code, output = aws.up(PASSWORD, DOCKER_FAILS=verb)
    assert code == 1
    assert f"{verb} failed" in output
    assert "| no space left on device" in output
    assert aws.statuses() == {}
