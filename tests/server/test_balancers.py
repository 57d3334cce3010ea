"""The load balancers of deploy/: restarts, reloads, recycling and a killed worker under load, and rejections if
instances are busy or down.

These runs are short; `python -m bench.restarts` runs the same for ten thousand requests and more.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

import pytest

from svc.errors import Overloaded
from tests.helpers.balancers import (
    NO_RETRIES,
    Balancer,
    Clients,
    Instance,
    is_installed,
    reload_under_load,
    restart_behind_balancer,
    run_balancer,
    run_scenario,
    stop_instances,
)
from tests.helpers.server import free_port
from tests.helpers.waiting import wait_until

needs_nginx = pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
needs_haproxy = pytest.mark.skipif(not is_installed("haproxy"), reason="HAProxy is not installed")
each_balancer = pytest.mark.parametrize(
    "name", [pytest.param("nginx", marks=needs_nginx), pytest.param("haproxy", marks=needs_haproxy)]
)


@contextmanager
def two(**environ: str) -> Iterator[tuple[Instance, Instance]]:
    instances = Instance(**environ), Instance(**environ)
    try:
        yield instances
    finally:
        stop_instances(*instances)


def restart_both(balancer: Balancer, pair: tuple[Instance, Instance]) -> Clients:
    # With pauses, so that the machine has time to start an instance.
    crowd = Clients(balancer.port, pause=0.1)
    restart_behind_balancer(crowd, pair, 2, 2_000)
    assert crowd.sent >= 2_000
    return crowd


@needs_haproxy
def test_restarts_behind_haproxy_lose_no_requests() -> None:
    """Nor are requests repeated."""
    # HAProxy has left an instance out two seconds after its SIGTERM.
    with two(COPYDESK_DRAIN_TIMEOUT="3") as pair, run_balancer("haproxy", (pair[0].port, pair[1].port)) as haproxy:
        assert restart_both(haproxy, pair).failures == {}


@needs_nginx
def test_restarts_behind_nginx_lose_no_request_without_retries() -> None:
    """No request is lost even if nginx may not send a received request again."""
    # A request to an instance that does not listen goes to the other one. For that, nginx needs no drain.
    with (
        two(COPYDESK_DRAIN_TIMEOUT="0") as pair,
        run_balancer("nginx", (pair[0].port, pair[1].port), NO_RETRIES) as nginx,
    ):
        assert restart_both(nginx, pair).failures == {}
        assert nginx.count_retries() > 0


@pytest.fixture
def recycled() -> Iterator[Instance]:
    instance = Instance(COPYDESK_MAX_REQUESTS="150")
    yield instance
    stop_instances(instance)


@pytest.fixture
def alone() -> Iterator[Instance]:
    instance = Instance()
    yield instance
    stop_instances(instance)


def booted(instance: Instance) -> int:
    return sum("Booting worker" in line["event"] for line in instance.server.lines())


def test_workers_are_recycled_under_load_and_no_request_is_lost(recycled: Instance) -> None:
    crowd = Clients(recycled.port)

    async def scene() -> None:
        await recycled.wait_until_ready()
        await crowd.send(lambda: crowd.sent >= 2_000)

    run_scenario(scene())
    assert (crowd.failures, crowd.sent >= 2_000) == ({}, True)
    assert booted(recycled) >= 8


def test_a_reload_under_load_loses_no_request(alone: Instance) -> None:
    crowd = Clients(alone.port)

    async def scene() -> None:
        await alone.wait_until_ready()
        await reload_under_load(crowd, alone, 1, 2_000)

    run_scenario(scene())
    assert (crowd.failures, crowd.sent >= 2_000) == ({}, True)
    assert booted(alone) == 4


def metrics_of(instance: Instance) -> dict[str, float]:
    lines = instance.server.ask("GET", "/metrics")[1].decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def files_in_memory(instance: Instance) -> set[str]:
    """Return the names of the metrics files of an instance."""
    opened = Path(f"/proc/{instance.server.process.pid}/maps").read_text("ascii")
    [directory] = set(re.findall(r"/\S*/copydesk-metrics-\w+", opened))
    return {path.name for path in Path(directory).glob("*.db")}


def test_a_worker_that_is_killed_costs_only_the_requests_in_it(alone: Instance) -> None:
    crowd = Clients(alone.port)

    async def scene() -> None:
        await alone.wait_until_ready()
        asking = asyncio.create_task(crowd.send(lambda: crowd.is_done))
        await asyncio.to_thread(wait_until, lambda: crowd.sent >= 300)
        killed = alone.server.worker_pids()[0]
        os.kill(killed, signal.SIGKILL)
        await asyncio.to_thread(wait_until, lambda: booted(alone) == 3)
        already = crowd.sent
        await asyncio.to_thread(wait_until, lambda: crowd.sent >= already + 700)
        crowd.is_done = True
        await asking

    run_scenario(scene())
    names = files_in_memory(alone)
    # Each client had at most one request in flight; those in the other worker succeeded.
    assert sum(crowd.failures.values()) <= crowd.count
    assert set(crowd.failures) <= {"ConnectionResetError", "IncompleteReadError"}
    # The new worker took the files of the killed one, so a third worker has no files.
    assert len(names) > 2
    assert {name.rpartition("_")[2] for name in names} <= {"0.db", "1.db", "master.db"}
    metrics = metrics_of(alone)
    assert metrics["copydesk_http_requests_in_flight"] == 1  # this one
    answered = metrics['copydesk_http_requests_total{method="POST",route="/v1/articles",status="200"}']
    # An aborted request may have been counted, and the last response may not have been; all others are.
    assert -crowd.count <= answered - crowd.outcomes["right"] <= sum(crowd.failures.values())


@contextmanager
def asking(port: int, path: str, body: bytes | None = None) -> Iterator[HTTPConnection]:
    kind = "application/x-ndjson" if path.endswith("/batch") else "application/json"
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as made:
        made.request("POST" if body else "GET", path, body, {"Content-Type": kind} if body else {})
        yield made


def asked(port: int, path: str, body: bytes | None = None) -> tuple[int, HTTPMessage, bytes]:
    with asking(port, path, body) as made:
        answer = made.getresponse()
        return answer.status, answer.headers, answer.read()


@needs_nginx
def test_nginx_forwards_the_rejection_if_all_are_busy() -> None:
    """The response is the rejection of an instance."""
    with two(COPYDESK_QUEUE_TIMEOUT="0") as both, run_balancer("nginx", (both[0].port, both[1].port)) as nginx:
        for instance in both:
            run_scenario(instance.wait_until_ready())
        crowd = Clients(nginx.port)
        run_scenario(crowd.send(lambda: crowd.sent >= 300))
        assert crowd.outcomes["503"] > 0
        assert set(crowd.outcomes) == {"right", "503"}
        lines = [json.loads(line) for line in wait_until(lambda: nginx.log.read_text("utf-8").splitlines())]
        assert {line["upstream_status"] for line in lines if line["status"] == 503} == {"503, 503"}


ARTICLE = b'{"text":"It rains."}'


@contextmanager
def all_busy(name: str) -> Iterator[tuple[int, tuple[Instance, Instance]]]:
    """Run two instances that may have one request each, and have it, for some seconds; yield the balancer's port."""
    one_each = {"max_conns=64": "max_conns=1", "maxconn 64": "maxconn 1"}
    long = b"".join(b'{"text":"The caf\xc3\x83\xc2\xa9 of %d."}\n' % number for number in range(600))
    path, asks = "/v1/articles/batch", "copydesk_http_requests_in_flight"
    with ExitStack() as stack:
        both = stack.enter_context(two())
        for instance in both:
            run_scenario(instance.wait_until_ready())
        port = stack.enter_context(run_balancer(name, (both[0].port, both[1].port), one_each)).port
        with asking(port, path, long) as one, asking(port, path, long) as other:
            # The request for the metrics is in flight, too.
            wait_until(lambda: all(metrics_of(instance)[asks] == 2 for instance in both))
            yield port, both
            batches = [made.getresponse() for made in (one, other)]
            assert [(batch.status, batch.read().count(b"\n")) for batch in batches] == [(200, 600)] * 2


