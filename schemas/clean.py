"""The clean article and the clean text. Every field is always present."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from .fields import OptionalList

_KIND_MEANINGS = {
    "mojibake": "UTF-8 decoded as another charset",
    "charset": "a legacy charset decoded as another",
    "entity": "character references",
    "escape": "other escapes",
    "lossy": "lost characters, restored from the context",
    "unicode": "Unicode normalization and `plain` forms",
    "invisible": "invisible characters",
    "whitespace": "white space",
    "boilerplate": "lines that are not part of the article",
    "metadata": "normalized metadata",
}
KINDS = tuple(_KIND_MEANINGS)
PRECISIONS = ("second", "minute", "day", "month")
ZONES = ("given", "assumed", "none")
ENCODING_SOURCES = ("bom", "utf-8", "header", "meta", "detected")
CREDITS = ("photo", "copyright", "reporting")
DATE = r"^\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?)?$"


def _text(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description}, **more)


def _nullable(description: str, **more: Any) -> fields.String:
    return _text(description, allow_none=True, **more)


def _count(description: str) -> fields.Integer:
    return fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0), metadata={"description": description}
    )


def _offsets(description: str) -> OptionalList:
    return OptionalList(fields.Integer(strict=True), metadata={"description": description})


def _date(name: str, description: str) -> fields.String:
    return _nullable(description, attribute=f"{name}.value", validate=validate.Regexp(DATE))


def _describe(name: str, part: str, description: str) -> str:
    """Return the description of a part of `published`, and for the other dates a reference to it."""
    return description if name == "published" else f"As `published_{part}`."


def _precision(name: str) -> fields.String:
    description = _describe(name, "precision", "The precision of `published`.")
    return _nullable(description, attribute=f"{name}.precision", validate=validate.OneOf([*PRECISIONS, None]))


def _zone(name: str) -> fields.String:
    description = _describe(
        name,
        "zone",
        "The source of the UTC offset of `published`: `given`; `assumed` from an ambiguous name; `none` for a local "
        "time of an unknown zone; null for a day or month.",
    )
    return _nullable(description, attribute=f"{name}.zone", validate=validate.OneOf([*ZONES, None]))


def _ambiguous(name: str) -> fields.Boolean:
    description = _describe(
        name,
        "ambiguous",
        "Whether `published` may be another day: `02/03/2022`, or `5 listopada` in Croatian and Polish.",
    )
    return fields.Boolean(required=True, attribute=f"{name}.ambiguous", metadata={"description": description})


def _raw(name: str) -> fields.String:
    description = _describe(name, "raw", "The original `published`, if it differs.")
    return _nullable(description, attribute=f"{name}.raw")


def _confidence(description: str) -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(min=0, max=1), metadata={"description": description})


class Language(Schema):
    """The language of the text."""

    tag = _text("The language of the text as a BCP 47 tag; `und` if the language is unknown.")
    confidence = _confidence("The probability that the tag is right, from 0 to 1.")
    declared = _nullable("The BCP 47 tag of the declared `language`.")
    raw = _nullable("The declared `language` as sent, if it is not a known language.")


class Encoding(Schema):
    """How the bytes were decoded."""

    name = _text("The charset, as the WHATWG Encoding Standard names it.")
    source = _text(
        "How it was determined: by a byte order mark, valid UTF-8, the HTTP header, the page itself, or detection.",
        validate=validate.OneOf(ENCODING_SOURCES),
    )
    declared = _nullable("The charset that the HTTP header or else the page declares.")
    confidence = _confidence("From 0 to 1.")


class Dateline(Schema):
    """The dateline: the place, date, agency and reporter at the start of the text. The text keeps it."""

    place = _nullable("The place as written.")
    date = _nullable(
        "The day; `--02-02` if the year is unknown.",
        validate=validate.Regexp(r"^(?:\d{4}|-)-\d{2}-\d{2}$"),
    )
    agency = _nullable("The news agency as written.")
    byline = _nullable("The reporter, if named.")
    confidence = _confidence("From 0 to 1. `strip_dateline` removes the dateline from 0.9 on.")
    raw = _text("The dateline as written.")


class Credit(Schema):
    """A line of the text with a credit."""

    kind = _text("The kind of credit: for a photo, for reporting, for the rights.", validate=validate.OneOf(CREDITS))
    text = _text("The line.")
    start = _count("The offset in code points in the returned text.")
    end = _count("The end offset, exclusive.")


class Change(Schema):
    """A change of a field.

    Equal changes of a field are one change, with the places of all in `starts` and `original_starts`. A `count` above 1
    without `starts` is that of a stretch with many different changes, such as a line in which each word is repaired.
    With `changes: summary`, only `field`, `kind` and `count` are present. `explanation` needs `changes: explained`.
    """

    field = _text("The path of the field in the response (`authors/0`): a JSON Pointer without the first slash.")
    kind = _text(
        "The kind of change: "
        + "; ".join(f"`{kind}`, {meaning}" for kind, meaning in _KIND_MEANINGS.items())
        + ". A later version may have more kinds.",
        validate=validate.OneOf(KINDS),
    )
    before = fields.String(metadata={"description": "The original text."})
    after = fields.String(metadata={"description": "The new text: the field from `start` to `end`."})
    start = fields.Integer(strict=True, metadata={"description": "The offset in code points in the returned field."})
    end = fields.Integer(strict=True, metadata={"description": "The end offset, exclusive."})
    original_start = fields.Integer(
        strict=True,
        metadata={
            "description": "The offset in code points of `before` in the field as sent (or as extracted from a page)."
        },
    )
    original_end = fields.Integer(
        strict=True, metadata={"description": "The end offset in the original field, exclusive."}
    )
    plan = fields.List(
        fields.List(fields.String()),
        metadata={
            "description": "The steps that turn `before` into `after`, each a name with its arguments. "
            "`copydesk.replay(plan, before)` runs them."
        },
    )
    confidence = fields.Float(validate=validate.Range(min=0, max=1), metadata={"description": "From 0 to 1."})
    explanation = fields.String(metadata={"description": "The plan in words, with the bytes."})
    count = _count("The number of changes that this one stands for: equal ones, or those of a stretch.")
    starts = _offsets(
        "The `start` of each of several equal changes, sorted. The other offsets are those of the first, and "
        "`confidence` is the lowest."
    )
    original_starts = _offsets("The `original_start` of each of several equal changes, in the order of `starts`.")


class ArticleWarning(Schema):
    """A warning."""

    code = _text("A stable code for programs.")
    field = _text("The path of the field.")
    detail = _text("A sentence for people.")


def _encoding() -> fields.Nested:
    description = "How the bytes were decoded; null if the request had none."
    return fields.Nested(Encoding, required=True, allow_none=True, metadata={"description": description})


def _changes() -> fields.List[Any]:
    metadata = {"description": "All changes, field by field; those of a field sorted by their first places."}
    return fields.List(fields.Nested(Change), required=True, attribute="reported_changes", metadata=metadata)


def _warnings() -> fields.List[Any]:
    return fields.List(fields.Nested(ArticleWarning), required=True, metadata={"description": "The warnings."})


class CleanArticle(Schema):
    """A clean article. Every field is always present; unknown values are null or empty."""

    id = _nullable("Your own key.")
    url = _nullable("The normalized URL of the page, of http or https.")
    canonical_url = _nullable("The normalized URL that the page declares as canonical.")
    domain = _nullable("The site: the registrable domain of the URL by the public suffix list.")
    title = _nullable("The headline, without the name of the site.")
    subtitle = _nullable("The line under the headline.")
    text = _text("The body, which may be empty. It is plain text and may contain `<`: escape all fields in HTML.")
    paragraphs = _count("The number of blocks between blank lines, or of lines if there are no blank lines.")
    dateline = fields.Nested(Dateline, required=True, allow_none=True)
    credits = fields.List(
        fields.Nested(Credit), required=True, metadata={"description": "The lines of the text with a credit."}
    )
    authors = fields.List(fields.String(), required=True, metadata={"description": "The authors' names."})
    authors_raw = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The original `authors`, if they differ."},
    )
    published = _date(
        "published",
        "When the article was published: RFC 3339, truncated to its precision; null if it is not a known date.",
    )
    published_precision = _precision("published")
    published_zone = _zone("published")
    published_ambiguous = _ambiguous("published")
    published_raw = _raw("published")
    modified = _date("modified", "When it was last modified.")
    modified_precision = _precision("modified")
    modified_zone = _zone("modified")
    modified_ambiguous = _ambiguous("modified")
    modified_raw = _raw("modified")
    fetched_at = _date("fetched_at", "When you fetched it.")
    fetched_at_precision = _precision("fetched_at")
    fetched_at_zone = _zone("fetched_at")
    fetched_at_ambiguous = _ambiguous("fetched_at")
    fetched_at_raw = _raw("fetched_at")
    language = fields.Nested(Language, required=True)
    source = _nullable("The name of the site or agency.")
    section = _nullable("The section of the site.")
    tags = fields.List(fields.String(), required=True, metadata={"description": "Keywords, without duplicates."})
    image = _nullable("The URL of the article's image, of http or https; absolute if `url` is known.")
    word_count = _count("The number of words; of characters in Chinese and Japanese.")
    char_count = _count("The number of code points.")
    content_hash = _text("The SHA-256 of the text in UTF-8.", validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    fingerprint = _text(
        "64 bits from the words of the text, in hexadecimal. Fingerprints of the same story differ in at most 6 bits.",
        validate=validate.Regexp(r"^[0-9a-f]{16}$"),
    )
    encoding = _encoding()
    extra = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "The `extra` of the request, or `{}`."}
    )
    changes = _changes()
    warnings = _warnings()
    version = _text("The version of Copydesk.")


class CleanText(Schema):
    """A clean text."""

    text = _text("The text.")
    language = fields.Nested(Language, required=True)
    encoding = _encoding()
    changes = _changes()
    warnings = _warnings()
    version = _text("The version of Copydesk.")
