"""A load generator that takes little of the machine: raw HTTP/1.1 on kept-alive connections, in one thread.

Closed loop: each connection asks again when it has its answer; that tells what the service can do. Open loop: requests
are due at times that don't depend on the answers, as from many strangers, and each is timed from when it was due, so
that no wait is left out.
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

# Seconds in which any answer must have come.
_PATIENCE = 30.0
_CHUNKED = b"transfer-encoding: chunked"
_LENGTH = b"content-length:"
_SLUG = re.compile(rb'"type":"urn:copydesk:problem:([a-z-]+)"')


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its bytes, and how many lines a right answer has."""

    sent: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is asked in an open loop: for so many seconds, at random times, so many times a second on average."""

    requests: Iterator[Request]
    seconds: float
    rate: float

    def times(self) -> Iterator[float]:
        """Return when each request is due, in seconds from the start."""
        return itertools.takewhile(lambda due: due < self.seconds, at_random(self.rate))


@dataclass(slots=True)
class Tally:
    """What came of a load.

    `statuses` counts answers by their status, with the type of the problem if it is no 200. `took` is how long each
    right answer took, `due` when it was due (seconds from the start), `refused` how long those took that the service
    had no room for (503). `errors` counts all else that was not as it should be.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    due: array[float] = field(default_factory=lambda: array("d"))
    took: array[float] = field(default_factory=lambda: array("d"))
    refused: array[float] = field(default_factory=lambda: array("d"))
    errors: int = 0

    def add(self, due: float, took: float, status: str, *, right: bool) -> None:
        """Add an answer."""
        self.statuses[status] += 1
        if status.startswith("503"):
            self.refused.append(took)
        elif not right:
            self.errors += 1
        else:
            self.due.append(due)
            self.took.append(took)

    def between(self, first: float, last: float) -> list[float]:
        """Return, sorted, how long the answers took that were due between two times."""
        return sorted(took for due, took in zip(self.due, self.took, strict=True) if first <= due < last)


def at_random(rate: float) -> Iterator[float]:
    """Yield the times of so many requests a second, on average, without end: the same times each time."""
    dice, due = random.Random(1), 0.0
    while True:
        yield due
        due += dice.expovariate(rate)


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of sorted values; NaN of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def request(path: str, body: bytes, content_type: str, lines: int = 1) -> Request:
    """Write a request."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Request(head.encode() + body, lines)


async def closed(port: int, requests: Iterator[Request], connections: int, seconds: float) -> tuple[Tally, float]:
    """Ask on each connection again and again for so long; return what came of it and the answers a second."""
    tally, start = Tally(), time.monotonic()

    async def one() -> None:
        line = _Line(port)
        while time.monotonic() < start + seconds:
            await _timed(line, next(requests), time.monotonic(), start, tally)
        line.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return tally, sum(tally.statuses.values()) / (time.monotonic() - start)


async def opened(arrivals: Arrivals, port: int, connections: int, tally: Tally) -> None:
    """Ask as the arrivals have it, whatever comes back, and add that to a tally as it comes."""
    start = time.monotonic()
    waiting: asyncio.Queue[tuple[Request, float] | None] = asyncio.Queue()

    async def one() -> None:
        line = _Line(port)
        while asked := await waiting.get():
            await _timed(line, *asked, start, tally)
        line.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(one())
        for due in arrivals.times():
            await asyncio.sleep(max(0.0, start + due - time.monotonic()))
            waiting.put_nowait((next(arrivals.requests), start + due))
        for _ in range(connections):
            waiting.put_nowait(None)


async def _timed(line: _Line, asked: Request, due: float, start: float, tally: Tally) -> None:
    try:
        head, body = await asyncio.wait_for(line.ask(asked.sent), _PATIENCE)
    except (OSError, EOFError, ValueError) as error:
        line.close()
        tally.add(due - start, time.monotonic() - due, type(error).__name__, right=False)
        return
    status = _status(head, body)
    right = status == "200" and body.count(b"\n") == asked.lines and b'"problem":' not in body
    tally.add(due - start, time.monotonic() - due, status, right=right)


def _status(head: bytes, body: bytes) -> str:
    """Return the status of an answer, with the type of a problem, and whether a refusal fails to say until when."""
    told = [head[9:12].decode()]
    if told[0] != "200" and (slug := _SLUG.search(body)):
        told.append(slug[1].decode())
    if told[0] == "503" and b"\r\nretry-after: 1\r\n" not in head:
        told.append("without Retry-After")
    return " ".join(told)


class _Line:
    """A connection that is opened when it is first needed, and anew after it was closed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, sent: bytes) -> tuple[bytes, bytes]:
        """Send a request and return the head of the answer, in small letters, and its body."""
        if self.ends is None:
            self.ends = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        reader, writer = self.ends
        writer.write(sent)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await (_chunks(reader) if _CHUNKED in head else _whole(reader, head))
        if b"connection: close" in head:
            self.close()
        return head, body

    def close(self) -> None:
        """Hang up."""
        if self.ends:
            self.ends[1].close()
        self.ends = None


async def _whole(reader: asyncio.StreamReader, head: bytes) -> bytes:
    return await reader.readexactly(int(head.partition(_LENGTH)[2].partition(b"\r\n")[0]))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body: list[bytes] = []
    while size := int(await reader.readline(), 16):
        body.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(body)
