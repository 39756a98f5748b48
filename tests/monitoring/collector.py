"""A collector of traces (OTLP/HTTP), as far as the tests need one."""

import http.server
import threading


class Collector:
    """Keeps the bytes that it receives: spans in Protobuf's binary form."""

    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}"
        self.received = b""
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                collector.received += self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def __enter__(self) -> "Collector":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
