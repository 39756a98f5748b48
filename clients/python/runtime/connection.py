"""Channels: TLS, tokens, and the gRPC service config."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from importlib import resources
from typing import Any, Callable, List, Optional, Tuple, Union

import grpc

PathLike = Union[str, "os.PathLike[str]"]
Options = List[Tuple[str, Any]]
# A token is replaced so many seconds before it expires.
_MARGIN = 60.0


@dataclass(frozen=True)
class Tls:
    """Files of TLS, in PEM format. They are read when a client is made; to use others, make a
    new client."""

    #: The authorities of the server's certificate. Default: those that gRPC ships.
    ca: Optional[PathLike] = None
    #: The client's own certificate and key (mutual TLS).
    certificate: Optional[PathLike] = None
    key: Optional[PathLike] = None
    #: The name in the server's certificate, if it is not the host of the target.
    server_name: Optional[str] = None

    def credentials(self) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(_read(self.ca), _read(self.key), _read(self.certificate))


@dataclass(frozen=True)
class Token:
    """A bearer token."""

    value: str
    #: Unix time, in seconds; None if it is not known.
    expires_at: Optional[float] = None


TokenCallback = Callable[[], Union[str, Token]]


class Tokens(grpc.AuthMetadataPlugin):
    """Adds a token to each call. The callback is called again when the token is about to
    expire or the server refuses it; of a token without expiry, for each call. It must be
    safe to call from several threads."""

    def __init__(self, callback: TokenCallback) -> None:
        self._callback = callback
        self._token: Optional[Token] = None

    def forget(self) -> None:
        self._token = None

    def current(self) -> str:
        token = self._token
        if token is None or token.expires_at is None or token.expires_at - _MARGIN < time.time():
            given = self._callback()
            token = self._token = given if isinstance(given, Token) else Token(given)
        return token.value

    def __call__(self, context: grpc.AuthMetadataContext, callback: grpc.AuthMetadataPluginCallback) -> None:
        try:
            metadata = (("authorization", f"Bearer {self.current()}"),)
        except Exception as error:
            callback((), error)
        else:
            callback(metadata, None)


def _read(path: Optional[PathLike]) -> Optional[bytes]:
    if path is None:
        return None
    with open(path, "rb") as file:
        return file.read()


def service_config(retry: bool) -> str:
    """The gRPC service config of the contract (JSON): round robin over the addresses of the
    target, and, with `retry`, retries of reads by gRPC itself, for users of the stubs."""
    text = resources.files(__name__.rpartition(".")[0]).joinpath("service_config.json").read_text("utf-8")
    config = json.loads(text)
    if not retry:
        del config["methodConfig"]
    return json.dumps(config)


def channel_options(retry: bool = True) -> Options:
    """Options of a channel to the service. The server permits a ping each second."""
    return [
        ("grpc.service_config", service_config(retry)),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.initial_reconnect_backoff_ms", 100),
        # How long a connection may take.
        ("grpc.min_reconnect_backoff_ms", 5_000),
        ("grpc.max_reconnect_backoff_ms", 5_000),
        ("grpc.max_receive_message_length", 64 << 20),
    ]


def credentials_of(tls: Union[bool, Tls], tokens: Optional[Tokens]) -> Optional[grpc.ChannelCredentials]:
    """None for cleartext."""
    if tls is False:
        if tokens is not None:
            raise ValueError("a token needs TLS: in cleartext everybody on the way could use it")
        return None
    credentials = (Tls() if tls is True else tls).credentials()
    if tokens is None:
        return credentials
    return grpc.composite_channel_credentials(credentials, grpc.metadata_call_credentials(tokens))


def options_of(tls: Union[bool, Tls], more: Optional[Options]) -> Options:
    options = channel_options(retry=False)
    if isinstance(tls, Tls) and tls.server_name is not None:
        options.append(("grpc.ssl_target_name_override", tls.server_name))
    return options + (more or [])
