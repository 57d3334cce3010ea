"""Accuracy and cost of extraction from pages, compared with trafilatura.

\b
python -m bench.pages DIR…                 one table per suite. A DIR is a checkout of one of these repositories:
                                             flairNLP/fundus, mozilla/readability, adbar/trafilatura, adbar/htmldate,
                                             postlight/parser; or it has html/*.html or *.html.gz and
                                             ground-truth.json: {id: {"articleBody", "url"?, "title"?, "published"?,
                                             "authors"?}}
python -m bench.pages DIR… --half 0        every second page, from the first one (0) or the second one (1) on
python -m bench.pages DIR… --results FILE  the result and the scores of each page, as JSON Lines
python -m bench.pages DIR… --before FILE   also the pages with other scores than in the results of an earlier run

Copydesk cleans the bytes of the page, as the service does. trafilatura has its default options, with metadata and
without comments. Pages that an earlier suite has, too, are left out.

\b
body       precision and recall of shingles of four words (characters in Chinese and Japanese), means of the pages
chunks     the same of trafilatura's chunks that a text must contain and must not contain, of all pages
title      equal except for case and punctuation
authors    the same set of names
day        the same day, there or in UTC
instant    the same point in time, and with a zone if the truth has one
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import mean, median
from typing import Any

import click

from bench.page_scores import FIELDS, Overlap, Score, chunk_overlap, mean_overlap, score_page
from bench.page_suites import Sample, read_suite
from bench.page_tools import TOOLS, Extracted, run, warm_up
from bench.table import Row, print_table

_MIN_BODY_DIFFERENCE = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a tool on a page, its score and its CPU time."""

    suite: str
    id: str
    tool: str
    extracted: Extracted
    score: Score
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as JSON."""
        extracted = asdict(self.extracted) | {"authors": sorted(self.extracted.authors)}
        return {
            "suite": self.suite,
            "id": self.id,
            "tool": self.tool,
            "body": self.body,
            "fields": self.score.fields,
            "ms": round(self.seconds * 1e3, 1),
            "extracted": extracted,
        }

    @property
    def body(self) -> float | None:
        """The score of the body between 0 and 1."""
        if self.score.body:
            return round(self.score.body.f1, 4)
        return round(chunk_overlap([self.score.chunks]).f1, 4) if self.score.chunks else None


def measure(suite: str, samples: list[Sample], tools: list[str]) -> Iterator[Outcome]:
    """Run the tools on each page. The tool that comes first alternates."""
    for i, sample in enumerate(samples):
        for tool in tools if i % 2 else reversed(tools):
            extracted, seconds = run(tool, sample)
            yield Outcome(suite, sample.id, tool, extracted, score_page(sample.truth, extracted), seconds)


def print_suite(suite: str, outcomes: list[Outcome]) -> None:
    """Print the table of a suite."""
    tools = sorted({outcome.tool for outcome in outcomes})
    rows = [_row(tool, [outcome for outcome in outcomes if outcome.tool == tool]) for tool in tools]
    known = [(name, _count_known(outcomes, name) // len(tools)) for name in FIELDS]
    columns = [f"{name} of {count}" if count else name for name, count in known]
    kind = "chunks" if outcomes[0].score.chunks else "body"
    title = f"{suite}, {len(outcomes) // len(tools)} pages"
    print_table(title, [f"{kind} F1", "precision", "recall", *columns, "CPU ms", "median"], rows)


def _count_known(outcomes: list[Outcome], name: str) -> int:
    return sum(name in outcome.score.fields for outcome in outcomes)


def _row(tool: str, outcomes: list[Outcome]) -> Row:
    overlap = _body_overlap([outcome.score for outcome in outcomes])
    body = [f"{value:.4f}" for value in (overlap.f1, overlap.precision, overlap.recall)] if overlap else ["-"] * 3
    counts = [
        str(sum(outcome.score.fields.get(name, False) for outcome in outcomes)) if _count_known(outcomes, name) else "-"
        for name in FIELDS
    ]
    times = [outcome.seconds * 1e3 for outcome in outcomes]
    return tool, [*body, *counts, f"{mean(times):.1f}", f"{median(times):.1f}"]


def _body_overlap(scores: list[Score]) -> Overlap | None:
    if bodies := [score.body for score in scores if score.body]:
        return mean_overlap(bodies)
    chunks = [score.chunks for score in scores if score.chunks]
    return chunk_overlap(chunks) if chunks else None


def print_differences(outcomes: list[Outcome], before: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    """Print the pages with other scores than before."""
    for outcome in outcomes:
        old = before.get((outcome.suite, outcome.id, outcome.tool))
        if old is None:
            continue
        changes = [
            f"{name} {'gained' if is_right else 'lost'}"
            for name, is_right in outcome.score.fields.items()
            if is_right != old["fields"].get(name)
        ]
        if outcome.body is not None and abs(outcome.body - (old["body"] or 0)) >= _MIN_BODY_DIFFERENCE:
            changes.insert(0, f"{old['body']:.2f} → {outcome.body:.2f}")
        if changes:
            click.echo(f"  {outcome.id}: {', '.join(changes)}")


def _read_results(path: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    results = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {(result["suite"], result["id"], result["tool"]): result for result in results}


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--half", type=click.IntRange(0, 1))
@click.option("--limit", type=int, help="At most this number of pages per suite.")
@click.option("--only", default="", help="Only the pages whose name contains this.")
@click.option("--tool", "tools", multiple=True, type=click.Choice(list(TOOLS)), default=list(TOOLS))
@click.option("--results", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--before", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(  # noqa: PLR0913, PLR0917  the options of a command
    folders: tuple[Path, ...],
    half: int | None,
    limit: int | None,
    only: str,
    tools: tuple[str, ...],
    results: Path | None,
    before: Path | None,
) -> None:
    """Measure."""
    old = _read_results(before) if before else {}
    all_outcomes: list[Outcome] = []
    urls: set[str] = set()
    for folder in folders:
        suite, pages = read_suite(folder)
        new = [sample for sample in pages if not sample.url or sample.url not in urls]
        urls.update(sample.url for sample in new if sample.url)
        chosen = [sample for sample in new[half or 0 :: 1 if half is None else 2] if only in sample.id]
        samples = list(islice(chosen, limit))
        if not samples:
            continue
        warm_up(samples[0])
        outcomes = list(measure(suite, samples, list(tools)))
        print_suite(suite, outcomes)
        print_differences(outcomes, old)
        all_outcomes += outcomes
    if results:
        lines = (json.dumps(outcome.to_json(), ensure_ascii=False) for outcome in all_outcomes)
        results.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
