r"""How many instances? What so many would do under so much load is told by simulation (bench.queueing).

\b
python -m bench.scale                          one to twelve instances of two workers, each worker with a CPU of its own
python -m bench.scale --workers 4 --wait 0.5   others
python -m bench.scale --check                  beside what two and three instances behind nginx do on this machine

What requests cost is measured first: the articles of `bench.mix`, each in process, then all over HTTP, since the
service's own share comes on top. Load is the share of what all workers can do.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bench import mix, service
from bench.load import Arrivals, Request, Tally, closed, opened, quantile, request
from bench.queueing import Balancing, Fleet, simulate
from svc import service as walk
from svc import strict_json
from svc.core.article import Options
from svc.settings import Settings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from balancing import Instance, balanced, end

_ROUNDS = 5
_LOADS = (0.5, 0.7, 0.8, 0.9, 1.0, 1.2)
_CHECKED = (0.5, 0.8, 1.2)
_INSTANCES = (1, 2, 3, 6, 12)
_REQUESTS = 40_000
# Connections of the load: more than three workers have room for, or nobody would be refused.
_CONNECTIONS = 256
# How long the check finds out what they can do, and how long it asks at each load.
_CALIBRATION, _SECONDS = 4.0, 10.0


@dataclass(frozen=True, slots=True)
class Met:
    """What requests met: the median and the 99th percentile of the answers, in seconds, and the share refused."""

    p50: float
    p99: float
    shed: float

    def __str__(self) -> str:
        return f"{1e3 * self.p50:8.1f} {1e3 * self.p99:8.1f} {100 * self.shed:8.1f}"


def needs() -> list[float]:
    """Return the seconds of CPU that a request with each article of the mix costs a worker, HTTP included."""
    raws = mix.mixed()
    settings, options = Settings(), Options()
    rounds = [[_cost(raw, options, settings) for raw in raws] for _ in range(_ROUNDS + 1)][1:]
    alone = [statistics.median(costs) for costs in zip(*rounds, strict=True)]
    bodies = [strict_json.dumps(raw) for raw in raws]
    with service.started(workers=1) as server:
        server.post_each("/v1/articles", bodies, "application/json")
        spent = server.cpu(lambda: server.post_each("/v1/articles", bodies * _ROUNDS, "application/json"))
    around = max(0.0, spent / _ROUNDS - sum(alone)) / len(raws)
    return [cost + around for cost in alone]


def _cost(raw: dict[str, Any], options: Options, settings: Settings) -> float:
    start = time.process_time()
    strict_json.dumps(walk.clean_article(raw, options, settings))
    return time.process_time() - start


def foretold(fleet: Fleet, costs: list[float], rate: float, requests: int = _REQUESTS) -> Met:
    """Simulate."""
    outcome = simulate(fleet, costs, rate, requests)
    took = sorted(outcome.took)
    return Met(quantile(took, 0.5), quantile(took, 0.99), outcome.shed)


def _requests() -> Iterator[Request]:
    bodies = (strict_json.dumps(raw) for raw in mix.mixed())
    return itertools.cycle([request("/v1/articles", body, "application/json") for body in bodies])


def check(costs: list[float]) -> None:
    """Print what two and three instances of one worker each do behind nginx, and what is foretold of them.

    They share this machine's CPUs with nginx, the load, and whatever else runs. What is left for them is known from
    what they did when always asked, just before.
    """
    click.echo("instances  load  a second   p50 ms   p99 ms  refused %    foretold: the same     CPUs left")
    for count in (2, 3):
        with ExitStack() as stack:
            port = _behind_nginx(stack, count)
            asyncio.run(closed(port, _requests(), 4 * count, _CALIBRATION))
            for load in _CHECKED:
                most = _capacity(port, 4 * count)
                fleet = Fleet(instances=count, workers=1, cpus=most * statistics.fmean(costs))
                told = f"{met(port, load * most)} {foretold(fleet, costs, load * most)}"
                click.echo(f"{count:9}  {load:4.0%} {load * most:9.0f} {told}  {fleet.cpus:12.2f}")


def met(port: int, rate: float) -> Met:
    """Ask so many times a second and return what was met."""
    tally = Tally()
    asyncio.run(opened(Arrivals(_requests(), _SECONDS, rate), port, _CONNECTIONS, tally))
    if tally.errors:
        raise click.ClickException(f"not all is right or overloaded: {dict(tally.statuses)}")
    took = sorted(tally.took)
    return Met(quantile(took, 0.5), quantile(took, 0.99), tally.refused / tally.statuses.total())


def _capacity(port: int, connections: int) -> float:
    tally, _ = asyncio.run(closed(port, _requests(), connections, _CALIBRATION))
    return len(tally.took) / _CALIBRATION


def _behind_nginx(stack: ExitStack, count: int) -> int:
    """Start so many instances and nginx, as deploy/nginx.conf has it; return its port."""
    told = {"COPYDESK_WORKERS": "1", "COPYDESK_QUEUE_WAIT": "0.25", "COPYDESK_LOG_SAMPLE": "0"}
    instances = [Instance(**told) for _ in range(count)]
    stack.callback(end, *instances)
    for instance in instances:
        asyncio.run(instance.ready())
    first, second, *others = (instance.port for instance in instances)
    line = f"server 127.0.0.1:{second} max_fails=0;"
    more = {line: "\n".join([line, *(f"server 127.0.0.1:{port} max_fails=0;" for port in others)])}
    return stack.enter_context(balanced("nginx", (first, second), more)).port


def table(fleet: Fleet, costs: list[float]) -> None:
    """Print what is foretold of each number of instances at each load."""
    mean = statistics.fmean(costs)
    click.echo("instances  load  a second   p50 ms   p99 ms  refused %")
    for count in _INSTANCES:
        for load in _LOADS:
            rate = load * count * fleet.workers / mean
            click.echo(f"{count:9}  {load:4.0%} {rate:9.0f} {foretold(replace(fleet, instances=count), costs, rate)}")


@click.command(help=__doc__)
@click.option("--workers", default=2, show_default=True, help="of each instance")
@click.option("--wait", default=0.25, show_default=True, help="COPYDESK_QUEUE_WAIT, in seconds")
@click.option(
    "--balancing", type=click.Choice([one.value for one in Balancing]), default=Balancing.LEAST.value, show_default=True
)
@click.option("--tries", default=2, show_default=True, help="instances that a request is sent to at most")
@click.option("--check", "checked", is_flag=True, help="run two and three instances, too")
def main(*, workers: int, wait: float, balancing: str, tries: int, checked: bool) -> None:
    """Measure, then tell."""
    costs = needs()
    told = sorted(1e3 * cost for cost in costs)
    click.echo(f"a request costs {statistics.fmean(told):.2f} ms of CPU, the dearest {told[-1]:.2f}")
    if checked:
        check(costs)
    else:
        told_of = Balancing(balancing)
        table(Fleet(instances=1, workers=workers, wait=wait, balancing=told_of, tries=tries), costs)


if __name__ == "__main__":
    main()
