"""The deploy/aws commands against the stand-in: the fixture `aws` runs them, with or without a
terminal."""

import os
import pathlib
import signal
import subprocess

import pexpect
import pytest
from stand_in import StandIn
from stand_in_services import REGION, BookApi, Services
from stand_in_stacks import Stacks
from tool_runs import DEPLOY, ROOT

DOCKER = """#!/bin/sh
# Records its arguments and its input.
echo "$*" >>"$DOCKER_LOG"
if [ "$1" = login ]; then echo "password $(cat)" >>"$DOCKER_LOG"; fi
if [ "$1" = "$DOCKER_FAILS" ]; then echo "no space left on device"; exit 1; fi
"""


class Aws:
    def __init__(
        self, stand_in: StandIn, stacks: Stacks, services: Services, api: BookApi, folder: pathlib.Path
    ):
        self.stand_in, self.stacks, self.services, self.api, self.folder = (
            stand_in,
            stacks,
            services,
            api,
            folder,
        )
        self.docker_log = services.docker_log
        self.deploy = DEPLOY
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DOCKER"))
        } | {
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": stand_in.url,
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
            "AWS_EC2_METADATA_DISABLED": "true",
            "DOCKER_LOG": str(self.docker_log),
            "NO_PROXY": "*",
            "no_proxy": "*",
        }

    def command(self, verb: str, *arguments: str) -> list[str]:
        found = [str(ROOT / "deploy/aws" / verb), "--state", str(self.folder / "state")]
        if verb == "up":
            found += ["--deploy_folder", str(self.deploy), "--docker", str(self.folder / "docker")]
        if verb != "status":
            found += ["--poll_seconds", "0.01"]
        return [*found, *arguments]

    def run(self, verb: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit code and output of a run without a terminal."""
        done = subprocess.run(
            self.command(verb, *arguments),
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=170,
        )
        return done.returncode, done.stdout

    def up(self, *arguments: str, **environment: str) -> tuple[int, str]:
        return self.run("up", "--yes", *arguments, **environment)

    def terminal(self, verb: str, *arguments: str) -> pexpect.spawn:
        command = self.command(verb, *arguments)
        # A shell ignores Ctrl-C for its background processes, and the tests may be one of them.
        return pexpect.spawn(
            command[0],
            command[1:],
            env=self.environment,
            encoding="utf-8",
            timeout=60,
            dimensions=(50, 200),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def changes(self) -> list[str]:
        """The calls that change something, in order."""
        verbs = ("Create", "Execute", "Delete", "Continue", "Put", "Run")
        return [name for name in self.stand_in.operations() if name.startswith(verbs)]

    def given(self, stack: str) -> dict[str, str]:
        """The parameters of the last change set of a stack."""
        asked = self.stand_in.parameters("CreateChangeSet")
        parameters = [each for each in asked if each["StackName"] == stack][-1]["Parameters"]
        return {each["ParameterKey"]: each.get("ParameterValue", "(previous)") for each in parameters}

    def statuses(self) -> dict[str, str]:
        return {name: stack.status for name, stack in self.stacks.stacks.items()}


@pytest.fixture
def aws(tmp_path):
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    with StandIn() as stand_in, BookApi() as api:
        stacks = Stacks(stand_in)
        stacks.outputs["bookstore-app"] = {"ApiEndpoint": api.url}
        services = Services(stand_in, tmp_path / "docker.log", api)
        yield Aws(stand_in, stacks, services, api, tmp_path)