@each_balancer
def test_balancer_rejects_if_all_instances_are_full(name: str) -> None:
    """The rejection of the balancer looks like one of an instance."""
    with all_busy(name) as (port, both):
        status, headers, body = asked(port, "/v1/articles", ARTICLE)
        problem = json.loads(body)
        assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "1", "application/problem+json")
        assert (problem["type"], problem["status"]) == ("urn:copydesk:problem:overloaded", 503)
        assert problem["title"] == Overloaded.title
        # Neither instance has rejected a request.
        counts = [metrics_of(instance) for instance in both]
        assert [count[line] for count in counts for line in count if Overloaded.slug in line] == [0, 0]


@each_balancer
def test_cheap_requests_succeed_if_all_instances_are_busy(name: str) -> None:
    free = ("/livez", "/readyz", "/", "/static/page.css", "/docs", "/openapi.yaml", "/v1/limits")
    with all_busy(name) as (port, _):
        assert [asked(port, path)[0] for path in free] == [200] * len(free)
        assert asked(port, "/v1/articles", ARTICLE)[0] == 503
        assert asked(port, "//v1/articles", ARTICLE)[0] == 503


@each_balancer
def test_the_balancer_reports_that_no_instance_is_available(name: str) -> None:
    with run_balancer(name, (free_port(), free_port())) as balancer:
        wait_until(lambda: name == "nginx" or asked(balancer.port, "/")[0] == 502)  # HAProxy knows after two seconds
        for path in ("/livez", "/v1/articles"):
            status, headers, body = asked(balancer.port, path, ARTICLE)
            assert (status, json.loads(body)["title"]) == (502, "No instance available")
            assert headers["X-Request-ID"]


