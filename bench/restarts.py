"""Failed requests during rolling restarts, reloads and recycling of workers. There should be none.

\b
python -m bench.restarts                       behind nginx with deploy/nginx.conf
python -m bench.restarts --balancer haproxy    behind HAProxy with deploy/haproxy.cfg; no request is retried
python -m bench.restarts --balancer once       behind nginx without retries of requests that an instance has received
python -m bench.restarts --balancer none       no load balancer: SIGHUP, then COPYDESK_MAX_REQUESTS

24 clients with a persistent connection each send the next request after each response, every time with another small
article. All but a 200 with the right article is a failure. The exit status is 1 after a failure.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import click

from tests.helpers.balancers import Crowd, Instance, balanced, end, until

# nginx.conf without retries of requests that an instance may have received.
NO_RETRIES = {"error timeout http_503 non_idempotent;": "error timeout;"}
_PAUSE_BETWEEN_RESTARTS_S = 1.5  # the load balancer must notice that the instance is back
_PAUSE_AFTER_RELOAD_S = 4.0


async def restart_under_load(
    clients: Crowd, instances: tuple[Instance, Instance], restarts: int, min_requests: int
) -> None:
    """Restart the instances in turn while clients send requests.

    Args:
        clients: the clients.
        instances: the instances.
        restarts: the number of restarts.
        min_requests: the number of requests after which the clients stop.
    """
    sending = asyncio.create_task(clients.ask(lambda: clients.over))
    for i in range(restarts):
        await asyncio.sleep(_PAUSE_BETWEEN_RESTARTS_S)
        await instances[i % 2].restart()
    await asyncio.sleep(1.0)
    await _finish(clients, sending, min_requests)


async def reload_under_load(clients: Crowd, instance: Instance, reloads: int, min_requests: int) -> None:
    """Reload an instance (SIGHUP) while clients send requests. The arguments are those of `restart_under_load`."""
    sending = asyncio.create_task(clients.ask(lambda: clients.over))
    for _ in range(reloads):
        await asyncio.sleep(1.0)
        os.kill(instance.server.process.pid, signal.SIGHUP)
        await asyncio.sleep(_PAUSE_AFTER_RELOAD_S)
    await _finish(clients, sending, min_requests)


async def _finish(clients: Crowd, sending: asyncio.Task[None], min_requests: int) -> None:
    await asyncio.to_thread(until, lambda: clients.asked >= min_requests)
    clients.over = True
    await sending


def restart_behind_balancer(
    clients: Crowd, instances: tuple[Instance, Instance], restarts: int, min_requests: int
) -> None:
    """Wait until the instances are ready, then restart them under load."""

    async def scenario() -> None:
        await asyncio.gather(*(instance.ready() for instance in instances))
        await asyncio.sleep(2.5)  # HAProxy has checked both instances
        await restart_under_load(clients, instances, restarts, min_requests)

    asyncio.run(scenario())


def _measure_balancer(name: str, restarts: int, min_requests: int) -> Crowd:
    instances = Instance(), Instance()
    program, changes = ("nginx", NO_RETRIES) if name == "once" else (name, {})
    try:
        with balanced(program, (instances[0].port, instances[1].port), changes) as balancer:
            clients = Crowd(balancer.port)
            restart_behind_balancer(clients, instances, restarts, min_requests)
            if program == "nginx":
                click.echo(f"{balancer.second_tries()} requests were retried on the other instance")
            return clients
    finally:
        end(*instances)


def _measure_single(min_requests: int, reloads: int, **environ: str) -> Crowd:
    instance = Instance(**environ)
    clients = Crowd(instance.port)

    async def scenario() -> None:
        await instance.ready()
        await reload_under_load(clients, instance, reloads, min_requests)

    try:
        asyncio.run(scenario())
        workers = sum("Booting worker" in line["event"] for line in instance.server.lines())
        click.echo(f"{workers} workers were started")
        return clients
    finally:
        end(instance)


def _report(name: str, clients: Crowd, start: float) -> None:
    seconds = time.monotonic() - start
    failures = sum(clients.failures.values())
    kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(clients.failures.items()))
    click.echo(f"{name}: {clients.asked} requests in {seconds:.0f} s, {failures} failed {kinds}".rstrip())


@click.command(help=__doc__)
@click.option("--balancer", type=click.Choice(["nginx", "haproxy", "once", "none"]), default="nginx", show_default=True)
@click.option("--requests", default=10_000, show_default=True, help="Minimum number of requests.")
@click.option("--restarts", default=4, show_default=True, help="Number of restarts, or of reloads.")
def main(balancer: str, requests: int, restarts: int) -> None:
    """Measure."""
    runs = []
    if balancer == "none":
        scenarios: list[tuple[str, int, dict[str, str]]] = [
            ("SIGHUP", restarts, {}),
            ("COPYDESK_MAX_REQUESTS=400", 0, {"COPYDESK_MAX_REQUESTS": "400"}),
        ]
        for name, reloads, environ in scenarios:
            start = time.monotonic()
            runs.append(_measure_single(requests, reloads, **environ))
            _report(name, runs[-1], start)
    else:
        start = time.monotonic()
        runs.append(_measure_balancer(balancer, restarts, requests))
        _report(f"{restarts} restarts behind {balancer}", runs[-1], start)
    sys.exit(1 if any(clients.failures for clients in runs) else 0)


if __name__ == "__main__":
    main()
