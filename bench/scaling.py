"""Cost of hostile articles and pages by size. No cost may grow faster than the size.

\b
python -m bench.scaling                  all kinds, with sizes of 10 k, 100 k and 1 M
python -m bench.scaling --kind NAME      only kinds that have NAME in their name
python -m bench.scaling --options plain  with other options: safe, aggressive, plain, kept
python -m bench.scaling --over 2         only kinds that take at least 2 seconds at the largest size
"""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from bench.timing import cpu_seconds
from copydesk import pipeline
from copydesk.article import Article, CleanArticle, Options
from copydesk.errors import UnreadableContent
from copydesk.ingest import Content, build_article
from tests.helpers.hostile import KINDS
from tests.helpers.hostile_pages import PAGES

_DEFAULT_SIZES = (10_000, 100_000, 1_000_000)
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


@click.command(help=__doc__)
@click.option("--kind", default="")
@click.option("--options", "option_set", type=click.Choice(list(_OPTIONS)), default="default")
@click.option("--over", type=float, default=0.0)
@click.option("--sizes", default=",".join(map(str, _DEFAULT_SIZES)))
def main(kind: str, option_set: str, over: float, sizes: str) -> None:
    """Measure."""
    pipeline.warm_up()
    click.echo(f"{'':44}{'seconds at ' + sizes:>32}   growth  changes   MB kept")
    jobs_by_size = (build_jobs(int(size), _OPTIONS[option_set], kind) for size in sizes.split(","))
    for jobs in zip(*jobs_by_size, strict=True):
        name = jobs[0][0]
        costs = [measure(job) for _, job in jobs]
        first, last = costs[0], costs[-1]
        if last.seconds >= over:
            click.echo(
                f"{name:44}"
                + "".join(f"{cost.seconds:10.3f}" for cost in costs)
                + f"  {last.seconds / max(first.seconds, 1e-4):8.1f}x {last.changes:8} {last.memory_mb:9.1f}"
            )


if __name__ == "__main__":
    sys.exit(main())
