"""Clients that send a byte now and then."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_INTERVAL_S, _PAUSE_S = 0.5, 0.1


class SlowClients:
    """Many clients that send the start of a request, and then a byte every half a second.

    Attributes:
        first: the start of the request.
        cut_off: the number of connections that the server has closed.
        statuses: the statuses of its responses.
    """

    def __init__(self, port: int, first: bytes) -> None:
        """Attack a port of this machine."""
        self.first = first
        self.cut_off = 0
        self.statuses: set[str] = set()
        self._port = port

    async def run(self, count: int, stopped: asyncio.Event) -> None:
        """Run clients until the event. One that is cut off connects again."""
        clients = [asyncio.create_task(self._run_client()) for _ in range(count)]
        await stopped.wait()
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    async def _run_client(self) -> None:
        while True:
            writer = None
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                sending = asyncio.create_task(self._send(writer))
                try:
                    await self._read(reader)
                finally:
                    sending.cancel()
                    writer.close()
            self.cut_off += 1
            await asyncio.sleep(_PAUSE_S)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65_536):
            if data.startswith(b"HTTP/1.1 "):
                self.statuses.add(data[9:12].decode())

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            writer.write(self.first)
            while self.first:
                await asyncio.sleep(_INTERVAL_S)
                writer.write(b"1")
                await writer.drain()


@contextmanager
def slow_clients(port: int, first: bytes, count: int) -> Iterator[SlowClients]:
    """Run slow clients inside the block."""
    clients, started = SlowClients(port, first), threading.Event()
    loop, stopped = asyncio.new_event_loop(), asyncio.Event()

    def run() -> None:
        loop.call_soon(started.set)
        loop.run_until_complete(clients.run(count, stopped))

    thread = threading.Thread(target=run)
    thread.start()
    started.wait()
    try:
        yield clients
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
        loop.close()
