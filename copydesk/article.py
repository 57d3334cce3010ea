"""The values: raw and clean articles, options, changes, warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from copydesk import __version__
from copydesk.raw_fields import reduce_clean_article

if TYPE_CHECKING:
    from copydesk.typed_dicts import CleanArticleDict, CleanTextDict, RawArticleDict

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

Step: TypeAlias = tuple[str, ...]
Plan: TypeAlias = tuple[Step, ...]

Kind = Literal[
    "mojibake", "charset", "entity", "escape", "lossy", "unicode", "invisible", "whitespace", "boilerplate", "metadata"
]
Keep = Literal["keep", "plain"]
Detail = Literal["full", "explained", "summary", "none"]
Precision = Literal["second", "minute", "day", "month"]
Zone = Literal["given", "assumed", "none"]
EncodingSource = Literal["bom", "utf-8", "header", "meta", "detected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options. By default, correct text is not changed. `docs/reference/options.md` describes each value."""

    repair: Literal["off", "safe", "standard", "aggressive"] = "standard"
    quotes: Keep = "keep"
    dashes: Keep = "keep"
    ellipsis: Keep = "keep"
    ligatures: Keep = "keep"
    width: Keep = "keep"
    normalization: Literal["NFC", "NFKC", "none"] = "NFC"
    whitespace: Literal["tidy", "keep"] = "tidy"
    boilerplate: Literal["remove", "keep"] = "remove"
    strip_dateline: bool = False
    date_order: Literal["auto", "DMY", "MDY"] = "auto"
    changes: Detail = "full"
    detect_language: bool = True
    extract_metadata: bool = True


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes were decoded.

    Attributes:
        name: the charset, as the WHATWG Encoding Standard names it.
        source: how it was determined.
        declared: the charset that the HTTP header or the page declares.
        confidence: from 0 to 1.
    """

    name: str
    source: EncodingSource
    declared: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class ArticleWarning:
    """A warning: neither a change nor an error. `code` is stable, `detail` is a sentence for people."""

    code: str
    field: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A raw article.

    Attributes:
        text: the body.
        published: a date in any format, Unix time, or a `date` or `datetime`; so are `modified` and `fetched_at`.
        declared_charset: the label of the charset that the text was decoded with, if known.
        extra: any JSON object; its strings are repaired.
        encoding: how the bytes of the article were decoded; set by Copydesk.
        warnings: warnings from reading the article; set by Copydesk.
    """

    text: str
    id: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published: str | float | date | None = None
    modified: str | float | date | None = None
    fetched_at: str | float | date | None = None
    declared_charset: str | None = None
    language: str | None = None
    source: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    encoding: Encoding | None = None
    warnings: tuple[ArticleWarning, ...] = ()


