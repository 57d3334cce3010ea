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
import sys
import time

import click

from tests.helpers.balancers import (
    NO_RETRIES,
    Clients,
    Instance,
    reload_under_load,
    restart_behind_balancer,
    run_balancer,
    stop_instances,
)


def _measure_balancer(name: str, restarts: int, min_requests: int) -> Clients:
    instances = Instance(), Instance()
    program, changes = ("nginx", NO_RETRIES) if name == "once" else (name, {})
    try:
        with run_balancer(program, (instances[0].port, instances[1].port), changes) as balancer:
            clients = Clients(balancer.port)
            restart_behind_balancer(clients, instances, restarts, min_requests)
            if program == "nginx":
                click.echo(f"{balancer.count_retries()} requests were retried on the other instance")
            return clients
    finally:
        stop_instances(*instances)


def _measure_single(min_requests: int, reloads: int, **environ: str) -> Clients:
    instance = Instance(**environ)
    clients = Clients(instance.port)

    async def scenario() -> None:
        await instance.wait_until_ready()
        await reload_under_load(clients, instance, reloads, min_requests)

    try:
        asyncio.run(scenario())
        workers = sum("Booting worker" in line["event"] for line in instance.server.lines())
        click.echo(f"{workers} workers were started")
        return clients
    finally:
        stop_instances(instance)


def _report(name: str, clients: Clients, start: float) -> None:
    seconds = time.monotonic() - start
    failures = sum(clients.failures.values())
    kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(clients.failures.items()))
    click.echo(f"{name}: {clients.sent} requests in {seconds:.0f} s, {failures} failed {kinds}".rstrip())


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
