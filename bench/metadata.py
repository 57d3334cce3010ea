"""How much of the metadata is read right, how much wrong, and what it costs.

\b
python -m bench.metadata                on the project's own cases and corpus
python -m bench.metadata --data DIR     on other data, whichever of these the folder holds:
                                          dates.json        [{"text", "lang", "date": "2022-02-02"}]
                                          datelines.json    [{"text", "place", "date": [month, day, year], "agency"}]
                                          sentences/*.txt   a file a language: openings, and stories to be told apart
python -m bench.metadata --speed        what all metadata of an article costs, beside a loop of ftfy and langdetect
"""

from __future__ import annotations

import json
import re
import sys
import time
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

from bench.repair import CORPUS, once, seconds, sentences
from copydesk.article import Article, Options
from copydesk.boilerplate import duplicates as repeats
from copydesk.boilerplate import lines as boilerplate
from copydesk.boilerplate.credits import find_credits
from copydesk.fingerprint import distance, fingerprint
from copydesk.metadata import authors, datelines, dates, tags, titles, urls
from copydesk.metadata.dates import Hints
from copydesk.pipeline import clean, warm_up

CASES = CORPUS.parent / "cases"
_YEAR = re.compile(r"\d{4}")
_STORY = 12  # sentences
_NEAR = 6  # bits


@dataclass(frozen=True, slots=True)
class Visible:
    """A date as a page shows it, what is known of the page, and the day it means."""

    raw: str
    hints: Hints
    day: str | None


def visible_dates(data: Path | None) -> list[Visible]:
    """Return dates that tell their year: those of a folder, or the project's own cases."""
    if data:
        found = _json(data / "dates.json")
        return [
            Visible(d["text"], Hints(language=d["lang"] or None), d["date"]) for d in found if _YEAR.search(d["text"])
        ]
    cases = [case for case in _json(CASES / "dates.json") if isinstance(case["raw"], str)]
    return [
        Visible(case["raw"], Hints(**case.get("hints", {})), case["value"] and case["value"][:10]) for case in cases
    ]


def measure_dates(found: list[Visible]) -> None:
    """Print how many days are read right, wrong (by more than the day that zones may cost) and not at all."""
    tally: Counter[str] = Counter()
    times = []
    for one in found:
        start = time.perf_counter()
        value = dates.parse(one.raw, one.hints).value
        times.append(time.perf_counter() - start)
        tally["right" if _same_day(value, one.day) else "wrong" if value else "unread"] += 1
    _row("dates", tally)
    click.echo(f"{'':12} {sum(times) / len(times) * 1e3:.2f} ms each, {max(times) * 1e3:.1f} ms at most")


def _same_day(one: str | None, other: str | None) -> bool:
    if one is None or other is None or len(one) < 10 or len(other) < 10:
        return one == other
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days) <= 1


ReportedChange = tuple[str | None, str | None, str | None]


def openings(data: Path | None) -> list[tuple[str, ReportedChange | None]]:
    """Return openings with place, date and agency of their datelines: those of a folder, or the project's own cases."""
    if data:
        found = _json(data / "datelines.json")
        return [(case["text"], (case["place"] or None, _day(case["date"]), case["agency"] or None)) for case in found]
    return [
        (case["text"], _expected(case["expect"])) for case in _json(CASES / "datelines.json") if "known" not in case
    ]


def _expected(told: dict[str, str] | None) -> ReportedChange | None:
    return (told.get("place"), told.get("date"), told.get("agency")) if told else None


def _day(parts: list[int | None] | None) -> str | None:
    if not parts:
        return None
    month, day, year = parts
    return f"{year or '-'}-{month:02}-{day:02}"


def measure_datelines(found: list[tuple[str, ReportedChange | None]]) -> None:
    """Print how many datelines are read exactly: place, date and agency."""
    tally: Counter[str] = Counter()
    for text, wanted in found:
        read = datelines.find(text)
        told = (read.place, read.date, read.agency) if read else None
        tally["right" if told == wanted else "wrong" if told else "unread"] += 1
    _row("datelines", tally)


def measure_openings(lines: dict[str, list[str]]) -> None:
    """Print the datelines found in openings that may have none; each is to be looked at."""
    firsts = [line for found in lines.values() for line in found]
    hits = [(line, found) for line in firsts if (found := datelines.find(line))]
    click.echo(f"{'openings':12} {len(hits)} datelines in {len(firsts)}")
    for line, found in hits:
        click.echo(f"{'':12} {found.confidence:.2f} {found.raw!r} {line[:60]!r}")


