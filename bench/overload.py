"""Overload: twice as much as the service can do is thrown at it. Who is served, who is refused, do probes get through?

\b
python -m bench.overload                        two workers, 20 seconds
python -m bench.overload --seconds 60 --times 3

The load comes at random times, whatever comes back (an open loop), from one thread that speaks raw HTTP; probes come
from a process of their own, each on a new connection, as from a balancer. All of that shares the machine with the
service, so what of its CPU the load takes is told. Status 1 if any answer is neither a 200 nor a 503 of type
overloaded, or a probe fails.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import socket
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import click
from running import Server, running

from bench.batch import articles, cpu, workers
from bench.load import quantile
from svc import strict_json

_CALIBRATION = 5.0
# Connections that the load may have: more than two workers have threads.
_CONNECTIONS = 200
# Seconds in which any answer must have come, and between two probes.
_PATIENCE, _PROBE = 30.0, 0.05


@dataclass(slots=True)
class Answers:
    """What came back: how many of each kind, and the seconds that each took, by kind."""

    kinds: Counter[str] = field(default_factory=Counter)
    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, took: float) -> None:
        """Add an answer."""
        self.kinds[kind] += 1
        self.took[kind].append(took)

    def told(self, kind: str) -> str:
        """Tell p50 and p99 of a kind."""
        took = sorted(self.took[kind])
        return f"p50 {quantile(took, 0.5) * 1e3:6.1f} ms, p99 {quantile(took, 0.99) * 1e3:6.1f} ms"


class Line:
    """A kept-alive connection, opened when it is needed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, sent: bytes) -> str:
        """Send a request; return the kind of its answer: its status, with the type of a problem."""
        try:
            return await asyncio.wait_for(self._exchange(sent), _PATIENCE)
        except (OSError, EOFError) as error:
            self.close()
            return type(error).__name__

    async def _exchange(self, sent: bytes) -> str:
        self.ends = self.ends or await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self.ends
        writer.write(sent)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        length = re.search(r"(?i)\r\ncontent-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if "\r\nConnection: close" in head:
            self.close()
        slug = re.search(rb'"type":"urn:copydesk:problem:([a-z-]+)"', body)
        mute = "" if head[9:12] != "503" or "\r\nRetry-After: 1\r\n" in head else " without Retry-After"
        return head[9:12] + (f" {slug[1].decode()}" if slug and head[9:12] != "200" else "") + mute

    def close(self) -> None:
        """Hang up."""
        if self.ends:
            self.ends[1].close()
        self.ends = None


def load() -> Iterator[bytes]:
    """Yield requests without end, each with an article of usual length that no other has."""
    for raw in articles():
        body = strict_json.dumps(raw)
        head = "POST /v1/articles HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        yield f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def capacity(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> float:
    """Return how many articles a second are cleaned when so many clients ask again and again."""
    answers, end = Answers(), time.monotonic() + seconds

    async def one() -> None:
        line = Line(port)
        while time.monotonic() < end:
            answers.add(await line.ask(next(requests)), 0.0)
        line.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return answers.kinds["200"] / seconds


async def throw(port: int, requests: Iterator[bytes], rate: float, seconds: float) -> Answers:
    """Send so many requests a second, whatever comes back, each timed from when it was due."""
    answers, dice, start, due = Answers(), random.Random(1), time.monotonic(), 0.0
    idle = [Line(port) for _ in range(_CONNECTIONS)]
    lines = list(idle)
    free = asyncio.Semaphore(_CONNECTIONS)

    async def one(sent: bytes, at: float) -> None:
        async with free:
            line = idle.pop()
            kind = await line.ask(sent)
            idle.append(line)
        answers.add(kind, time.monotonic() - at)

    async with asyncio.TaskGroup() as group:
        while due < seconds:
            await asyncio.sleep(max(0.0, start + due - time.monotonic()))
            group.create_task(one(next(requests), start + due))
            due += dice.expovariate(rate)
    for line in lines:
        line.close()
    return answers


def probe(port: int, seconds: float) -> Answers:
    """Ask for life and readiness in turn, each on a connection of its own; blocks, so give it a process."""
    answers, end = Answers(), time.monotonic() + seconds
    for path in itertools.cycle(("/livez", "/readyz")):
        began = time.monotonic()
        if began >= end:
            return answers
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as made:
                made.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
                status = made.recv(4096)[9:12].decode("ascii")
        except OSError as error:
            status = type(error).__name__
        answers.add(f"{path} {status}", time.monotonic() - began)
        time.sleep(_PROBE)
    return answers


async def overload(server: Server, rate: float, seconds: float) -> tuple[Answers, Answers]:
    """Throw so many requests a second; return what came of them, and of the probes meanwhile."""
    # Forked, the prober would inherit connections.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as prober:
        probing = asyncio.get_running_loop().run_in_executor(prober, probe, server.port, seconds)
        answers = await throw(server.port, load(), rate, seconds)
        return answers, await probing


async def _bench(server: Server, seconds: float, times: float) -> tuple[Answers, Answers]:
    await capacity(server.port, load(), 8, _CALIBRATION / 2)  # warm
    most = await capacity(server.port, load(), 8, _CALIBRATION)
    click.echo(f"capacity   {most:.0f} articles a second; sent {times:g} times as many")
    pids = [server.process.pid, *workers(server)]
    ours, theirs, began = time.process_time(), cpu(pids), time.monotonic()
    answers, probes = await overload(server, most * times, seconds)
    cores = (time.monotonic() - began) * len(os.sched_getaffinity(0))
    ours, theirs = time.process_time() - ours, cpu(pids) - theirs
    click.echo(f"CPU        {theirs / cores:.0%} of the machine for the service, {ours / cores:.0%} for the load")
    click.echo(f"cost       {theirs / max(1, answers.kinds['200']) * 1e3:.1f} ms of CPU for each article cleaned")
    return answers, probes


@click.command(help=__doc__)
@click.option("--seconds", default=20.0, show_default=True, help="how long")
@click.option("--times", default=2.0, show_default=True, help="how many times what it can do")
def main(seconds: float, times: float) -> None:
    """Throw and count."""
    with running(COPYDESK_WORKERS="2", COPYDESK_LOG_SAMPLE="0") as server:
        answers, probes = asyncio.run(_bench(server, seconds, times))
    click.echo(f"sent       {answers.kinds.total()}")
    for told in (answers, probes):
        for kind, count in sorted(told.kinds.items()):
            click.echo(f"{kind:<15} {count:6}  {told.told(kind)}")
    well = set(answers.kinds) <= {"200", "503 overloaded"} and set(probes.kinds) <= {"/livez 200", "/readyz 200"}
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
