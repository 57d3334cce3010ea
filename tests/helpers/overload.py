"""More load than a service can serve, and health checks at the same time."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from copydesk import strict_json
from tests.helpers.corpus import generate_articles
from tests.helpers.load import Arrivals, LoadResult, Request, build_request, run_open_loop
from tests.helpers.server import Server

# More than two workers have threads.
_LOAD_CONNECTIONS = 200
_PROBE_TIMEOUT_S = 30.0
_PROBE_INTERVAL_S = 0.05
EXPECTED_STATUSES = {"200", "503 overloaded"}
EXPECTED_PROBES = {"/livez 200", "/readyz 200"}


def generate_requests() -> Iterator[Request]:
    """Yield an endless series of requests with different articles of usual length."""
    return (build_request("/v1/articles", strict_json.dumps(raw), "application/json") for raw in generate_articles())


def probe(port: int, seconds: float) -> LoadResult:
    """Send health checks one after the other, each on a new connection. It blocks, so run it in its own process."""
    result, start = LoadResult(), time.monotonic()
    for path in itertools.cycle(("/livez", "/readyz")):
        sent = time.monotonic()
        if sent >= start + seconds:
            return result
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PROBE_TIMEOUT_S) as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
                status = connection.recv(4096)[9:12].decode("ascii")
        except OSError as error:
            status = type(error).__name__
        result.add(sent - start, time.monotonic() - sent, f"{path} {status}", is_correct=status == "200")
        time.sleep(_PROBE_INTERVAL_S)
    return result


async def run_overload(server: Server, rate: float, seconds: float) -> tuple[LoadResult, LoadResult]:
    """Send requests at a rate, and health checks at the same time.

    Args:
        server: the service.
        rate: the mean number of requests per second.
        seconds: the duration.

    Returns:
        The responses to the requests and to the health checks.
    """
    result = LoadResult()
    # A forked process would inherit connections.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        probing = asyncio.get_running_loop().run_in_executor(executor, probe, server.port, seconds)
        await run_open_loop(Arrivals(generate_requests(), seconds, rate), server.port, _LOAD_CONNECTIONS, result)
        return result, await probing