def measure_fingerprints(stories: dict[str, list[str]]) -> None:
    """Print how many versions of the same story, and how many other stories, lie within 6 bits."""
    same: Counter[bool] = Counter()
    other: Counter[bool] = Counter()
    for found in stories.values():
        prints = [fingerprint(story) for story in found]
        for story, was in zip(found, prints, strict=True):
            same.update(distance(was, fingerprint(version)) <= _NEAR for version in _versions(story))
        other.update(distance(one, two) <= _NEAR for one, two in combinations(prints, 2))
    for name, tally in (("same story", same), ("other story", other)):
        click.echo(f"{name:12} {tally[True]} of {tally.total()} within {_NEAR} bits")


def _versions(story: str) -> Iterator[str]:
    yield story.rpartition("\n")[0]
    yield f"HARBOUR CITY, March 5 (HW) - {story}"
    yield story.replace("’", "'").replace("“", '"').replace("”", '"').upper()


def stories(data: Path | None) -> dict[str, list[str]]:
    """Return stories by language: the corpus, or sentences of a folder joined to some."""
    if data is None:
        return {path.stem: [article["text"] for article in _json(path)] for path in sorted(CORPUS.glob("*.json"))}
    return {
        tag: ["\n".join(found[at : at + _STORY]) for at in range(0, len(found) - _STORY + 1, _STORY)]
        for tag, found in sentences(data / "sentences").items()
    }


def _row(name: str, tally: Counter[str]) -> None:
    told = "  ".join(f"{what} {tally[what] / tally.total():.1%}" for what in ("right", "wrong", "unread"))
    click.echo(f"{name:12} {told}  of {tally.total()}")


def speed() -> None:
    """Print what metadata costs for each article of the corpus, made 3 kB long, beside the naive loop."""
    costs: list[tuple[float, float]] = []
    for article in _long_articles():
        options = Options(detect_language=False)
        bare = replace(options, extract_metadata=False, boilerplate="keep")
        without = replace(article, published=None, modified=None, fetched_at=None, language=None)
        whole, rest = seconds(partial(clean, article, options)), seconds(partial(clean, without, bare))
        prints = seconds(partial(fingerprint, article.text))
        naive = seconds(partial(_naive, article.text))
        costs.append((whole - rest + prints, naive))
    ours, theirs = median(cost for cost, _ in costs), median(naive for _, naive in costs)
    click.echo(
        f"all metadata {ours * 1e3:.2f} ms, {ours / theirs:.3f} × the naive loop; median of {len(costs)} articles"
    )
    for name, do in _families(_long_articles()[6]).items():
        click.echo(f"  {name:14} {seconds(do) * 1e6:8.1f} µs   first {once(do) * 1e6:8.1f} µs")


def _naive(text: str) -> None:
    ftfy.fix_text(text)
    langdetect.detect(text)


def _families(article: Article) -> dict[str, Callable[[], Any]]:
    text, title, url = article.text, article.title or "", article.url or ""
    return {
        "dates": partial(dates.parse, "2 February 2022, 14:05", Hints(language="en")),
        "dateline": partial(datelines.find, text),
        "authors": partial(authors.parse, article.authors),
        "title": partial(titles.remove_site_name, title, titles.Site(article.source, url)),
        "address": partial(urls.normalize, url),
        "domain": partial(urls.domain, url),
        "tags": partial(tags.split, article.tags),
        "boilerplate": lambda: list(boilerplate.propose_edits(text)),
        "repeats": lambda: list(repeats.propose_edits(text, title)),
        "credits": partial(find_credits, text),
        "fingerprint": partial(fingerprint, text),
    }


def _long_articles() -> list[Article]:
    return [_long(article) for path in sorted(CORPUS.glob("*.json")) for article in _json(path)[:1]]


def _long(raw: dict[str, Any]) -> Article:
    paragraphs = raw["text"].split("\n\n")
    # Numbered, so that no paragraph is an exact repeat of another.
    numbered = (f"{paragraphs[at % len(paragraphs)]} {at}" for at in range(1000))
    text = "\n\n".join(_until(numbered, 3_000))
    known = {"published": "2 February 2022, 14:05", "fetched_at": "2024-03-06T10:00:00Z"}
    return Article(**raw | known | {"text": text, "authors": tuple(raw["authors"]), "tags": tuple(raw["tags"])})


def _until(paragraphs: Iterable[str], most: int) -> Iterator[str]:
    length = 0
    for paragraph in paragraphs:
        length += len(paragraph.encode()) + 2
        if length > most:
            return
        yield paragraph


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--speed", "timed", is_flag=True)
def main(data: Path | None, *, timed: bool) -> None:
    """Measure."""
    warm_up()
    if timed:
        speed()
        return
    if data is None or (data / "dates.json").exists():
        measure_dates(visible_dates(data))
    if data is None or (data / "datelines.json").exists():
        measure_datelines(openings(data))
    measure_openings(sentences(data / "sentences" if data else None))
    measure_fingerprints(stories(data))


if __name__ == "__main__":
    sys.exit(main())
