"""A TCP relay: the part of a proxy, or of a virtual address, that moves to another server."""

import asyncio
import contextlib
import threading

from local import free_port


class Relay:
    """Passes connections of `port` on to `target`, a port of this machine."""

    def __init__(self, target: int):
        self.port, self.target = free_port(), target
        self.loop = asyncio.new_event_loop()
        self.tasks: set[asyncio.Task] = set()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "Relay":
        self.thread.start()
        self.server = self.call(asyncio.start_server(self.serve, "127.0.0.1", self.port))
        return self

    def __exit__(self, *_):
        self.server.close()
        self.call(self.close_connections())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def move(self, target: int) -> None:
        """New connections go to the other target, and those that exist are closed."""
        self.target = target
        self.call(self.close_connections())

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def close_connections(self) -> None:
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            with contextlib.suppress(OSError):
                await self.pass_on(reader, writer)
        finally:
            self.tasks.discard(task)
            writer.transport.abort()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target_reader, target_writer = await asyncio.open_connection("127.0.0.1", self.target)
        ways = [
            asyncio.ensure_future(copy(reader, target_writer)),
            asyncio.ensure_future(copy(target_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            target_writer.transport.abort()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
