"""A service to be measured: what it is sent, and what that costs its processes in CPU and memory."""

from __future__ import annotations

import asyncio
import http.client
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import Arrivals, Tally, closed, opened, quantile, request
from tests.helpers.server import Server, running

_CONNECTIONS = 24  # of a crowd


@dataclass(frozen=True, slots=True)
class Measured:
    """A running service, as it is set without settings: its access log is part of what it costs."""

    server: Server

    def post(self, path: str, body: bytes, content_type: str) -> None:
        """Send one request, and see that it is answered."""
        self.post_each(path, [body], content_type)

    def post_each(self, path: str, bodies: Sequence[bytes], content_type: str) -> None:
        """Send requests one after the other on one connection.

        Raises:
            RuntimeError: an answer is no 200.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        for body in bodies:
            connection.request("POST", path, body, {"Content-Type": content_type})
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {said[:300]!r}")
        connection.close()

    def crowd(self, path: str, bodies: Sequence[bytes], seconds: float) -> None:
        """Send bodies in turn for so long over many connections, so that every worker gets its share."""
        requests = itertools.cycle(request(path, body, "application/json") for body in bodies)
        asyncio.run(closed(self.server.port, requests, _CONNECTIONS, seconds))

    def at_half_load(self, path: str, body: bytes, seconds: float) -> tuple[float, float, float]:
        """Ask for one thing at random times, half as often as the service can do it.

        Returns:
            How often a second it can, and the median and the 99th percentile of the times at half of that, in seconds.
        """
        asked = itertools.repeat(request(path, body, "application/json"))
        asyncio.run(closed(self.server.port, asked, 1, 2.0))
        _, most = asyncio.run(closed(self.server.port, asked, 1, 4.0))
        tally = Tally()
        asyncio.run(opened(Arrivals(asked, seconds, most / 2), self.server.port, 8, tally))
        took = sorted(tally.took)
        return most, quantile(took, 0.5), quantile(took, 0.99)

    def cpu(self, do: Callable[[], object]) -> float:
        """Return the seconds of CPU that the service spends on something."""
        start = spent(self.server.process.pid)
        do()
        return spent(self.server.process.pid) - start

    def memory(self) -> int:
        """Return the bytes that all processes hold together, shared ones counted once."""
        return sum(_rollup(pid) for pid in _family(self.server.process.pid))


def spent(pid: int) -> float:
    """Return the seconds of CPU that a process and its children have had so far, as long as those live."""
    tasks = (task for one in _family(pid) for task in Path(f"/proc/{one}/task").iterdir())
    return sum(int((task / "schedstat").read_text(encoding="utf-8").split()[0]) for task in tasks) / 1e9


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *map(int, children)]


def _rollup(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def started(workers: int, **environ: str) -> Iterator[Measured]:
    """Run the service with so many workers, and these settings, until the block ends."""
    with running(0, COPYDESK_WORKERS=str(workers), **environ) as server:
        yield Measured(server)
