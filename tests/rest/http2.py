"""A gRPC client that sends what no library of gRPC's would: HTTP/2 frames as a
test makes them."""

import struct
import time

import h2.config
import h2.connection
import h2.events
import transport


def message(body: bytes, flag: int = 0) -> bytes:
    """A length-prefixed message of gRPC."""
    return struct.pack(">BI", flag, len(body)) + body


class Connection:
    def __init__(self, port: int):
        self.socket = transport.grpc_socket(port)
        config = h2.config.H2Configuration(
            client_side=True,
            header_encoding=None,
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        self.h2 = h2.connection.H2Connection(config)
        self.h2.initiate_connection()
        self.events: list = []
        self.closed = False
        self.flush()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self) -> None:
        self.socket.sendall(self.h2.data_to_send())

    def send(self, path: str, data: bytes, *headers: tuple[str, str | bytes], end: bool = True) -> int:
        """Sends a call in one piece; returns its stream."""
        stream = self.h2.get_next_available_stream_id()
        first = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "test"}
        call = [*first.items(), ("content-type", "application/grpc"), ("te", "trailers"), *headers]
        self.h2.send_headers(stream, call)
        self.h2.send_data(stream, data, end_stream=end)
        self.flush()
        return stream

    def more(self, stream: int, data: bytes, *, end: bool = False) -> None:
        self.h2.send_data(stream, data, end_stream=end)
        self.flush()

    def ping(self) -> None:
        self.h2.ping(b"12345678")
        self.flush()

    def receive(self, until, seconds: float = 10) -> bool:
        """Receives until the condition holds, the connection ends or time is up."""
        end = time.monotonic() + seconds
        while not until() and not self.closed:
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                return until()
            except ConnectionError:
                data = b""
            self.closed = not data
            received = self.h2.receive_data(data)
            for event in received:
                # So that the server may go on with an answer longer than the window.
                if isinstance(event, h2.events.DataReceived):
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            self.events += received
            if not self.closed:
                self.flush()
        return until()

    def ended(self, stream: int):
        """How the stream, or its connection, ended; None while it has not."""
        ends = (h2.events.StreamEnded, h2.events.StreamReset)
        for event in self.events:
            if isinstance(event, h2.events.ConnectionTerminated):
                return event
            if isinstance(event, ends) and event.stream_id == stream:
                return event
        return None

    def end(self, stream: int):
        """Waits for the end of a call, and says what it was."""
        assert self.receive(lambda: self.ended(stream) is not None), "the call does not end"
        return self.ended(stream)

    def status(self, stream: int) -> dict[bytes, bytes]:
        """The headers and trailers of a call that the server answers."""
        ended = self.end(stream)
        assert isinstance(ended, h2.events.StreamEnded), ended
        kinds = (h2.events.ResponseReceived, h2.events.TrailersReceived)
        found: dict[bytes, bytes] = {}
        for event in self.events:
            if isinstance(event, kinds) and event.stream_id == stream:
                found |= dict(event.headers)
        return found

    def call(self, path: str, data: bytes, *headers: tuple[str, str | bytes]) -> int:
        """The grpc-status of a call."""
        return int(self.status(self.send(path, data, *headers))[b"grpc-status"])
