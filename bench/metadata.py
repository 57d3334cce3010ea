"""Accuracy and cost of metadata extraction.

\b
python -m bench.metadata                on the test cases and the corpus
python -m bench.metadata --data DIR     on other data. Each of these files is optional:
                                          dates.json        [{"text", "lang", "date": "2022-02-02"}]
                                          datelines.json    [{"text", "place", "date": [month, day, year], "agency"}]
                                          sentences/*.txt   a file per language, for openings and fingerprints
python -m bench.metadata --speed        the cost of all metadata of an article, relative to ftfy and langdetect
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import click
import ftfy
import langdetect

from bench.timing import clear_caches, mean_wall_seconds, wall_seconds
from copydesk import pipeline
from copydesk.article import Article, Options
from copydesk.boilerplate import duplicates, lines
from copydesk.boilerplate.credits import find_credits
from copydesk.fingerprint import distance, fingerprint
from copydesk.metadata import authors, datelines, dates, tags, titles, urls
from copydesk.metadata.dates import Hints
from tests.helpers.corpus import CORPUS_DIR, Sentences, read_corpus, read_sentences

_CASES_DIR = CORPUS_DIR.parent / "cases"
_YEAR = re.compile(r"\d{4}")
_STORY_SENTENCES = 12
_MAX_DISTANCE_BITS = 6
_ARTICLE_BYTES = 3_000
_SAMPLE_ARTICLE = 6
_OUTCOMES = ("right", "wrong", "unread")

Dateline = tuple[str | None, str | None, str | None]
"""Place, date and agency."""


@dataclass(frozen=True, slots=True)
class DateCase:
    """A date as a page shows it, the hints of the page, and the expected day."""

    raw: str
    hints: Hints
    day: str | None


def read_date_cases(folder: Path | None) -> list[DateCase]:
    """Return dates with a year, from a folder or from the test cases."""
    if folder:
        cases = _read_json(folder / "dates.json")
        return [
            DateCase(case["text"], Hints(language=case["lang"] or None), case["date"])
            for case in cases
            if _YEAR.search(case["text"])
        ]
    cases = [case for case in _read_json(_CASES_DIR / "dates.json") if isinstance(case["raw"], str)]
    return [
        DateCase(case["raw"], Hints(**case.get("hints", {})), case["value"] and case["value"][:10]) for case in cases
    ]


def print_dates(cases: Iterable[DateCase]) -> None:
    """Print the share of right, wrong and unparsed dates. A time zone may shift a date by one day."""
    counts: Counter[str] = Counter()
    times = []
    for case in cases:
        parse = partial(dates.parse, case.raw, case.hints)
        times.append(wall_seconds(parse))
        value = parse().value
        counts["right" if _is_same_day(value, case.day) else "wrong" if value else "unread"] += 1
    _print_row("dates", counts)
    click.echo(f"{'':12} {sum(times) / len(times) * 1e3:.2f} ms each, {max(times) * 1e3:.1f} ms at most")


def _is_same_day(day: str | None, other: str | None) -> bool:
    if day is None or other is None or len(day) < 10 or len(other) < 10:
        return day == other
    return abs((date.fromisoformat(day[:10]) - date.fromisoformat(other[:10])).days) <= 1


def read_dateline_cases(folder: Path | None) -> list[tuple[str, Dateline | None]]:
    """Return openings with their datelines, from a folder or from the test cases."""
    if folder:
        cases = _read_json(folder / "datelines.json")
        return [
            (case["text"], (case["place"] or None, _format_day(case["date"]), case["agency"] or None)) for case in cases
        ]
    cases = [case for case in _read_json(_CASES_DIR / "datelines.json") if "known" not in case]
    return [(case["text"], _expected_dateline(case["expect"])) for case in cases]


def _expected_dateline(expected: dict[str, str] | None) -> Dateline | None:
    return (expected.get("place"), expected.get("date"), expected.get("agency")) if expected else None


def _format_day(parts: list[int | None] | None) -> str | None:
    if not parts:
        return None
    month, day, year = parts
    return f"{year or '-'}-{month:02}-{day:02}"


def print_datelines(cases: Iterable[tuple[str, Dateline | None]]) -> None:
    """Print the share of datelines with the right place, date and agency."""
    counts: Counter[str] = Counter()
    for text, expected in cases:
        dateline = datelines.find(text)
        value = (dateline.place, dateline.date, dateline.agency) if dateline else None
        counts["right" if value == expected else "wrong" if value else "unread"] += 1
    _print_row("datelines", counts)


def print_false_datelines(sentences: Sentences) -> None:
    """Print the datelines of sentences that should have none, for a review by eye."""
    openings = [line for lines in sentences.values() for line in lines]
    matches = [(line, dateline) for line in openings if (dateline := datelines.find(line))]
    click.echo(f"{'openings':12} {len(matches)} datelines in {len(openings)}")
    for line, dateline in matches:
        click.echo(f"{'':12} {dateline.confidence:.2f} {dateline.raw!r} {line[:60]!r}")


def print_fingerprints(stories_by_tag: Sentences) -> None:
    """Print the number of versions of a story, and of different stories, with a small distance."""
    versions: Counter[bool] = Counter()
    others: Counter[bool] = Counter()
    for stories in stories_by_tag.values():
        fingerprints = [fingerprint(story) for story in stories]
        for story, original in zip(stories, fingerprints, strict=True):
            versions.update(_is_near(original, fingerprint(version)) for version in _versions(story))
        others.update(_is_near(first, second) for first, second in combinations(fingerprints, 2))
    for name, counts in (("same story", versions), ("other story", others)):
        click.echo(f"{name:12} {counts[True]} of {counts.total()} within {_MAX_DISTANCE_BITS} bits")


def _is_near(first: str, second: str) -> bool:
    return distance(first, second) <= _MAX_DISTANCE_BITS


def _versions(story: str) -> Iterator[str]:
    yield story.rpartition("\n")[0]
    yield f"HARBOUR CITY, March 5 (HW) - {story}"
    yield story.replace("’", "'").replace("“", '"').replace("”", '"').upper()


def read_stories(folder: Path | None) -> Sentences:
    """Return stories by language: those of the corpus, or sentences of a folder, joined."""
    if folder is None:
        return {tag: [raw["text"] for raw in raws] for tag, raws in read_corpus().items()}
    return {tag: _join_stories(lines) for tag, lines in read_sentences(folder / "sentences").items()}


def _join_stories(lines: list[str]) -> list[str]:
    starts = range(0, len(lines) - _STORY_SENTENCES + 1, _STORY_SENTENCES)
    return ["\n".join(lines[start : start + _STORY_SENTENCES]) for start in starts]


def _print_row(name: str, counts: Counter[str]) -> None:
    shares = "  ".join(f"{outcome} {counts[outcome] / counts.total():.1%}" for outcome in _OUTCOMES)
    click.echo(f"{name:12} {shares}  of {counts.total()}")


def print_speed() -> None:
    """Print the cost of metadata for the articles of the corpus, extended to 3 kB, and of each kind of metadata."""
    articles = [_extend(raws[0]) for raws in read_corpus().values()]
    costs = [_metadata_cost(article) for article in articles]
    reference_costs = [mean_wall_seconds(partial(_run_reference, article.text)) for article in articles]
    ours, reference = median(costs), median(reference_costs)
    ratio = f"{ours / reference:.3f} × ftfy and langdetect"
    click.echo(f"all metadata {ours * 1e3:.2f} ms, {ratio}; median of {len(costs)} articles")
    for name, call in _calls(articles[_SAMPLE_ARTICLE]).items():
        clear_caches()
        first = wall_seconds(call)
        mean = mean_wall_seconds(call)
        click.echo(f"  {name:14} {mean * 1e6:8.1f} µs   with empty caches {first * 1e6:8.1f} µs")


def _metadata_cost(article: Article) -> float:
    """Return the seconds that an article costs more with metadata than without."""
    with_metadata = Options(detect_language=False)
    without_metadata = replace(with_metadata, extract_metadata=False, boilerplate="keep")
    bare = replace(article, published=None, modified=None, fetched_at=None, language=None)
    return (
        mean_wall_seconds(partial(pipeline.clean, article, with_metadata))
        - mean_wall_seconds(partial(pipeline.clean, bare, without_metadata))
        + mean_wall_seconds(partial(fingerprint, article.text))
    )


def _run_reference(text: str) -> None:
    ftfy.fix_text(text)
    langdetect.detect(text)


def _calls(article: Article) -> dict[str, Callable[[], Any]]:
    text, title, url = article.text, article.title or "", article.url or ""
    return {
        "dates": partial(dates.parse, "2 February 2022, 14:05", Hints(language="en")),
        "dateline": partial(datelines.find, text),
        "authors": partial(authors.parse, article.authors),
        "title": partial(titles.remove_site_name, title, titles.Site(article.source, url)),
        "URL": partial(urls.normalize, url),
        "domain": partial(urls.domain, url),
        "tags": partial(tags.split, article.tags),
        "boilerplate": lambda: list(lines.propose_edits(text)),
        "duplicates": lambda: list(duplicates.propose_edits(text, title)),
        "credits": partial(find_credits, text),
        "fingerprint": partial(fingerprint, text),
    }


def _extend(raw: dict[str, Any]) -> Article:
    """Repeat the paragraphs of an article up to 3 kB. Numbers prevent exact duplicates."""
    paragraphs = raw["text"].split("\n\n")
    numbered = (f"{paragraphs[i % len(paragraphs)]} {i}" for i in range(1_000))
    text = "\n\n".join(_take_bytes(numbered, _ARTICLE_BYTES))
    fields = {"published": "2 February 2022, 14:05", "fetched_at": "2024-03-06T10:00:00Z"}
    return Article(**raw | fields | {"text": text, "authors": tuple(raw["authors"]), "tags": tuple(raw["tags"])})


def _take_bytes(paragraphs: Iterable[str], max_bytes: int) -> Iterator[str]:
    size = 0
    for paragraph in paragraphs:
        size += len(paragraph.encode()) + 2
        if size > max_bytes:
            return
        yield paragraph


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--speed", is_flag=True)
def main(data: Path | None, *, speed: bool) -> None:
    """Measure."""
    pipeline.warm_up()
    if speed:
        print_speed()
        return
    if data is None or (data / "dates.json").exists():
        print_dates(read_date_cases(data))
    if data is None or (data / "datelines.json").exists():
        print_datelines(read_dateline_cases(data))
    print_false_datelines(read_sentences(data / "sentences" if data else None))
    print_fingerprints(read_stories(data))


if __name__ == "__main__":
    sys.exit(main())
