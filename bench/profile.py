"""Time of one article by stage. The `Server-Timing` header of each response has the same stages.

\b
python -m bench.profile ARTICLE            a file with a raw article as JSON, or - for standard input
python -m bench.profile ARTICLE --first    with empty caches, like the first article of a process
python -m bench.profile ARTICLE --deep     also the functions with the most time
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

from bench.timing import clear_caches
from copydesk import cleaning, strict_json
from copydesk.article import Options
from copydesk.limits import Limits

_REPEATS = 31
_FUNCTIONS = 30


def time_stages(raw: dict[str, Any]) -> dict[str, float]:
    """Clean an article and return the seconds of each stage. JSON is parsed (`read`) and written (`write`)."""
    seconds: dict[str, float] = {}
    body, last = strict_json.dumps(raw), time.perf_counter()

    def on_stage(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        seconds[stage] = now - last
        last = now

    limits = Limits()
    document = strict_json.loads(body, limits.max_json_depth)
    on_stage("read")
    cleaned = cleaning.clean_article(document, Options(), limits, observer=cleaning.Observer(on_stage=on_stage))
    strict_json.dumps(cleaned.to_dict())
    on_stage("write")
    return seconds


@click.command(help=__doc__)
@click.argument("article", type=click.File(encoding="utf-8"))
@click.option("--first", is_flag=True, help="Clear all caches before each run.")
@click.option("--deep", is_flag=True)
def main(article: IO[str], *, first: bool, deep: bool) -> None:
    """Measure."""
    cleaning.warm_up()
    raw = json.load(article)
    raw = raw[0] if isinstance(raw, list) else raw
    times_ms: dict[str, list[float]] = defaultdict(list)
    for _ in range(_REPEATS):
        if first:
            clear_caches()
        for stage, seconds in time_stages(raw).items():
            times_ms[stage].append(1e3 * seconds)
    medians = {stage: statistics.median(times) for stage, times in times_ms.items()}
    total = sum(medians.values())
    for stage, median in medians.items():
        click.echo(f"{stage:12}{median:9.3f} ms{median / total:8.1%}")
    click.echo(f"{'total':12}{total:9.3f} ms")
    if deep:
        with cProfile.Profile() as profile:
            for _ in range(_REPEATS):
                time_stages(raw)
        pstats.Stats(profile).sort_stats("tottime").print_stats(_FUNCTIONS)


if __name__ == "__main__":
    sys.exit(main())
