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
# After a server has started again.
RECOVERY = 2.0


def script(command: str, state: pathlib.Path) -> list[str]:
    """Runs a function of deploy/local/lib/tls.sh with a state folder."""
    text = f"set -eu; source tools/dev/output.sh; source deploy/local/lib/tls.sh; {command} {state}"
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()


OWN = [("grpc.use_local_subchannel_pool", 1)]


def credentials(folder: pathlib.Path) -> grpc.ChannelCredentials:
    """Those of the client in the folder, who trusts its authority."""
    files = ("ca.crt", "client.key", "client.crt")
    return grpc.ssl_channel_credentials(*((folder / file).read_bytes() for file in files))


class SecureSystem(System):
    """With mutual TLS between gateway and server, and HTTPS."""

    def __init__(self, database: dict[str, str], state: pathlib.Path):
        script("make_certificates", state)
        self.folder = self.client_folder = state / "tls"
        flags = [tuple(script(f"{part}_tls_flags", state)) for part in ("gateway", "server")]
        super().__init__(database, *flags)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.http_port}"

    def context(self) -> ssl.SSLContext:
        """Of a client: its certificate, and the authority that it trusts."""
        folder = self.client_folder
        context = ssl.create_default_context(cafile=folder / "ca.crt")
        context.load_cert_chain(folder / "client.crt", folder / "client.key")
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
            self.take_certificates(new)

    def take_certificates(self, new: pathlib.Path) -> None:
        """Server and gateway get those of another folder; waits until new connections get them."""
        for part in ("server", "gateway"):
            for kind in ("key", "crt"):
                self.replace(f"{part}.{kind}", (new / f"{part}.{kind}").read_bytes())
        for port, part in ((self.grpc_port, "server"), (self.http_port, "gateway")):
            expected = ssl.PEM_cert_to_DER_cert((self.folder / f"{part}.crt").read_text())
            wait_for(functools.partial(self.serves, port, expected), TAKEN, f"the new certificate of {part}")

    def replace(self, file: str, content: bytes) -> None:
        temporary = self.folder / f"{file}.new"
        temporary.write_bytes(content)
        os.replace(temporary, self.folder / file)

    def accepts(self, folder: pathlib.Path) -> bool:
        """Whether the server answers a client with the certificate of the folder."""
        with grpc.secure_channel(f"127.0.0.1:{self.grpc_port}", credentials(folder), OWN) as channel:
            try:
                channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=5)
            except grpc.RpcError:
                return False
            return True

    def serves(self, port: int, certificate: bytes) -> bool:
        return self.served(port) == certificate


class EachGrpc(Grpc):
    """With a connection for each row."""

    def __init__(self, system: SecureSystem):
        self.system = system

    def close(self) -> None:
        pass

    def write(self, name: str, number: int, try_until) -> int:
        address = f"127.0.0.1:{self.system.grpc_port}"
        with grpc.secure_channel(address, credentials(self.system.client_folder), OWN) as channel:
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
        self.system = system

    def write(self, name: str, number: int, try_until) -> int:
        self.client.close()
        super().__init__(self.system)
        return super().write(name, number, try_until)


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


def test_an_authority_that_changes(secure_system, tmp_path):
    """Both are trusted, then all use certificates of the new one, then the old one is not trusted."""
    script("make_certificates", tmp_path / "second")
    old, new = tmp_path / "old", tmp_path / "second/tls"
    shutil.copytree(secure_system.folder, old)
    authority = (new / "ca.crt").read_bytes()
    both = (old / "ca.crt").read_bytes() + authority
    (new / "ca.crt").write_bytes(both)  # for the client
    with Writers(secure_system, clients=(EachGrpc, EachRest)) as writers:
        assert not secure_system.accepts(new)
        secure_system.replace("ca.crt", both)
        wait_for(lambda: secure_system.accepts(new), TAKEN, "both authorities")
        secure_system.client_folder = new
        secure_system.take_certificates(new)
        secure_system.replace("ca.crt", authority)
        wait_for(lambda: not secure_system.accepts(old), TAKEN, "the new authority alone")
        print(f"{writers.rows()} rows, {len(writers.failures())} failures")
        assert not writers.failures()
        # The gateway connects anew, with its new certificate.
        secure_system.end(secure_system.server)
        secure_system.start_server()
        writers.await_recovery(RECOVERY)
        writers.check_retryable()
