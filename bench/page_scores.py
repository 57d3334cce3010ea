"""Scores of an extracted page: its body, title, authors and date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.page_suites import Truth
from bench.page_tools import Extracted

FIELDS = ("title", "authors", "day", "instant")

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_SHINGLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Overlap:
    """The share of the result that is right, and the share of the truth that is in the result."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a page. The parts that the ground truth does not have are None or missing.

    Attributes:
        body: the overlap of shingles of four words; in Chinese and Japanese a character is a word.
        chunks: the counts of chunks: included rightly, included wrongly, missing.
        fields: whether a field is right, by name.
    """

    body: Overlap | None
    chunks: tuple[int, int, int] | None
    fields: dict[str, bool]


def score_page(truth: Truth, extracted: Extracted) -> Score:
    """Return the score of one page."""
    fields = {}
    if truth.title:
        fields["title"] = _fold(extracted.title) == _fold(truth.title)
    if truth.authors:
        fields["authors"] = set(map(_fold, extracted.authors)) == set(map(_fold, truth.authors))
    if truth.published:
        fields["day"] = bool(_days(extracted.published) & _days(truth.published))
        if "T" in truth.published:
            fields["instant"] = is_same_instant(extracted.published, truth.published)
    body = None if truth.body is None else _compare_shingles(truth.body, extracted.text)
    return Score(body, _count_chunks(truth, extracted.text) if truth.included else None, fields)


def mean_overlap(overlaps: Iterable[Overlap]) -> Overlap:
    """Return the means of precision and recall."""
    values = list(overlaps)
    count = max(1, len(values))
    return Overlap(sum(value.precision for value in values) / count, sum(value.recall for value in values) / count)


def chunk_overlap(counts: Iterable[tuple[int, int, int]]) -> Overlap:
    """Return precision and recall of all chunks of all pages.

    >>> chunk_overlap([(3, 1, 0), (3, 1, 2)])
    Overlap(precision=0.75, recall=0.75)
    """
    right, wrong, missing = (sum(column) for column in zip(*counts, strict=True))
    return Overlap(right / max(1, right + wrong), right / max(1, right + missing))


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


def _days(date: str | None) -> set[str]:
    """Return the day of a date, there and in UTC."""
    if not date:
        return set()
    if "T" not in date:
        return {date[:10]}
    instant = datetime.fromisoformat(date)
    return {f"{moment:%Y-%m-%d}" for moment in (instant, instant.astimezone(UTC) if instant.tzinfo else instant)}


def _fold(text: str) -> str:
    return " ".join(_TOKEN.findall(text.casefold()))


def _compare_shingles(truth: str, extracted: str) -> Overlap:
    expected, actual = _shingles(truth), _shingles(extracted)
    common = (expected & actual).total()
    return Overlap(
        _ratio(common, actual.total(), expected.total()),
        _ratio(common, expected.total(), actual.total()),
    )


def _ratio(common: int, total: int, other_total: int) -> float:
    return common / total if total else float(other_total == 0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    starts = range(max(1, len(words) - _SHINGLE_WORDS + 1)) if words else range(0)
    return Counter(tuple(words[start : start + _SHINGLE_WORDS]) for start in starts)


def _count_chunks(truth: Truth, text: str) -> tuple[int, int, int]:
    """Count the chunks that are rightly in a text, wrongly in it, and missing."""
    text = " ".join(text.split())
    right = sum(" ".join(chunk.split()) in text for chunk in truth.included)
    wrong = sum(" ".join(chunk.split()) in text for chunk in truth.excluded)
    return right, wrong, len(truth.included) - right
