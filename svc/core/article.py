"""What goes into the desk and what comes out of it: frozen dataclasses, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

Step: TypeAlias = tuple[str, ...]
Plan: TypeAlias = tuple[Step, ...]

Kind = Literal["mojibake", "charset", "entity", "escape", "lossy", "unicode", "invisible", "whitespace"]
Keep = Literal["keep", "plain"]
Precision = Literal["second", "minute", "day", "month"]


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
    changes: Literal["full", "summary", "none"] = "full"
    detect_language: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A raw article whose shape has been checked and whose content may be damaged.

    Dates are as the caller has them: a string in any form, or Unix time as a number. `declared_charset` is the label of
    the charset that somebody decoded the text with: the strongest hint for repair.
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
    folded into one, the offsets are those of the first.
    """

    field: str
    kind: Kind
    before: str
    after: str
    start: int
    end: int
    plan: Plan
    confidence: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many changes of one kind a field saw: what `changes: summary` gives instead of each change."""

    field: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Warn:
    """Something a person should know that is neither a change nor an error. `code` is stable, `detail` is prose."""

    code: str
    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Language:
    """A BCP 47 tag (`und` when it can't be told), a confidence from 0 to 1, and what the caller declared."""

    tag: str = "und"
    confidence: float = 0.0
    declared: str | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """A date or time as far as it is known: RFC 3339, cut off where `precision` ends; or only the raw string."""

    value: str | None = None
    precision: Precision | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The clean article. Every field is always there; what is not known is None or empty."""

    id: str | None
    url: str | None
    canonical_url: str | None
    title: str | None
    subtitle: str | None
    text: str
    paragraphs: int
    authors: tuple[str, ...]
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
    extra: Mapping[str, Json]
    changes: tuple[Change | ChangeCount, ...]
    warnings: tuple[Warn, ...]
