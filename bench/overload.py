"""Behavior under more load than the service can serve.

\b
python -m bench.overload                        two workers, 20 seconds, 200 % load
python -m bench.overload --seconds 60 --times 3

The load is an open loop with random arrivals, from one thread. Health checks come from another process, each on a new
connection, like those of a load balancer. All share the CPUs of the machine; the output has the share of the load
generator. The exit status is 1 after a response that is neither 200 nor 503 `overloaded`, or a failed health check.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence

import click

from bench.processes import cpu_time, service_pids
from tests.helpers.load import LoadResult, quantile, run_closed_loop
from tests.helpers.overload import EXPECTED_PROBES, EXPECTED_STATUSES, generate_requests, run_overload
from tests.helpers.server import Server, running

_CALIBRATION_S = 5.0
_CALIBRATION_CONNECTIONS = 8


async def _measure(server: Server, seconds: float, times: float) -> tuple[LoadResult, LoadResult]:
    await run_closed_loop(server.port, generate_requests(), _CALIBRATION_CONNECTIONS, _CALIBRATION_S / 2)  # warm up
    _, throughput = await run_closed_loop(server.port, generate_requests(), _CALIBRATION_CONNECTIONS, _CALIBRATION_S)
    click.echo(f"throughput {throughput:.0f} articles per second; load {times:.0%}")
    pids = service_pids(server)
    load_cpu, service_cpu, start = time.process_time(), cpu_time(pids), time.monotonic()
    result, probes = await run_overload(server, throughput * times, seconds)
    available_cpu = (time.monotonic() - start) * len(os.sched_getaffinity(0))
    load_cpu, service_cpu = time.process_time() - load_cpu, cpu_time(pids) - service_cpu
    click.echo(f"CPU        service {service_cpu / available_cpu:.0%}, load generator {load_cpu / available_cpu:.0%}")
    click.echo(f"cost       {service_cpu / max(1, len(result.latencies)) * 1e3:.1f} ms of CPU per cleaned article")
    return result, probes


def _format_latencies(latencies: Sequence[float]) -> str:
    p50, p99 = (1e3 * quantile(sorted(latencies), share) for share in (0.5, 0.99))
    return f"p50 {p50:6.1f} ms, p99 {p99:6.1f} ms"


@click.command(help=__doc__)
@click.option("--seconds", default=20.0, show_default=True, help="Duration.")
@click.option("--times", default=2.0, show_default=True, help="Load as a multiple of the throughput.")
def main(seconds: float, times: float) -> None:
    """Measure."""
    with running(COPYDESK_WORKERS="2", COPYDESK_LOG_SAMPLE_RATE="0") as server:
        result, probes = asyncio.run(_measure(server, seconds, times))
    for status, count in sorted((result.statuses + probes.statuses).items()):
        click.echo(f"{count:8} × {status}")
    click.echo(f"cleaned    {_format_latencies(result.latencies)}")
    click.echo(f"rejected   {_format_latencies(result.rejection_latencies)}")
    click.echo(f"probes     {_format_latencies(probes.latencies)}")
    is_expected = set(result.statuses) <= EXPECTED_STATUSES and set(probes.statuses) <= EXPECTED_PROBES
    sys.exit(0 if is_expected else 1)


if __name__ == "__main__":
    main()
