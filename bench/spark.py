"""Cost of Spark relative to a plain loop, and completeness of its output.

\b
python -m bench.spark               100,000 articles, one in a hundred of them invalid
python -m bench.spark --count N     N articles

The CPU is that of all processes of Spark, Java included, from the start of the session to the last file.
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

from copydesk import cleaning
from copydesk.article import Options
from copydesk.errors import ProblemError
from copydesk.settings import Settings
from copydesk.spark.job import Job
from copydesk.spark.rows import Cleaner
from copydesk.spark.session import start_session
from copydesk.strict_json import dumps, loads
from tests.helpers.corpus import generate_articles

_FILES = 20
_INVALID_INTERVAL = 100
# Lines for the plain loop, which runs before and after Spark.
_LOOP_LINES = 2_000
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def generate_lines() -> Iterator[bytes]:
    """Yield articles as NDJSON without end. One in a hundred is truncated, has no text, or an invalid URL."""
    for i, raw in enumerate(generate_articles()):
        if i % _INVALID_INTERVAL != _INVALID_INTERVAL // 2:
            yield dumps(raw)
        else:
            invalid = dumps(raw)[:100] + b"\n", dumps(raw | {"text": None}), dumps(raw | {"url": "example.com"})
            yield invalid[i // _INVALID_INTERVAL % len(invalid)]


def measure_loop(lines: list[bytes], cleaner: Cleaner) -> float:
    """Return the lines per second of CPU that a plain loop cleans."""
    start = time.process_time()
    for line in lines:
        try:
            document = loads(line, cleaner.limits.max_json_depth)
            dumps(cleaning.clean_article(document, cleaner.options, cleaner.limits).to_dict())
        except ProblemError as error:
            dumps(error.to_problem())
    return len(lines) / (time.process_time() - start)


def descendants(pid: int) -> list[int]:
    """Return the ids of all descendants of a process."""
    pids = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            pids += [child, *descendants(child)]
    return pids


def descendant_cpu() -> tuple[float, float]:
    """Return the seconds of CPU of our descendants: of Java and of the others. Children that ended are included."""
    java = others = 0.0
    for pid in descendants(os.getpid()):
        _, name, stat = re.split(r"[()]", Path(f"/proc/{pid}/stat").read_text(), maxsplit=2)
        seconds = sum(map(int, stat.split()[11:15])) / _TICKS_PER_SECOND
        if name == "java":
            java += seconds
        else:
            others += seconds
    return java, others


def _write_files(folder: Path, lines: Iterator[bytes], lines_per_file: int) -> None:
    folder.mkdir()
    for i in range(_FILES):
        with (folder / f"{i}.ndjson").open("wb") as file:
            file.writelines(islice(lines, lines_per_file))


@click.command(help=__doc__)
@click.option("--count", type=int, default=100_000, help="Number of articles, in twenty files.")
def main(count: int) -> None:
    """Measure."""
    lines_per_file = max(1, count // _FILES)
    count = lines_per_file * _FILES
    cleaner = Cleaner(Options(), Settings())
    cleaning.warm_up()
    lines = generate_lines()
    sample = list(islice(lines, _LOOP_LINES))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "crawl"
        _write_files(source, lines, lines_per_file)
        loop_before = measure_loop(sample, cleaner)
        start = time.monotonic()
        spark = start_session({"spark.ui.showConsoleProgress": "false"})
        work = Job(spark, "json", cleaner, f"{folder}/clean")
        parts = work.plan(str(source))
        start_cpu = sum(descendant_cpu())
        work.run(parts, lambda _: None)
        java, python = descendant_cpu()
        cpu, seconds = java + python, time.monotonic() - start
        clean, problems = work.count_articles()
        rows = work.spark.read.parquet(work.output)
        ids = rows.where("problem IS NULL").select("id").distinct().count()
    loop_rate = (loop_before + measure_loop(sample, cleaner)) / 2
    spark_rate = count / cpu
    click.echo(f"rows         {clean + problems:,} of {count:,}: {clean:,} clean ({ids:,} ids), {problems:,} problems")
    click.echo(f"plain loop   {loop_rate:.0f} rows per second of CPU")
    click.echo(f"Spark        {spark_rate:.0f}, {cpu:.0f} s of CPU in {seconds:.0f} s: {spark_rate / loop_rate:.2f} ×")
    click.echo(f"CPU          {java:.0f} s in Java, {python:.0f} s in Python; plain loop {count / loop_rate:.0f} s")
    without_start = count / (cpu - start_cpu) / loop_rate
    click.echo(f"start        {start_cpu:.0f} s before the first row; {without_start:.2f} × without them")


if __name__ == "__main__":
    sys.exit(main())
