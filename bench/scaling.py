"""What hostile articles and pages cost as they grow: nothing may cost more than its size.

\b
python -m bench.scaling                  all kinds, at 10 k, 100 k and 1 M
python -m bench.scaling --kind NAME      those kinds whose name holds NAME
python -m bench.scaling --options plain  with other options than the default: safe, aggressive, plain, kept
python -m bench.scaling --over 2         only what costs more than so many seconds at the largest size
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import click

from bench.hostile import KINDS
from copydesk.article import Article, CleanArticle, Options
from copydesk.errors import UnreadableContent
from copydesk.ingest import Content, build_article
from copydesk.pipeline import clean, warm_up

SIZES = (10_000, 100_000, 1_000_000)
_PLAIN = dict.fromkeys(("quotes", "dashes", "ellipsis", "ligatures", "width"), "plain")
SETTINGS: dict[str, Options] = {
    "default": Options(),
    "safe": Options(repair="safe"),
    "aggressive": Options(repair="aggressive"),
    "plain": Options(repair="aggressive", normalization="NFKC", strip_dateline=True, **_PLAIN),  # type: ignore[arg-type]
    "kept": Options(repair="off", normalization="none", whitespace="keep", boilerplate="keep", detect_language=False),
}

Job = Callable[[], CleanArticle | None]


def resident() -> float:
    """Return the megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


def article_job(article: Article, options: Options) -> Job:
    """Return the work of cleaning an article."""
    return lambda: clean(article, options)


def page_job(page: bytes, options: Options) -> Job:
    """Return the work of reading a page and cleaning what it holds; one that is refused gives nothing."""

    def do() -> CleanArticle | None:
        try:
            return clean(build_article({}, content=Content(page, "text/html")), options)
        except UnreadableContent:
            return None

    return do


def jobs(size: int, options: Options, wanted: str) -> Iterator[tuple[str, Job]]:
    """Yield what is to be measured at a size, by name; the pages after the articles."""
    pages: Mapping[str, Callable[[int], bytes]] = import_module("bench.hostile_pages").PAGES
    yield from ((name, article_job(build(size), options)) for name, build in KINDS.items() if wanted in name)
    yield from (
        (f"page: {name}", page_job(build(size), options)) for name, build in pages.items() if wanted in f"page: {name}"
    )


def measured(job: Job) -> tuple[float, int, float]:
    """Return the seconds of CPU that work takes, the changes told, and the megabytes held when all is over."""
    gc.collect()
    was, start = resident(), time.process_time()
    found = job()
    seconds = time.process_time() - start
    told = len(found.changes) if found else 0
    del found
    gc.collect()
    return seconds, told, resident() - was


@click.command(help=__doc__)
@click.option("--kind", default="")
@click.option("--options", "setting", type=click.Choice(list(SETTINGS)), default="default")
@click.option("--over", type=float, default=0.0)
@click.option("--sizes", default=",".join(map(str, SIZES)))
def main(kind: str, setting: str, over: float, sizes: str) -> None:
    """Measure."""
    warm_up()
    click.echo(f"{'':44}{'seconds at ' + sizes:>32}   growth  changes   MB kept")
    rows = zip(*(jobs(size, SETTINGS[setting], kind) for size in map(int, sizes.split(","))), strict=True)
    for row in rows:
        results = [measured(job) for _, job in row]
        times = [seconds for seconds, _, _ in results]
        _, told, kept = results[-1]
        if times[-1] >= over:
            click.echo(
                f"{row[0][0]:44}"
                + "".join(f"{seconds:10.3f}" for seconds in times)
                + f"  {times[-1] / max(times[0], 1e-4):8.1f}x {told:8} {kept:9.1f}"
            )


if __name__ == "__main__":
    sys.exit(main())
