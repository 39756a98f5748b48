"""Whom a system of deploy/local/up --tls lets in (tests/run tls)."""

import collections
import pathlib
import socket
import ssl
import subprocess
import threading

import grpc
import httpx
import pytest
import transport
from local import wait_for

BOOK = "/book/00000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def secure():
    if not transport.is_secure():
        pytest.skip("the system runs without TLS")


@pytest.fixture(scope="module")
def strange(tmp_path_factory) -> pathlib.Path:
    """Certificates with the same names, of another authority."""
    state = tmp_path_factory.mktemp("strange")
    script = f"source deploy/local/lib/tls.sh; make_certificates {state}"
    subprocess.run(["bash", "-ec", script], check=True, cwd=transport.ROOT, capture_output=True)
    return state / "tls"


def test_certificates_are_private(strange):
    for folder in (strange, transport.file(".")):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert len(list(folder.iterdir())) == 8
        for path in folder.iterdir():
            assert path.stat().st_mode & 0o777 == 0o600, path


def test_rest_is_https_with_http_2(ports):
    with transport.rest_client(ports["http_port"], http2=True) as client:
        made = client.put(
            "/book", json={"title": "Second", "author": "H. Two", "publisher": "P", "year": 2015}
        )
        path = made.headers["location"]
        responses = {
            201: made,
            200: client.get(path),
            304: client.get(path, headers={"If-None-Match": made.headers["etag"]}),
            404: client.get(BOOK),
            400: client.get("/book?page_size=x"),
            204: client.delete(path),
        }
    for status, response in responses.items():
        assert (response.status_code, response.http_version) == (status, "HTTP/2")
        assert response.headers["strict-transport-security"] == "max-age=31536000"
    in_clear = httpx.get(f"http://{transport.HOST}:{ports['http_port']}{BOOK}", trust_env=False)
    assert in_clear.status_code == 400
    assert "HTTPS" in in_clear.json()["detail"]


def test_the_gateway_has_the_certificate_of_its_authority(ports, strange):
    stranger = ssl.create_default_context(cafile=str(strange / "ca.crt"))
    for verify in (True, stranger):
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(transport.rest_url(ports["http_port"]) + BOOK, trust_env=False, verify=verify)


def credentials(authority: pathlib.Path, client: pathlib.Path | None) -> grpc.ChannelCredentials:
    pair = [client.with_suffix(end).read_bytes() for end in (".key", ".crt")] if client else []
    return grpc.ssl_channel_credentials(authority.read_bytes(), *pair)


def test_grpc_is_for_clients_with_a_certificate(ports, strange):
    address, own = f"{transport.HOST}:{ports['grpc_port']}", transport.file("ca.crt")
    options = [("grpc.use_local_subchannel_pool", 1)]

    def health(channel: grpc.Channel) -> bytes:
        with channel:
            return channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10)

    assert health(grpc.secure_channel(address, credentials(own, transport.file("client.crt")), options))
    refused = {
        "in clear": grpc.insecure_channel(address, options),
        "without a certificate": grpc.secure_channel(address, credentials(own, None), options),
        "of another authority": grpc.secure_channel(
            address, credentials(own, strange / "gateway.crt"), options
        ),
        "of a server that does not trust": grpc.secure_channel(
            address, credentials(strange / "ca.crt", transport.file("client.crt")), options
        ),
    }
    for name, channel in refused.items():
        with pytest.raises(grpc.RpcError) as error:
            health(channel)
        assert error.value.code() == grpc.StatusCode.UNAVAILABLE, name


def test_certificates_are_replaced_under_load(ports):
    """New pairs for server, gateway and client, of the same authority, while clients connect
    anew for each call: no call fails, and the new certificates are used."""
    stop, failures, calls = threading.Event(), [], collections.Counter()

    def run(kind: str, call) -> None:
        while not stop.is_set():
            try:
                call()
                calls[kind] += 1
            except Exception as failure:
                failures.append(f"{kind}: {failure}")

    def rest() -> None:
        with transport.rest_client(ports["http_port"]) as client:
            assert client.get(BOOK).status_code == 404

    def health() -> None:
        options = [("grpc.use_local_subchannel_pool", 1)]
        with transport.grpc_channel(ports["grpc_port"], options) as channel:
            channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10)

    def serial(port: int) -> int:
        with socket.create_connection((transport.HOST, port), timeout=10) as plain:
            context = transport.context("h2")
            context.load_cert_chain(transport.file("client.crt"), transport.file("client.key"))
            with context.wrap_socket(plain, server_hostname=transport.HOST) as connection:
                return int(connection.getpeercert()["serialNumber"], 16)

    threads = [threading.Thread(target=run, args=pair) for pair in (("rest", rest), ("grpc", health)) * 4]
    for thread in threads:
        thread.start()
    try:
        for name, port in (("server", ports["grpc_port"]), ("gateway", ports["http_port"])):
            old = serial(port)
            transport.file(f"{name}.crt").unlink()
            script = f"source deploy/local/lib/tls.sh; make_certificates {transport.STATE}"
            subprocess.run(["bash", "-ec", script], check=True, cwd=transport.ROOT, capture_output=True)
            wait_for(
                lambda old=old, port=port: serial(port) != old, what=f"the new certificate of the {name}"
            )
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures, failures[:3]
    assert min(calls["rest"], calls["grpc"]) > 20
