"""The gateway has its servers from a name in the DNS: they come and go, the name's servers fail,
and clients do not notice."""

import contextlib
import pathlib
import subprocess
import time

import httpx
import pytest
from dnslib import QTYPE, RCODE, RR, A
from dnslib.server import BaseResolver, DNSServer
from local import free_port, wait_for
from running import System, bound
from servers import Servers
from writers import Rest, RestBatches, Writers

NAME = "servers.test"
NAME_SERVER = "127.0.0.53"
# gateway/limits: the pause between two resolutions of a name, and the longest time of one.
INTERVAL, LONGEST = 5, 3
# For the first server of a name that had none.
FIRST = 1


class Names(BaseResolver):
    """A name server for one name. Without addresses it refuses to answer."""

    def __init__(self):
        self.addresses: list[str] = []
        self.queries = 0

    def __enter__(self) -> "Names":
        self.server = DNSServer(self, address=NAME_SERVER, port=53, logger=Silence())
        self.server.start_thread()
        return self

    def __exit__(self, *_):
        self.server.stop()
        self.server.server.server_close()

    def resolve(self, request, handler):
        reply = request.reply()
        if str(request.q.qname) != f"{NAME}.":
            reply.header.rcode = RCODE.NXDOMAIN
        elif not self.addresses:
            reply.header.rcode = RCODE.SERVFAIL
        elif request.q.qtype == QTYPE.A:
            for address in self.addresses:
                reply.add_answer(RR(request.q.qname, rdata=A(address), ttl=1))
        self.queries += str(request.q.qname) == f"{NAME}."
        return reply

    def await_query(self) -> None:
        """Waits until the name has been resolved once more."""
        before = self.queries
        # The second one begins after the answer to the first one was evaluated.
        wait_for(lambda: self.queries >= before + 4, bound(4 * INTERVAL), "the resolution")


class Silence:
    """A logger of dnslib that logs nothing."""

    def __getattr__(self, _):
        return lambda *_: None


class NamedSystem(System):
    """A system whose gateway asks the name server of the test only."""

    def __init__(self, database: dict[str, str], resolver: pathlib.Path):
        super().__init__(database)
        resolver.write_text(f"nameserver {NAME_SERVER}\noptions timeout:1 attempts:1\n")
        script = f"mount --bind '{resolver}' /etc/resolv.conf && exec \"$@\""
        self.prefix = ["unshare", "--mount", "sh", "-c", script, "sh"]

    def gateway_command(self) -> list[str]:
        return [*self.prefix, *super().gateway_command()]


@pytest.fixture
def named_system(test_database, tmp_path):
    system = NamedSystem(test_database, tmp_path / "resolv.conf")
    if subprocess.run([*system.prefix, "true"], capture_output=True).returncode != 0:
        pytest.skip("no right to mount a file")
    with system:
        yield system


def test_servers_that_come_and_go_by_their_name(named_system):
    port = free_port()
    addresses = [(f"127.0.0.{number}", port) for number in (2, 3, 4)]
    first, second, third = (host for host, _ in addresses)
    with Names() as names:
        names.addresses = [first]
        with (
            Servers(named_system, addresses=addresses, target=f"{NAME}:{port}") as servers,
            Writers(named_system, clients=[Rest, Rest, RestBatches]) as writers,
        ):
            servers.await_work(0)
            names.addresses = [first, second]
            servers.await_work(1)

            # A server that is no longer named ends its calls, and may go.
            names.addresses = [second]
            names.await_query()
            servers.stop(0)

            # The last known servers stay while the name cannot be resolved.
            names.addresses = []
            names.await_query()
            servers.await_work(1)
            names.server.stop()
            time.sleep(INTERVAL + LONGEST)
            servers.await_work(1)
            names.server.start_thread()

            # One server is replaced by another one at a stroke.
            names.addresses = [third]
            servers.await_work(2)
            names.await_query()
            servers.stop(1)
            print(f"{writers.rows()} rows, {len(writers.failures())} failures")
            assert not writers.failures()
        assert not writers.failures()


def test_a_name_without_servers_at_first(named_system):
    """The gateway starts, says that it is not ready, and serves as soon as the name has a server."""
    with Names() as names:
        named_system.end(named_system.gateway)
        host = f"{NAME}:{named_system.grpc_port}"
        named_system.gateway_flags = ("--grpc_target", host)
        named_system.launch_gateway()

        def status(path: str) -> int:
            with contextlib.suppress(httpx.TransportError), named_system.client() as client:
                return client.get(path).status_code
            return 0

        wait_for(lambda: status("/healthz") == 200, what="the gateway")
        assert status("/readyz") == 503
        assert status("/book") == 503
        names.addresses = ["127.0.0.1"]
        began = time.monotonic()
        wait_for(lambda: status("/book") == 200, bound(FIRST), "the server")
        print(f"service after {time.monotonic() - began:.2f} s")
        assert status("/readyz") == 200
