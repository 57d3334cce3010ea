"""What Spark costs beside a plain loop, and whether every row of a hundred thousand is accounted for.

\b
python -m bench.spark               100,000 articles, one in a hundred of them broken
python -m bench.spark --count N     N of them

The CPU is that of all processes of Spark, its Java included, from the start of the session to the last file.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from bench.batch import articles
from copydesk import cleaning as service
from copydesk.article import Options
from copydesk.errors import ProblemError
from copydesk.settings import Settings
from copydesk.spark import job, session
from copydesk.spark.rows import Desk
from copydesk.strict_json import dumps, loads

_FILES, _BROKEN = 20, 100
# Lines that the loop cleans at once, before Spark does and after.
_SAMPLE = 2_000
_TICKS = os.sysconf("SC_CLK_TCK")


def lines() -> Iterator[bytes]:
    """Yield articles without end, one in a hundred broken: cut off, without a text, or with an address that is none."""
    for number, raw in enumerate(articles()):
        if number % _BROKEN != _BROKEN // 2:
            yield dumps(raw)
        else:
            ways = dumps(raw)[:100] + b"\n", dumps(raw | {"text": None}), dumps(raw | {"url": "example.com"})
            yield ways[number // _BROKEN % len(ways)]


def loop(sample: list[bytes], desk: Desk) -> float:
    """Return how many lines a second of CPU a plain loop cleans."""
    start = time.process_time()
    for line in sample:
        try:
            dumps(
                service.clean_article(loads(line, desk.settings.max_json_depth), desk.options, desk.settings).to_dict()
            )
        except ProblemError as error:
            dumps(error.to_problem())
    return len(sample) / (time.process_time() - start)


def descendants(pid: int) -> list[int]:
    """Return the processes that a process began, and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def cpu() -> tuple[float, float]:
    """Return the seconds of CPU that our descendants have used, those that ended included: Java's, and the others'."""
    java = others = 0.0
    for pid in descendants(os.getpid()):
        _, name, stat = re.split(r"[()]", Path(f"/proc/{pid}/stat").read_text(), maxsplit=2)
        seconds = sum(map(int, stat.split()[11:15])) / _TICKS
        java, others = (java + seconds, others) if name == "java" else (java, others + seconds)
    return java, others


@click.command(help=__doc__)
@click.option("--count", type=int, default=100_000, help="how many articles, in twenty files of the same length")
def main(count: int) -> None:
    """Measure."""
    each = max(1, count // _FILES)
    count = each * _FILES
    desk = Desk(Options(), Settings())
    service.warm_up()
    source = lines()
    sample = list(islice(source, _SAMPLE))
    with tempfile.TemporaryDirectory() as folder:
        crawl = Path(folder) / "crawl"
        crawl.mkdir()
        for at in range(_FILES):
            with (crawl / f"{at}.ndjson").open("wb") as file:
                file.writelines(islice(source, each))
        before = loop(sample, desk)
        began = time.monotonic()
        work = job.Job(session.begin({"spark.ui.showConsoleProgress": "false"}), "json", desk, f"{folder}/clean")
        parts = work.plan(str(crawl))
        started = sum(cpu())
        work.run(parts, lambda _: None)
        java, python = cpu()
        used, seconds = java + python, time.monotonic() - began
        clean, problems = work.count()
        rows = work.spark.read.parquet(work.output)
        seen = rows.where("problem IS NULL").select("id").distinct().count()
    plain = (before + loop(sample, desk)) / 2
    theirs = count / used
    click.echo(f"rows         {clean + problems:,} of {count:,}: {clean:,} clean ({seen:,} ids), {problems:,} problems")
    click.echo(f"a loop       {plain:.0f} rows a second of CPU")
    click.echo(f"Spark        {theirs:.0f}, {used:.0f} s of CPU in {seconds:.0f} s: {theirs / plain:.2f} ×")
    click.echo(
        f"of them      {java:.0f} s in Java, {python:.0f} s in Python; the loop would take {count / plain:.0f} s"
    )
    running = count / (used - started) / plain
    click.echo(f"start        {started:.0f} s of these before the first row; without them {running:.2f} ×")


if __name__ == "__main__":
    sys.exit(main())