@dataclass(slots=True)
class Edit:
    """A proposed edit of a text: replace `text[start:end]` by `after`, as `plan` does.

    Edits are never changed. They are not frozen because there may be half a million: a frozen one takes three times
    as long to create.
    """

    start: int
    end: int
    after: str
    kind: Kind
    plan: Plan
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of one field.

    Attributes:
        field: the path of the field in the clean article (`title`, `authors/0`, `extra/lead`): a JSON Pointer without
            the first slash. For an item that was removed from a list, the path of the list.
        kind: the kind of damage.
        before: the original text.
        after: the new text. `replay(plan, before)` returns it.
        start: the offset in code points in the *returned* field: `returned[start:end] == after`.
        end: the end offset, exclusive.
        original_start: the offset of `before` in the field as it was sent or, for a page, as it was extracted.
        original_end: the end offset, exclusive.
        plan: the steps that turn `before` into `after`.
        confidence: from 0 to 1.
        count: the number of changes that this one stands for: equal ones, or those of a stretch of text.
        starts: the `start` of each of several equal changes, sorted; otherwise empty. The other offsets are those of
            the first, and `confidence` is the lowest.
        original_starts: the `original_start` of each, in the same order.
    """

    field: str
    kind: Kind
    before: str
    after: str
    start: int
    end: int
    original_start: int
    original_end: int
    plan: Plan
    confidence: float
    count: int = 1
    starts: tuple[int, ...] = ()
    original_starts: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """The `start` and `original_start` of each place, sorted: several for equal changes, otherwise one."""
        starts, originals = self.starts or (self.start,), self.original_starts or (self.original_start,)
        return tuple(zip(starts, originals, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedChange(Change):
    """A change with an explanation in words, for `changes: explained`."""

    explanation: str


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """The number of changes of one kind in a field, for `changes: summary`."""

    field: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Language:
    """The language of the text.

    Attributes:
        tag: a BCP 47 tag; `und` if the language is unknown.
        confidence: from 0 to 1.
        declared: the tag of the language that the caller declared.
        raw: the declared language if it is unknown.
    """

    tag: str = "und"
    confidence: float = 0.0
    declared: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Instant:
    """A date or time.

    Attributes:
        value: RFC 3339, truncated to `precision`; None if the date could not be parsed.
        precision: the precision of the value.
        zone: the source of the UTC offset: `given`; `assumed` from an ambiguous name; `none` for local time.
        ambiguous: whether the day may be another one (`02/03/2022`).
        raw: the original, if it differs from the value.
    """

    value: str | None = None
    precision: Precision | None = None
    zone: Zone | None = None
    ambiguous: bool = False
    raw: str | None = None

    def __repr__(self) -> str:
        """Show the fields that are set."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return f"Instant({', '.join(f'{name}={value!r}' for name, value in values if value)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """A dateline, such as `NEW YORK, February 2. /TASS/`.

    Attributes:
        place: the place as written.
        date: a day (`2022-02-02`), or a day of an unknown year (`--02-02`).
        agency: the news agency as written.
        byline: the reporter.
        confidence: from 0 to 1.
        raw: the dateline itself: `text[start:end]` without the white space around it.
        start: the offset of the dateline in the text.
        end: the offset of the first word of the story.
    """

    place: str | None
    date: str | None
    agency: str | None
    byline: str | None
    confidence: float
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Credit:
    """A line of the text with a credit: for a photo, for reporting, or for the rights."""

    kind: Literal["photo", "copyright", "reporting"]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanArticle:
    """A clean article. Unknown fields are None or empty.

    The fields are those of the HTTP service; `docs/reference/fields.md` describes each. The differences:

    Attributes:
        changes: the changes, for the option `changes` = `full` or `explained`; otherwise empty.
        change_summary: the number of changes by field and kind, for `changes` = `summary`; otherwise empty.
        change_counts: the number of changes by kind, even with `changes: none`.
        charset_repairs: the number of changes by pair of charsets: the actual one, and the one it was decoded as.
    """

    id: str | None
    url: str | None
    canonical_url: str | None
    domain: str | None
    title: str | None
    subtitle: str | None
    text: str
    paragraphs: int
    dateline: Dateline | None
    credits: tuple[Credit, ...]
    authors: tuple[str, ...]
    authors_raw: tuple[str, ...]
    published: Instant
    modified: Instant
    fetched_at: Instant
    language: Language
    source: str | None
    section: str | None
    tags: tuple[str, ...]
    image: str | None
    word_count: int
    char_count: int
    content_hash: str
    fingerprint: str
    encoding: Encoding | None
    extra: Mapping[str, Json]
    changes: tuple[Change, ...]
    warnings: tuple[ArticleWarning, ...]
    change_summary: tuple[ChangeCount, ...]
    change_counts: Mapping[Kind, int]
    charset_repairs: Mapping[tuple[str, str], int]

    @property
    def reported_changes(self) -> tuple[Change | ChangeCount, ...]:
        """The changes or their summary: the `changes` of the JSON."""
        return self.changes or self.change_summary

    def to_dict(self) -> CleanArticleDict:
        """Return the article as the HTTP service returns it: a dict for JSON, with the `version` of Copydesk."""
        return cast("CleanArticleDict", _dumper("CleanArticle")(self) | {"version": __version__})

    def to_raw(self) -> RawArticleDict:
        """Return the fields of a raw article. Cleaning them again changes nothing."""
        return cast("RawArticleDict", reduce_clean_article(_dumper("CleanArticle")(self)))

    def to_text_dict(self) -> CleanTextDict:
        """Return the article as `POST /v1/text` returns it: only its text, language, encoding, changes, warnings."""
        return cast("CleanTextDict", _dumper("CleanText")(self) | {"version": __version__})


@cache
def _dumper(schema: str) -> Callable[[CleanArticle], dict[str, Json]]:
    # Imported late: the values can then be imported without the schemas.
    from copydesk._layout import schemas  # noqa: PLC0415

    return schemas.compile_serializer(getattr(schemas, schema)())
