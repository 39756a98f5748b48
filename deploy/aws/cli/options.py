"""The command line of up, down and status."""

import argparse
import pathlib
import re

from cli.plan import DEFAULT_PREFIX

ROOT = pathlib.Path(__file__).resolve().parents[3]

_UP = """Deploys the service to an AWS account: builds and pushes the images, creates or updates the
stacks in order, shows their outputs, and tests the API. Asks for parameters, remembers the answers, and
shows each change before it makes it. If it was interrupted, run it again to continue."""
_DOWN = """Deletes the stacks in reverse order, and lists what remains and costs money."""
_STATUS = """Shows the state of the stacks, the database, the service and its API."""


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deploy/aws", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about, add in (
        ("up", _UP, _add_up),
        ("down", _DOWN, _add_down),
        ("status", _STATUS, _add_status),
    ):
        command = commands.add_parser(
            name, prog=f"deploy/aws/{name}", description=about, help=about, allow_abbrev=False
        )
        add(command)
        _add_common(command)
    return parser.parse_args(arguments)


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--prefix", type=_prefix, default=DEFAULT_PREFIX, help="prefix of all names (%(default)s)"
    )
    command.add_argument("--profile", help="profile of the AWS configuration (AWS_PROFILE)")
    command.add_argument("--region", help="AWS region (AWS_REGION)")
    command.add_argument(
        "--state",
        type=pathlib.Path,
        default=ROOT / "deploy/aws/.state",
        help="folder of remembered answers and logs",
    )


def _add_waiting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--yes", action="store_true", help="ask nothing")
    command.add_argument(
        "--poll_seconds", type=float, default=5, help="seconds between two status requests (%(default)s)"
    )


def _add_up(command: argparse.ArgumentParser) -> None:
    _add_waiting(command)
    command.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=_assignment,
        metavar="NAME=VALUE",
        help="value of a parameter of any stack",
    )
    command.add_argument(
        "--allow_replacement",
        action="store_true",
        help="let --yes also replace or remove resources with data: cluster, instance, secret, key",
    )
    command.add_argument(
        "--deploy_folder",
        type=pathlib.Path,
        default=ROOT / "deploy",
        help="folder that contains aws/templates/ and images/; its parent folder is the build context",
    )
    command.add_argument(
        "--template_bucket",
        help="S3 bucket for a template of over 51,200 bytes, which CloudFormation reads only from S3",
    )
    command.add_argument("--docker", default="docker", help="program that builds images (%(default)s)")
    command.add_argument(
        "--platform", help="platform of the images (from the parameter CpuArchitecture, or linux/amd64)"
    )
    command.add_argument("--tag", help="tag of the images (the commit)")
    command.add_argument("--no_validation", action="store_true", help="do not test the API at the end")
    command.add_argument(
        "--token_file", type=pathlib.Path, help="file with the bearer token for an API that requires one"
    )


def _add_down(command: argparse.ArgumentParser) -> None:
    _add_waiting(command)
    command.add_argument("--images", action="store_true", help="delete the images too")


def _add_status(command: argparse.ArgumentParser) -> None:
    del command


def _prefix(text: str) -> str:
    # The names that CloudFormation and ECR both accept.
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", text) or len(text) > 40:
        raise argparse.ArgumentTypeError(
            f"{text!r} may contain only lower-case letters, digits and single hyphens"
        )
    return text


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value
