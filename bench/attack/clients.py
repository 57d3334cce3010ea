"""Attacks by clients: heads and bodies that arrive slowly, and responses that are never read."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from bench.attack.target import NDJSON, Check, Probes, at_most, attacked, get, named, post
from copydesk import strict_json
from tests.helpers.corpus import generate_articles

_PER_WORKER = 66
_SLOW_S, _BYTE_INTERVAL_S = 40.0, 2.0
_STALL_S = 45.0
# A body has a minute. If all threads read bodies, it waits as long for a thread.
_MAX_REQUEST_S, _GIVE_UP_S = 125.0, 135.0


def slow_heads() -> Iterator[Check]:
    """Send heads, a byte every two seconds."""
    yield from _slow(b"GET /livez HTTP/1.1\r\nHost: bench\r\nX-Slow: ", b"a")


def slow_bodies() -> Iterator[Check]:
    """Send bodies, a byte every two seconds."""
    head = post("/v1/text", b"", Connection="keep-alive").replace(b"Content-Length: 0", b"Content-Length: 90000")
    yield from _slow(head, b" ")


def slow_chunks() -> Iterator[Check]:
    """Send chunked bodies, a byte every two seconds."""
    head = post("/v1/text", b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    yield from _slow(head, b"1\r\n \r\n")


def _slow(head: bytes, piece: bytes) -> Iterator[Check]:
    with attacked() as target, Probes(target.port) as probes:
        connections = [_Slow(target.port, head) for _ in range(2 * _PER_WORKER)]
        start = time.monotonic()
        while time.monotonic() < start + _SLOW_S:
            time.sleep(_BYTE_INTERVAL_S)
            for connection in connections:
                connection.send(piece)
        yield from probes.check()
        while any(connection.is_open for connection in connections) and time.monotonic() < start + _GIVE_UP_S:
            time.sleep(_BYTE_INTERVAL_S)
            for connection in connections:
                connection.send(piece)
        yield at_most("longest request", max(connection.seconds for connection in connections), _MAX_REQUEST_S, "s")
        for connection in connections:
            connection.close()


class _Slow:
    """A connection that sends its request in pieces."""

    def __init__(self, port: int, head: bytes) -> None:
        self.start = self.end = time.monotonic()
        self.is_open = True
        self.socket = socket.socket()
        self.socket.settimeout(5.0)
        try:
            self.socket.connect(("127.0.0.1", port))
            self.socket.sendall(head)
            self.socket.settimeout(0.0)
        except OSError:
            self.is_open = False

    @property
    def seconds(self) -> float:
        """How long the request was accepted."""
        return self.end - self.start

    def send(self, piece: bytes) -> None:
        """Send a piece, unless the server has responded or closed the connection."""
        if not self.is_open:
            return
        self.end = time.monotonic()
        try:
            self.socket.send(piece)
            self.is_open = False
            self.socket.recv(1)
        except BlockingIOError:
            self.is_open = True  # there is no response yet
        except OSError:
            self.is_open = False

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()


def unread_responses() -> Iterator[Check]:
    """Send large batches and never read the responses. Connections that are closed are opened again."""
    lines = b"".join(itertools.islice(map(strict_json.dumps, generate_articles()), 900))
    padded = lines + strict_json.dumps({"text": "It rains.", "extra": {"carried": "x" * 60_000}}) * 100
    with attacked() as target:
        request = post("/v1/articles/batch", padded, NDJSON)
        with Probes(target.port) as probes, _never_reading(target.port, request, 2 * _PER_WORKER):
            time.sleep(_STALL_S)
        yield from probes.check()
        with Probes(target.port) as after:
            time.sleep(2.0)
        yield from named("afterwards", after.check())
        yield from target.check_memory()


@contextmanager
def _never_reading(port: int, request: bytes, count: int) -> Iterator[None]:
    is_done = threading.Event()
    threads = [threading.Thread(target=_stall, args=(port, request, is_done), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield
    is_done.set()
    for thread in threads:
        thread.join()


def _stall(port: int, request: bytes, is_done: threading.Event) -> None:
    while not is_done.is_set():
        with suppress(OSError), socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(5.0)
            connection.connect(("127.0.0.1", port))
            connection.sendall(request)
            _wait(lambda: is_done.is_set() or _is_closed(connection))
        is_done.wait(0.2)


def _wait(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.5)


def _is_closed(connection: socket.socket) -> bool:
    """Return whether the server has closed a connection, without reading from it."""
    state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return state != 1  # established


def is_alive(port: int) -> bool:
    """Return whether a service responds to its health check."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5.0) as connection:
        connection.sendall(get("/livez"))
        return connection.recv(16).startswith(b"HTTP/1.1 200")
    return False
