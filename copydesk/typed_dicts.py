"""The JSON of the wire contract as `TypedDict`s. Generated from `schemas/` by `make schemas`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NotRequired, TypedDict


class OptionsDict(TypedDict, total=False):
    """The options. A missing option has its default."""

    repair: Literal["off", "safe", "standard", "aggressive"]
    quotes: Literal["keep", "plain"]
    dashes: Literal["keep", "plain"]
    ellipsis: Literal["keep", "plain"]
    ligatures: Literal["keep", "plain"]
    width: Literal["keep", "plain"]
    normalization: Literal["NFC", "NFKC", "none"]
    whitespace: Literal["tidy", "keep"]
    boilerplate: Literal["remove", "keep"]
    strip_dateline: bool
    date_order: Literal["auto", "DMY", "MDY"]
    changes: Literal["full", "explained", "summary", "none"]
    detect_language: bool
    extract_metadata: bool


class RawArticleDict(TypedDict, total=False):
    """An article from a scraper."""

    id: str | int | None
    url: str | None
    canonical_url: str | None
    title: str | int | None
    subtitle: str | None
    text: str | None
    html: str | None
    content_base64: str | None
    content_type: str | None
    declared_charset: str | None
    authors: list[str] | str | None
    published: str | float | date | None
    modified: str | float | date | None
    fetched_at: str | float | date | None
    language: str | None
    source: str | None
    site_name: str | None
    section: str | None
    tags: list[str] | str | None
    image: str | None
    extra: dict[str, Any] | None
    options: OptionsDict | None


class FieldErrorDict(TypedDict):
    """An invalid field: its pointer in the body or, for an option in the query, its parameter."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    detail: str


class ProblemDict(TypedDict):
    """A problem details object (RFC 9457): `type` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldErrorDict]]
    line: NotRequired[int]
    column: NotRequired[int]
    offset: NotRequired[int]
    limit: NotRequired[int]
    unit: NotRequired[str]


class LanguageDict(TypedDict):
    """The language of the text."""

    tag: str
    confidence: float
    declared: str | None
    raw: str | None


class EncodingDict(TypedDict):
    """How the bytes were decoded."""

    name: str
    source: Literal["bom", "utf-8", "header", "meta", "detected"]
    declared: str | None
    confidence: float


class ChangeDict(TypedDict):
    """A change of a field.

    Equal changes of a field are one change, with the places of all in `starts` and `original_starts`. A `count` above 1
    without `starts` is that of a stretch with many different changes, such as a line in which each word is repaired.
    With `changes: summary`, only `field`, `kind` and `count` are present. `explanation` needs `changes: explained`.
    """

    field: str
    kind: Literal[
        "mojibake",
        "charset",
        "entity",
        "escape",
        "lossy",
        "unicode",
        "invisible",
        "whitespace",
        "boilerplate",
        "metadata",
    ]
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
    starts: NotRequired[list[int]]
    original_starts: NotRequired[list[int]]


class WarningDict(TypedDict):
    """A warning."""

    code: str
    field: str
    detail: str


class CleanTextDict(TypedDict):
    """A clean text."""

    text: str
    language: LanguageDict
    encoding: EncodingDict | None
    changes: list[ChangeDict]
    warnings: list[WarningDict]
    version: str


class DatelineDict(TypedDict):
    """The dateline: the place, date, agency and reporter at the start of the text. The text keeps it."""

    place: str | None
    date: str | None
    agency: str | None
    byline: str | None
    confidence: float
    raw: str


class CreditDict(TypedDict):
    """A line of the text with a credit."""

    kind: Literal["photo", "copyright", "reporting"]
    text: str
    start: int
    end: int


class CleanArticleDict(TypedDict):
    """A clean article. Every field is always present; unknown values are null or empty."""

    id: str | None
    url: str | None
    canonical_url: str | None
    domain: str | None
    title: str | None
    subtitle: str | None
    text: str
    paragraphs: int
    dateline: DatelineDict | None
    credits: list[CreditDict]
    authors: list[str]
    authors_raw: list[str]
    published: str | None
    published_precision: Literal["second", "minute", "day", "month"] | None
    published_zone: Literal["given", "assumed", "none"] | None
    published_ambiguous: bool
    published_raw: str | None
    modified: str | None
    modified_precision: Literal["second", "minute", "day", "month"] | None
    modified_zone: Literal["given", "assumed", "none"] | None
    modified_ambiguous: bool
    modified_raw: str | None
    fetched_at: str | None
    fetched_at_precision: Literal["second", "minute", "day", "month"] | None
    fetched_at_zone: Literal["given", "assumed", "none"] | None
    fetched_at_ambiguous: bool
    fetched_at_raw: str | None
    language: LanguageDict
    source: str | None
    section: str | None
    tags: list[str]
    image: str | None
    word_count: int
    char_count: int
    content_hash: str
    fingerprint: str
    encoding: EncodingDict | None
    extra: dict[str, Any]
    changes: list[ChangeDict]
    warnings: list[WarningDict]
    version: str


class BatchItemDict(TypedDict):
    """The result of one article: the clean article or a problem."""

    index: int
    article: NotRequired[CleanArticleDict]
    problem: NotRequired[ProblemDict]
