"""The raw article and the raw text: their shape. What is in them may be damaged in any way."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, validates_schema

from schemas.addresses import LONG_IN_QUERY, Address, HttpUrl
from schemas.fields import Base64, Date, Extra, Id, Label, Line, Strings
from schemas.options import Options
from schemas.problem import Naming
from schemas.quick import taker

# What scrapers and feeds call our fields, where the letters don't tell.
_ALSO_CALLED = {
    "text": "body content contents article article_text article_body articlebody full_text fulltext raw_text maintext",
    "title": "headline name",
    "authors": "byline creator writer",
    "published": "date pubdate pub_date datepublished date_published date_publish publish_date timestamp",
    "modified": "updated updated_at date_modified datemodified last_modified date_modify",
    "fetched_at": "scraped_at crawled_at date_download download_date",
    "url": "link href source_url",
    "language": "lang",
    "source": "site publisher outlet",
    "section": "category",
    "tags": "keywords topics",
    "image": "thumbnail picture top_image",
}

# What an article's text may come in, and what says how.
_BODIES = ("text", "html", "content_base64", "content_type")


class Refusing(Naming):
    """A schema that reads documents, and those that surely fit without asking after every field."""

    def __init__(self, **more: Any) -> None:
        """Take what every schema takes."""
        super().__init__(**more)
        self._takes = taker(self)

    def read(self, document: Any) -> dict[str, Any]:
        """Load a document.

        Raises:
            ValidationError: it doesn't fit.
        """
        if self.fits(document):
            return cast("dict[str, Any]", document)
        return cast("dict[str, Any]", self.load(document))

    def fits(self, document: Any) -> bool:
        """Tell whether a document surely fits and loads as it is; of what may still fit, it is not told."""
        return self._takes(document)


class RawArticle(Refusing):
    """An article as a scraper has it."""

    meant = {other: name for name, others in _ALSO_CALLED.items() for other in others.split()}
    hints = {"articles": "Many at once go to /v1/articles/batch."}
    elsewhere = "What you want carried along goes into extra."

    id = Id("Your own key; returned as it came (a number as a string).")
    url = HttpUrl("Where the article was found.")
    canonical_url = HttpUrl("What the page calls its own address.")
    title = Label("The headline.")
    subtitle = Line("The line under the headline.")
    text = Line(
        "The body, as plain text. Paragraphs are separated by line breaks. HTML is read as such.",
        longest=None,
        blank=True,
    )
    html = Line(
        "The page as HTML, or a piece of it. Where the page says otherwise than your fields, yours are kept.",
        longest=None,
        blank=True,
    )
    content_base64 = Base64("The page or text as it came off the wire: its bytes.")
    content_type = Line("The `Content-Type` header that these bytes came with.", longest=1_000)
    declared_charset = Line(
        "The charset that somebody decoded the text with, if you know it: the strongest hint for repair.", longest=100
    )
    authors = Strings(Line("One author."), "The authors' names.")
    published = Date("When the article was published: a date in any form, or Unix time.")
    modified = Date("When it was last changed.")
    fetched_at = Date("When you fetched it.")
    language = Line("The language that the page declares.", longest=100)
    source = Line("The name of the site or agency. `site_name` is another name for this field.")
    site_name = Line("Another name for `source`; send one of the two.")
    section = Line("The section of the site.")
    tags = Strings(Label("One tag."), "Keywords.")
    image = Address("The address of the article's picture; a relative one is resolved against `url`.")
    extra = Extra(
        keys=fields.String(),
        allow_none=True,
        metadata={"description": "Any object: its strings are repaired, the rest passes through."},
    )
    options = fields.Nested(Options, allow_none=True, metadata={"description": "What to do, for this article."})

    def fits(self, document: Any) -> bool:
        """Tell whether a document surely fits, the rules that join fields included."""
        if not super().fits(document):
            return False
        try:
            self._one_name(document)
            self._one_body(document, document)
        except ValidationError:
            return False
        return True

    @validates_schema(skip_on_field_errors=False)
    def _one_name(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("source") is not None and data.get("site_name") is not None:
            raise ValidationError("Send source or site_name, not both.", "site_name")

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_body(self, data: dict[str, Any], original: Any = None, **_: Any) -> None:
        # What came with something wrong in it came nevertheless, and was told already.
        if not isinstance(original, dict):
            return
        wrong = {name for name in _BODIES if original.get(name) is not None and name not in data}
        sent = wrong | {name for name in _BODIES if data.get(name) is not None}
        if sent <= {"content_type"}:
            raise ValidationError("Send the text of the article; or html, or content_base64.", "text")
        if {"html", "content_base64"} <= sent:
            raise ValidationError("Send html or content_base64, not both.", "content_base64")
        if "content_type" in sent and "content_base64" not in sent:
            raise ValidationError("This goes with content_base64.", "content_type")


class PageAddress(Schema):
    """The address of a page that comes as a bare body."""

    url = HttpUrl("Where the page was found.")


class QueriedAddress(Schema):
    """The address of a page or article, in the query."""

    url = HttpUrl("Where it was found.", longest=LONG_IN_QUERY)


class RawText(Refusing):
    """A bare text to be repaired and tidied."""

    meant = dict.fromkeys(_ALSO_CALLED["text"].split(), "text")

    text = Line(
        "The text.",
        longest=None,
        blank=True,
        required=True,
        allow_none=False,
        error_messages={"required": "Send a text.", "null": "Send a text."},
    )
    declared_charset = Line("The charset that somebody decoded it with, if you know it.", longest=100)
    options = fields.Nested(Options, allow_none=True, metadata={"description": "What to do."})
