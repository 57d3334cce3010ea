"""Slow, silent and disconnected clients do not affect the others."""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.helpers.balancers import Balancer, build_request, is_installed, run_balancer
from tests.helpers.server import Server, running
from tests.helpers.waiting import wait_until

# Seconds: far more than an unblocked request takes, and far less than a blocked one.
SOON = 3.0

HEAD = b"POST /v1/articles HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n"
LINE = json.dumps({"text": "A short one.", "extra": {"carried": "x" * 60_000}}).encode()
BATCH = b"\n".join([LINE] * 200)
LARGE = (
    b"POST /v1/articles/batch HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BATCH), BATCH)
)
LIFE = b"GET /livez HTTP/1.1\r\nHost: test\r\n\r\n"
CLOSING = LIFE.replace(b"test", b"test\r\nConnection: close")


def connect(port: int, sent: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(sent)
    return made


def says_nothing(port: int) -> socket.socket:
    return connect(port, b"")


def sends_half_a_head(port: int) -> socket.socket:
    return connect(port, HEAD[:40])


def sends_half_a_body(port: int) -> socket.socket:
    return connect(port, HEAD + b"x" * 45_000)


def never_reads(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(("127.0.0.1", port))
    made.sendall(LARGE)
    return made


def never_closes(port: int) -> socket.socket:
    made = connect(port, CLOSING)
    assert b"alive" in whole(made)
    return made


def hangs_up_while_sending(port: int) -> socket.socket:
    return hung_up(sends_half_a_body(port))


def hangs_up_while_reading(port: int) -> socket.socket:
    made = never_reads(port)
    made.recv(1000)
    return hung_up(made)


def hung_up(made: socket.socket) -> socket.socket:
    """Close with a reset, like a process that is killed with unread bytes."""
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    made.close()
    return made


RUDE: list[Callable[[int], socket.socket]] = [
    says_nothing,
    sends_half_a_head,
    sends_half_a_body,
    never_reads,
    never_closes,
    hangs_up_while_sending,
    hangs_up_while_reading,
]


def whole(made: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts = []
    while part := made.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def answered(port: int) -> float:
    """Request a small article and /livez on two connections, and return the seconds of the slower one."""
    took = []
    for sent, expected in ((build_request("1"), "The café of 1."), (LIFE, "alive")):
        began = time.monotonic()
        with connect(port, sent.replace(b"test", b"test\r\nConnection: close", 1)) as made:
            answer = whole(made)
        assert answer.startswith(b"HTTP/1.1 200")
        assert expected.encode() in answer
        took.append(time.monotonic() - began)
    return max(took)


@contextmanager
def crowded(port: int, rude: Callable[[int], socket.socket], count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(rude(port)) for _ in range(count)]


def complaints(server: Server) -> list[dict[str, object]]:
    return [line for line in server.lines() if "exception" in line or line.get("level") in ("error", "critical")]


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    # Timeouts longer than any test, so that they cannot free threads, and no request is rejected.
    with running(COPYDESK_SOCKET_TIMEOUT="60", COPYDESK_QUEUE_TIMEOUT="60", COPYDESK_WORKERS="1") as started:
        yield started


@pytest.fixture(scope="module")
def nginx(patient: Server) -> Iterator[Balancer]:
    with run_balancer("nginx", (patient.port, patient.port)) as balancer:
        yield balancer


@pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
@pytest.mark.parametrize("rude", RUDE, ids=lambda rude: rude.__name__)
def test_slow_clients_behind_nginx_do_not_delay_others(
    nginx: Balancer, patient: Server, rude: Callable[[int], socket.socket]
) -> None:
    before = len(complaints(patient))
    usual = max(answered(nginx.port) for _ in range(5))
    # Clients with batches cost CPU, like any others; ten of them are two thousand articles.
    with crowded(nginx.port, rude, 10 if rude in (never_reads, hangs_up_while_reading) else 80):
        for _ in range(10):
            assert answered(nginx.port) < usual * 20 + SOON
    assert complaints(patient)[before:] == []


@pytest.fixture(scope="module")
def brisk() -> Iterator[Server]:
    with running(COPYDESK_SOCKET_TIMEOUT="1", COPYDESK_QUEUE_TIMEOUT="60", COPYDESK_WORKERS="1") as started:
        assert len(started.worker_pids()) == 1
        yield started


@pytest.mark.parametrize("rude", [says_nothing, sends_half_a_head, sends_half_a_body], ids=lambda rude: rude.__name__)
def test_threads_without_a_balancer_are_free_after_the_timeout(
    brisk: Server, rude: Callable[[int], socket.socket]
) -> None:
    with crowded(brisk.port, rude, 64):
        # One second for the socket, two for the clients to close their side, five for the silent; once for each thread.
        assert answered(brisk.port) < 8 + SOON
    assert complaints(brisk) == []


def test_more_probes_than_can_wait_are_rejected(patient: Server) -> None:
    def requests_metrics(port: int) -> socket.socket:
        return connect(port, b"GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n" * 20)

    with crowded(patient.port, requests_metrics, 60):
        assert wait_until(lambda: b'{reason="connections"}' in patient.ask("GET", "/metrics")[1])
    assert wait_until(lambda: patient.ask("GET", "/livez")[0] == 200)


def test_responses_that_are_never_read_free_their_threads(brisk: Server) -> None:
    with crowded(brisk.port, never_reads, 4):
        assert answered(brisk.port) < 8 + SOON
        time.sleep(2)
        assert answered(brisk.port) < 8 + SOON
    assert complaints(brisk) == []


@pytest.mark.parametrize("rude", [hangs_up_while_sending, hangs_up_while_reading], ids=lambda rude: rude.__name__)
def test_a_client_that_disconnects_is_not_an_error(brisk: Server, rude: Callable[[int], socket.socket]) -> None:
    before = len(complaints(brisk))
    with crowded(brisk.port, rude, 5):
        answered(brisk.port)
    assert complaints(brisk)[before:] == []


def test_a_body_that_stops_midway_gets_a_timeout(brisk: Server) -> None:
    with sends_half_a_body(brisk.port) as made:
        head, _, body = b"".join(iter(lambda: made.recv(1 << 16), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["type"] == "urn:copydesk:problem:request-timeout"


@pytest.mark.parametrize("kind", [b"application/json", b"image/png"], ids=["read", "left"])
@pytest.mark.parametrize("chunks", [b"ZZ\r\n", b"5\r\nabcdefg\r\n0\r\n\r\n", b"0\r\nno trailer\r\n\r\n", b"5\r\nab"])
def test_malformed_chunks_are_client_errors(brisk: Server, chunks: bytes, kind: bytes) -> None:
    before = len(complaints(brisk))
    head = b"POST /v1/text HTTP/1.1\r\nHost: test\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % kind
    with connect(brisk.port, head + chunks) as made:
        made.shutdown(socket.SHUT_WR)
        answer, _, body = whole(made).partition(b"\r\n\r\n")
    # After an unread body, gunicorn adds its own error when it looks for the next request.
    problem, _ = json.JSONDecoder().raw_decode(body.decode())
    expected = (b"400", "incomplete-body") if kind == b"application/json" else (b"415", "unsupported-media-type")
    assert (answer[9:12], problem["type"].rpartition(":")[2]) == expected
    assert complaints(brisk)[before:] == []


def test_clients_that_never_close_do_not_delay_others(brisk: Server) -> None:
    usual = max(answered(brisk.port) for _ in range(5))
    with crowded(brisk.port, never_closes, 20):
        # If the loop waited for each, this would take forty seconds.
        assert answered(brisk.port) < usual * 20 + SOON


@pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
def test_nginx_streams_a_batch(nginx: Balancer, patient: Server) -> None:
    lines = b"\n".join(
        json.dumps({"text": f"Story {number}. " + "It rained. " * 400}).encode() for number in range(150)
    )
    head = (
        b"POST /v1/articles/batch HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
    )

    def cleaned() -> float:
        lines = patient.ask("GET", "/metrics")[1].decode().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("copydesk_articles_total"))

    before = cleaned()
    with connect(nginx.port, head + b"Content-Length: %d\r\n\r\n%s" % (len(lines), lines)) as made:
        assert select.select([made], [], [], 20)[0]
        assert cleaned() - before < 150
        assert whole(made).count(b'"index":') == 150


@pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
def test_rejections_of_nginx_are_problems(nginx: Balancer) -> None:
    def ask(sent: bytes) -> tuple[bytes, dict[str, object]]:
        with connect(nginx.port, sent) as made:
            head, _, body = whole(made).partition(b"\r\n\r\n")
        assert b"\r\nContent-Type: application/problem+json\r\n" in head
        return head[9:12], json.loads(body)

    closing = b"Host: test\r\nConnection: close\r\n"
    status, problem = ask(b"POST /v1/articles HTTP/1.1\r\nContent-Length: 67108865\r\n" + closing + b"\r\n")
    assert (status, problem["limit"]) == (b"413", 67_108_864)
    assert ask(b"GET /metrics HTTP/1.1\r\n" + closing + b"\r\n")[0] == b"403"
    with run_balancer("nginx", (1, 1)) as lonely, connect(lonely.port, CLOSING) as made:
        assert whole(made).startswith(b"HTTP/1.1 502")


@pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")
def test_request_id_and_trace_pass_through_nginx(nginx: Balancer, patient: Server) -> None:
    """The log of nginx has the request ID."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = build_request("traced").replace(
        b"Host: test",
        b"Host: test\r\nConnection: close\r\nX-Request-ID: mine-1\r\nTraceparent: 00-%s-00f067aa0ba902b7-01"
        % trace.encode(),
    )
    with connect(nginx.port, sent) as made:
        assert b"\r\nX-Request-ID: mine-1\r\n" in whole(made)
    [line] = wait_until(lambda: [line for line in patient.lines() if line.get("request_id") == "mine-1"])
    assert line["trace_id"] == trace
    assert wait_until(lambda: '"request_id":"mine-1"' in nginx.log.read_text("utf-8"))
