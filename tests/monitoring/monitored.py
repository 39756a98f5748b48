"""A system as an operator sees it: with Prometheus, logs and traces."""

import json
import pathlib
import shutil
import subprocess
import time

import httpx
from local import free_port, wait_for
from running import System
from transport import ROOT

MONITORING = ROOT / "deploy/monitoring"
# So small that one test can fill them.
SERVER_FLAGS = (
    "--workers=2",
    "--queue_capacity=100",
    "--max_connections=60",
    "--call_log",
    "--slow_call=200ms",
    "--request_id_retention=5s",  # so that claims are deleted
)
GATEWAY_FLAGS = (
    "--max_calls=160",
    "--max_connections=260",
    "--max_bytes_in_flight=20000000",
    "--slow_request=200ms",
    "--access_log",
    "--trusted_proxy=127.0.0.0/8",
)


class Monitored(System):
    def __init__(self, database, collector, folder: pathlib.Path):
        self.gateway_metrics = f"127.0.0.1:{free_port()}"
        self.server_metrics = f"127.0.0.1:{free_port()}"
        self.prometheus_address = f"127.0.0.1:{free_port()}"
        self.folder = folder
        self.prometheus = None
        trace = f"--otlp_endpoint={collector.url}"
        super().__init__(
            database,
            (*GATEWAY_FLAGS, trace, f"--metrics_address={self.gateway_metrics}"),
            (*SERVER_FLAGS, trace, f"--metrics_address={self.server_metrics}"),
        )

    def __enter__(self) -> "Monitored":
        super().__enter__()
        (self.folder / "prometheus.yaml").write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(MONITORING / "rules.yaml")],
                    "scrape_configs": [
                        {
                            "job_name": "dataservice-gateway",
                            "static_configs": [{"targets": [self.gateway_metrics]}],
                        },
                        {
                            "job_name": "dataservice-server",
                            "static_configs": [{"targets": [self.server_metrics]}],
                        },
                    ],
                }
            )
        )
        program = shutil.which("prometheus")
        assert program, "deploy/local/setup --tests installs prometheus"
        with open(self.folder / "log", "wb") as log:
            self.prometheus = subprocess.Popen(
                [
                    program,
                    f"--config.file={self.folder}/prometheus.yaml",
                    f"--storage.tsdb.path={self.folder}/data",
                    f"--web.listen-address={self.prometheus_address}",
                ],
                stdout=log,
                stderr=log,
            )
        self.started = time.time()
        wait_for(lambda: self.answers() and self.value("sum(up)") == 2, what="Prometheus")
        return self

    def __exit__(self, *arguments):
        if self.prometheus:
            self.end(self.prometheus)
        super().__exit__(*arguments)

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://{self.prometheus_address}/-/ready").status_code == 200
        except httpx.TransportError:
            return False

    def query(self, expression: str) -> list[dict]:
        response = httpx.get(f"http://{self.prometheus_address}/api/v1/query", params={"query": expression})
        body = response.json()
        assert body["status"] == "success", f"{expression}: {body}"
        return body["data"]["result"]

    def value(self, expression: str) -> float:
        """The value of one series; 0 if there is none."""
        result = self.query(expression)
        return float(result[0]["value"][1]) if result else 0.0

    def range(self, expression: str, seconds: float, step: float = 1) -> list[dict]:
        now = time.time()
        response = httpx.get(
            f"http://{self.prometheus_address}/api/v1/query_range",
            params={"query": expression, "start": now - seconds, "end": now, "step": step},
        )
        return response.json()["data"]["result"]

    def scraped(self) -> str:
        """The metrics of gateway and server."""
        addresses = (self.gateway_metrics, self.server_metrics)
        return "".join(httpx.get(f"http://{address}/metrics").text for address in addresses)

    def debug(self) -> dict:
        return httpx.get(f"http://{self.gateway_metrics}/debug", timeout=20).json()

    def server_debug(self) -> dict:
        return httpx.get(f"http://{self.server_metrics}/debug", timeout=20).json()

    def explain(self, statement: dict) -> str:
        """The plan of one of the slow statements of server_debug()."""
        response = httpx.get(f"http://{self.server_metrics}{statement['explain']}", timeout=20)
        assert response.status_code == 200, response.text
        return response.text

    def draw(self, folder: str) -> None:
        """Draws the panels of the dashboard as they look since Prometheus started."""
        command = [MONITORING / "draw", f"--prometheus=http://{self.prometheus_address}", f"--out={folder}"]
        seconds = int(time.time() - self.started)
        subprocess.run([*command, f"--seconds={seconds}"], check=True)

    def lines(self, since: float = 0) -> list[dict]:
        """The lines of the gateway's and the server's log whose time is not before a moment (time.time())."""
        start = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(since))
        lines = []
        for text in self.log_text().splitlines(keepends=True):
            if not text.endswith("\n"):
                break  # it is being written
            line = json.loads(text)  # each line is JSON
            if line["time"] >= start:
                lines.append(line)
        return lines