@each_balancer
@pytest.mark.parametrize("path", ["/metrics", "/%6detrics", "//metrics", "/metrics?x"])
def test_balancers_do_not_expose_metrics(name: str, path: str) -> None:
    with run_balancer(name, (free_port(), free_port())) as balancer:
        status, headers, body = asked(balancer.port, path)
        assert (status, json.loads(body)["title"]) == (403, "Forbidden")
        assert headers["Content-Type"] == "application/problem+json"
        assert headers["X-Request-ID"]


# How a client may write /metrics, or a way to it, so that a balancer and an instance read different paths.
SPELLINGS = (
    *("/metrics", "/metrics/", "//metrics", "///metrics", "/./metrics", "/x/../metrics", "/v1/../metrics"),
    *("/%6detrics", "/%6Detrics", "/metric%73", "/%2fmetrics", "//%6detrics", "/%2e/metrics", "/%2e%2e/metrics"),
    *("/x/%2e%2e/metrics", "/x/..%2fmetrics", "/%252e/metrics", "/%256detrics", "/metrics%20", "/metrics%00"),
    *("/metrics;x", "/metrics?", "/metrics?x=/", "/metrics#", "/METRICS", "/metrics.", "/\\metrics", "/metrics%2f"),
    *("http://test/metrics", "http://other//metrics", "/static/../metrics", "/static/..%2f..%2fmetrics"),
    *("/../metrics", "/x\\..\\metrics"),
)


@each_balancer
def test_no_spelling_of_a_path_reaches_the_metrics(name: str) -> None:
    with two() as both, run_balancer(name, (both[0].port, both[1].port)) as balancer:
        for instance in both:
            run_scenario(instance.wait_until_ready())
        wait_until(lambda: asked(balancer.port, "/livez")[0] == 200)
        assert b"copydesk_" in asked(both[0].port, "/metrics")[2]
        for spelling in SPELLINGS:
            status, _, body = asked(balancer.port, spelling)
            assert status in (400, 403, 404), spelling
            assert b"copydesk_" not in body, spelling
