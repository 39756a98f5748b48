"""A relay between a client and the server that loses the answers to calls."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The streams of HTTP/2 (RFC 9113) whose frames are forwarded: 0 is the connection itself, and the
# first one that the client opens is the health check, before any call.
FORWARDED = (0, 1)


def read(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = source.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def forward_frames(server: socket.socket, client: socket.socket) -> None:
    try:
        while True:
            header = read(server, 9)
            body = read(server, int.from_bytes(header[:3], "big"))
            if int.from_bytes(header[5:], "big") in FORWARDED:
                client.sendall(header + body)
    except (EOFError, OSError):
        client.close()


def forward(client: socket.socket, server: socket.socket) -> None:
    try:
        while data := client.recv(65536):
            server.sendall(data)
    except OSError:
        pass
    server.close()


@contextmanager
def without_answers() -> Iterator[str]:
    """Yields the address of the relay."""
    host, _, port = os.environ["CLIENT_TARGET"].partition(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                server = socket.create_connection((host, int(port)))
                for work, ends in ((forward, (client, server)), (forward_frames, (server, client))):
                    threading.Thread(target=work, args=ends, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
