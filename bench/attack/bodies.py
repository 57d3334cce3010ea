"""Attacks by bodies: compressed, of one line, of millions of lines, and batches that keep single requests waiting."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bench.attack.target import (
    JSON,
    NDJSON,
    Answer,
    Check,
    Probes,
    Target,
    at_most,
    attacked,
    named,
    post,
    send_together,
)
from copydesk import strict_json
from tests.helpers.corpus import generate_articles
from tests.helpers.load import Arrivals, LoadResult, build_request, quantile, run_open_loop

_MIB = 1 << 20
_PARALLEL = 120
_TINY_LINES = {"0": b"0\n", "x": b"x\n", "quotes": b'"\n', "{}": b"{}\n", "blank": b"\n", "texts": b'{"text":"a"}\n'}
_MAX_HEAD_S = 5.0
# Single requests while a batch runs: their rate, duration and slowdown. A batch has a second to start.
_SINGLE_RATE, _SINGLE_S, _MAX_SLOWDOWN = 20.0, 8.0, 3.0
_START_S = 1.0
_BATCHES_PER_WORKER = 58
# So long that a busy machine rejects no request that has a place. Otherwise its slow responses would be missing.
_QUEUE_TIMEOUT_S = "5"
_MIN_SERVED = 0.95


def compressed(path: str, body: bytes, content_type: str) -> bytes:
    """Return a request with a gzip body."""
    return post(path, gzip.compress(body, 6), content_type, Content_Encoding="gzip")


def one_line(size: int, end: str = "") -> bytes:
    """Return a document of one text, of a size in bytes."""
    return b'{"text":"' + b"a" * (size - 40) + end.encode() + b'"}'


def many_lines(size: int, line: bytes) -> bytes:
    """Return a line as often as it fits into a size."""
    return line * (size // len(line))


def parallel_bodies() -> Iterator[Check]:
    """Send many small bodies at once that become large."""
    batch, article = "/v1/articles/batch", "/v1/articles"
    requests = {
        "a line of 64 MiB": compressed(batch, one_line(64 * _MIB), NDJSON),
        "lines of 1 MiB": compressed(batch, many_lines(64 * _MIB, one_line(_MIB - 1) + b"\n"), NDJSON),
        "lines of 40 bytes": compressed(batch, many_lines(64 * _MIB, one_line(45) + b"\n"), NDJSON),
        "an article of 32 MiB": compressed(article, one_line(32 * _MIB, "😀"), JSON),
        "a batch of 32 MiB": compressed(batch, b'{"articles":[' + one_line(32 * _MIB, "😀") + b"]}", JSON),
    }
    for name, request in requests.items():
        with attacked() as target:
            with Probes(target.port) as probes:
                answers = send_together(target.port, [request] * _PARALLEL, timeout=90.0)
            yield from named(name, (_check_answers(answers), *probes.check(), *target.check_memory()))


def _check_answers(answers: Sequence[Answer]) -> Check:
    counts = ", ".join(f"{count} × {status}" for status, count in sorted(Counter(a.status for a in answers).items()))
    is_held = all(answer.is_bounded for answer in answers)
    return Check("responses", counts, "200, 4xx, or 503 with Retry-After", is_held)


def line_of_emoji() -> Iterator[Check]:
    """Send one line with a character that makes each other one four bytes in memory, to the smallest instance."""
    request = compressed("/v1/articles/batch", one_line(64 * _MIB, "😀"), NDJSON)
    with attacked("small", COPYDESK_WORKERS="1") as target:
        yield _check_answers(send_together(target.port, [request] * 2, timeout=60.0))
        yield from target.check_memory()


def tiny_lines() -> Iterator[Check]:
    """Send as many lines as fit into a body."""
    with attacked(COPYDESK_QUEUE_TIMEOUT=_QUEUE_TIMEOUT_S) as target:
        for name, line in _TINY_LINES.items():
            request = compressed("/v1/articles/batch", many_lines(64 * _MIB, line), NDJSON)
            with Probes(target.port) as probes:
                [answer] = send_together(target.port, [request], timeout=60.0)
                with _batches(target, request):
                    singles = _send_singles(target)
            yield from named(name, [_check_answers([answer])])
            yield at_most(f"{name}: time to the response", answer.seconds, _MAX_HEAD_S, "s")
            yield _check_served(name, singles)
            yield from named(name, probes.check())
        yield from target.check_memory()


def singles_during_batch() -> Iterator[Check]:
    """Send batches that are as large as is accepted, and single requests meanwhile."""
    with attacked(COPYDESK_QUEUE_TIMEOUT=_QUEUE_TIMEOUT_S) as target:
        lines = max((value for name, value in target.limits.items() if "lines" in name), default=100_000)
        articles = [strict_json.dumps(raw) for raw in itertools.islice(generate_articles(), 2_000)]
        long = strict_json.dumps({"text": "The river rose all night. " * 2_400})
        batches = {
            "tiny lines": many_lines(2 * lines, b"0\n"),
            "articles": b"".join(itertools.islice(itertools.cycle(articles), min(lines, 10_000))),
            "long articles": many_lines(60 * _MIB, long),
        }
        idle = quantile(sorted(_send_singles(target).latencies), 0.99)
        for name, body in batches.items():
            with _batches(target, post("/v1/articles/batch?changes=none", body, NDJSON)):
                singles = _send_singles(target)
            p99 = quantile(sorted(singles.latencies), 0.99)
            yield at_most(f"{name}: p99 of single requests", 1e3 * p99, 1e3 * _MAX_SLOWDOWN * idle, "ms")
            yield _check_served(name, singles)


def many_batches() -> Iterator[Check]:
    """Keep many batches running on each worker, and send single requests meanwhile."""
    articles = list(itertools.islice(generate_articles(), 1_000))
    request = post("/v1/articles/batch?changes=none", strict_json.dumps({"articles": articles}))
    with attacked(COPYDESK_QUEUE_TIMEOUT=_QUEUE_TIMEOUT_S) as target, Probes(target.port) as probes:
        with _batches(target, request, 2 * _BATCHES_PER_WORKER):
            singles = _send_singles(target)
        yield _check_served("batches", singles)
        yield from probes.check()


def _check_served(name: str, singles: LoadResult) -> Check:
    served = singles.statuses["200"] / singles.statuses.total()
    return Check(f"{name}: served single requests", f"{served:.0%}", f"≥ {_MIN_SERVED:.0%}", served >= _MIN_SERVED)


def _send_singles(target: Target) -> LoadResult:
    """Send small articles at random times."""
    requests = (build_request("/v1/articles", strict_json.dumps(raw), JSON) for raw in generate_articles())
    result = LoadResult()
    asyncio.run(run_open_loop(Arrivals(requests, _SINGLE_S, _SINGLE_RATE), target.port, 16, result))
    return result


@contextmanager
def _batches(target: Target, request: bytes, count: int = 1) -> Iterator[None]:
    """Send a request again and again inside the block, a number of them at a time. Responses are read and dropped."""
    is_done = threading.Event()

    def repeat() -> None:
        while not is_done.is_set():
            with suppress(OSError), socket.create_connection(("127.0.0.1", target.port), 30.0) as connection:
                connection.sendall(request)
                while connection.recv(1 << 20) and not is_done.is_set():
                    pass

    threads = [threading.Thread(target=repeat, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(_START_S)
    try:
        yield
    finally:
        is_done.set()
        for thread in threads:
            thread.join()
