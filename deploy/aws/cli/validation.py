"""Tests a deployment: lists the tables, lists books, creates a book, reads its row.

The API is called over the internet, as clients do. The database has no public port:
a task of the schema stack runs the two queries with psql under the reader role, and
writes the results to its log.
"""

import json
import pathlib
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import botocore.exceptions

from cli.cloud import Cloud, code_of
from cli.dialogue import Dialogue
from cli.errors import OK, Stop

_TABLES = (
    "SELECT schemaname || '.' || tablename FROM pg_tables "
    "WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1"
)
_ROW = "SELECT id, title, author, year FROM bookstore.book WHERE id = '{}'"
_BOOK = {"title": "Emma", "author": "Jane Austen", "publisher": "John Murray", "year": 1815}
# A new API returns 404 and 503 for some time.
_PATIENCE_SECONDS = 120


class Api:
    def __init__(self, endpoint: str | None, token_file: pathlib.Path | None):
        self.endpoint = endpoint.rstrip("/") if endpoint else None
        self._headers = {"Content-Type": "application/json"}
        if token_file:
            self._headers["Authorization"] = f"Bearer {token_file.read_text().strip()}"

    def call(self, method: str, path: str, body: dict | None = None) -> tuple[int, str]:
        """Returns status and body; status 0 if the connection failed."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.endpoint + path, data, self._headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=35) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except OSError as error:
            return 0, str(error)


class Database:
    def __init__(self, cloud: Cloud, outputs: dict[str, dict[str, str]], poll_seconds: float):
        """`outputs`: the outputs of each stack, by its name without the prefix."""
        self._cloud, self._poll_seconds = cloud, poll_seconds
        self._task = outputs["schema"]
        self._subnets = outputs["aurora"].get("PrivateSubnets", "").split(",")
        self._client_group = outputs["rds-proxy"].get("ClientSecurityGroup")

    def select(self, statement: str) -> list[str]:
        """Returns the lines that psql prints."""
        ecs = self._cloud.client("ecs")
        definition = ecs.describe_task_definition(taskDefinition=self._task["TaskDefinition"])[
            "taskDefinition"
        ]
        container = definition["containerDefinitions"][0]
        command = ["psql", "--no-psqlrc", "--csv", "--tuples-only", "--command", statement]
        started = ecs.run_task(
            cluster=self._task["Cluster"],
            taskDefinition=definition["taskDefinitionArn"],
            launchType="FARGATE",
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": self._subnets,
                    "securityGroups": [self._task["TaskSecurityGroup"], self._client_group],
                    "assignPublicIp": "DISABLED",
                }
            },
            overrides={"containerOverrides": [{"name": container["name"], "command": command}]},
        )
        if not started["tasks"]:
            raise Stop(f"the task that queries the database was not started: {started['failures']}")
        return self._answer(ecs, container, started["tasks"][0]["taskArn"])

    def _answer(self, ecs, container: dict, task: str) -> list[str]:
        while True:
            found = ecs.describe_tasks(cluster=self._task["Cluster"], tasks=[task])["tasks"][0]
            if found["lastStatus"] == "STOPPED":
                break
            time.sleep(self._poll_seconds)
        options = container["logConfiguration"]["options"]
        stream = f"{options['awslogs-stream-prefix']}/{container['name']}/{task.rsplit('/', 1)[-1]}"
        lines = self._lines(options["awslogs-group"], stream)
        if found["containers"][0].get("exitCode") != 0:
            raise Stop("\n  ".join(["the query failed:", *(lines or [found.get("stoppedReason", "")])]))
        return lines

    def _lines(self, group: str, stream: str) -> list[str]:
        try:
            found = self._cloud.client("logs").get_log_events(
                logGroupName=group, logStreamName=stream, startFromHead=True
            )
        except botocore.exceptions.ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return []
            raise
        return [event["message"] for event in found["events"]]


def run(api: Api, database: Database, dialogue: Dialogue) -> int:
    dialogue.say("\nvalidation")
    if api.endpoint is None:
        raise Stop("no stack has an output with the address of the API")
    tables = database.select(_TABLES)
    dialogue.say(f"  tables: {', '.join(tables)}")
    if not any(table.startswith("bookstore.") for table in tables):
        raise Stop("the database has no table of the schema bookstore")
    _expect(api, dialogue, "GET", "/book", 200, patience=_PATIENCE_SECONDS)
    made = _expect(api, dialogue, "PUT", "/book", 201, _BOOK)
    key = str(made.get("id"))
    if not re.fullmatch(r"[0-9A-Za-z-]{1,64}", key):
        raise Stop(f"PUT /book returned a book without an id: {made}")
    try:
        _expect(api, dialogue, "GET", "/book", 200)
        rows = database.select(_ROW.format(key))
        dialogue.say(f"  row: {'; '.join(rows)}")
        if not any(row.startswith(f"{key},") for row in rows):
            raise Stop(f"the row of the book {key} is not in the database")
    finally:
        _expect(api, dialogue, "DELETE", f"/book/{key}", 204)
    dialogue.say("  passed")
    return OK


def _expect(
    api: Api,
    dialogue: Dialogue,
    method: str,
    path: str,
    expected: int,
    body: dict | None = None,
    patience: float = 0,
) -> dict:
    """Calls the API, and repeats the call for `patience` seconds while it is unavailable."""
    end = time.monotonic() + patience
    while True:
        status, text = api.call(method, path, body)
        if status not in (0, 404, 502, 503, 504) or time.monotonic() >= end:
            break
        time.sleep(2)
    dialogue.say(f"  {method} {path}: {status or text} {text[:100] if status else ''}".rstrip())
    if status in (401, 403):
        raise Stop(f"the API requires a token ({status}): use --token_file, or --no_validation")
    if status != expected:
        raise Stop(f"{method} {path} returned {status or 'nothing'}, expected {expected}: {text[:500]}")
    return json.loads(text) if text else {}
