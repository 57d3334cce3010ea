"""What goes into the desk and what comes out of it: frozen dataclasses, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

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
EncodingSource = Literal["bom", "utf-8", "header", "meta", "detected", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the desk may do. The default is faithful: nothing that was right is changed."""

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
    """The charset that bytes were decoded with: its WHATWG name, what told it, what was declared, how sure it is."""

    name: str
    source: EncodingSource
    declared: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Warn:
    """Something a person should know that is neither a change nor an error. `code` is stable, `detail` is prose."""

    code: str
    field: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A raw article whose shape has been checked and whose content may be damaged.

    Dates are as the caller has them: a string in any form, or Unix time as a number. `declared_charset` is the label of
    the charset that somebody decoded the text with: the strongest hint for repair. `encoding` is what its bytes were
    decoded with here, `remarks` what there was to say when it arrived.
    """

    text: str
    id: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published: str | float | None = None
    modified: str | float | None = None
    fetched_at: str | float | None = None
    declared_charset: str | None = None
    language: str | None = None
    source: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    encoding: Encoding | None = None
    remarks: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A proposal for one text: put `after` in the place of `text[start:end]`. `plan` makes the one of the other."""

    start: int
    end: int
    after: str
    kind: Kind
    plan: Plan
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that was changed in one field.

    `field` names the field by its path in the clean article (`title`, `authors/0`, `extra/lead`: a JSON Pointer
    without its first slash). `start` and `end` are offsets in code points in the *returned* field, so that
    `returned[start:end] == after`. Replaying `plan` on `before` gives `after`. Where `count` alike changes are
    folded into one, the offsets are those of the first; a stretch of very many different ones is told as one, and its
    `count` says how many. Where one item of a list became several, the first of them tells it; where one was left out,
    `field` is the list (`authors`) and `after` is empty.

    `original_start` and `original_end` are where `before` stood in the text as it came: as it was sent or, of a page,
    as it was read out of it.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedChange(Change):
    """A change with its plan in words: what `changes: explained` gives."""

    explanation: str


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many changes of one kind a field saw: what `changes: summary` gives instead of each change."""

    field: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP 47 tag (`und` when it can't be told), a confidence from 0 to 1, and the tag of what the caller declared.

    `raw` is what was declared, where it is no language that anybody knows.
    """

    tag: str = "und"
    confidence: float = 0.0
    declared: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Instant:
    """A date or time as far as it is known: RFC 3339, cut off where `precision` ends; or only the raw string.

    `zone` tells where the offset of a time is from: `given`, `assumed` from a name that could mean several, or `none`.
    `ambiguous` is a day that could as well be another (`02/03/2022`). `raw` is what came, if it is not the value.
    """

    value: str | None = None
    precision: Precision | None = None
    zone: Zone | None = None
    ambiguous: bool = False
    raw: str | None = None

    def __repr__(self) -> str:
        """Show only what is set."""
        told = ((field.name, getattr(self, field.name)) for field in fields(self))
        return f"Instant({', '.join(f'{name}={value!r}' for name, value in told if value)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Where and when a story was filed, and by whom, as in `NEW YORK, February 2. /TASS/`.

    `date` is a day (`2022-02-02`), or one of an unknown year (`--02-02`). `raw` stands in the text from `start` on; the
    story itself begins at `end`.
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
    """A line of the text that gives credit: for a photo, for the reporting, or to whom the text belongs."""

    kind: Literal["photo", "copyright", "reporting"]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The clean article. Every field is always there; what is not known is None or empty.

    `changed` counts the changes by kind, and `misread` those that decoded anew by the charset that the text was in and
    the one that it had been read as, whatever `changes` tells of them.
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
    changes: tuple[Change | ChangeCount, ...]
    warnings: tuple[Warn, ...]
    changed: Mapping[Kind, int]
    misread: Mapping[tuple[str, str], int]
