"""A load generator with little overhead: raw HTTP/1.1 on persistent connections, in one thread.

Closed loop: each connection sends the next request after a response; this measures the throughput. Open loop: requests
are sent at random times, independent of responses. Latency is measured from the time when a request was due, so that
no wait is left out.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_TIMEOUT_S = 30.0
_MAX_LINE_BYTES = 1 << 22
_CHUNKED = b"transfer-encoding: chunked"
_LENGTH = b"content-length:"
_SLUG = re.compile(rb'"type":"urn:copydesk:problem:([a-z-]+)"')


@dataclass(frozen=True, slots=True)
class Request:
    """The bytes of a request, and the number of lines of a correct response."""

    data: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The requests of an open loop.

    Attributes:
        requests: the requests.
        seconds: the duration.
        rate: the mean number of requests per second.
    """

    requests: Iterator[Request]
    seconds: float
    rate: float

    def times(self) -> Iterator[float]:
        """Yield when each request is due, in seconds from the start."""
        return itertools.takewhile(lambda due: due < self.seconds, poisson_times(self.rate))


def _doubles() -> array[float]:
    return array("d")


@dataclass(slots=True)
class LoadResult:
    """The responses to a load.

    Attributes:
        statuses: the number of responses by status. The type of a problem is part of the status.
        due: when the requests with a correct response were due, in seconds from the start.
        latencies: the latency of each correct response in seconds.
        rejection_latencies: the latency of each 503 in seconds.
        errors: the number of all other responses.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    due: array[float] = field(default_factory=_doubles)
    latencies: array[float] = field(default_factory=_doubles)
    rejection_latencies: array[float] = field(default_factory=_doubles)
    errors: int = 0

    def add(self, due: float, latency: float, status: str, *, is_correct: bool) -> None:
        """Add a response."""
        self.statuses[status] += 1
        if status.startswith("503"):
            self.rejection_latencies.append(latency)
        elif not is_correct:
            self.errors += 1
        else:
            self.due.append(due)
            self.latencies.append(latency)

    def latencies_between(self, start: float, end: float) -> list[float]:
        """Return the sorted latencies of the requests that were due between two times."""
        return sorted(latency for due, latency in zip(self.due, self.latencies, strict=True) if start <= due < end)


def poisson_times(rate: float) -> Iterator[float]:
    """Yield the times of a Poisson process, without end. They are the same in each run.

    Args:
        rate: the mean number of events per second.
    """
    rng, due = random.Random(1), 0.0
    while True:
        yield due
        due += rng.expovariate(rate)


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of sorted values, or NaN without values."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def build_request(path: str, body: bytes, content_type: str, lines: int = 1) -> Request:
    """Build a POST request. `lines` is the number of lines of a correct response."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Request(head.encode() + body, lines)


async def run_closed_loop(
    port: int, requests: Iterator[Request], connections: int, seconds: float
) -> tuple[LoadResult, float]:
    """Send requests on each connection, one after the other, until the time is over or none is left.

    Returns:
        The responses, and the number of responses per second.
    """
    result, start = LoadResult(), time.monotonic()

    async def run_client() -> None:
        connection = _Connection(port)
        while time.monotonic() < start + seconds and (request := next(requests, None)):
            await _send(connection, request, time.monotonic(), start, result)
        connection.close()

    await asyncio.gather(*(run_client() for _ in range(connections)))
    return result, sum(result.statuses.values()) / (time.monotonic() - start)


async def run_open_loop(arrivals: Arrivals, port: int, connections: int, result: LoadResult) -> None:
    """Send requests at the times of the arrivals, until none is left. Responses are added to the result at once."""
    start = time.monotonic()
    queue: asyncio.Queue[tuple[Request, float] | None] = asyncio.Queue()

    async def run_client() -> None:
        connection = _Connection(port)
        while item := await queue.get():
            request, due = item
            await _send(connection, request, due, start, result)
        connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(run_client())
        for due, request in zip(arrivals.times(), arrivals.requests, strict=False):
            await asyncio.sleep(max(0.0, start + due - time.monotonic()))
            queue.put_nowait((request, start + due))
        for _ in range(connections):
            queue.put_nowait(None)


async def _send(connection: _Connection, request: Request, due: float, start: float, result: LoadResult) -> None:
    try:
        head, body = await asyncio.wait_for(connection.send(request.data), _TIMEOUT_S)
    except (OSError, EOFError, ValueError) as error:
        connection.close()
        result.add(due - start, time.monotonic() - due, type(error).__name__, is_correct=False)
        return
    status = _status(head, body)
    is_correct = status == "200" and body.count(b"\n") == request.lines and b'"problem":' not in body
    result.add(due - start, time.monotonic() - due, status, is_correct=is_correct)


def _status(head: bytes, body: bytes) -> str:
    """Return the status of a response, the type of its problem, and whether a 503 has no Retry-After."""
    parts = [head[9:12].decode()]
    if parts[0] != "200" and (slug := _SLUG.search(body)):
        parts.append(slug[1].decode())
    if parts[0] == "503" and b"\r\nretry-after: 1\r\n" not in head:
        parts.append("without Retry-After")
    return " ".join(parts)


class _Connection:
    """A connection that is opened when it is first used, and again after it was closed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, data: bytes) -> tuple[bytes, bytes]:
        """Send a request. Return the head of the response in lower case, and its body."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=_MAX_LINE_BYTES)
        reader, writer = self.streams
        writer.write(data)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await (_read_chunks(reader) if _CHUNKED in head else _read_body(reader, head))
        if b"connection: close" in head:
            self.close()
        return head, body

    def close(self) -> None:
        """Close the connection."""
        if self.streams:
            self.streams[1].close()
        self.streams = None


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    return await reader.readexactly(int(head.partition(_LENGTH)[2].partition(b"\r\n")[0]))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks: list[bytes] = []
    while size := int(await reader.readline(), 16):
        chunks.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(chunks)
