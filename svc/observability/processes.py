"""The CPU, memory and start of the service: gunicorn's master and its workers, from `/proc` of Linux.

Other systems have no such metrics. The names are those that client libraries of Prometheus use for one process.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .. import lifecycle

_PSS = re.compile(r"^Pss: +(\d+) kB$", re.MULTILINE)
_BOOT_TIME = re.compile(r"^btime (\d+)$", re.MULTILINE)
# The kernel walks all pages of a process to count them, which takes milliseconds.
_MEMORY_INTERVAL_S = 5.0


class ProcessCollector(Collector):
    """Collects the metrics when they are asked for."""

    def __init__(self) -> None:
        """Read the time of the boot, once and for all workers: it changes a little whenever the clock is adjusted."""
        stat = _read("/proc/stat") if Path("/proc/stat").exists() else ""
        self._boot_time = int(boot_time[1]) if (boot_time := _BOOT_TIME.search(stat)) else 0
        self._memory, self._memory_time = 0, float("-inf")

    def describe(self) -> list[Metric]:
        """Return nothing, so that registering collects nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, none if the system has no `/proc`."""
        with suppress(OSError):
            master = str(os.getpid() if lifecycle.worker_number() == "master" else os.getppid())
            pids = [master, *_read(f"/proc/{master}/task/{master}/children").split()]
            start = self._boot_time + _read_times(master)[1]
            cpu = _sum_of_processes(pids, lambda pid: _read_times(pid)[0])
            yield CounterMetricFamily("process_cpu_seconds", "CPU time of all processes.", cpu)
            if memory := self._read_memory(pids):  # older kernels do not have it
                description = "Memory of all processes, shared pages counted once."
                yield GaugeMetricFamily("process_resident_memory_bytes", description, memory)
            yield GaugeMetricFamily("process_start_time_seconds", "Start of the service (Unix time).", start)

    def _read_memory(self, pids: list[str]) -> int:
        """Return the memory in bytes, at most five seconds old."""
        if time.monotonic() - self._memory_time > _MEMORY_INTERVAL_S:
            self._memory, self._memory_time = int(_sum_of_processes(pids, _read_pss)), time.monotonic()
        return self._memory


def _sum_of_processes(pids: list[str], read: Callable[[str], float]) -> float:
    """Return the sum of a value of processes. A worker that ends meanwhile is not counted."""
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            total += read(pid)
    return total


def _read_times(pid: str) -> tuple[float, float]:
    """Return the CPU time of a process with its dead children, and its start after the boot, in seconds."""
    # proc_pid_stat(5): the name of the program is in parentheses and may have spaces.
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(map(int, fields[11:15])) / ticks, int(fields[19]) / ticks


def _read_pss(pid: str) -> int:
    """Return the memory of a process in bytes, its part of shared pages only."""
    pss = _PSS.search(_read(f"/proc/{pid}/smaps_rollup"))
    return int(pss[1]) * 1024 if pss else 0


def _read(path: str) -> str:
    return Path(path).read_text(encoding="ascii", errors="replace")
