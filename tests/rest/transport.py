"""How the tests reach servers and gateways: in clear, or, if deploy/local/up --tls has
started the system, with its certificates: HTTPS, and gRPC with mutual TLS."""

import functools
import os
import pathlib
import socket
import ssl
import subprocess

import grpc
import httpx

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = pathlib.Path(os.environ.get("DATA_SERVICE_STATE", ROOT / "deploy/local/.state"))
BINARIES = pathlib.Path(os.environ.get("DATA_SERVICE_BIN", ROOT / "build/release"))
HOST = "127.0.0.1"


def running() -> dict[str, int]:
    """What deploy/local/up has written of the system that runs."""
    lines = (STATE / "ready").read_text().splitlines()
    return {name: int(value) for name, value in (line.split("=", 1) for line in lines)}


@functools.cache
def is_secure() -> bool:
    """Systems that tests start are in clear where none of deploy/local/up runs."""
    return (STATE / "ready").exists() and running()["tls"] == 1


@functools.cache
def knows_certificates() -> bool:
    """Whether the server asks its clients for certificates. The task of the stacks does not."""
    return running().get("client_certificates", running()["tls"]) == 1


def file(name: str) -> pathlib.Path:
    return STATE / "tls" / name


def identity(name: str) -> str:
    """The identity in the certificate of a part."""
    return f"spiffe://local/{name}"


def context(*protocols: str) -> ssl.SSLContext | bool:
    """How httpx and sockets verify; what httpx takes for no TLS."""
    if not is_secure():
        return True
    context = ssl.create_default_context(cafile=str(file("ca.crt")))
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def rest_url(port: int) -> str:
    return f"{'https' if is_secure() else 'http'}://{HOST}:{port}"


def rest_client(port: int, timeout: float = 60, http2: bool = False) -> httpx.Client:
    """With HTTP/2 where a test asks for it. httpx has one connection for all threads then, on
    which they send the frames of one another twice or in another order. The gateway must end
    such a connection: the numbers of new streams increase (RFC 9113, 5.1.1). httpx also drops
    answers whose streams are reset (RFC 9113, 8.1)."""
    return httpx.Client(
        base_url=rest_url(port),
        timeout=timeout,
        trust_env=False,
        verify=context(),
        http2=http2,
    )


def grpc_channel(port: int, options: list[tuple[str, int]] | None = None) -> grpc.Channel:
    if not is_secure():
        return grpc.insecure_channel(f"{HOST}:{port}", options)
    credentials = grpc.ssl_channel_credentials(
        *(file(name).read_bytes() for name in ("ca.crt", "client.key", "client.crt"))
    )
    return grpc.secure_channel(f"{HOST}:{port}", credentials, options)


def grpc_socket(port: int) -> socket.socket:
    """A connection to a server whose frames a test makes itself."""
    plain = socket.create_connection((HOST, port), timeout=10)
    if not is_secure():
        return plain
    secure = context("h2")
    secure.load_cert_chain(file("client.crt"), file("client.key"))
    return secure.wrap_socket(plain, server_hostname=HOST)


def grpcurl_options() -> list[str]:
    if not is_secure():
        return ["-plaintext"]
    return ["-cacert", file("ca.crt"), "-cert", file("client.crt"), "-key", file("client.key")]


def script_flags(kind: str) -> list[str]:
    """The flags of TLS that deploy/local/up gives to a server or a gateway."""
    if not is_secure():
        return []
    script = f"BINARIES={BINARIES}; source deploy/local/lib/tls.sh; {kind}_tls_flags {STATE}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()
