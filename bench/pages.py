"""How much of an article's text is found in its page, how exactly its title, date and authors, and what it costs.

\b
python -m bench.pages DIR               DIR holds html/*.html or *.html.gz, and ground-truth.json:
                                          {id: {"articleBody", "url"?, "title"?, "published"?, "authors"?}}
python -m bench.pages DIR --half 0      only every second page, beginning with the first (or, with 1, the second)
python -m bench.pages DIR --differences the titles and instants that trafilatura reads otherwise, to be judged by eye

The body's score is that of scrapinghub/article-extraction-benchmark: precision and recall of shingles of four words,
averaged over the pages. Titles, instants and authors are counted when they are exactly right, after normalisation;
without a truth for them only the differences can be shown.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import click
import trafilatura
from trafilatura.metadata import extract_metadata

from copydesk.html.extract import ExtractionError, Page, extract_page
from copydesk.html.metadata import read_metadata
from copydesk.metadata import authors, dates, titles

_TOKEN = re.compile(r"\w+")
_SHINGLE = 4
_DATES = {"original_date": True, "extensive_search": True, "outputformat": "%Y-%m-%dT%H:%M:%S%z"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, its address, and what is true of it."""

    id: str
    html: str
    url: str | None
    truth: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """What a reader says of a page, normalised."""

    title: str
    published: str | None
    authors: frozenset[str]


def samples(folder: Path, half: int | None) -> Iterator[Sample]:
    """Yield the pages of a folder that have a truth."""
    truths = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    names = sorted(truths)
    for name in names if half is None else names[half::2]:
        truth = truths[name]
        yield Sample(name, _html(folder / "html", name), truth.get("url"), truth)


def _html(folder: Path, name: str) -> str:
    packed = folder / f"{name}.html.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / f"{name}.html").read_bytes()
    return raw.decode("utf-8", "replace")


def score(true: str, found: str) -> tuple[float, float]:
    """Return precision and recall of shingles.

    >>> score("a b c d e", "a b c d"), score("", "a"), score("", "")
    ((1.0, 0.5), (0.0, 0.0), (1.0, 1.0))
    """
    wanted, told = _shingles(true), _shingles(found)
    both = (wanted & told).total()
    return _share(both, told.total(), wanted.total()), _share(both, wanted.total(), told.total())


def _share(both: int, of: int, others: int) -> float:
    return both / of if of else float(others == 0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)) if words)


def ours(sample: Sample) -> tuple[Page | None, float]:
    """Return what the project reads, and the seconds it took."""
    start = time.perf_counter()
    try:
        found = extract_page(sample.html, sample.url)
    except ExtractionError:
        return None, time.perf_counter() - start
    return found, time.perf_counter() - start


def theirs(sample: Sample) -> ReportedChange:
    """Return what trafilatura's own reader of metadata says."""
    found = extract_metadata(
        trafilatura.load_html(sample.html), sample.url, date_config=dict(_DATES, max_date="2100-01-01")
    )
    return ReportedChange(found.title or "", found.date, frozenset(filter(None, (found.author or "").split("; "))))


def normalised(found: Page, url: str | None) -> ReportedChange:
    """Return title, instant and names as the desk would."""
    return ReportedChange(
        titles.remove_site_name(found.title or "", titles.Site(found.source, url)),
        dates.parse(found.published).value,
        frozenset(name.text for name in authors.parse(found.authors)),
    )


def same_instant(one: str | None, other: str | None) -> bool:
    """Tell whether two dates are the same instant, or the same string.

    >>> same_instant("2022-02-02T14:05:00+03:00", "2022-02-02T11:05:00Z")
    True
    >>> same_instant("2022-02-02", "2022-02-02T00:00:00")
    False
    """
    if not one or not other or "T" not in one or "T" not in other:
        return one == other
    first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    return (first.tzinfo is None) == (second.tzinfo is None) and first == second


def same_title(one: str, other: str) -> bool:
    """Tell whether two titles differ in case and punctuation at most."""
    return _TOKEN.findall(one.casefold()) == _TOKEN.findall(other.casefold())


def measure(pages: list[Sample]) -> None:
    """Print the scores of the body and of the metadata, and the times."""
    scores, times, metadata_times = [], [], []
    right: Counter[str] = Counter()
    for sample in pages:
        found, seconds = ours(sample)
        times.append(seconds)
        metadata_times.append(_metadata_seconds(sample))
        scores.append(score(sample.truth.get("articleBody", ""), found.text if found else ""))
        if found:
            right.update(_right("ours", normalised(found, sample.url), sample.truth))
        right.update(_right("trafilatura's", theirs(sample), sample.truth))
    precision, recall = (mean(column) for column in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    click.echo(f"body      F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}  of {len(pages)} pages")
    click.echo(f"a page    {median(times) * 1e3:.1f} ms, {max(times) * 1e3:.0f} ms at most")
    click.echo(f"metadata  {median(metadata_times) * 1e3:.1f} ms of it, its tree included")
    for what in sorted(right):
        click.echo(f"{what:28} {right[what]} exact")


def _right(who: str, told: ReportedChange, truth: dict[str, Any]) -> Iterator[str]:
    if truth.get("title") and same_title(told.title, truth["title"]):
        yield f"title, {who}"
    if truth.get("published") and same_instant(told.published, dates.parse(truth["published"]).value):
        yield f"published, {who}"
    if truth.get("authors") and told.authors == frozenset(truth["authors"]):
        yield f"authors, {who}"


def _metadata_seconds(sample: Sample) -> float:
    start = time.perf_counter()
    tree = trafilatura.load_html(sample.html)
    if tree is not None:
        read_metadata(tree, sample.url)
    return time.perf_counter() - start


def differences(pages: list[Sample]) -> None:
    """Print the titles and instants that trafilatura reads otherwise."""
    for sample in pages:
        found, _ = ours(sample)
        if not found:
            continue
        told, other = normalised(found, sample.url), theirs(sample)
        if not same_title(told.title, other.title):
            click.echo(f"{sample.id[:8]} title     {told.title!r}\n{'':19}{other.title!r}")
        if not same_instant(told.published, other.published):
            click.echo(f"{sample.id[:8]} published {told.published!r}\n{'':19}{other.published!r}")


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--half", type=click.IntRange(0, 1))
@click.option("--differences", "shown", is_flag=True)
def main(folder: Path, half: int | None, *, shown: bool) -> None:
    """Measure."""
    logging.disable(logging.CRITICAL)
    pages = list(samples(folder, half))
    (differences if shown else measure)(pages)


if __name__ == "__main__":
    sys.exit(main())
