"""The task of deploy/aws/templates/bookstore as processes on this machine. They have the commands
and the environment of the template, in which only addresses, ports and paths are replaced."""

import functools
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterable

from local import free_port, wait_for
from local_service import BINARIES, Database, Processes, get
from stand_in import StandIn
from task_definition import Container, TaskTemplate
from tool_runs import ROOT

TEMPLATE = ROOT / "deploy/aws/templates/bookstore/template.yaml"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app"
KEY = "a key of page tokens, the same in all tasks"
TRUST_ROOTS = "/etc/ssl/certs/amazon-trust.pem"


class Certificates:
    """An authority, and a certificate for "localhost" that it has signed."""

    def __init__(self, folder: pathlib.Path):
        self.roots, self.key = folder / "roots.pem", folder / "key.pem"
        self.certificate = folder / "server.pem"
        authority, request, names = folder / "authority.key", folder / "request", folder / "names"
        names.write_text("subjectAltName=DNS:localhost")
        new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-batch"]
        days = ["-days", "2"]
        self._openssl(*new, "-x509", *days, "-subj", "/CN=Roots", "-keyout", authority, "-out", self.roots)
        self._openssl(*new, "-subj", "/CN=localhost", "-keyout", self.key, "-out", request)
        signer = ["-CA", self.roots, "-CAkey", authority, "-CAcreateserial", "-extfile", names]
        self._openssl("x509", "-req", "-in", request, *signer, *days, "-out", self.certificate)

    @staticmethod
    def _openssl(*arguments) -> None:
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def start_proxy(database: Database, *more: str) -> Certificates:
    """Starts PgBouncer in transaction mode. It requires TLS, as RDS Proxy does."""
    folder = database.folder / "tls"
    folder.mkdir(mode=0o711)
    certificates = Certificates(folder)
    if os.geteuid() == 0:
        shutil.chown(certificates.key, "postgres")
    settings = folder / "settings.ini"
    lines = [
        f"client_tls_key_file = {certificates.key}",
        f"client_tls_cert_file = {certificates.certificate}",
    ]
    settings.write_text("\n".join(["client_tls_sslmode = require", *lines, *more]) + "\n")
    database.control("pgbouncer", PGBOUNCER_SETTINGS=str(settings))
    return certificates


class LocalTask:
    def __init__(
        self, database: Database, certificates: Certificates, stand_in: StandIn, folder: pathlib.Path
    ):
        self.grpc_port, self.http_port = free_port(), free_port()
        # Variables in addition to those of the definition.
        self.more: dict[str, str] = {}
        self.processes = Processes(folder / "task.log")
        # The certificate that the server's container creates for the task, and its key.
        self.tls_volume = folder / "volumes/tls"
        self.tls_volume.mkdir(parents=True, mode=0o700)
        self.certificate, self.key = self.tls_volume / "tls.crt", self.tls_volume / "tls.key"
        self._stand_in = stand_in
        self._certificates = certificates
        self._proxy_port = database.port("pgbouncer")
        self._programs = folder / "bin"
        self._programs.mkdir()
        for program in (
            *BINARIES.glob("bookstore-*"),
            BINARIES / "rds-credentials",
            ROOT / "deploy/images/server_task",
        ):
            if program.is_file():
                (self._programs / program.name).symlink_to(program)

    def start(self, **parameters: str) -> list[Container]:
        imports = {
            "Endpoint": "localhost",
            "ReadOnlyEndpoint": "localhost",
            "DatabaseName": "bookstore",
            "AuroraDBSecretArn": ARN,
        }
        containers = TaskTemplate(TEMPLATE, {"SecretArn": ARN} | parameters, imports).containers()
        for container in containers:
            port = self.grpc_port if container.name == "server" else self.http_port
            self.processes.start(self.command(container), self.environment(container), port)
        wait_for(lambda: self.get("/readyz") == 200, what="being ready")
        return containers

    def get(self, path: str, **headers: str) -> int:
        """The status of a GET to the gateway; 0 without a connection."""
        return get(f"https://127.0.0.1:{self.http_port}{path}", self.certificate, headers)

    def command(self, container: Container) -> list[str]:
        program, *arguments = self.here(container, container.command)
        return [str(self._programs / program), *arguments]

    def environment(self, container: Container) -> dict[str, str]:
        """The variables of the definition, and those that the image, ECS and the task's role add."""
        values = self.here(container, container.environment.values())
        return dict(zip(container.environment, values, strict=True)) | {
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            **dict.fromkeys(container.secrets, KEY),
            "AWS_ENDPOINT_URL": self._stand_in.url,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "example",
            **self.more,
        }

    def here(self, container: Container, texts: Iterable[str]) -> list[str]:
        """Replaces addresses, ports and paths by those of this machine. All processes listen on
        127.0.0.1 only."""
        replacements = [
            ("0.0.0.0:50051", "127.0.0.1:50051"),
            ("http_address=:8080", "http_address=127.0.0.1:8080"),
            (":50051", f":{self.grpc_port}"),
            (":8080", f":{self.http_port}"),
            ("port=5432", f"port={self._proxy_port}"),
            ("--port 5432", f"--port {self._proxy_port}"),
            (TRUST_ROOTS, str(self._certificates.roots)),
            *((path, str(self.tls_volume.with_name(volume))) for path, volume in container.mounts.items()),
        ]
        return [
            functools.reduce(lambda text, pair: text.replace(*pair), replacements, each) for each in texts
        ]
