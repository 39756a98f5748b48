"""An HTTP/2 client that sends whatever frames a test wants, as many and as fast as it can."""

import contextlib
import socket
import ssl
import struct
import threading
import time

import hpack

# Of the attacker. Its limits must not be those of the other clients, who use 127.0.0.1.
ADDRESS = "127.0.0.5"

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    0, 1, 2, 3, 4, 6, 7, 8, 9,
)  # fmt: skip
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INITIAL_WINDOW_SIZE = 4
CANCEL = struct.pack(">I", 8)


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def setting(name: int, value: int) -> bytes:
    return struct.pack(">HI", name, value)


def call(path: str) -> bytes:
    """The headers of a call, which no state of HPACK is necessary for."""
    headers = {
        ":method": "POST",
        ":scheme": "http",
        ":path": path,
        ":authority": "x",
        "content-type": "application/grpc",
        "te": "trailers",
    }
    fields = [hpack.NeverIndexedHeaderTuple(*pair) for pair in headers.items()]
    return hpack.Encoder().encode(fields, huffman=False)


def message(body: bytes) -> bytes:
    """A message of gRPC."""
    return struct.pack(">BI", 0, len(body)) + body


class Attacker:
    """A connection that has begun. `window` is what the server may send of each answer; `ca` is the
    file that verifies the server, for TLS. Without `acknowledge` it never acknowledges the server's
    settings, which bind it only then (RFC 9113, 6.5.3)."""

    def __init__(self, port: int, window: int = 65535, ca: str | None = None, acknowledge: bool = True):
        self.socket = socket.socket()
        self.socket.bind((ADDRESS, 0))
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        if ca:
            context = ssl.create_default_context(cafile=ca)
            context.set_alpn_protocols(["h2"])
            self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.send(PREFACE + frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW_SIZE, window)))
        self.next_stream = 1
        self.received = b""
        self.decoder = hpack.Decoder()
        self.first_window, self.windows = 65535, {0: 65535}
        # gRPC takes an acknowledgement that arrives before it has sent settings for one of none.
        if any(kind == SETTINGS for kind, _, _ in self.frames(10)) and acknowledge:
            self.send(frame(SETTINGS, ACK, 0))

    def __enter__(self) -> "Attacker":
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def open(self, headers: bytes, data: bytes | None = None) -> int:
        """Begins a call, and with `data` ends it; returns its stream."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        self.send(frame(HEADERS, END_HEADERS, stream, headers))
        if data is not None:
            self.send(frame(DATA, END_STREAM, stream, data))
        return stream

    def send_as_permitted(self, stream: int, data: bytes) -> int:
        """Sends data of a call as far as flow control permits; returns how many bytes."""
        self.windows.setdefault(stream, self.first_window)
        size = min(len(data), self.windows[0], self.windows[stream])
        if size > 0:
            self.windows[0] -= size
            self.windows[stream] -= size
            self.send(frame(DATA, 0, stream, data[:size]))
        return max(size, 0)

    def frames(self, seconds: float):
        """The frames that arrive in this time, (kind, stream, payload); ends when the connection
        does."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            while len(self.received) >= 9:
                size = int.from_bytes(self.received[:3], "big")
                if len(self.received) < 9 + size:
                    break
                kind, stream = self.received[3], int.from_bytes(self.received[5:9], "big")
                payload, self.received = self.received[9 : 9 + size], self.received[9 + size :]
                self.open_window(kind, stream, payload)
                yield kind, stream, payload
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(1 << 20)
            except (TimeoutError, ConnectionError):
                return
            if not data:
                return
            self.received += data

    def open_window(self, kind: int, stream: int, payload: bytes) -> None:
        if kind == WINDOW_UPDATE:
            before = self.windows.get(stream, self.first_window)
            self.windows[stream] = before + int.from_bytes(payload, "big")
        elif kind == SETTINGS:
            for at in range(0, len(payload), 6):
                name, value = struct.unpack(">HI", payload[at : at + 6])
                if name == INITIAL_WINDOW_SIZE:
                    grown, self.first_window = value - self.first_window, value
                    self.windows = {s: w + (grown if s else 0) for s, w in self.windows.items()}

    def statuses(self, count: int, seconds: float) -> dict[int, str]:
        """How calls end, by their streams: the grpc-status, or "reset". Waits for so many."""
        return {stream: end["grpc-status"] for stream, end in self.ends(count, seconds).items()}

    def ends(self, count: int, seconds: float) -> dict[int, dict[str, str]]:
        """The same with all trailers."""
        ends = {}
        for kind, stream, payload in self.frames(seconds):
            if kind == HEADERS:
                headers = dict(self.decoder.decode(payload))
                if "grpc-status" in headers:
                    ends[stream] = headers
            elif kind == RST_STREAM:
                ends.setdefault(stream, {"grpc-status": "reset"})
            if len(ends) >= count:
                break
        return ends

    def is_closed(self, seconds: float) -> bool:
        """Whether the server ends the connection in this time."""
        end = time.monotonic() + seconds
        for _ in self.frames(seconds):
            pass
        return time.monotonic() < end


def flood(port: int, next_frames, seconds: float = 4, connections: int = 4, ca: str | None = None) -> int:
    """Sends what next_frames(first stream) returns as often as possible, on several connections;
    begins another one when the server ends one. Returns how many there were."""
    end = time.monotonic() + seconds
    begun = [0] * connections

    def run(number: int) -> None:
        while time.monotonic() < end:
            begun[number] += 1
            with contextlib.suppress(OSError), Attacker(port, ca=ca) as attacker:
                if ca is None:  # two threads must not use one connection of TLS
                    threading.Thread(target=drain, args=[attacker.socket], daemon=True).start()
                stream = 1
                while time.monotonic() < end:
                    data, stream = next_frames(stream)
                    attacker.send(data)

    threads = [threading.Thread(target=run, args=[n]) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(begun)


def drain(connection: socket.socket) -> None:
    """Receives what the server sends, so that the flood is not held up by it."""
    with contextlib.suppress(OSError):
        while connection.recv(1 << 20):
            pass
