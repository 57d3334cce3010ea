"""Cost of hostile articles and pages by size. No cost may grow faster than the size, and none may take two seconds.

\b
python -m bench.hostile                  all kinds, with 125,000 and 1,000,000 characters
python -m bench.hostile --kind NAME      only kinds that have NAME in their name
python -m bench.hostile --options plain  with other options: safe, aggressive, plain, kept
python -m bench.hostile --over 1         print only kinds that take at least 1 second at the largest size

The exponent is 1 if the cost is linear. The exit status is 1 if an exponent or a time is too high.
"""

from __future__ import annotations

import gc
import math
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from bench.timing import cpu_seconds
from copydesk import cleaning, pipeline
from copydesk.article import Article, CleanArticle, Options
from copydesk.errors import UnreadableContent
from copydesk.ingest import Content, build_article
from tests.helpers.hostile import KINDS
from tests.helpers.hostile_pages import PAGES

_DEFAULT_SIZES = (125_000, 1_000_000)
_MAX_EXPONENT, _MAX_SECONDS = 1.15, 2.0
# The exponent of shorter calls is noise.
_MIN_SECONDS = 0.05
_MEASUREMENTS = 2
_PLAIN = dict.fromkeys(("quotes", "dashes", "ellipsis", "ligatures", "width"), "plain")
_OPTIONS: dict[str, Options] = {
    "default": Options(),
    "safe": Options(repair="safe"),
    "aggressive": Options(repair="aggressive"),
    "plain": Options(repair="aggressive", normalization="NFKC", strip_dateline=True, **_PLAIN),  # type: ignore[arg-type]
    "kept": Options(repair="off", normalization="none", whitespace="keep", boilerplate="keep", detect_language=False),
}

Job = Callable[[], CleanArticle | None]


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a job.

    Attributes:
        seconds: the CPU time.
        changes: the number of reported changes.
        memory_mb: the growth of the resident memory after the job, in MB.
    """

    seconds: float
    changes: int
    memory_mb: float


def resident_mb() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


def clean_page(page: bytes, options: Options) -> CleanArticle | None:
    """Clean a page. Return None if it is rejected."""
    try:
        return pipeline.clean(build_article({}, content=Content(page, "text/html")), options)
    except UnreadableContent:
        return None


def build_jobs(size: int, options: Options, name_part: str) -> Iterator[tuple[str, Job]]:
    """Yield the jobs of one size with their names: first articles, then pages.

    Args:
        size: the number of characters of an article, or bytes of a page.
        options: the options.
        name_part: a string that the names contain.
    """
    for name, build in KINDS.items():
        if name_part in name:
            article: Article = build(size)
            yield name, partial(pipeline.clean, article, options)
    for name, build_page in PAGES.items():
        if name_part in f"page: {name}":
            yield f"page: {name}", partial(clean_page, build_page(size), options)


def measure(job: Job) -> Cost:
    """Measure one job."""
    gc.collect()
    memory_before = resident_mb()
    results: list[CleanArticle | None] = []
    seconds = cpu_seconds(lambda: results.append(job()))
    result = results.pop()
    changes = len(result.changes) if result else 0
    del result
    gc.collect()
    return Cost(seconds, changes, resident_mb() - memory_before)


def find_exponent(costs: Sequence[Cost], sizes: Sequence[int]) -> float:
    """Return the power of the size that the cost grows with."""
    first, last = costs[0].seconds, costs[-1].seconds
    return math.log(last / first) / math.log(sizes[-1] / sizes[0]) if min(first, last) > _MIN_SECONDS else 0.0


@click.command(help=__doc__)
@click.option("--kind", default="")
@click.option("--options", "option_set", type=click.Choice(list(_OPTIONS)), default="default")
@click.option("--over", type=float, default=0.0)
@click.option("--sizes", type=(int, int), default=_DEFAULT_SIZES, show_default=True)
def main(kind: str, option_set: str, over: float, sizes: tuple[int, int]) -> None:
    """Measure."""
    cleaning.warm_up()
    click.echo(f"{'':44}" + "".join(f"{size:12,}" for size in sizes) + "  exponent  changes   MB kept")
    failed = 0
    jobs_by_size = (build_jobs(size, _OPTIONS[option_set], kind) for size in sizes)
    for (name, small), (_, large) in zip(*jobs_by_size, strict=True):
        for _ in range(_MEASUREMENTS):  # other processes may have disturbed the first
            costs = [measure(small), measure(large)]
            exponent, last = find_exponent(costs, sizes), costs[-1]
            is_bad = exponent > _MAX_EXPONENT or last.seconds > _MAX_SECONDS
            if not is_bad:
                break
        failed += is_bad
        if is_bad or last.seconds >= over:
            seconds = "".join(f"{cost.seconds:10.3f} s" for cost in costs)
            row = f"{name:44}{seconds}  {exponent:8.2f} {last.changes:8} {last.memory_mb:9.1f}"
            click.echo(row + ("  too slow" if is_bad else ""))
    sys.exit(f"{failed} kinds are too slow." if failed else 0)


if __name__ == "__main__":
    main()
