"""The clean article and the clean text: the promise of the answer. Every field is always there."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

KINDS = (
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
)
PRECISIONS = ("second", "minute", "day", "month")
ZONES = ("given", "assumed", "none")
ENCODING_SOURCES = ("bom", "utf-8", "header", "meta", "detected", "default")
CREDITS = ("photo", "copyright", "reporting")
DATE = r"^\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?)?$"


def _text(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description}, **more)


def _maybe(description: str, **more: Any) -> fields.String:
    return _text(description, allow_none=True, **more)


def _count(description: str) -> fields.Integer:
    return fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0), metadata={"description": description}
    )


def _date(name: str, description: str) -> fields.String:
    return _maybe(description, attribute=f"{name}.value", validate=validate.Regexp(DATE))


def _precision(name: str) -> fields.String:
    description = f"How precise `{name}` is."
    return _maybe(description, attribute=f"{name}.precision", validate=validate.OneOf([*PRECISIONS, None]))


def _zone(name: str) -> fields.String:
    description = (
        f"Where the offset of `{name}` is from: `given`; `assumed` from a name that could mean several; `none`, when "
        "it is a local time of no known zone; null for a day or month."
    )
    return _maybe(description, attribute=f"{name}.zone", validate=validate.OneOf([*ZONES, None]))


def _ambiguous(name: str) -> fields.Boolean:
    description = f"Whether `{name}` could be another day: `02/03/2022`, or `5 listopada` in Croatian and Polish."
    return fields.Boolean(required=True, attribute=f"{name}.ambiguous", metadata={"description": description})


def _as_sent(name: str) -> fields.String:
    return _maybe(f"What was sent as `{name}`, where `{name}` is not just that.", attribute=f"{name}.raw")


def _share(description: str) -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(min=0, max=1), metadata={"description": description})


class Language(Schema):
    """The language of the text."""

    tag = _text("A BCP 47 tag; `und` when it can't be told.")
    confidence = _share("How sure that is, from 0 to 1.")
    declared = _maybe("The BCP 47 tag of what was sent as `language`.")
    raw = _maybe("What was sent as `language`, if nobody knows a language of this name.")


class Encoding(Schema):
    """What the bytes were decoded with."""

    name = _text("The charset, as the WHATWG Encoding Standard names it.")
    source = _text(
        "What told it: a byte order mark, the bytes being UTF-8, the HTTP header, the page itself, detection, or "
        "nothing, and the default was taken.",
        validate=validate.OneOf(ENCODING_SOURCES),
    )
    declared = _maybe("What the HTTP header declares, or else the page.")
    confidence = _share("How sure that is, from 0 to 1.")


class Dateline(Schema):
    """Where and when the story was filed, and by whom, as its first words tell. The text keeps them."""

    place = _maybe("The place, as it is written there.")
    date = _maybe(
        "The day; of an unknown year (`--02-02`) where neither `published` nor `fetched_at` tells it.",
        validate=validate.Regexp(r"^(?:\d{4}|-)-\d{2}-\d{2}$"),
    )
    agency = _maybe("The news agency, as it is written there.")
    byline = _maybe("The reporter, where the form names one.")
    confidence = _share("How sure that is, from 0 to 1.")
    raw = _text("The words of the text that say so.")


class Credit(Schema):
    """A line of the text that gives credit."""

    kind = _text("To whom: of a photo, of the reporting, of the rights.", validate=validate.OneOf(CREDITS))
    text = _text("The line.")
    start = _count("Offset in code points in the returned text.")
    end = _count("Offset of the end, exclusive.")


class Change(Schema):
    """Something that was changed.

    With `changes: summary`, only `field`, `kind` and `count` are there; `explanation` only with `changes: explained`.
    """

    field = _text("The field: its path in this answer, a JSON Pointer without the first slash.")
    kind = _text("What kind of damage it was.", validate=validate.OneOf(KINDS))
    before = fields.String(metadata={"description": "What stood there."})
    after = fields.String(metadata={"description": "What stands there now: the field from `start` to `end`."})
    start = fields.Integer(strict=True, metadata={"description": "Offset in code points in the returned field."})
    end = fields.Integer(strict=True, metadata={"description": "Offset of the end, exclusive."})
    original_start = fields.Integer(
        strict=True,
        metadata={
            "description": "Offset in code points of `before` in the field as it was sent (of a page: read out)."
        },
    )
    original_end = fields.Integer(strict=True, metadata={"description": "Offset of that end, exclusive."})
    plan = fields.List(
        fields.List(fields.String(), validate=validate.Length(min=1)),
        metadata={"description": "The steps that make `after` of `before`, each with its arguments."},
    )
    confidence = fields.Float(
        validate=validate.Range(min=0, max=1), metadata={"description": "How sure that is, from 0 to 1."}
    )
    explanation = fields.String(metadata={"description": "The plan in words, with the bytes."})
    count = _count("How many alike changes this stands for (the offsets are the first's), or a stretch of very many.")


class Warn(Schema):
    """Something a person should know."""

    code = _text("A stable name for programs.")
    field = _text("The field it is about.")
    detail = _text("A sentence for people.")


def _encoding() -> fields.Nested:
    description = "What the bytes were decoded with; null where none came."
    return fields.Nested(Encoding, required=True, allow_none=True, metadata={"description": description})


def _changes() -> fields.List[Any]:
    return fields.List(fields.Nested(Change), required=True, metadata={"description": "What was changed, and how."})


def _warnings() -> fields.List[Any]:
    return fields.List(fields.Nested(Warn), required=True, metadata={"description": "What is left to see to."})


class CleanArticle(Schema):
    """A clean article. Every field is always there; what is not known is null or empty."""

    id = _maybe("Your own key.")
    url = _maybe("Where the article was found.")
    canonical_url = _maybe("What the page calls its own address.")
    domain = _maybe("The site: the address's registrable domain, by the public suffix list.")
    title = _maybe("The headline.")
    subtitle = _maybe("The line under the headline.")
    text = _text("The body.")
    paragraphs = _count("Blocks between blank lines, or lines when there are no blank lines.")
    dateline = fields.Nested(Dateline, required=True, allow_none=True)
    credits = fields.List(
        fields.Nested(Credit), required=True, metadata={"description": "The lines of the text that give credit."}
    )
    authors = fields.List(fields.String(), required=True, metadata={"description": "The authors' names."})
    authors_raw = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What was sent as `authors`, if that is something else."},
    )
    published = _date("published", "When it was published: RFC 3339, cut off where its precision ends.")
    published_precision = _precision("published")
    published_zone = _zone("published")
    published_ambiguous = _ambiguous("published")
    published_raw = _as_sent("published")
    modified = _date("modified", "When it was last changed.")
    modified_precision = _precision("modified")
    modified_zone = _zone("modified")
    modified_ambiguous = _ambiguous("modified")
    modified_raw = _as_sent("modified")
    fetched_at = _date("fetched_at", "When you fetched it.")
    fetched_at_precision = _precision("fetched_at")
    fetched_at_zone = _zone("fetched_at")
    fetched_at_ambiguous = _ambiguous("fetched_at")
    fetched_at_raw = _as_sent("fetched_at")
    language = fields.Nested(Language, required=True)
    source = _maybe("The name of the site or agency.")
    section = _maybe("The section of the site.")
    tags = fields.List(fields.String(), required=True, metadata={"description": "Keywords."})
    image = _maybe("The address of the article's picture.")
    word_count = _count("Words in the text; of Chinese and Japanese, characters.")
    char_count = _count("Code points in the text.")
    content_hash = _text("SHA-256 of the text's UTF-8.", validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    fingerprint = _text(
        "Of the text's words, 64 bits: those of the same story differ in 6 at most.",
        validate=validate.Regexp(r"^[0-9a-f]{16}$"),
    )
    encoding = _encoding()
    extra = fields.Dict(keys=fields.String(), required=True, metadata={"description": "What you sent along."})
    changes = _changes()
    warnings = _warnings()
    version = _text("The version of Copydesk that made this.")


class CleanText(Schema):
    """A clean text."""

    text = _text("The text.")
    language = fields.Nested(Language, required=True)
    encoding = _encoding()
    changes = _changes()
    warnings = _warnings()
    version = _text("The version of Copydesk that made this.")
