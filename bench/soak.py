"""Soak test: memory, latency and errors of the service under a constant load.

\b
python -m bench.soak                          30 minutes at 80 % of the throughput
python -m bench.soak --minutes 2 --load 0.5

The load is a mix: articles in all languages of the corpus, one in ten of them damaged; pages; bare texts; batches of
twenty articles as NDJSON. The load generator runs on the same machine; the output has its share of the CPU. A 503 is
not an error: the service rejects requests that would wait too long. The exit status is 1 after an error.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from bench.processes import Memory, cpu_time, memory, service_pids
from copydesk import strict_json
from tests.helpers.corpus import read_corpus
from tests.helpers.corruption import Case, generate_cases
from tests.helpers.load import Arrivals, LoadResult, Request, build_request, quantile, run_closed_loop, run_open_loop
from tests.helpers.server import Server, running

_JSON, _NDJSON = "application/json", "application/x-ndjson"
# Enough connections, so that requests wait in the service and not in the load generator.
_LOAD_CONNECTIONS = 64
_CALIBRATION_CONNECTIONS = 8
_CALIBRATION_S = 10.0
_SAMPLE_INTERVAL_S = 15.0
# The percentage of each kind of request.
_MIX = {"article": 60, "page": 20, "text": 15, "batch": 5}
_BATCH_SIZE = 20
_DAMAGE_INTERVAL = 10


@dataclass(frozen=True, slots=True)
class MemorySample:
    """The memory of the service at a time in seconds from the start."""

    time: float
    memory: Memory


@dataclass(slots=True)
class SoakResult:
    """The responses and the memory samples of a soak test."""

    load: LoadResult = field(default_factory=LoadResult)
    samples: list[MemorySample] = field(default_factory=list)


def generate_requests() -> Iterator[Request]:
    """Yield the requests of the mix, without end. They are the same in each run."""
    rng = random.Random(7)
    articles, pages = _generate_articles(), _generate_pages()
    kinds, weights = list(_MIX), list(_MIX.values())
    while True:
        kind = rng.choices(kinds, weights)[0]
        if kind == "page":
            yield build_request("/v1/articles", next(pages), "text/html")
        elif kind == "text":
            yield build_request("/v1/text", strict_json.dumps({"text": next(articles)["text"]}), _JSON)
        elif kind == "batch":
            lines = b"".join(strict_json.dumps(next(articles)) for _ in range(_BATCH_SIZE))
            yield build_request("/v1/articles/batch", lines, _NDJSON, _BATCH_SIZE)
        else:
            yield build_request("/v1/articles", strict_json.dumps(next(articles)), _JSON)


def _generate_articles() -> Iterator[dict[str, Any]]:
    """Yield different articles of the corpus without end, one in ten of them damaged."""
    raws = list(itertools.chain.from_iterable(read_corpus().values()))
    texts = {str(raw["language"]): [str(raw["text"])] for raw in raws}
    cases: Iterator[Case] = itertools.cycle(list(generate_cases(texts, 1)))
    for i, raw in enumerate(itertools.cycle(raws)):
        text = next(cases).damaged if i % _DAMAGE_INTERVAL == _DAMAGE_INTERVAL - 1 else raw["text"]
        yield raw | {"id": str(i), "text": f"{text}\n\n{i}."}


def _generate_pages() -> Iterator[bytes]:
    """Yield the articles as pages with navigation and a footer."""
    for raw in _generate_articles():
        paragraphs = "".join(f"<p>{part}</p>" for part in raw["text"].split("\n") if part)
        head = f'<title>{raw["title"]} | {raw["source"]}</title><meta name="author" content="{raw["authors"][0]}">'
        links = "".join(f'<li><a href="/{i}">Section {i}</a></li>' for i in range(12))
        page = f"<html><head><meta charset=utf-8>{head}</head><body><nav><ul>{links}</ul></nav><article>{paragraphs}"
        yield page.encode("utf-8", "replace") + b"</article><footer>Contact</footer></body></html>"


def slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the least-squares line through points; 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    return statistics.linear_regression(*zip(*points, strict=True)).slope


async def run_soak(server: Server, seconds: float, share: float) -> SoakResult:
    """Measure the throughput, then send a constant load.

    Args:
        server: the service.
        seconds: the duration of the load.
        share: the load as a share of the throughput.
    """
    source = generate_requests()
    await run_closed_loop(server.port, source, _CALIBRATION_CONNECTIONS, _CALIBRATION_S / 2)  # warm up
    calibration, throughput = await run_closed_loop(server.port, source, _CALIBRATION_CONNECTIONS, _CALIBRATION_S)
    click.echo(
        f"calibration  {throughput:.0f} requests per second, {len(calibration.rejection_latencies)} rejected, "
        f"{calibration.errors} errors"
    )
    result, start = SoakResult(), time.monotonic()
    sampling = asyncio.create_task(_sample_memory(server, result, start))
    load_cpu, service_cpu = time.process_time(), cpu_time(service_pids(server))
    arrivals = Arrivals(source, seconds, throughput * share)
    await run_open_loop(arrivals, server.port, _LOAD_CONNECTIONS, result.load)
    load_cpu, service_cpu = time.process_time() - load_cpu, cpu_time(service_pids(server)) - service_cpu
    sampling.cancel()
    result.samples.append(_sample(server, start))
    available_cpu = (time.monotonic() - start) * len(os.sched_getaffinity(0))
    click.echo(f"CPU          service {service_cpu / available_cpu:.0%}, load generator {load_cpu / available_cpu:.0%}")
    return result


def _sample(server: Server, start: float) -> MemorySample:
    return MemorySample(time.monotonic() - start, memory(service_pids(server)))


async def _sample_memory(server: Server, result: SoakResult, start: float) -> None:
    """Sample the memory until the task is canceled. Print a report each minute."""
    minute = 0
    for i in itertools.count():
        await asyncio.sleep(max(0.0, start + i * _SAMPLE_INTERVAL_S - time.monotonic()))
        sample = _sample(server, start)
        result.samples.append(sample)
        if int(sample.time // 60) > minute:
            minute = int(sample.time // 60)
            _report_minute(minute, result.load, sample.memory)


def _report_minute(minute: int, load: LoadResult, used: Memory) -> None:
    latencies = load.latencies_between((minute - 1) * 60, minute * 60)
    p50, p99 = (1e3 * quantile(latencies, share) for share in (0.5, 0.99))
    responses = f"{len(latencies)} responses, p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    failures = f"{len(load.rejection_latencies)} rejected, {load.errors} errors"
    click.echo(f"minute {minute:<5} {responses}, {failures}, RSS {used.rss:.1f} MB, PSS {used.pss:.1f} MB")


def _report(seconds: float, result: SoakResult) -> None:
    load = result.load
    thirds = [load.latencies_between(seconds * i / 3, seconds * (i + 1) / 3) for i in range(3)]
    first, last = quantile(thirds[0], 0.99), quantile(thirds[2], 0.99)
    settled = [sample for sample in result.samples if sample.time >= seconds / 3]
    rss = slope([(sample.time / 3600, sample.memory.rss) for sample in settled])
    pss = slope([(sample.time / 3600, sample.memory.pss) for sample in settled])
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(load.statuses.items()))
    click.echo(f"requests     {load.statuses.total()}: {statuses}")
    click.echo(f"rejected     {len(load.rejection_latencies)}, errors {load.errors}")
    click.echo(
        f"p99          {first * 1e3:.1f} ms in the first third, {last * 1e3:.1f} in the last: × {last / first:.2f}"
    )
    click.echo(f"memory       RSS {rss:+.1f} MB/hour, PSS {pss:+.1f} MB/hour after the first third")


@click.command(help=__doc__)
@click.option("--minutes", type=float, default=30.0, show_default=True, help="Duration.")
@click.option("--load", "share", type=float, default=0.8, show_default=True, help="Load as a share of the throughput.")
def main(minutes: float, share: float) -> None:
    """Measure."""
    with running(COPYDESK_WORKERS="2") as server:
        result = asyncio.run(run_soak(server, minutes * 60, share))
    _report(minutes * 60, result)
    sys.exit(1 if result.load.errors else 0)


if __name__ == "__main__":
    main()
