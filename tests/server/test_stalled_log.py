"""A reader of the log that stalls does not stop the service."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.helpers.server import free_port, start

REQUESTS = 400  # more lines than a pipe holds
SOON_S = 2.0


def ask(port: int, method: str, path: str, request_id: str, body: bytes = b"") -> tuple[int, float]:
    """Return the status of a response and the seconds until it."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, {"Content-Type": "application/json", "X-Request-ID": request_id})
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - began


@pytest.fixture
def stalled() -> Iterator[tuple[int, int, int]]:
    """Start the service with a full pipe as its log. Return its port, its process ID and the other end of the pipe."""
    reader, writer = os.pipe()
    port = free_port()
    settings = {"COPYDESK_BIND": f"127.0.0.1:{port}", "COPYDESK_WORKERS": "1", "COPYDESK_DRAIN_TIMEOUT": "0"}
    with os.fdopen(writer, "w") as log:
        process = start(settings | {"COPYDESK_QUEUE_TIMEOUT": "10"}, log)
    try:
        for _ in range(600):
            with suppress(OSError):
                if ask(port, "GET", "/readyz", "ready")[0] == 200:
                    break
            time.sleep(0.05)
        for number in range(REQUESTS):
            assert ask(port, "POST", "/v1/text", f"filler-{number}", b'{"text": "x"}')[0] == 200
        yield port, process.pid, reader
    finally:
        process.terminate()
        assert process.wait(40) == 0
        os.close(reader)


def test_a_stalled_reader_of_the_log_delays_no_request(stalled: tuple[int, int, int]) -> None:
    port, pid, reader = stalled
    for number in range(5):
        for method, path, body in (("GET", "/livez", b""), ("POST", "/v1/text", b'{"text": "x"}')):
            status, seconds = ask(port, method, path, f"late-{number}", body)
            assert (status, seconds < SOON_S) == (200, True)
    # The reader is back: it gets all lines, in their order.
    data = bytearray()
    os.kill(pid, signal.SIGTERM)
    while part := os.read(reader, 65_536):
        data.extend(part)
    lines = [json.loads(line) for line in data.splitlines() if b'"route"' in line]
    expected = [*(f"filler-{number}" for number in range(REQUESTS)), *(f"late-{number}" for number in range(5))]
    assert sorted(line["request_id"] for line in lines) == sorted(expected)
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)


def test_a_stalled_reader_of_the_log_does_not_delay_the_stop(stalled: tuple[int, int, int]) -> None:
    started = time.monotonic()
    os.kill(stalled[1], signal.SIGTERM)
    os.waitid(os.P_PID, stalled[1], os.WEXITED | os.WNOWAIT)
    assert time.monotonic() - started < 15
