"""How many instances? What so many would do under so much load is told by simulation (bench.queueing).

\b
python -m bench.scale                          one to twelve instances of two workers, each worker with a CPU of its own
python -m bench.scale --workers 4 --wait 0.5   others
python -m bench.scale --check                  beside what two and three instances behind nginx do on this machine

What requests cost is measured first, with the articles of `bench.mix`: each in process, then all over HTTP, when the
service is always asked, seldom asked, and asked for so much that it refuses. Load is the share of what all can do.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import click

from bench import mix, service
from bench.load import Arrivals, Request, Tally, at_random, closed, opened, quantile, request
from bench.queueing import Balancing, Costs, Fleet, simulate
from copydesk import cleaning as walk
from copydesk import strict_json
from copydesk.article import Options
from copydesk.settings import Settings
from tests.helpers.balancers import Instance, balanced, end

_ROUNDS = 5
_LOADS = (0.5, 0.7, 0.8, 0.9, 1.0, 1.2, 2.0)
_INSTANCES = (1, 2, 3, 6, 12)
_REQUESTS = 40_000
# Connections that always ask, for each instance; those of the load, more than instances have room for.
_ASKING, _CONNECTIONS = 16, 256
# Requests a second that leave an instance time to fall asleep.
_SELDOM = 40.0
# Seconds of each measurement, and of each load of the check.
_CALIBRATION, _SECONDS = 4.0, 20.0


@dataclass(frozen=True, slots=True)
class Met:
    """What requests met: the median and the 99th percentile of the answers, in seconds, and the share refused."""

    p50: float
    p99: float
    shed: float

    def __str__(self) -> str:
        return f"{1e3 * self.p50:8.1f} {1e3 * self.p99:8.1f} {100 * self.shed:8.1f}"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU of the instances, the balancer and the load: all so far, or for a request."""

    instances: float
    balancer: float = 0.0
    load: float = 0.0

    def since(self, start: Spent, requests: int) -> Spent:
        """Return what each of so many requests has cost since then."""
        return Spent(
            (self.instances - start.instances) / requests,
            (self.balancer - start.balancer) / requests,
            (self.load - start.load) / requests,
        )

    def total(self) -> float:
        """Return all of it."""
        return self.instances + self.balancer + self.load


@dataclass(frozen=True, slots=True)
class Rig:
    """What is asked at a port: the first processes of the instances, and of a balancer in front of them."""

    port: int
    instances: tuple[int, ...]
    balancer: int | None = None

    def always(self) -> tuple[Tally, float, Spent]:
        """Ask again as soon as there is an answer.

        Returns:
            What came of it, the answers a second, and what each cost.
        """
        start = self._spent()
        tally, rate = asyncio.run(closed(self.port, _requests(), _ASKING * len(self.instances), _CALIBRATION))
        return _sound(tally), rate, self._spent().since(start, tally.statuses.total())

    def seldom(self) -> Spent:
        """Ask seldom; return what each request cost."""
        start = self._spent()
        tally, _ = self.at(_SELDOM, _CALIBRATION)
        return self._spent().since(start, tally.statuses.total())

    def at(self, rate: float, seconds: float) -> tuple[Tally, list[float]]:
        """Ask so many times a second, at random times.

        Returns:
            What came of it, and what an article cost the instances in each second.
        """
        tally = Tally()
        each = asyncio.run(self._watched(Arrivals(_requests(), seconds, rate), tally))
        return _sound(tally), each

    async def _watched(self, arrivals: Arrivals, tally: Tally) -> list[float]:
        asking, each = asyncio.create_task(opened(arrivals, self.port, _CONNECTIONS, tally)), list[float]()
        while not asking.done():
            start, already = self._spent(), len(tally.took)
            await asyncio.wait([asking], timeout=1.0)
            if cleaned := len(tally.took) - already:
                each.append(self._spent().since(start, cleaned).instances)
        await asking
        return each

    def _spent(self) -> Spent:
        balancer = service.spent(self.balancer) if self.balancer else 0.0
        return Spent(sum(map(service.spent, self.instances)), balancer, time.process_time())


def _sound(tally: Tally) -> Tally:
    """Return a tally in which all is right, or refused."""
    if tally.errors:
        raise click.ClickException(f"not all is right or overloaded: {dict(tally.statuses)}")
    return tally


def measured_costs() -> Costs:
    """Measure what a request costs an instance."""
    needs = _in_process()
    with service.started(workers=1, COPYDESK_LOG_SAMPLE_RATE="0") as running:
        rig = _alone(running)
        rig.always()
        *_, full = rig.always()
        seldom = rig.seldom()
    around = max(0.0, full.instances - statistics.fmean(needs))
    with service.started(workers=1, COPYDESK_LOG_SAMPLE_RATE="0", COPYDESK_QUEUE_TIMEOUT="0") as running:
        rig = _alone(running)
        rig.always()
        tally, _, each = rig.always()
    refusals = each.instances * tally.statuses.total() - full.instances * len(tally.took)
    refusal = refusals / len(tally.refused) - around / 2
    return Costs(
        needs=needs,
        around=around,
        waking=max(0.0, seldom.instances - full.instances),
        refusal=max(0.0, refusal),
    )


def _alone(running: service.Measured) -> Rig:
    return Rig(running.server.port, (running.server.process.pid,))


def _in_process() -> list[float]:
    """Return the seconds of CPU that each article of the mix costs in process, read and written."""
    settings, options = Settings(), Options()
    bodies = [strict_json.dumps(raw) for raw in mix.mixed()]
    rounds = [[_cost(body, options, settings) for body in bodies] for _ in range(_ROUNDS + 1)][1:]
    return [statistics.median(each) for each in zip(*rounds, strict=True)]


