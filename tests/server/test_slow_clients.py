"""Clients that send a byte now and then do not stop health checks, and are cut off after a time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.helpers.server import Server, running
from tests.helpers.slow_clients import slow_clients

HEAD = b"POST /v1/text HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n"
HEADS = {"silent": b"", "head": HEAD[:30], "header": HEAD[:-2]}
BODIES = {
    "body": HEAD + b'{"text": "',
    "chunks": HEAD.replace(b"Content-Length: 90000", b"Transfer-Encoding: chunked") + b"15F90\r\n",
    "probe with a body": HEAD.replace(b"POST /v1/text", b"GET /livez"),
}
STATUSES = {kind: {"408"} for kind in HEADS | BODIES} | {"silent": set(), "probe with a body": {"200"}}
TIMEOUT_S, BODY_TIMEOUT_S, ATTACK_S, SOON_S = 2, 3, 6, 2.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(
        COPYDESK_WORKERS="1",
        COPYDESK_QUEUE_TIMEOUT="20",
        COPYDESK_SOCKET_TIMEOUT=str(TIMEOUT_S),
        COPYDESK_BODY_TIMEOUT=str(BODY_TIMEOUT_S),
    ) as started:
        yield started


def slowest_probe(server: Server, seconds: float) -> float:
    """Ask for health and metrics all the time, and return the seconds of the slowest response."""
    slowest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        for path in ("/livez", "/readyz", "/metrics"):
            start = time.monotonic()
            assert server.ask("GET", path)[0] == 200
            slowest = max(slowest, time.monotonic() - start)
        time.sleep(0.05)
    return slowest


@pytest.mark.parametrize("count", [66, 400])
@pytest.mark.parametrize("kind", HEADS | BODIES)
def test_health_checks_respond_during_slow_requests(server: Server, kind: str, count: int) -> None:
    with slow_clients(server.port, (HEADS | BODIES)[kind], count) as clients:
        assert slowest_probe(server, ATTACK_S) < SOON_S
        assert clients.cut_off >= 60
    assert clients.statuses <= STATUSES[kind] | {"503"}
    assert clients.statuses or count > 66 or kind == "silent"
    assert not [line for line in server.lines() if line.get("level") in ("error", "critical") or "exception" in line]
    assert len(server.worker_pids()) == 1


@pytest.mark.parametrize("kind", HEADS)
def test_articles_are_cleaned_during_slow_heads(server: Server, kind: str) -> None:
    with slow_clients(server.port, HEADS[kind], 200):
        for _ in range(20):
            start = time.monotonic()
            assert server.ask("POST", "/v1/text", b'{"text": "x"}', Content_Type="application/json")[0] == 200
            assert time.monotonic() - start < SOON_S


def test_a_new_connection_has_time_for_its_head(server: Server) -> None:
    """Also if all connections are taken, and others keep connecting."""
    with slow_clients(server.port, b"", 600):
        time.sleep(1)
        for _ in range(20):
            with socket.create_connection(server.address, timeout=10) as client:
                time.sleep(0.05)
                client.sendall(b"GET /livez HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
                assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")
