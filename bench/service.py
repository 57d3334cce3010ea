"""A running service to measure."""

from __future__ import annotations

import asyncio
import http.client
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.processes import cpu_time, memory, service_pids
from tests.helpers.load import Arrivals, LoadResult, build_request, quantile, run_closed_loop, run_open_loop
from tests.helpers.server import Server, running

_CONNECTIONS = 24
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class HalfLoad:
    """Throughput of a service, and latency at half of it.

    Attributes:
        requests_per_second: the throughput.
        p50: the median latency in seconds.
        p99: the 99th percentile of the latency in seconds.
    """

    requests_per_second: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class MeasuredService:
    """A running service with default settings, the access log included."""

    server: Server

    def post(self, path: str, body: bytes, content_type: str) -> None:
        """Send one request. Raises the errors of `post_each`."""
        self.post_each(path, [body], content_type)

    def post_each(self, path: str, bodies: Sequence[bytes], content_type: str) -> None:
        """Send requests one after the other on one connection.

        Raises:
            RuntimeError: the status of a response is not 200.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        for body in bodies:
            connection.request("POST", path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            content = response.read()
            if response.status != 200:
                raise RuntimeError(f"{response.status}: {content[:300]!r}")
        connection.close()

    def post_concurrently(self, path: str, bodies: Sequence[bytes], seconds: float) -> None:
        """Send bodies in turn over many connections, so that every worker gets some."""
        requests = itertools.cycle(build_request(path, body, _JSON) for body in bodies)
        asyncio.run(run_closed_loop(self.server.port, requests, _CONNECTIONS, seconds))

    def measure_half_load(self, path: str, body: bytes, seconds: float) -> HalfLoad:
        """Measure the throughput for one body, and the latency at half of it with random arrivals."""
        requests = itertools.repeat(build_request(path, body, _JSON))
        asyncio.run(run_closed_loop(self.server.port, requests, 1, 2.0))
        _, throughput = asyncio.run(run_closed_loop(self.server.port, requests, 1, 4.0))
        result = LoadResult()
        asyncio.run(run_open_loop(Arrivals(requests, seconds, throughput / 2), self.server.port, 8, result))
        latencies = sorted(result.latencies)
        return HalfLoad(throughput, quantile(latencies, 0.5), quantile(latencies, 0.99))

    def cpu_seconds(self, call: Callable[[], object]) -> float:
        """Return the CPU time of all processes of the service during a call."""
        start = cpu_time(service_pids(self.server))
        call()
        return cpu_time(service_pids(self.server)) - start

    def memory_mb(self) -> float:
        """Return the memory of all processes in MB. Shared pages count once."""
        return memory(service_pids(self.server)).pss


@contextmanager
def start_service(workers: int, **environ: str) -> Iterator[MeasuredService]:
    """Run the service until the block ends.

    Args:
        workers: the number of workers.
        **environ: further settings.
    """
    with running(0, COPYDESK_WORKERS=str(workers), **environ) as server:
        yield MeasuredService(server)
