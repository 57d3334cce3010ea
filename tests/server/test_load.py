"""The load generator counts errors, measures from the due time, and reuses connections."""

from __future__ import annotations

import asyncio
import itertools
import math

import pytest

from tests.helpers.load import Arrivals, LoadResult, build_request, quantile, run_closed_loop, run_open_loop

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n"
REFUSED = (
    b"HTTP/1.1 503 No\r\nContent-Length: 44\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
    b'{"type":"urn:copydesk:problem:overloaded"}\r\n'
)
FAILED = b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\n{}\n"
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
PROBLEM = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"problem": {}}'.replace(b" {}", b"{}\n")
ASKED = build_request("/v1/text", b"{}", "application/json")


class Canned:
    """A server that cycles through responses and counts connections."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = itertools.cycle(answers)
        self.connections = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while await reader.read(len(ASKED.data)):
            answer = next(self.answers)
            writer.write(answer)
            if b"close" in answer or not answer:
                break
        writer.close()


async def asked(canned: Canned, count: int) -> LoadResult:
    """Send a number of requests in an open loop, one after the other."""
    tally = LoadResult()
    async with await asyncio.start_server(canned.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        arrivals = Arrivals(itertools.repeat(ASKED), seconds=0.001 * count, rate=1_000)
        await run_open_loop(arrivals, port, 1, tally)
    return tally


@pytest.mark.parametrize("answer", [WHOLE, CHUNKED], ids=["whole", "chunked"])
def test_successful_responses_are_timed_on_one_connection(answer: bytes) -> None:
    canned = Canned(answer)
    tally = asyncio.run(asked(canned, 50))
    assert (tally.errors, len(tally.rejection_latencies), canned.connections) == (0, 0, 1)
    assert len(tally.latencies) == tally.statuses["200"] > 10
    assert min(tally.latencies) > 0


@pytest.mark.parametrize("answer", [FAILED, SHORT, PROBLEM, b""], ids=["500", "a line short", "problem", "hangs up"])
def test_any_other_response_is_an_error(answer: bytes) -> None:
    tally = asyncio.run(asked(Canned(answer, WHOLE), 40))
    assert tally.errors > 5
    assert len(tally.rejection_latencies) == 0


def test_rejections_are_counted_and_connections_reopened() -> None:
    canned = Canned(REFUSED, WHOLE)
    tally = asyncio.run(asked(canned, 40))
    assert (tally.errors, len(tally.rejection_latencies)) == (0, tally.statuses["503 overloaded"])
    assert canned.connections >= len(tally.rejection_latencies) > 5


def test_a_refusal_without_retry_after_is_reported() -> None:
    tally = asyncio.run(asked(Canned(REFUSED.replace(b"Retry-After: 1\r\n", b"")), 10))
    assert set(tally.statuses) == {"503 overloaded without Retry-After"}


def test_a_closed_loop_measures_responses_per_second() -> None:
    async def run() -> tuple[LoadResult, float]:
        async with await asyncio.start_server(Canned(WHOLE).answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await run_closed_loop(port, itertools.repeat(ASKED), 2, 0.05)

    tally, rate = asyncio.run(run())
    assert tally.errors == 0
    assert rate > 0


def test_the_figures_are_right() -> None:
    assert quantile(sorted(range(100)), 0.99) == 99
    assert math.isnan(quantile([], 0.5))
    tally = LoadResult()
    for due in range(10):
        tally.add(due, 10 - due, "200", is_correct=True)
    assert tally.latencies_between(2, 5) == [6, 7, 8]
