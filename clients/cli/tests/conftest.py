"""The command line under test: CLI_PROGRAMS has the programs, CLIENT_* the running system."""

import os
import pathlib
import subprocess
import uuid
from collections.abc import Callable

import pytest

PROGRAMS = pathlib.Path(os.environ.get("CLI_PROGRAMS", ""))
Run = Callable[..., subprocess.CompletedProcess[str]]


def profiles(folder: pathlib.Path) -> pathlib.Path:
    """Writes the profiles of the running system, and returns their file."""
    tls = os.environ["CLIENT_TLS"]
    secure = f"address: {os.environ['CLIENT_TLS_TARGET']}, ca: {tls}/ca.crt"
    file = folder / "config.yaml"
    file.write_text(
        "default: plain\n"
        "profiles:\n"
        f"  plain: {{address: '{os.environ['CLIENT_TARGET']}', cleartext: true}}\n"
        f"  token: {{{secure}, token_command: cat {tls}/token}}\n"
        f"  certificate: {{{secure}, certificate: {tls}/client.crt, key: {tls}/client.key}}\n"
        f"  anonymous: {{{secure}}}\n"
        f"  broken: {{{secure}, token_command: 'exit 3'}}\n"
    )
    return file


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return os.environ | {"BOOKSTORE_CONFIG": str(profiles(tmp_path_factory.mktemp("profiles")))}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: pathlib.Path) -> Run:
    """Runs `bookstore ARGUMENT...` in an empty folder; fails if the exit code is another one."""

    def bookstore(*arguments: str, code: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [PROGRAMS / "bookstore", *arguments],
            cwd=tmp_path,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=50,
        )
        assert result.returncode == code, result
        return result

    return bookstore


@pytest.fixture
def author() -> str:
    """An author of this test alone."""
    return f"author {uuid.uuid4()}"
