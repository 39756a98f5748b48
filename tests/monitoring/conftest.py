"""Fixtures of the tests of metrics, logs and traces: a system with a Prometheus that scrapes it
and a collector of its traces. tests/run monitoring, or .deps/venv/bin/pytest tests/monitoring
after a build."""

import os

import pytest
import stubs  # noqa: F401
from collector import Collector
from local import free_port
from monitored import Monitored
from own_database import test_database  # noqa: F401


@pytest.fixture(scope="session")
def collector():
    with Collector(free_port()) as collector:
        yield collector


@pytest.fixture(scope="session")
def system(test_database, collector, tmp_path_factory):  # noqa: F811
    with Monitored(test_database, collector, tmp_path_factory.mktemp("prometheus")) as system:
        yield system
        if folder := os.environ.get("PICTURES"):  # of the panels, for the documentation
            system.draw(folder)
