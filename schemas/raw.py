"""The raw article and the raw text."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, validates_schema

from .clean import CleanArticle
from .compiled import compile_validator
from .fields import Base64, Date, Extra, Id, StrictString, StringOrInteger, Strings
from .options import Options
from .problem import SuggestingSchema
from .urls import MAX_QUERY_URL_CHARS, AnyUrl, HttpUrl

# Names that scrapers and feeds use for our fields, if the spelling does not suggest the field.
_ALIASES = {
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

# The fields of the body.
_BODY_FIELDS = ("text", "html", "content_base64", "content_type")


class StrictSchema(SuggestingSchema):
    """A schema with a compiled fast path for valid documents."""

    def __init__(self, **more: Any) -> None:
        """Compile the fast path."""
        super().__init__(**more)
        self._is_valid = compile_validator(self)

    def read(self, document: Any) -> dict[str, Any]:
        """Load a document.

        Raises:
            ValidationError: it is invalid.
        """
        if self.is_surely_valid(document):
            return cast("dict[str, Any]", document)
        return cast("dict[str, Any]", self.load(document))

    def is_surely_valid(self, document: Any) -> bool:
        """Return whether a document is certainly valid and loads unchanged. If not, it may still be valid."""
        return self._is_valid(document)


class RawArticle(StrictSchema):
    """An article from a scraper."""

    error_messages = {"type": 'Send an object, or several in `{"articles": […]}` to /v1/articles/batch.'}
    aliases = {alias: name for name, names in _ALIASES.items() for alias in names.split()}
    hints = {
        **dict.fromkeys(CleanArticle().fields, "Only clean articles have it."),
        **dict.fromkeys(Options().fields, "It is an option: send it in `options`."),
        "articles": "Send many articles to /v1/articles/batch.",
    }
    footer = "Use `extra` for custom data."

    id = Id("Your own key, returned unchanged (a number as a string). It must not have lone surrogates.")
    url = HttpUrl(
        "The URL of the page: absolute, of http or https, or a host without a scheme. It is normalized: tracking "
        "parameters, session ids, user name and password are removed, and the URL of a redirect or AMP cache is "
        "replaced by that of the page."
    )
    canonical_url = HttpUrl("The URL that the page declares as canonical; normalized as `url`.")
    title = StringOrInteger("The headline. HTML is parsed. A confirmed site name at the end is removed.")
    subtitle = StrictString("The line under the headline.")
    text = StrictString(
        "The body as plain text. Line breaks separate paragraphs. HTML, escaped or not, is parsed. With `html` or "
        "`content_base64`, `text` is the body, and the page provides only the other fields.",
        max_length=None,
        blank=True,
    )
    html = StrictString(
        "The page as decoded HTML, or a fragment of it; not with `content_base64`. Your fields take precedence over "
        "the page's.",
        max_length=None,
        blank=True,
    )
    content_base64 = Base64("The bytes of the page or text in Base64. Line breaks are allowed.")
    content_type = StrictString("The `Content-Type` header of the bytes in `content_base64`.", max_length=1_000)
    declared_charset = StrictString(
        "The charset that the text was decoded with, if known. It is the strongest hint for repair.", max_length=100
    )
    authors = Strings(
        StrictString("One author."),
        "Names or bylines. They are split; “By”, job titles and agencies are removed.",
    )
    published = Date("When the article was published: a date in any format, or Unix time in seconds or milliseconds.")
    modified = Date("When it was last modified, as `published`.")
    fetched_at = Date("When you fetched it, as `published`. Relative dates (`yesterday`) need it.")
    language = StrictString("The language that the page declares: a tag, a locale or a name.", max_length=100)
    source = StrictString("The name of the site or agency. `site_name` is a second name for this field.")
    site_name = StrictString("A second name for `source`; send one of the two.")
    section = StrictString("The section of the site.")
    tags = Strings(StringOrInteger("One tag."), "Keywords. One string is split. Duplicates and `#` are removed.")
    image = AnyUrl(
        "The URL of the article's image, normalized as `url`. A relative one is resolved against `url`. One that is "
        "not of http or https becomes null, with a warning."
    )
    extra = Extra(
        keys=fields.String(),
        allow_none=True,
        metadata={
            "description": "Your own data. Its strings are repaired, but not normalized; other values are returned "
            "unchanged."
        },
    )
    options = fields.Nested(Options, allow_none=True, metadata={"description": "The options for this article."})

    def is_surely_valid(self, document: Any) -> bool:
        """Return whether a document is certainly valid, including the rules about several fields."""
        if not super().is_surely_valid(document):
            return False
        try:
            self._check_source_names(document)
            self._check_body_fields(document, document)
        except ValidationError:
            return False
        return True

    @validates_schema(skip_on_field_errors=False)
    def _check_source_names(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("source") is not None and data.get("site_name") is not None:
            raise ValidationError("Send `source` or `site_name`, not both.", "site_name")

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_body_fields(self, data: dict[str, Any], original: Any = None, **_: Any) -> None:
        # A field with an error is present, and its error is reported already.
        if not isinstance(original, dict):
            return
        invalid = {name for name in _BODY_FIELDS if original.get(name) is not None and name not in data}
        sent = invalid | {name for name in _BODY_FIELDS if data.get(name) is not None}
        if sent <= {"content_type"}:
            raise ValidationError("Send `text`, `html` or `content_base64`.", "text")
        if {"html", "content_base64"} <= sent:
            raise ValidationError("Send `html` or `content_base64`, not both.", "content_base64")
        if "content_type" in sent and "content_base64" not in sent:
            raise ValidationError("Allowed only with `content_base64`.", "content_type")


class PageUrl(Schema):
    """The URL of a page that is sent as a bare body."""

    url = HttpUrl("The URL of the page.")


class QueryUrl(Schema):
    """The URL of a page or article in the query."""

    url = HttpUrl("The URL of the page.", max_length=MAX_QUERY_URL_CHARS)


class RawText(StrictSchema):
    """A bare text to repair and normalize."""

    error_messages = {"type": 'Send `{"text": "…"}`.'}
    aliases = dict.fromkeys(_ALIASES["text"].split(), "text")

    text = StrictString(
        "The text. HTML is not parsed.",
        max_length=None,
        blank=True,
        required=True,
        allow_none=False,
        error_messages={"required": "Send a text.", "null": "Send a text."},
    )
    declared_charset = StrictString("The charset that the text was decoded with, if known.", max_length=100)
    options = fields.Nested(
        Options,
        allow_none=True,
        metadata={
            "description": "The options. `boilerplate`, `extract_metadata`, `strip_dateline` and "
            "`date_order` have no effect on a text."
        },
    )
