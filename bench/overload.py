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
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import click

from bench.batch import articles, cpu, workers
from bench.load import Arrivals, Request, Tally, closed, opened, quantile, request
from copydesk import strict_json
from tests.helpers.server import Server, running

_CALIBRATION = 5.0
# Connections that the load may have: more than two workers have threads.
_CONNECTIONS = 200
# Seconds in which any answer must have come, and between two probes.
_PATIENCE, _PROBE = 30.0, 0.05
# What may come of a load, and of probes.
WELL, PROBED = {"200", "503 overloaded"}, {"/livez 200", "/readyz 200"}


def load() -> Iterator[Request]:
    """Yield requests without end, each with an article of usual length that no other has."""
    return (request("/v1/articles", strict_json.dumps(raw), "application/json") for raw in articles())


def probe(port: int, seconds: float) -> Tally:
    """Ask for life and readiness in turn, each on a connection of its own; blocks, so give it a process."""
    tally, start = Tally(), time.monotonic()
    for path in itertools.cycle(("/livez", "/readyz")):
        began = time.monotonic()
        if began >= start + seconds:
            return tally
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as made:
                made.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
                status = made.recv(4096)[9:12].decode("ascii")
        except OSError as error:
            status = type(error).__name__
        tally.add(began - start, time.monotonic() - began, f"{path} {status}", right=status == "200")
        time.sleep(_PROBE)
    return tally


async def overload(server: Server, rate: float, seconds: float) -> tuple[Tally, Tally]:
    """Throw so many requests a second; return what came of them, and of the probes meanwhile."""
    tally = Tally()
    # Forked, the prober would inherit connections.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as prober:
        probing = asyncio.get_running_loop().run_in_executor(prober, probe, server.port, seconds)
        await opened(Arrivals(load(), seconds, rate), server.port, _CONNECTIONS, tally)
        return tally, await probing


async def _bench(server: Server, seconds: float, times: float) -> tuple[Tally, Tally]:
    await closed(server.port, load(), 8, _CALIBRATION / 2)  # warm
    _, most = await closed(server.port, load(), 8, _CALIBRATION)
    click.echo(f"capacity   {most:.0f} articles a second; sent {times:g} times as many")
    pids = [server.process.pid, *workers(server)]
    ours, theirs, began = time.process_time(), cpu(pids), time.monotonic()
    tally, probes = await overload(server, most * times, seconds)
    cores = (time.monotonic() - began) * len(os.sched_getaffinity(0))
    ours, theirs = time.process_time() - ours, cpu(pids) - theirs
    click.echo(f"CPU        {theirs / cores:.0%} of the machine for the service, {ours / cores:.0%} for the load")
    click.echo(f"cost       {theirs / max(1, len(tally.took)) * 1e3:.1f} ms of CPU for each article cleaned")
    return tally, probes


def _told(took: Sequence[float]) -> str:
    return f"p50 {quantile(sorted(took), 0.5) * 1e3:6.1f} ms, p99 {quantile(sorted(took), 0.99) * 1e3:6.1f} ms"


@click.command(help=__doc__)
@click.option("--seconds", default=20.0, show_default=True, help="how long")
@click.option("--times", default=2.0, show_default=True, help="how many times what it can do")
def main(seconds: float, times: float) -> None:
    """Throw and count."""
    with running(COPYDESK_WORKERS="2", COPYDESK_LOG_SAMPLE_RATE="0") as server:
        tally, probes = asyncio.run(_bench(server, seconds, times))
    for name, count in sorted((tally.statuses + probes.statuses).items()):
        click.echo(f"{count:8} × {name}")
    click.echo(f"cleaned    {_told(tally.took)}")
    click.echo(f"refused    {_told(tally.refused)}")
    click.echo(f"probes     {_told(probes.took)}")
    well = set(tally.statuses) <= WELL and set(probes.statuses) <= PROBED
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
