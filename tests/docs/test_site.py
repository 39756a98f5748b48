"""The documentation site in a browser: it loads nothing from another host, and its search works."""

import contextlib
import http.server
import json
import pathlib
import queue
import threading

import pytest
from browser import chromium
from conftest import ROOT

# The browser blocks what comes from another host, and reports it.
POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' blob:; "
    "style-src 'self' 'unsafe-inline'; report-uri /violation"
)
# Shows a page of the site as its reader does, types a word into its search, and reports the links
# that the search finds.
PROBE = """<!DOCTYPE html><title>probe</title><iframe src="%s" width="1200" height="800"></iframe>
<script>
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const frame = document.querySelector("iframe");
frame.addEventListener("load", async () => {
  const page = frame.contentDocument;
  const input = page.querySelector("[data-md-component=search-query]");
  let links = [];
  for (let attempt = 0; attempt < 200 && !links.length; attempt++) {
    input.focus();
    input.value = "%s";
    for (const event of ["keyup", "input"]) input.dispatchEvent(new Event(event, { bubbles: true }));
    await pause(200);
    links = [...page.querySelectorAll(".md-search-result__link")].map((link) => link.getAttribute("href"));
  }
  await fetch("/found", { method: "POST", body: JSON.stringify({ title: page.title, links }) });
}, { once: true });
</script>"""


@contextlib.contextmanager
def served(site: pathlib.Path, probe: str):
    """Serves the site, and the probe as /probe. Yields its URL, what the probe reports, and the
    reports of the browser about other hosts."""
    found: queue.Queue[dict] = queue.Queue()
    violations: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=site)

        def do_GET(self):
            if self.path != "/probe":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(probe.encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/found":
                found.put(json.loads(body))
            else:
                violations.append(body)
            self.send_response(204)
            self.end_headers()

        def end_headers(self):
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", found, violations
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("page", "word", "target"),
    [
        ("index.html", "REQUEST_ID_REUSED", "docs/errors.html"),
        ("docs/reading.html", "pagination", "docs/reading.html"),
        ("gateway/index.html", "lock_timeout", "docs/schema.html"),
    ],
)
def test_a_page_loads_nothing_from_another_host_and_its_search_finds_pages(site, page, word, target):
    with served(site, PROBE % (page, word)) as (url, found, violations), chromium(f"{url}/probe"):
        report = found.get(timeout=90)
        assert "Bookstore data service" in report["title"]
        assert any(target in link for link in report["links"]), report
        assert violations == []


def test_every_page_is_in_the_site(site):
    for page in (ROOT / "docs").glob("*.md"):
        assert (site / "docs" / f"{page.stem}.html").exists()
