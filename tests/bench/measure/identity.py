"""Certificates and a token for servers that identify their callers, made for one run."""

import base64
import json
import pathlib
import subprocess
import time
from dataclasses import dataclass

from .paths import ROOT

ISSUER = "https://issuer.example"
AUDIENCE = "bookstore"


@dataclass(frozen=True)
class Tls:
    """The flags of a server with mutual TLS, and those of bench_load for it."""

    server: tuple[str, ...]
    client: tuple[str, ...]


def make_tls(folder: pathlib.Path) -> Tls:
    script = 'source "$1/deploy/local/lib/tls.sh"; make_certificates "$2"'
    subprocess.run(["bash", "-ec", script, "-", ROOT, folder], check=True, capture_output=True)
    files = folder / "tls"
    pair = {name: (str(files / f"{name}.crt"), str(files / f"{name}.key")) for name in ("server", "client")}
    authority = str(files / "ca.crt")
    return Tls(
        (
            "--tls_certificate",
            pair["server"][0],
            "--tls_key",
            pair["server"][1],
            "--tls_client_ca",
            authority,
        ),
        ("--tls_ca", authority, "--tls_certificate", pair["client"][0], "--tls_key", pair["client"][1]),
    )


@dataclass(frozen=True)
class Tokens:
    """The flags of a server that verifies tokens, and those of bench_load with one."""

    server: tuple[str, ...]
    client: tuple[str, ...]


def make_tokens(folder: pathlib.Path) -> Tokens:
    """A token with a signature of Ed25519, valid for a day."""
    folder.mkdir(exist_ok=True)
    key, jwks = folder / "issuer.key", folder / "jwks.json"
    _openssl("genpkey", "-algorithm", "ed25519", "-out", key)
    public = _openssl("pkey", "-in", key, "-pubout", "-outform", "DER")[-32:]
    jwks.write_text(
        json.dumps(
            {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "1", "alg": "EdDSA", "x": _text(public)}]}
        )
    )
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "bench", "exp": int(time.time()) + 86400}
    signed = f"{_text(_json({'alg': 'EdDSA', 'kid': '1'}))}.{_text(_json(claims))}"
    text = folder / "signed"
    text.write_text(signed)
    signature = _openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", text)
    return Tokens(
        ("--jwks", str(jwks), "--jwt_issuer", ISSUER, "--jwt_audience", AUDIENCE),
        ("--token", f"{signed}.{_text(signature)}"),
    )


def _json(value: dict) -> bytes:
    return json.dumps(value).encode()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _openssl(*arguments: str | pathlib.Path) -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout
