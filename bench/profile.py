"""Where the time of one article goes, stage by stage; the same split is in every answer's `Server-Timing`.

\b
python -m bench.profile ARTICLE            a file with a raw article as JSON, or - for what comes in; milliseconds
python -m bench.profile ARTICLE --first    at first sight of its words, as the first article of a process has it
python -m bench.profile ARTICLE --deep     and the functions that take the most
"""

from __future__ import annotations

import cProfile
import json
import pstats
import statistics
import sys
import time
from collections import defaultdict
from typing import IO, Any

import click

from bench.timing import forget
from copydesk import cleaning as service
from copydesk import strict_json
from copydesk.article import Options
from copydesk.settings import Settings

_TIMES, _DEEP = 31, 30


def stages(raw: dict[str, Any]) -> dict[str, float]:
    """Clean an article, and return the seconds that each stage took, reading and writing included."""
    took: dict[str, float] = {}
    body, last = strict_json.dumps(raw), time.perf_counter()

    def done(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        took[stage] = now - last
        last = now

    document = strict_json.loads(body, Settings().max_json_depth)
    done("read")
    cleaned = service.clean_article(document, Options(), Settings(), observer=service.Observer(on_stage=done))
    strict_json.dumps(cleaned.to_dict())
    done("write")
    return took


@click.command(help=__doc__)
@click.argument("article", type=click.File(encoding="utf-8"))
@click.option("--first", is_flag=True, help="forget all words before each time")
@click.option("--deep", is_flag=True)
def main(article: IO[str], *, first: bool, deep: bool) -> None:
    """Measure."""
    service.warm_up()
    raw = json.load(article)
    raw = raw[0] if isinstance(raw, list) else raw
    took: dict[str, list[float]] = defaultdict(list)
    for _ in range(_TIMES):
        if first:
            forget()
        for stage, seconds in stages(raw).items():
            took[stage].append(1e3 * seconds)
    medians = {stage: statistics.median(times) for stage, times in took.items()}
    total = sum(medians.values())
    for stage, median in medians.items():
        click.echo(f"{stage:12}{median:9.3f} ms{median / total:8.1%}")
    click.echo(f"{'total':12}{total:9.3f} ms")
    if deep:
        with cProfile.Profile() as profile:
            for _ in range(_TIMES):
                stages(raw)
        pstats.Stats(profile).sort_stats("tottime").print_stats(_DEEP)


if __name__ == "__main__":
    sys.exit(main())
