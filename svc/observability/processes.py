"""The CPU, memory and start of the service: gunicorn's master and its workers, from `/proc` of Linux.

Other systems have no such metrics. The names are those that client libraries of Prometheus use for one process.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .. import lifecycle

_PSS = re.compile(r"^Pss: +(\d+) kB$", re.MULTILINE)
_BOOT_TIME = re.compile(r"^btime (\d+)$", re.MULTILINE)


class ProcessCollector(Collector):
    """Collects the metrics when they are asked for."""

    def __init__(self) -> None:
        """Read the time of the boot, once and for all workers: it changes a little whenever the clock is adjusted."""
        stat = _read("/proc/stat") if Path("/proc/stat").exists() else ""
        self._boot_time = int(boot_time[1]) if (boot_time := _BOOT_TIME.search(stat)) else 0

    def describe(self) -> list[Metric]:
        """Return nothing, so that registering collects nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, none if the system has no `/proc`."""
        with suppress(OSError):
            master = os.getpid() if lifecycle.worker_number() == "master" else os.getppid()
            workers = _read(f"/proc/{master}/task/{master}/children").split()
            start = self._boot_time + _read_times(str(master))[1]
            cpu, memory = _sum_of_processes([str(master), *workers])
            yield CounterMetricFamily("process_cpu_seconds", "CPU time of all processes.", cpu)
            if memory:  # older kernels do not have it
                yield GaugeMetricFamily(
                    "process_resident_memory_bytes", "Memory of all processes, shared pages counted once.", memory
                )
            yield GaugeMetricFamily("process_start_time_seconds", "Start of the service (Unix time).", start)


def _read_times(pid: str) -> tuple[float, float]:
    """Return the CPU time of a process with its dead children, and its start after the boot, in seconds."""
    # proc_pid_stat(5): the name of the program is in parentheses and may have spaces.
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(map(int, fields[11:15])) / ticks, int(fields[19]) / ticks


def _sum_of_processes(pids: list[str]) -> tuple[float, int]:
    """Return the CPU time in seconds and the memory in bytes. A worker that ends meanwhile is not counted."""
    cpu, memory = 0.0, 0
    for pid in pids:
        with suppress(OSError):
            cpu += _read_times(pid)[0]
            pss = _PSS.search(_read(f"/proc/{pid}/smaps_rollup"))
            memory += int(pss[1]) * 1024 if pss else 0
    return cpu, memory


def _read(path: str) -> str:
    return Path(path).read_text(encoding="ascii", errors="replace")
