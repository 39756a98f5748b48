"""Names and labels of the metrics, and what dashboard and rules say of them."""

import json
import os
import pathlib
import re
import subprocess

import httpx
import pytest
import yaml
from load import PLANTED, every_kind
from local import wait_for
from monitored import MONITORING

GOLDEN = pathlib.Path(__file__).parent / "metrics.txt"
NAME = re.compile(r"\b(?:http|rpc|gateway|server|db|process)_[a-z_]+\b")
SERIES = re.compile(r"(?P<name>[a-z_]+)(?:\{(?P<labels>.*)\})? \S+$")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
# What PromQL adds, and labels.
NO_METRICS = {
    "http_response_status_code",
    "http_request_method",
    "http_route",
    "rpc_method",
    "rpc_response_status_code",
}
# Limits and facts, which do not move.
CONSTANT = re.compile(r".*(_limit_[a-z]+|_limit|_info|_max_fds|start_time_seconds)$")


def expressions() -> list[str]:
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    found = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    rules = yaml.safe_load((MONITORING / "rules.yaml").read_text())
    return found + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def named() -> set[str]:
    """The metrics that dashboard and rules name, histograms without their suffix."""
    names = {name for expression in expressions() for name in NAME.findall(expression)}
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names - NO_METRICS}


@pytest.fixture(scope="module")
def loaded(system):
    with system.client() as client:
        for _ in range(3):
            every_kind(client)
    wait_for(lambda: system.value("sum(rpc_client_call_duration_seconds_count)") > 0, what="the scrape")
    return system


def families(text: str) -> set[str]:
    """Name and labels of each metric; the parts of a histogram are one."""
    found = set()
    for line in text.splitlines():
        if line.startswith(("#", "go_", "process_")):
            continue
        match = SERIES.match(line)
        labels = sorted(name for name, _ in LABEL.findall(match["labels"] or "") if name != "le")
        found.add(re.sub(r"_(bucket|sum|count)$", "", match["name"]) + "{" + ",".join(labels) + "}")
    return found


def test_names_and_labels(loaded):
    found = "".join(f"{family}\n" for family in sorted(families(loaded.scraped())))
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text(), "UPDATE_GOLDEN=1 rewrites it"


def test_the_values_of_labels_are_of_the_contract(loaded):
    """More requests, with other keys and values, make no more series."""
    before = len(loaded.scraped().splitlines())
    with loaded.client() as client:
        for _ in range(3):
            every_kind(client)
    text = loaded.scraped()
    assert PLANTED not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text), "a label has a key"
    assert len(text.splitlines()) <= before + 20  # those of the Go runtime may come late
    assert len(text.splitlines()) < 4000


def test_promtool_finds_no_fault(loaded):
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=httpx.get(f"http://{loaded.server_metrics}/metrics").text,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_is_that_of_its_script():
    made = subprocess.run([MONITORING / "dashboard"], capture_output=True, text=True, check=True).stdout
    assert made == (MONITORING / "dashboard.json").read_text(), (
        "deploy/monitoring/dashboard >deploy/monitoring/dashboard.json"
    )


@pytest.mark.parametrize(
    "verb",
    [
        ["check", "rules", "rules.yaml"],
        ["test", "rules", "rules_test.yaml"],
        ["check", "config", "prometheus.yaml"],
    ],
)
def test_promtool(verb):
    done = subprocess.run(["promtool", *verb], cwd=MONITORING, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_expression_is_valid_and_every_metric_exists(loaded):
    for expression in expressions():
        loaded.query(expression.replace("$__rate_interval", "1m"))
    existing = {family.split("{")[0] for family in families(loaded.scraped())}
    existing |= set(NAME.findall(loaded.scraped()))
    assert named() <= existing


def test_every_alert_has_a_section():
    sections = re.findall(
        r"^## (.*)$", (MONITORING.parents[1] / "docs/what-to-look-at.md").read_text(), re.MULTILINE
    )
    anchors = {re.sub(r"[^a-z0-9 -]", "", section.lower()).replace(" ", "-") for section in sections}
    rules = yaml.safe_load((MONITORING / "rules.yaml").read_text())
    pages = {rule["annotations"]["page"] for group in rules["groups"] for rule in group["rules"]}
    assert pages <= anchors