def _cost(body: bytes, options: Options, settings: Settings) -> float:
    start = time.process_time()
    raw: Any = strict_json.loads(body, settings.max_json_depth)
    strict_json.dumps(walk.clean_article(raw, options, settings).to_dict())
    return time.process_time() - start


def _requests() -> Iterator[Request]:
    bodies = (strict_json.dumps(raw) for raw in mix.mixed())
    return itertools.cycle([request("/v1/articles", body, "application/json") for body in bodies])


def foretold(fleet: Fleet, costs: Costs, rate: float, requests: int = _REQUESTS) -> Met:
    """Simulate so many requests, so many a second on average; the same costs and rate tell the same."""
    outcome = simulate(fleet, costs, itertools.islice(at_random(rate), requests))
    took = sorted(outcome.took)
    return Met(quantile(took, 0.5), quantile(took, 0.99), outcome.shed)


def check(fleet: Fleet, costs: Costs) -> None:
    """Print what two and three instances of one worker each do behind nginx, and what is foretold of them.

    They share this machine's CPUs with nginx, the load, and whatever else runs. What each of those costs, and how many
    CPUs all have, is known from what they did when always asked, just before; when they come, too, is the same. A
    machine that is not one's own is now fast and now slow: so it is told as well what would have been foretold had one
    known what a request cost in each second of the run.
    """
    click.echo("                             met                          foretold                     its costs known")
    click.echo(f"instances  load  a second{3 * '   p50 ms   p99 ms  refused %'}  CPUs")
    for count in (2, 3):
        with ExitStack() as stack:
            rig = _behind_nginx(stack, fleet, count)
            rig.always()
            waking = rig.seldom().instances
            for load in _LOADS:
                _, most, spent = rig.always()
                given = replace(fleet, instances=count, workers=1, cpus=most * spent.total())
                tally, each = rig.at(load * most, _SECONDS)
                took, sent = sorted(tally.took), tally.statuses.total()
                met = Met(quantile(took, 0.5), quantile(took, 0.99), len(tally.refused) / sent)
                paid = _scaled(costs, spent)
                before = foretold(given, replace(paid, waking=max(0.0, waking - spent.instances)), load * most, sent)
                known = foretold(
                    given, replace(paid, pace=[cost / spent.instances for cost in each]), load * most, sent
                )
                click.echo(f"{count:9}  {load:4.0%} {load * most:9.0f} {met}  {before}  {known}  {given.cpus:4.2f}")


def _scaled(costs: Costs, spent: Spent) -> Costs:
    """Return the costs where a request costs so much when the instances are always asked."""
    times = spent.instances / (statistics.fmean(costs.needs) + costs.around)
    return Costs(
        needs=[times * need for need in costs.needs],
        around=times * costs.around,
        refusal=times * costs.refusal,
        balancer=spent.balancer / 2,
        client=spent.load / 2,
    )


def _behind_nginx(stack: ExitStack, fleet: Fleet, count: int) -> Rig:
    """Start so many instances of one worker and nginx, as deploy/nginx.conf has it."""
    told = {"COPYDESK_WORKERS": "1", "COPYDESK_QUEUE_TIMEOUT": str(fleet.wait), "COPYDESK_LOG_SAMPLE_RATE": "0"}
    instances = [Instance(**told) for _ in range(count)]
    stack.callback(end, *instances)
    for instance in instances:
        asyncio.run(instance.ready())
    changes = {
        "max_conns=64": f"max_conns={fleet.most}",
        "proxy_next_upstream_tries 2": f"proxy_next_upstream_tries {fleet.tries}",
    } | ({"least_conn;": ""} if fleet.balancing is Balancing.TURNS else {})
    nginx = stack.enter_context(balanced("nginx", [instance.port for instance in instances], changes))
    return Rig(nginx.port, tuple(instance.server.process.pid for instance in instances), nginx.process.pid)


def table(fleet: Fleet, costs: Costs) -> None:
    """Print what is foretold of each number of instances at each load."""
    mean = statistics.fmean(costs.needs) + costs.around
    click.echo("instances  load  a second   p50 ms   p99 ms  refused %")
    for count in _INSTANCES:
        for load in _LOADS:
            rate = load * count * fleet.workers / mean
            click.echo(f"{count:9}  {load:4.0%} {rate:9.0f} {foretold(replace(fleet, instances=count), costs, rate)}")


@click.command(help=__doc__)
@click.option("--workers", default=2, show_default=True, help="of each instance; one when checked")
@click.option("--wait", default=0.25, show_default=True, help="COPYDESK_QUEUE_TIMEOUT, in seconds")
@click.option("--most", default=32, show_default=True, help="requests that an instance may have for each worker")
@click.option("--balancing", type=click.Choice(Balancing), default=Balancing.LEAST, show_default=True)
@click.option("--tries", default=2, show_default=True, help="instances that a request is sent to at most")
@click.option("--check", "checked", is_flag=True, help="run two and three instances, too")
def main(*, checked: bool, **how: Any) -> None:
    """Measure, then tell."""
    paid = measured_costs()
    click.echo(
        f"ms of CPU: {1e3 * statistics.fmean(paid.needs):.2f} for a turn, the dearest {1e3 * max(paid.needs):.2f}, "
        f"{1e3 * paid.around:.2f} around it, {1e3 * paid.waking:.2f} for waking; {1e3 * paid.refusal:.2f} for a refusal"
    )
    fleet = Fleet(instances=1, **how)
    if checked:
        check(fleet, paid)
    else:
        table(fleet, paid)


if __name__ == "__main__":
    main()
