"""Certificates of server and gateway are replaced under load."""

import functools
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile

import grpc
import httpx
import pytest
from bookstore.v1 import bookstore_pb2_grpc as rpc
from local import wait_for
from running import System
from transport import ROOT
from writers import Grpc, Rest, RestBatches, Writers

# The files are looked at each second, and must not have changed for a second.
TAKEN = 10.0


def script(command: str, state: pathlib.Path) -> list[str]:
    """Runs a function of deploy/local/lib/tls.sh with a state folder."""
    text = f"set -eu; source tools/dev/output.sh; source deploy/local/lib/tls.sh; {command} {state}"
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()


class SecureSystem(System):
    """With mutual TLS between gateway and server, and HTTPS."""

    def __init__(self, database: dict[str, str], state: pathlib.Path):
        script("make_certificates", state)
        self.folder = state / "tls"
        flags = [tuple(script(f"{part}_tls_flags", state)) for part in ("gateway", "server")]
        super().__init__(database, *flags)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.http_port}"

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.folder / "ca.crt")
        context.load_cert_chain(self.folder / "client.crt", self.folder / "client.key")
        return context

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", verify=self.context(), trust_env=False).is_success
        except httpx.TransportError:
            return False

    def served(self, port: int) -> bytes:
        """The certificate of who listens on the port."""
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            self.context().wrap_socket(plain, server_hostname="127.0.0.1") as secure,
        ):
            return secure.getpeercert(binary_form=True)

    def rotate(self) -> None:
        """Replaces keys and certificates, and waits until new connections get them."""
        with tempfile.TemporaryDirectory() as name:
            new = pathlib.Path(name) / "tls"
            new.mkdir()
            for file in ("ca.crt", "ca.key"):
                shutil.copy(self.folder / file, new)
            script("make_certificates", new.parent)
            for part in ("server", "gateway"):
                for kind in ("key", "crt"):
                    temporary = self.folder / f"{part}.{kind}.new"
                    shutil.copy(new / f"{part}.{kind}", temporary)
                    os.replace(temporary, self.folder / f"{part}.{kind}")
        for port, part in ((self.grpc_port, "server"), (self.http_port, "gateway")):
            expected = ssl.PEM_cert_to_DER_cert((self.folder / f"{part}.crt").read_text())
            wait_for(functools.partial(self.serves, port, expected), TAKEN, f"the new certificate of {part}")

    def serves(self, port: int, certificate: bytes) -> bool:
        return self.served(port) == certificate


class EachGrpc(Grpc):
    """With a connection for each row."""

    def __init__(self, system: SecureSystem):
        self.port = system.grpc_port
        files = ("ca.crt", "client.key", "client.crt")
        self.credentials = grpc.ssl_channel_credentials(*((system.folder / f).read_bytes() for f in files))

    def close(self) -> None:
        pass

    def write(self, name: str, number: int, try_until) -> int:
        options = [("grpc.use_local_subchannel_pool", 1)]
        with grpc.secure_channel(f"127.0.0.1:{self.port}", self.credentials, options) as channel:
            self.books = rpc.BookServiceStub(channel)
            return super().write(name, number, try_until)


class OneRest(Rest):
    """With one connection."""

    def __init__(self, system: SecureSystem):
        self.client = httpx.Client(base_url=system.url, verify=system.context(), trust_env=False, timeout=30)


class EachRest(OneRest, RestBatches):
    """With a connection for each request."""

    def __init__(self, system: SecureSystem):
        super().__init__(system)
        self.client.headers["Connection"] = "close"


@pytest.fixture
def secure_system(test_database, tmp_path):
    with SecureSystem(test_database, tmp_path) as system:
        yield system


def test_certificates_that_rotate(secure_system):
    clients = (EachGrpc, OneRest, EachRest)
    with Writers(secure_system, clients=clients) as writers:
        for _ in range(3):
            secure_system.rotate()
        print(f"{writers.rows()} rows, {len(writers.failures())} failures")
        assert not writers.failures()
