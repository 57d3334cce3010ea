"""A running service to measure, and its measurements. Each starts a new service, and sends each text once."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import regex

from bench.processes import cpu_time, memory, service_pids, worker_pids
from bench.seen import SeenTexts
from bench.timing import cpu_seconds, run_loop
from bench.workload import DAMAGE_INTERVAL, UTF8_CHAIN, Workload, read_workload
from copydesk import strict_json
from tests.helpers.corruption import corrupt
from tests.helpers.load import Arrivals, LoadResult, Request, build_request, quantile, run_closed_loop, run_open_loop
from tests.helpers.server import Server, free_port, running, running_module

_WORKERS = 2
_BATCH_SIZE, _SMALL_BATCH_SIZE = 100, 10
_CONNECTIONS = 16
_LOAD_CONNECTIONS = 8
# The minimum number of responses for a 99th percentile and for a throughput.
_MIN_LATENCIES, _MIN_RESPONSES = 300, 200
_MEMORY_BATCH_SIZE = 20
_LONG_WORD = regex.compile(r"[\p{L}\p{M}]{4,}")


@dataclass(frozen=True, slots=True)
class MeasuredService:
    """A running service with the access log.

    Attributes:
        server: its processes.
        seen: the texts that were sent to it.
    """

    server: Server
    seen: SeenTexts = field(default_factory=SeenTexts)

    def send(self, texts: Sequence[str], batch_size: int = 1, connections: int = 1) -> float:
        """Send each text as an article. The next request on a connection follows the response.

        Args:
            texts: the texts.
            batch_size: the number of articles per request. Above 1, requests are NDJSON.
            connections: the number of connections.

        Returns:
            The seconds until the last response.

        Raises:
            SeenBeforeError: the service has seen a text.
            RuntimeError: a response is wrong.
        """
        requests = self._build_requests(texts, batch_size)
        start = time.monotonic()
        result, _ = asyncio.run(run_closed_loop(self.server.port, iter(requests), connections, math.inf))
        seconds = time.monotonic() - start
        _check(result, len(requests))
        return seconds

    def send_at_random(self, texts: Sequence[str], rate: float) -> list[float]:
        """Send each text as a request, at random times.

        Args:
            texts: the texts.
            rate: the mean number of requests per second.

        Returns:
            The latencies in seconds.

        Raises:
            SeenBeforeError: the service has seen a text.
            RuntimeError: a response is wrong.
        """
        arrivals = Arrivals(iter(self._build_requests(texts, 1)), math.inf, rate)
        result = LoadResult()
        asyncio.run(run_open_loop(arrivals, self.server.port, _LOAD_CONNECTIONS, result))
        _check(result, len(texts))
        return list(result.latencies)

    def _build_requests(self, texts: Sequence[str], batch_size: int) -> list[Request]:
        for text in texts:
            self.seen.add("the service", text)
        lines = [strict_json.dumps({"text": text}) for text in texts]
        if batch_size == 1:
            return [build_request("/v1/articles", line, "application/json") for line in lines]
        batches = (lines[start : start + batch_size] for start in range(0, len(lines), batch_size))
        return [
            build_request("/v1/articles/batch", b"".join(batch), "application/x-ndjson", len(batch))
            for batch in batches
        ]

    def cpu_seconds(self, call: Callable[[], object]) -> float:
        """Return the CPU time of all processes of the service during a call."""
        start = cpu_time(service_pids(self.server))
        call()
        return cpu_time(service_pids(self.server)) - start


def _check(result: LoadResult, expected: int) -> None:
    if len(result.latencies) != expected:
        raise RuntimeError(f"{len(result.latencies)} of {expected} responses are right: {dict(result.statuses)}")


@contextmanager
def start_service(workers: int) -> Iterator[MeasuredService]:
    """Run the service until the block ends. Requests may wait, as none is repeated."""
    with running(COPYDESK_WORKERS=str(workers), COPYDESK_QUEUE_TIMEOUT="60") as server:
        yield MeasuredService(server)


@contextmanager
def start_loop(workers: int) -> Iterator[MeasuredService]:
    """Run the Flask application of the loop until the block ends."""
    port = free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4", "--preload"]
    with running_module(["gunicorn", *options, "bench.loop_app:app"], port, {}) as server:
        yield MeasuredService(server)


def measure_ndjson(folder: Path | None) -> dict[str, float]:
    """Measure the CPU of the service for NDJSON, 100 articles per request, relative to the loop."""
    return {"ndjson": _compare_cpu(read_workload(folder), _BATCH_SIZE)}


def measure_single(folder: Path | None) -> dict[str, float]:
    """Measure the CPU of the service for one article per request, relative to the loop."""
    return {"single": _compare_cpu(read_workload(folder), 1)}


def _compare_cpu(workload: Workload, batch_size: int) -> float:
    """Return the CPU of the service divided by that of the loop, of which half runs before and half after it."""
    _run_loop(workload.warm_up)
    with start_service(workers=1) as service:
        service.send(workload.warm_up, batch_size)
        seconds = cpu_seconds(lambda: _run_loop(workload.texts[::2]))
        service_seconds = service.cpu_seconds(lambda: service.send(workload.texts, batch_size))
        seconds += cpu_seconds(lambda: _run_loop(workload.texts[1::2]))
    return service_seconds / seconds


def _run_loop(texts: Iterable[str]) -> None:
    for text in texts:
        run_loop(text)


def measure_latency(folder: Path | None) -> dict[str, float]:
    """Measure the latency of one worker with random arrivals, at half of the rate that it can serve."""
    workload = read_workload(folder)
    with start_service(workers=1) as service:
        service.send(workload.warm_up)
        rate = len(workload.texts) / service.send(workload.texts) / 2
    latencies: list[float] = []
    for seed in itertools.count():
        texts = random.Random(seed).sample(workload.texts, len(workload.texts))
        with start_service(workers=1) as service:
            service.send(workload.warm_up)
            latencies += service.send_at_random(texts, rate)
        if len(latencies) >= _MIN_LATENCIES:
            break
    p50, p99 = (quantile(sorted(latencies), share) for share in (0.5, 0.99))
    return {"p50": 1e3 * p50, "p99": p99 / p50}


def measure_throughput(folder: Path | None) -> dict[str, float]:
    """Measure the articles per second of two workers under full load, and those of the loop in Flask."""
    workload = read_workload(folder)
    return {
        "per_second": _articles_per_second(workload, start_service, 1),
        "per_second_loop": _articles_per_second(workload, start_loop, 1),
        "per_second_ndjson": _articles_per_second(workload, start_service, _SMALL_BATCH_SIZE),
        "per_second_ndjson_loop": _articles_per_second(workload, start_loop, _SMALL_BATCH_SIZE),
    }


def _articles_per_second(
    workload: Workload, start: Callable[[int], AbstractContextManager[MeasuredService]], batch_size: int
) -> float:
    count, seconds = 0, 0.0
    while count < _MIN_RESPONSES:
        with start(_WORKERS) as service:
            service.send(workload.warm_up, batch_size, _CONNECTIONS)
            seconds += service.send(workload.texts, batch_size, _CONNECTIONS)
            count += len(workload.texts)
    return count / seconds


def measure_start(_: Path | None) -> dict[str, float]:
    """Measure the time from the start of the service to its first response."""
    start = time.monotonic()
    with start_service(workers=1) as service:
        service.send(["It rains in the city."])
        return {"start": time.monotonic() - start}


def measure_memory(folder: Path | None, articles: int) -> dict[str, float]:
    """Measure the memory of a new service with one worker, and of each of two workers after many articles."""
    with start_service(workers=1) as service:
        new = memory(service_pids(service.server)).pss
    texts = list(itertools.islice(_recombine(read_workload(folder).clean_texts), articles * _WORKERS))
    with start_service(workers=_WORKERS) as service:
        service.send(texts, _MEMORY_BATCH_SIZE, _CONNECTIONS)
        private = memory(worker_pids(service.server)).private / _WORKERS
    return {"memory": new, "memory_articles": articles, "memory_worker": private}


def _recombine(texts: Sequence[str]) -> Iterator[str]:
    """Yield texts without end, one in five damaged. Words get the second half of another word of the text."""
    rng = random.Random(1)
    for i, text in enumerate(itertools.cycle(texts)):
        halves = [word[len(word) // 2 :] for word in _LONG_WORD.findall(text)]
        rng.shuffle(halves)
        recombined = _LONG_WORD.sub(lambda match: match[0][: len(match[0]) // 2] + halves.pop(), text)  # noqa: B023
        yield recombined if i % DAMAGE_INTERVAL else corrupt(recombined, UTF8_CHAIN) or recombined
