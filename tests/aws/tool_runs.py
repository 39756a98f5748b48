"""Imports and flags that the tests of the deploy/aws commands share."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/aws"))
from cli.plan import STACKS  # noqa: E402, F401
from cli.template import Template, parse  # noqa: E402, F401

DEPLOY = pathlib.Path(__file__).parent / "tool_deploy"
NAMES = ["bookstore-aurora", "bookstore-rds-proxy", "bookstore-schema", "bookstore-app"]
IMAGES = [f"--parameter={name}Image=r/{name.lower()}:1" for name in ("Server", "Gateway", "Schema")]
PASSWORD = "--parameter=Password=long enough"
# For tests that do not need the validation of up.
QUIET = [*IMAGES, PASSWORD, "--no_validation"]
