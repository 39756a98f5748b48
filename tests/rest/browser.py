"""Pages of other origins in a real browser: headless Chromium, without a driver. A page
runs a script and posts what the script returns to its own origin."""

import contextlib
import http.server
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading

from local import free_port

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>page</title><script type="module">
const blocked = (error) => ({ blocked: error.name });
const ask = async (url, options) => {
  const response = await fetch(url, options);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
};
const answers = {};
for (const [name, [url, options]] of Object.entries(%s)) {
  answers[name] = await ask(url, options).catch(blocked);
}
await fetch("/answers", { method: "POST", body: JSON.stringify(answers) });
</script>"""


class Page:
    """A page with an origin of its own, http://127.0.0.1:PORT."""

    def __init__(self):
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"

    def fetch(self, requests: dict[str, tuple[str, dict]]) -> dict[str, dict]:
        """Opens the page, which sends the requests in order (a URL and the options of
        fetch), and returns what it could read of each answer: status, headers and body,
        or `blocked`."""
        answers: queue.Queue[dict] = queue.Queue()
        text = (PAGE % json.dumps(requests)).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.respond(text if self.path == "/" else b"")

            def do_POST(self):
                answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.respond(b"")

            def respond(self, body: bytes):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                with chromium(f"{self.origin}/"):
                    return answers.get(timeout=60)
            finally:
                server.shutdown()


@contextlib.contextmanager
def chromium(url: str, *options: str):
    """Shows a page in a browser with an empty profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [
                "chromium",
                "--headless",
                "--no-sandbox",  # root has none
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                f"--user-data-dir={profile}",
                "--remote-debugging-port=0",  # else it ends at once
                *options,
                url,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"HOME": profile},
        )
        try:
            yield
        finally:
            # Its processes have the group of the first one.
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
