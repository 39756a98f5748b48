"""Servers behind one gateway."""

import contextlib
import signal
import subprocess

from local import free_port, wait_for
from others import processor_seconds
from running import System


class Servers:
    """A system whose gateway has these servers, each with a host and a port, or two of this
    machine."""

    def __init__(
        self, system: System, flags: tuple[str, ...] = (), addresses=None, target: str | None = None
    ):
        self.system = system
        self.flags = flags
        self.addresses = addresses or [("127.0.0.1", free_port()) for _ in range(2)]
        self.target = target or ",".join(f"{host}:{port}" for host, port in self.addresses)
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> "Servers":
        self.processes = [self.start(*address) for address in self.addresses]
        self.system.restart_gateway("--grpc_target", self.target)
        return self

    def __exit__(self, *_):
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
            self.system.end(process)

    def start(self, host: str, port: int) -> subprocess.Popen:
        command = [*self.system.server_command(), *self.flags]
        command[command.index("--grpc_address") + 1] = f"{host}:{port}"
        process = subprocess.Popen(command, stdout=self.system.log, stderr=self.system.log)
        wait_for(lambda: self.system.listens(port, process, host), what="the server")
        return process

    def stop(self, number: int) -> None:
        """Ends a server by SIGTERM."""
        self.processes[number].terminate()
        assert self.processes[number].wait(timeout=40) == 0

    def replace(self, number: int) -> None:
        """Ends a server and starts it again."""
        self.stop(number)
        self.processes[number] = self.start(*self.addresses[number])
        self.await_work(number)

    def await_work(self, number: int) -> None:
        """Waits until the server does work."""
        before = self.work(number)
        wait_for(lambda: self.work(number) > before + 0.1, 20, f"work of server {number}")

    def work(self, number: int) -> float:
        """The processor time of a server in seconds."""
        return processor_seconds(self.processes[number].pid)
