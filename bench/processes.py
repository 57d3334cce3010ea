"""CPU time and memory of the processes of a service, from /proc."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.server import Server


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of several processes, in MB.

    Attributes:
        rss: the resident memory; shared pages count in each process.
        pss: the proportional memory; shared pages count once.
    """

    rss: float
    pss: float


def worker_pids(server: Server) -> list[int]:
    """Return the process ids of the workers."""
    return _child_pids(server.process.pid)


def service_pids(server: Server) -> list[int]:
    """Return the process ids of the master and of the workers."""
    return [server.process.pid, *worker_pids(server)]


def _child_pids(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()))


def cpu_time(pids: Iterable[int]) -> float:
    """Return the seconds of CPU that the current threads of processes have used."""
    threads = (thread for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir())
    return sum(int((thread / "schedstat").read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9


def memory(pids: Iterable[int]) -> Memory:
    """Return the memory of processes. A process that has ended has none."""
    rss = pss = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            sizes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", rollup, re.MULTILINE)}
            rss, pss = rss + sizes["Rss"], pss + sizes["Pss"]
    return Memory(rss * 1024 / 1e6, pss * 1024 / 1e6)
