"""What the other clients see while one attacks."""

import contextlib
import os
import resource
import threading
import time

import grpc
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc
from running import System, bound

MEGABYTE = 1 << 20
# What is promised is 1 s; a machine that is busy with other suites needs more.
GROWTH = 400 * MEGABYTE
SLOWEST = 2.0
RECOVERY = 2.0
# A request of a system that has nothing else to do.
NORMAL = 0.1


def resident(process: int) -> int:
    """The resident memory of a process in bytes."""
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def processor_seconds(process: int) -> float:
    """The processor time of a process in seconds."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Others:
    """Reads a row again and again, and records the slowest read and the growth of the server's
    memory. At the end they must be within what is promised, and reads as fast as before again."""

    def __init__(self, system: System, growth: int = GROWTH, slowest: float = SLOWEST):
        self.system, self.most_growth, self.most_time = system, growth, slowest
        self.slowest, self.growth, self.failures = 0.0, 0, []
        self.start = resident(system.server.pid)
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> "Others":
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.system.grpc_port}")
        self.books = bookstore_pb2_grpc.BookServiceStub(self.channel)
        self.read()
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.ended.set()
        self.thread.join()
        recovery = self.recover()
        self.channel.close()
        print(f"slowest {self.slowest:.2f} s, growth {self.growth >> 20} MB, recovery {recovery:.2f} s")
        if kind is None:
            assert not self.failures, self.failures[:3]
            assert self.slowest < bound(self.most_time)
            assert self.growth < self.most_growth
            assert recovery < bound(RECOVERY)

    def read(self) -> float:
        began = time.monotonic()
        self.books.ListBooks(pb.ListBooksRequest(page_size=1), timeout=20)
        return time.monotonic() - began

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                self.slowest = max(self.slowest, self.read())
            except grpc.RpcError as error:
                self.failures.append(error)
            self.growth = max(self.growth, resident(self.system.server.pid) - self.start)
            time.sleep(0.01)

    def recover(self) -> float:
        """Time until reads are normal."""
        began = time.monotonic()
        while time.monotonic() - began < 60:
            with contextlib.suppress(grpc.RpcError):
                if self.read() < NORMAL:
                    break
        return time.monotonic() - began
