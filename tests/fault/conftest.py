"""Fixtures of the tests that attack a system or make parts of it fail. They start all
processes themselves: tests/run fault, or .deps/venv/bin/pytest tests/fault after a build."""

import resource

import pytest
import stubs  # noqa: F401
from own_database import test_database  # noqa: F401
from running import System


@pytest.fixture(scope="session", autouse=True)
def many_descriptors():
    """As many file descriptors as the machine permits, for attackers with many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def system(test_database):  # noqa: F811
    """A server and a gateway of its own on an empty database, for one test."""
    with System(test_database) as system:
        yield system
