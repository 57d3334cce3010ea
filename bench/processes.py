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
        private: the memory that no other process shares.
    """

    rss: float
    pss: float
    private: float


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
    rss = pss = private = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            sizes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", rollup, re.MULTILINE)}
            rss, pss = rss + sizes["Rss"], pss + sizes["Pss"]
            private += sizes["Private_Clean"] + sizes["Private_Dirty"]
    return Memory(*(1024 * size / 1e6 for size in (rss, pss, private)))
