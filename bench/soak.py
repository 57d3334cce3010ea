"""A soak: the service under a steady load for long, to see what grows: its memory, its answers' times, its errors.

\b
python -m bench.soak                          30 minutes at 80 % of what the machine can do
python -m bench.soak --minutes 2 --load 0.5

The load is a mix as from scrapers: articles of all languages, one in ten of them damaged, pages, bare texts, and
batches of twenty as NDJSON. It is made on the same machine, and what of its CPU that takes is told: what the service
can do is measured with it. Refusals (503) are no errors: the service sheds what would wait too long. Status 1 after
any error.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bench.batch import cpu, workers
from bench.corruption import Case, cases
from bench.load import Arrivals, Request, Tally, closed, opened, quantile, request
from bench.repair import CORPUS
from copydesk import strict_json
from tests.helpers.server import Server, running

_JSON, _NDJSON = "application/json", "application/x-ndjson"
# As from many strangers: what waits, waits for the service and not for a connection.
_CONNECTIONS = 64
_CALIBRATORS = 8
_CALIBRATION = 10.0
# Seconds between two looks at the memory.
_LOOK = 15.0
# In how many of a hundred requests each kind comes.
_MIX = {"article": 60, "page": 20, "text": 15, "batch": 5}
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of all processes at one time, in MB: resident, and with what they share counted once."""

    at: float
    resident: float
    proportional: float


def load() -> Iterator[Request]:
    """Yield requests without end: the mix, in an order that is the same each time."""
    dice = random.Random(7)
    articles, pages = _articles(), _pages()
    kinds, weights = list(_MIX), list(_MIX.values())
    while True:
        kind = dice.choices(kinds, weights)[0]
        if kind == "page":
            yield request("/v1/articles", next(pages), "text/html")
        elif kind == "text":
            yield request("/v1/text", strict_json.dumps({"text": next(articles)["text"]}), _JSON)
        elif kind == "batch":
            lines = b"".join(strict_json.dumps(next(articles)) for _ in range(_BATCH))
            yield request("/v1/articles/batch", lines, _NDJSON, _BATCH)
        else:
            yield request("/v1/articles", strict_json.dumps(next(articles)), _JSON)


def _articles() -> Iterator[dict[str, Any]]:
    """Yield articles without end: those of the corpus, one in ten of them damaged, no two alike."""
    raws = [raw for path in sorted(CORPUS.glob("*.json")) for raw in json.loads(path.read_text("utf-8"))]
    texts = {str(raw["language"]): [str(raw["text"])] for raw in raws}
    damaged: Iterator[Case] = itertools.cycle(list(cases(texts, 1)))
    numbered = enumerate(itertools.cycle(raws))
    for number, raw in numbered:
        text = next(damaged).damaged if number % 10 == 9 else raw["text"]
        yield raw | {"id": str(number), "text": f"{text}\n\n{number}."}


def _pages() -> Iterator[bytes]:
    """Yield pages without end: each article of the corpus as a site might have it."""
    for raw in _articles():
        paragraphs = "".join(f"<p>{part}</p>" for part in raw["text"].split("\n") if part)
        head = f'<title>{raw["title"]} | {raw["source"]}</title><meta name="author" content="{raw["authors"][0]}">'
        links = "".join(f'<li><a href="/{number}">Section {number}</a></li>' for number in range(12))
        page = f"<html><head><meta charset=utf-8>{head}</head><body><nav><ul>{links}</ul></nav><article>{paragraphs}"
        yield page.encode("utf-8", "replace") + b"</article><footer>Contact</footer></body></html>"


def memory(server: Server, at: float) -> Memory:
    """Look at the memory of the master and its workers."""
    resident = proportional = 0
    for pid in (server.process.pid, *workers(server)):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        sizes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", told, re.MULTILINE)}
        resident, proportional = resident + sizes["Rss"], proportional + sizes["Pss"]
    return Memory(at, resident / 1e3, proportional / 1e3)


def slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the line that fits points best, by least squares; 0 for fewer than two."""
    count = len(points)
    if count < 2:
        return 0.0
    mean_x, mean_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


async def soak(server: Server, seconds: float, share: float) -> tuple[Tally, list[Memory]]:
    """Find out what the service can do, then ask a share of that of it for so long."""
    source = load()
    await closed(server.port, source, _CALIBRATORS, _CALIBRATION / 2)  # warm
    tally, most = await closed(server.port, source, _CALIBRATORS, _CALIBRATION)
    click.echo(f"calibration  {most:.0f} requests a second, {len(tally.refused)} refused, {tally.errors} errors")
    tally, looks, start = Tally(), [], time.monotonic()

    async def look() -> None:
        for number in itertools.count():
            await asyncio.sleep(max(0.0, start + number * _LOOK - time.monotonic()))
            at = time.monotonic() - start
            looks.append(memory(server, at))
            if number and at // 60 > (at - _LOOK) // 60:
                _tell_minute(int(at // 60), tally, looks[-1])

    looking = asyncio.create_task(look())
    ours, theirs = time.process_time(), cpu([server.process.pid, *workers(server)])
    await opened(Arrivals(source, seconds, most * share), server.port, _CONNECTIONS, tally)
    ours, theirs = time.process_time() - ours, cpu([server.process.pid, *workers(server)]) - theirs
    looking.cancel()
    looks.append(memory(server, time.monotonic() - start))
    cores = (time.monotonic() - start) * len(os.sched_getaffinity(0))
    click.echo(f"CPU          {theirs / cores:.0%} of the machine for the service, {ours / cores:.0%} for the load")
    return tally, looks


def _tell_minute(minute: int, tally: Tally, look: Memory) -> None:
    took = tally.between((minute - 1) * 60, minute * 60)
    told = f"{len(took)} answers, p50 {quantile(took, 0.5) * 1e3:.1f} ms, p99 {quantile(took, 0.99) * 1e3:.1f} ms"
    grown = f"RSS {look.resident:.1f} MB, PSS {look.proportional:.1f} MB"
    click.echo(f"minute {minute:<5} {told}, {len(tally.refused)} refused, {tally.errors} errors, {grown}")


def _tell_end(seconds: float, tally: Tally, looks: list[Memory]) -> None:
    thirds = [tally.between(seconds * at / 3, seconds * (at + 1) / 3) for at in range(3)]
    first, last = quantile(thirds[0], 0.99), quantile(thirds[2], 0.99)
    settled = [look for look in looks if look.at >= seconds / 3]
    resident = slope([(look.at / 3600, look.resident) for look in settled])
    proportional = slope([(look.at / 3600, look.proportional) for look in settled])
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(tally.statuses.items()))
    click.echo(f"requests     {sum(tally.statuses.values())}: {statuses}")
    click.echo(f"refused      {len(tally.refused)}, errors {tally.errors}")
    click.echo(
        f"p99          {first * 1e3:.1f} ms in the first third, {last * 1e3:.1f} in the last: × {last / first:.2f}"
    )
    click.echo(f"memory       RSS {resident:+.1f} MB/hour, PSS {proportional:+.1f} MB/hour after the first third")


@click.command(help=__doc__)
@click.option("--minutes", type=float, default=30.0, show_default=True, help="how long")
@click.option("--load", "share", type=float, default=0.8, show_default=True, help="the share of what it can do")
def main(minutes: float, share: float) -> None:
    """Soak."""
    with running(COPYDESK_WORKERS="2") as server:
        tally, looks = asyncio.run(soak(server, minutes * 60, share))
    _tell_end(minutes * 60, tally, looks)
    sys.exit(1 if tally.errors else 0)


if __name__ == "__main__":
    main()
