"""The running system: CLIENT_* of clients/testing/system."""

from __future__ import annotations

import os
import pathlib
import subprocess
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from bookstore_client import Book, Client, Tls

CERTIFICATES = pathlib.Path(os.environ["CLIENT_TLS"])


def control(verb: str) -> None:
    subprocess.run([os.environ["CLIENT_CONTROL"], verb], check=True, stdin=subprocess.DEVNULL)


def token() -> str:
    return (CERTIFICATES / "token").read_text()


def connection(kind: str) -> dict[str, Any]:
    """The arguments of a client for the connection."""
    if kind == "cleartext":
        return {"target": os.environ["CLIENT_TARGET"], "tls": False}
    own = Tls(ca=CERTIFICATES / "ca.crt")
    if kind == "certificate":
        own = Tls(CERTIFICATES / "ca.crt", CERTIFICATES / "client.crt", CERTIFICATES / "client.key")
    more = {"token": token} if kind == "token" else {}
    return {"target": os.environ["CLIENT_TLS_TARGET"], "tls": own, **more}


@pytest.fixture(params=["cleartext", "certificate", "token"])
def given(request: pytest.FixtureRequest) -> dict[str, Any]:
    return connection(request.param)


@pytest.fixture
def client(given: dict[str, Any]) -> Iterator[Client]:
    with Client(**given) as made:
        yield made


@pytest.fixture
def plain() -> Iterator[Client]:
    with Client(**connection("cleartext")) as made:
        yield made


@pytest.fixture
def author() -> str:
    return f"planted-4f1c9a {uuid.uuid4()}"


def sample(author: str, **changes: Any) -> Book:
    return Book(**{"title": "Emma", "author": author, "publisher": "John Murray", "year": 1815, **changes})
