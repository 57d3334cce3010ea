"""Accuracy and cost of text and metadata extraction from pages.

\b
python -m bench.pages DIR               DIR has html/*.html or *.html.gz, and ground-truth.json:
                                          {id: {"articleBody", "url"?, "title"?, "published"?, "authors"?}}
python -m bench.pages DIR --half 0      every second page, from the first one (0) or the second one (1) on
python -m bench.pages DIR --differences titles and dates that differ from trafilatura's, for a review by eye

The score of the body is that of scrapinghub/article-extraction-benchmark: precision and recall of shingles of four
words, averaged over the pages. Titles, dates and authors count if they are exactly right after normalization.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import sys
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

from bench.timing import wall_seconds
from copydesk.errors import UnreadableContent
from copydesk.html.extract import extract_page
from copydesk.html.metadata import read_metadata
from copydesk.html.page import Page
from copydesk.metadata import authors, dates, titles

_TOKEN = re.compile(r"\w+")
_SHINGLE_WORDS = 4
_DATE_CONFIG = {
    "original_date": True,
    "extensive_search": True,
    "outputformat": "%Y-%m-%dT%H:%M:%S%z",
    "max_date": "2100-01-01",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, its URL, and the ground truth."""

    id: str
    html: str
    url: str | None
    truth: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Metadata:
    """The normalized metadata of a page."""

    title: str
    published: str | None
    authors: frozenset[str]


def read_samples(folder: Path, half: int | None) -> Iterator[Sample]:
    """Yield the pages with a ground truth.

    Args:
        folder: the folder.
        half: 0 or 1 for every second page from that one on; None for all pages.
    """
    truths = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    names = sorted(truths)
    for name in names if half is None else names[half::2]:
        truth = truths[name]
        yield Sample(name, _read_html(folder / "html", name), truth.get("url"), truth)


def _read_html(folder: Path, name: str) -> str:
    compressed = folder / f"{name}.html.gz"
    raw = gzip.decompress(compressed.read_bytes()) if compressed.exists() else (folder / f"{name}.html").read_bytes()
    return raw.decode("utf-8", "replace")


def score(truth: str, extracted: str) -> tuple[float, float]:
    """Return precision and recall of shingles.

    >>> score("a b c d e", "a b c d"), score("", "a"), score("", "")
    ((1.0, 0.5), (0.0, 0.0), (1.0, 1.0))
    """
    expected, actual = _shingles(truth), _shingles(extracted)
    common = (expected & actual).total()
    return _ratio(common, actual.total(), expected.total()), _ratio(common, expected.total(), actual.total())


def _ratio(common: int, total: int, other_total: int) -> float:
    return common / total if total else float(other_total == 0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    starts = range(max(1, len(words) - _SHINGLE_WORDS + 1)) if words else range(0)
    return Counter(tuple(words[start : start + _SHINGLE_WORDS]) for start in starts)


def extract(sample: Sample) -> Page | None:
    """Return the page as Copydesk reads it; None if it is rejected."""
    try:
        return extract_page(sample.html, sample.url)
    except UnreadableContent:
        return None


def extract_reference_metadata(sample: Sample) -> Metadata:
    """Return the metadata as trafilatura reads them."""
    document = extract_metadata(trafilatura.load_html(sample.html), sample.url, date_config=dict(_DATE_CONFIG))
    names = filter(None, (document.author or "").split("; "))
    return Metadata(document.title or "", document.date, frozenset(names))


def normalize(extracted: Page, url: str | None) -> Metadata:
    """Normalize the metadata of a page as the pipeline does."""
    return Metadata(
        titles.remove_site_name(extracted.title or "", titles.Site(extracted.source, url)),
        dates.parse(extracted.published).value,
        frozenset(name.text for name in authors.parse(extracted.authors)),
    )


def is_same_instant(first: str | None, second: str | None) -> bool:
    """Return whether two dates are the same instant, or the same string.

    >>> is_same_instant("2022-02-02T14:05:00+03:00", "2022-02-02T11:05:00Z")
    True
    >>> is_same_instant("2022-02-02", "2022-02-02T00:00:00")
    False
    """
    if not first or not second or "T" not in first or "T" not in second:
        return first == second
    instant, other = datetime.fromisoformat(first), datetime.fromisoformat(second)
    return (instant.tzinfo is None) == (other.tzinfo is None) and instant == other


def is_same_title(first: str, second: str) -> bool:
    """Return whether two titles differ in case and punctuation at most."""
    return _TOKEN.findall(first.casefold()) == _TOKEN.findall(second.casefold())


def print_accuracy(samples: list[Sample]) -> None:
    """Print the scores of the body and of the metadata, and the times."""
    scores, times, metadata_times = [], [], []
    exact: Counter[str] = Counter()
    for sample in samples:
        pages: list[Page | None] = []
        times.append(wall_seconds(lambda sample=sample, pages=pages: pages.append(extract(sample))))  # type: ignore[misc]
        extracted = pages[0]
        metadata_times.append(wall_seconds(lambda sample=sample: _read_metadata(sample)))  # type: ignore[misc]
        scores.append(score(sample.truth.get("articleBody", ""), extracted.text if extracted else ""))
        if extracted:
            exact.update(_exact_fields("copydesk", normalize(extracted, sample.url), sample.truth))
        exact.update(_exact_fields("trafilatura", extract_reference_metadata(sample), sample.truth))
    precision, recall = (mean(column) for column in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    click.echo(f"body      F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}  of {len(samples)} pages")
    click.echo(f"page      {median(times) * 1e3:.1f} ms, {max(times) * 1e3:.0f} ms at most")
    click.echo(f"metadata  {median(metadata_times) * 1e3:.1f} ms of it, with the parsing of the page")
    for name in sorted(exact):
        click.echo(f"{name:28} {exact[name]} exact")


def _exact_fields(tool: str, actual: Metadata, truth: dict[str, Any]) -> Iterator[str]:
    if truth.get("title") and is_same_title(actual.title, truth["title"]):
        yield f"title, {tool}"
    if truth.get("published") and is_same_instant(actual.published, dates.parse(truth["published"]).value):
        yield f"published, {tool}"
    if truth.get("authors") and actual.authors == frozenset(truth["authors"]):
        yield f"authors, {tool}"


def _read_metadata(sample: Sample) -> None:
    tree = trafilatura.load_html(sample.html)
    if tree is not None:
        read_metadata(tree, sample.url)


def print_differences(samples: list[Sample]) -> None:
    """Print the titles and dates that differ from trafilatura's."""
    for sample in samples:
        extracted = extract(sample)
        if not extracted:
            continue
        ours, reference = normalize(extracted, sample.url), extract_reference_metadata(sample)
        if not is_same_title(ours.title, reference.title):
            click.echo(f"{sample.id[:8]} title     {ours.title!r}\n{'':19}{reference.title!r}")
        if not is_same_instant(ours.published, reference.published):
            click.echo(f"{sample.id[:8]} published {ours.published!r}\n{'':19}{reference.published!r}")


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--half", type=click.IntRange(0, 1))
@click.option("--differences", is_flag=True)
def main(folder: Path, half: int | None, *, differences: bool) -> None:
    """Measure."""
    logging.disable(logging.CRITICAL)
    samples = list(read_samples(folder, half))
    (print_differences if differences else print_accuracy)(samples)


if __name__ == "__main__":
    sys.exit(main())
