"""The other services of the stand-in: STS, ECR, ECS, RDS, Secrets Manager, logs."""

import base64
import json
import pathlib
import re
from http.server import BaseHTTPRequestHandler

from loopback import Loopback
from stand_in import ApiError, StandIn

ACCOUNT, REGION = "123456789012", "eu-west-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
PASSWORD = "registry-password"


class Services:
    """The state of the services is in lists and dicts, which a test fills and reads."""

    def __init__(self, stand_in: StandIn, docker_log: pathlib.Path, api: "BookApi"):
        self.docker_log, self.api = docker_log, api
        self.repositories: dict[str, dict] = {}
        self.clusters: dict[str, dict] = {}
        self.secrets: dict[str, dict] = {}
        self.snapshots: list[dict] = []
        self.log_groups: dict[str, int] = {}
        self.alarms: list[dict] = []
        self.services = {"runningCount": 2, "desiredCount": 2, "events": []}
        self.task_exit_code = 0
        self.task_lines: dict[str, list[str]] = {}
        self.tables = ["bookstore.book", "bookstore.review"]
        for service, names in _OPERATIONS.items():
            for name in names.split():
                stand_in.handlers[(service, name)] = getattr(self, name)

    def GetCallerIdentity(self, ask: dict) -> dict:
        return {"Account": ACCOUNT, "UserId": "U", "Arn": f"arn:aws:iam::{ACCOUNT}:user/u"}

    def DescribeRepositories(self, ask: dict) -> dict:
        names = ask.get("repositoryNames", list(self.repositories))
        if any(name not in self.repositories for name in names):
            raise ApiError("RepositoryNotFoundException", f"no repository {names}")
        return {"repositories": [self.repositories[name] for name in names]}

    def CreateRepository(self, ask: dict) -> dict:
        name = ask["repositoryName"]
        self.repositories[name] = {"repositoryName": name, "repositoryUri": f"{REGISTRY}/{name}"}
        return {"repository": self.repositories[name]}

    def DeleteRepository(self, ask: dict) -> dict:
        return {"repository": self.repositories.pop(ask["repositoryName"])}

    def DescribeImages(self, ask: dict) -> dict:
        (image,) = ask["imageIds"]
        uri = f"{REGISTRY}/{ask['repositoryName']}:{image['imageTag']}"
        pushed = self.docker_log.read_text() if self.docker_log.exists() else ""
        if f"push {uri}\n" not in pushed:
            raise ApiError("ImageNotFoundException", f"no image {uri}")
        return {"imageDetails": [{"imageTags": [image["imageTag"]]}]}

    def GetAuthorizationToken(self, ask: dict) -> dict:
        token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
        return {"authorizationData": [{"authorizationToken": token, "proxyEndpoint": f"https://{REGISTRY}"}]}

    def DescribeTaskDefinition(self, ask: dict) -> dict:
        container = {
            "name": "schema",
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "schema-logs", "awslogs-stream-prefix": "schema"},
            },
        }
        return {
            "taskDefinition": {
                "taskDefinitionArn": f"{ask['taskDefinition']}:1",
                "containerDefinitions": [container],
            }
        }

    def RunTask(self, ask: dict) -> dict:
        key = f"t{len(self.task_lines)}"
        statement = ask["overrides"]["containerOverrides"][0]["command"][-1]
        found = re.search(r"id = '([^']*)'", statement)
        if found is None:
            self.task_lines[key] = self.tables
        else:
            book = self.api.books.get(found[1])
            self.task_lines[key] = (
                [f"{found[1]},{book['title']},{book['author']},{book['year']}"] if book else []
            )
        return {
            "tasks": [
                {"taskArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/c/{key}", "lastStatus": "PROVISIONING"}
            ]
        }

    def DescribeTasks(self, ask: dict) -> dict:
        container = {"name": "schema", "exitCode": self.task_exit_code}
        return {"tasks": [{"taskArn": ask["tasks"][0], "lastStatus": "STOPPED", "containers": [container]}]}

    def GetLogEvents(self, ask: dict) -> dict:
        assert ask["logGroupName"] == "schema-logs"
        lines = self.task_lines[ask["logStreamName"].removeprefix("schema/schema/")]
        return {"events": [{"timestamp": 1, "message": line} for line in lines]}

    def DescribeServices(self, ask: dict) -> dict:
        (arn,) = ask["services"]
        return {"services": [{"serviceArn": arn, "serviceName": arn.rsplit("/", 1)[1], **self.services}]}

    def DescribeDBClusters(self, ask: dict) -> dict:
        (key,) = ask["Filters"][0]["Values"]
        return {"DBClusters": [self.clusters[key]] if key in self.clusters else []}

    def DescribeDBClusterSnapshots(self, ask: dict) -> dict:
        key = ask["DBClusterIdentifier"]
        return {"DBClusterSnapshots": [each for each in self.snapshots if each["DBClusterIdentifier"] == key]}

    def DescribeSecret(self, ask: dict) -> dict:
        if ask["SecretId"] not in self.secrets:
            raise ApiError("ResourceNotFoundException", "no such secret")
        return self.secrets[ask["SecretId"]]

    def GetSecretValue(self, ask: dict) -> dict:
        return {"ARN": ask["SecretId"], "SecretString": json.dumps(self.DescribeSecret(ask))}

    def DescribeLogGroups(self, ask: dict) -> dict:
        beginning = ask["logGroupNamePrefix"]
        return {
            "logGroups": [
                {"logGroupName": name, "storedBytes": size}
                for name, size in self.log_groups.items()
                if name.startswith(beginning)
            ]
        }

    def DescribeAlarms(self, ask: dict) -> dict:
        return {"MetricAlarms": self.alarms}


_OPERATIONS = {
    "sts": "GetCallerIdentity",
    "ecr": "DescribeRepositories CreateRepository DeleteRepository DescribeImages GetAuthorizationToken",
    "ecs": "DescribeTaskDefinition RunTask DescribeTasks DescribeServices",
    "rds": "DescribeDBClusters DescribeDBClusterSnapshots",
    "secretsmanager": "DescribeSecret GetSecretValue",
    "logs": "GetLogEvents DescribeLogGroups",
    "monitoring": "DescribeAlarms",
}


class BookApi(Loopback):
    """The part of the service's API that the validation uses. `faults` are the statuses of the
    next calls."""

    def __init__(self):
        self.books: dict[str, dict] = {}
        self.calls: list[str] = []
        self.tokens: set[str | None] = set()
        self.faults: list[int] = []
        self.stores = True

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        status, found = self.serve(request.command, request.path, body, request.headers.get("Authorization"))
        text = json.dumps(found).encode() if status != 204 else b""
        request.send_response(status)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def serve(self, method: str, path: str, body: bytes, token: str | None) -> tuple[int, dict]:
        self.calls.append(f"{method} {path}")
        self.tokens.add(token)
        if self.faults:
            return self.faults.pop(0), {"title": "fault"}
        if method == "PUT":
            key = f"00000000-0000-4000-8000-{len(self.calls):012}"
            book = {"id": key, **json.loads(body)}
            if self.stores:
                self.books[key] = book
            return 201, book
        if method == "DELETE":
            self.books.pop(path.rsplit("/", 1)[1], None)
            return 204, {}
        return 200, {"books": list(self.books.values())}
