"""What comes back, typed: the clean article as the JSON that it is, so that it can be stored as it came.

Its types are `TypedDict`s: nothing is copied or converted, a type checker and an editor know every field all the same.
A result is light: the caller's own key beside the clean article, or beside the problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

Raw: TypeAlias = Mapping[str, Any]
"""A raw article: the fields that `POST /v1/articles` takes; dates may be `date` and `datetime`."""


class FieldError(TypedDict):
    """One field that is wrong."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    detail: str


class Problem(TypedDict):
    """A problem (RFC 9457): what is wrong, for programs by `type` and for people by `detail`."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldError]]
    line: NotRequired[int]
    column: NotRequired[int]
    offset: NotRequired[int]
    limit: NotRequired[int]
    unit: NotRequired[str]


class Language(TypedDict):
    """The language of the text."""

    tag: str
    confidence: float
    declared: str | None
    raw: str | None


class Encoding(TypedDict):
    """What the bytes were decoded with."""

    name: str
    source: str
    declared: str | None
    confidence: float


class Dateline(TypedDict):
    """Where and when the story was filed, and by whom."""

    place: str | None
    date: str | None
    agency: str | None
    byline: str | None
    confidence: float
    raw: str


class Credit(TypedDict):
    """A line of the text that gives credit."""

    kind: str
    text: str
    start: int
    end: int


class Change(TypedDict):
    """Something that was changed.

    With `changes: summary`, only `field`, `kind` and `count` are there; `explanation` only with `changes: explained`.
    """

    field: str
    kind: str
    before: NotRequired[str]
    after: NotRequired[str]
    start: NotRequired[int]
    end: NotRequired[int]
    original_start: NotRequired[int]
    original_end: NotRequired[int]
    plan: NotRequired[list[list[str]]]
    confidence: NotRequired[float]
    explanation: NotRequired[str]
    count: int


class Warn(TypedDict):
    """Something a person should know."""

    code: str
    field: str
    detail: str


class CleanText(TypedDict):
    """A clean text."""

    text: str
    language: Language
    encoding: Encoding | None
    changes: list[Change]
    warnings: list[Warn]
    version: str


Precision: TypeAlias = Literal["second", "minute", "day", "month"]


class CleanArticle(CleanText):
    """A clean article. Every field is always there; what is not known is null or empty."""

    id: str | None
    url: str | None
    canonical_url: str | None
    domain: str | None
    title: str | None
    subtitle: str | None
    paragraphs: int
    dateline: Dateline | None
    credits: list[Credit]
    authors: list[str]
    authors_raw: list[str]
    published: str | None
    published_precision: Precision | None
    published_zone: str | None
    published_ambiguous: bool
    published_raw: str | None
    modified: str | None
    modified_precision: Precision | None
    modified_zone: str | None
    modified_ambiguous: bool
    modified_raw: str | None
    fetched_at: str | None
    fetched_at_precision: Precision | None
    fetched_at_zone: str | None
    fetched_at_ambiguous: bool
    fetched_at_raw: str | None
    source: str | None
    section: str | None
    tags: list[str]
    image: str | None
    word_count: int
    char_count: int
    content_hash: str
    fingerprint: str
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one article: the caller's key, and either the clean article or the problem with it."""

    key: Any
    article: CleanArticle | None = None
    problem: Problem | None = None
