"""Rolling restarts, reloads and recycling under load: how many requests fail? None should.

\b
python -m bench.restarts                       behind nginx, as deploy/nginx.conf has it
python -m bench.restarts --balancer haproxy    behind HAProxy, as deploy/haproxy.cfg has it: no request is sent twice
python -m bench.restarts --balancer once       behind nginx, told to send no request twice that an instance has had
python -m bench.restarts --balancer none       no balancer: SIGHUP, and COPYDESK_MAX_REQUESTS

24 clients keep a connection each and ask again as soon as they have their answer, each time with another small article.
An answer counts when it is a 200 with the right article; everything else is a failure. Status 1 after any.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import click

from tests.helpers.balancers import Crowd, Instance, balanced, end, until

# As nginx fails over without sending anything twice that may have been received.
ONCE = {"error timeout http_503 non_idempotent;": "error timeout;"}


async def rolling(crowd: Crowd, instances: tuple[Instance, Instance], restarts: int, requests: int) -> None:
    """Restart one instance after the other under load, and go on until there were so many requests."""
    asking = asyncio.create_task(crowd.ask(lambda: crowd.over))
    for number in range(restarts):
        await asyncio.sleep(1.5)  # a balancer needs it to see that the last one is back
        await instances[number % 2].restart()
    await asyncio.sleep(1.0)
    await asyncio.to_thread(until, lambda: crowd.asked >= requests)
    crowd.over = True
    await asking


async def reloading(crowd: Crowd, instance: Instance, reloads: int, requests: int) -> None:
    """Tell an instance to replace its workers, again and again, under load."""
    asking = asyncio.create_task(crowd.ask(lambda: crowd.over))
    for _ in range(reloads):
        await asyncio.sleep(1.0)
        os.kill(instance.server.process.pid, signal.SIGHUP)
        await asyncio.sleep(4.0)
    await asyncio.to_thread(until, lambda: crowd.asked >= requests)
    crowd.over = True
    await asking


def behind(crowd: Crowd, instances: tuple[Instance, Instance], restarts: int, requests: int) -> None:
    """Restart instances behind a balancer, and let clients ask until there were so many requests."""

    async def scene() -> None:
        await asyncio.gather(*(instance.ready() for instance in instances))
        await asyncio.sleep(2.5)  # HAProxy has asked both by then
        await rolling(crowd, instances, restarts, requests)

    asyncio.run(scene())


def _behind(name: str, restarts: int, requests: int) -> Crowd:
    instances = Instance(), Instance()
    program, changes = ("nginx", ONCE) if name == "once" else (name, {})
    try:
        with balanced(program, (instances[0].port, instances[1].port), changes) as balancer:
            crowd = Crowd(balancer.port)
            behind(crowd, instances, restarts, requests)
            if program == "nginx":
                click.echo(f"{balancer.second_tries()} requests were passed on to the other instance")
            return crowd
    finally:
        end(*instances)


def _alone(requests: int, reloads: int, **environ: str) -> Crowd:
    instance = Instance(**environ)
    crowd = Crowd(instance.port)

    async def scene() -> None:
        await instance.ready()
        await reloading(crowd, instance, reloads, requests)

    try:
        asyncio.run(scene())
        booted = sum("Booting worker" in line["event"] for line in instance.server.lines())
        click.echo(f"{booted} workers served")
        return crowd
    finally:
        end(instance)


def _tell(what: str, crowd: Crowd, began: float) -> None:
    took = time.monotonic() - began
    failed = sum(crowd.failures.values())
    told = ", ".join(f"{count} × {kind}" for kind, count in sorted(crowd.failures.items()))
    click.echo(f"{what}: {crowd.asked} requests in {took:.0f} s, {failed} failed {told}")


@click.command(help=__doc__)
@click.option("--balancer", type=click.Choice(["nginx", "haproxy", "once", "none"]), default="nginx", show_default=True)
@click.option("--requests", default=10_000, show_default=True, help="at least so many")
@click.option("--restarts", default=4, show_default=True, help="of the instances, in turn; or reloads")
def main(balancer: str, requests: int, restarts: int) -> None:
    """Restart and count."""
    crowds = []
    if balancer == "none":
        for what, reloads, environ in (
            ("SIGHUP", restarts, {}),
            ("COPYDESK_MAX_REQUESTS=400", 0, {"COPYDESK_MAX_REQUESTS": "400"}),
        ):
            began = time.monotonic()
            crowds.append(_alone(requests, reloads, **environ))
            _tell(what, crowds[-1], began)
    else:
        began = time.monotonic()
        crowds.append(_behind(balancer, restarts, requests))
        _tell(f"{restarts} restarts behind {balancer}", crowds[-1], began)
    sys.exit(1 if any(crowd.failures for crowd in crowds) else 0)


if __name__ == "__main__":
    main()
