"""Building an article: bytes are decoded and HTML is parsed. The caller's fields take precedence over the page's.

    bytes -> text -> page? -> fields -> article, with warnings about overruled fields

A page states everything several times and may contradict its caller. A warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from email.message import Message
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from copydesk._layout import schemas
from copydesk.article import Article, ArticleWarning, Encoding
from copydesk.encoding.detect import binary_type, decode, whatwg_name
from copydesk.errors import MissingDependency, UnreadableContent
from copydesk.html.escaped import HTML_IN_TEXT, find_escaped_html, read_plain_text
from copydesk.html.fragment import render_text
from copydesk.html.not_article import find_reason
from copydesk.html.other_kinds import FeedType, feed_type, json_kind
from copydesk.html.sniff import TOO_LARGE, is_markup, is_page, is_too_large
from copydesk.metadata import dates, languages, urls
from copydesk.transforms.characters import BINARY_CONTROLS
from copydesk.transforms.folding import fold_to_letters

if TYPE_CHECKING:
    from copydesk.html.page import Page

PLAIN = "text/plain"
HTML = frozenset({"text/html", "application/xhtml+xml"})

_CONTROLS = re.compile(f"[{BINARY_CONTROLS}]")
# Text has fewer; an image or an archive has five times as many.
_MAX_CONTROL_SHARE = 0.05
# A warning shows the start of a value.
_MAX_SHOWN_CHARS = 1_000
# An encoding of lower confidence has a warning.
_MIN_SURE_CONFIDENCE = 0.5
# Binary types that the detector does not know, or may take for UTF-16.
_BINARY_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b": "application/gzip",
    b"WARC/1.": "a web archive (WARC): copydesk spark reads it",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an OLE document, such as .doc or .xls",
}
_JSON_HINTS = {
    "article": "JSON. Send it as application/json.",
    "batch": "JSON of a batch. Send it to /v1/articles/batch as application/json.",
    "list": 'a JSON array. Send {"articles": […]} to /v1/articles/batch as application/json.',
    "lines": "NDJSON. Send it to /v1/articles/batch as application/x-ndjson.",
}


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes with the media type and charset of their `Content-Type` header."""

    data: bytes
    mimetype: str | None = None
    charset: str | None = None

    @classmethod
    def from_header(cls, data: bytes, content_type: str | None) -> Content:
        """Create content from bytes and a whole Content-Type header.

        >>> Content.from_header(b"", "text/html; charset=koi8-r").charset
        'koi8-r'
        """
        header = Message()
        plain = (content_type or "application/octet-stream").encode("ascii", "replace").decode()
        header["Content-Type"] = " ".join(plain.split())
        charset = header.get_param("charset")
        return cls(data, header.get_content_type(), charset if isinstance(charset, str) else None)


def build_article(
    stated: Mapping[str, Any], *, html: str | None = None, content: Content | None = None, pointer: str | None = None
) -> Article:
    r"""Build an article.

    Args:
        stated: the caller's fields of the article; `text` may be missing.
        html: a page or a fragment of HTML.
        content: a page, a fragment or a plain text as bytes.
        pointer: the JSON Pointer of the caller's fields in the request; None if the content is the request.

    Returns:
        The article, with the encoding of the bytes and with warnings.

    Raises:
        UnreadableContent: the bytes are not text, the page cannot be parsed, or the content is a feed or JSON.
        MissingDependency: there is a page, and the extra `html` is not installed.

    >>> build_article({"text": "<p>It rains.</p><p>It pours.</p>"}).text
    'It rains.\n\nIt pours.'
    """
    encoding: Encoding | None = None
    warnings: list[ArticleWarning] = []
    text = _none_if_blank(stated.get("text"))
    if text:
        _check_kind(text, PLAIN, _field_pointer(pointer, "text"))
    if html:
        _check_kind(html, None, _field_pointer(pointer, "html"))
    if content:
        decoded, encoding, warnings = decode_content(content)
        _check_kind(decoded, content.mimetype, _field_pointer(pointer, "content_base64"))
        if _is_html(decoded, content.mimetype):
            html = html or decoded
        else:
            text = text or _none_if_blank(decoded)
    if text:
        text = find_escaped_html(text) or text
    if html:
        html = find_escaped_html(html) or html
    if text and is_markup(text):
        html, text = (html, render_text(_check_element_count(text))) if html else (text, None)
        warnings.append(HTML_IN_TEXT)
    if html and is_page(_check_element_count(html)):
        article = _from_page(html, stated, text)
    else:
        article = _article(stated, text or (render_text(html) if html else ""))
    # The text of HTML may have tags that are not markup.
    plain = read_plain_text(article.text)
    if plain is article.text and not encoding and not warnings:
        return article
    return replace(article, text=plain, encoding=encoding, warnings=(*warnings, *article.warnings))


def _field_pointer(pointer: str | None, name: str) -> str:
    """Return the JSON Pointer of a field; that of the whole request if it has no fields."""
    return "" if pointer is None else f"{pointer}/{name}"


def _check_kind(text: str, mimetype: str | None, pointer: str) -> None:
    """Raise if a text is a feed or, unless it is declared as plain text, JSON."""
    if feed := feed_type(text):
        raise feed_error(feed, pointer)
    if mimetype != PLAIN and (json := json_kind(text)):
        raise _other_kind(f"The content is {_JSON_HINTS[json]}", pointer)


def feed_error(feed: FeedType, pointer: str) -> UnreadableContent:
    """Return the error for a feed in the place of one article.

    Args:
        feed: the media type of the feed.
        pointer: its JSON Pointer in the request.
    """
    detail = f"The content is a feed. Send it to /v1/articles/batch as {feed}: each entry becomes an article."
    return _other_kind(detail, pointer)


def _other_kind(detail: str, pointer: str) -> UnreadableContent:
    return UnreadableContent(detail, errors=[{"pointer": pointer, "detail": detail}])


def _check_element_count(html: str) -> str:
    """Return HTML, or raise if it has too many elements."""
    if is_too_large(html):
        raise UnreadableContent(TOO_LARGE)
    return html


def _none_if_blank(text: str | None) -> str | None:
    """Return None for a blank text: a page may have a better one."""
    return text if text and not text.isspace() else None


def _article(stated: Mapping[str, Any], text: str) -> Article:
    lists = {name: tuple(stated[name]) for name in ("authors", "tags") if name in stated}
    return Article(**{**stated, **lists, "text": text})


def decode_content(content: Content) -> tuple[str, Encoding, list[ArticleWarning]]:
    """Decode bytes.

    Returns:
        The text, its encoding, and warnings about both.

    Raises:
        UnreadableContent: the bytes are not text.
    """
    check_binary(content.data)
    decoded = decode(content.data, content.charset, markup=content.mimetype != PLAIN)
    if len(_CONTROLS.findall(decoded.text)) > _MAX_CONTROL_SHARE * len(decoded.text):
        raise UnreadableContent("The bytes are not text: too many control characters.")
    return decoded.text, decoded.encoding, list(_decoding_warnings(decoded.encoding, decoded.lost))


def check_binary(data: bytes) -> None:
    """Check that bytes are not of a known binary type, by their start.

    Raises:
        UnreadableContent: they are.
    """
    signature = next((mark for mark in _BINARY_SIGNATURES if data.startswith(mark)), None)
    if kind := _BINARY_SIGNATURES[signature] if signature else binary_type(data):
        raise UnreadableContent(f"The bytes are not text but {kind}.")


def _decoding_warnings(encoding: Encoding, lost: int) -> Iterator[ArticleWarning]:
    if encoding.declared and whatwg_name(encoding.declared) != encoding.name:
        is_known = whatwg_name(encoding.declared) is not None
        reason = "is declared, but the bytes are" if is_known else "is an unknown charset; the bytes are read as"
        detail = f"{encoding.declared!r} {reason} {encoding.name}."
        yield ArticleWarning("charset-overruled", "encoding", detail)
    if encoding.confidence < _MIN_SURE_CONFIDENCE:
        detail = f"The bytes may be in another charset than {encoding.name}; declare it if you know it."
        yield ArticleWarning("charset-uncertain", "encoding", detail)
    if lost:
        yield ArticleWarning("bytes-lost", "encoding", f"{lost} × U+FFFD: bytes that are invalid in {encoding.name}.")


def _is_html(text: str, mimetype: str | None) -> bool:
    if mimetype in HTML:
        return True
    return mimetype != PLAIN and (is_page(text) or is_markup(text))


def _from_page(html: str, stated: Mapping[str, Any], text: str | None) -> Article:
    try:
        from copydesk.html import extract  # noqa: PLC0415  the extra may not be installed
    except ImportError as error:
        raise MissingDependency("Pages need the extra html: pip install 'copydesk[html]'.") from error
    page = extract.extract_page(html, stated.get("url"))
    names = (field.name for field in fields(page) if field.name not in _NOT_OF_ARTICLE)
    page_fields = {name: value for name in names if (value := getattr(page, name))}
    fitting = {name: _fit(name, value) for name, value in page_fields.items()}
    merged = fitting | {name: value for name, value in stated.items() if value}
    warnings = [*_disagreements(stated, page), *_source_warnings(stated, page)]
    cut = (name for name, value in fitting.items() if value != page_fields[name] and merged[name] == value)
    warnings += [ArticleWarning("page-value-cut", name, "The value of the page is too long.") for name in cut]
    if reason := find_reason(page, needs_text=not text):
        warnings.append(ArticleWarning("page-not-article", "text", f"The page is not an article but {reason}."))
    return replace(_article(merged, text or page.text), warnings=tuple(warnings))


def _fit(name: str, value: Any) -> Any:
    """Return a value of a page within the limits of a raw article: None, or fewer items of a list, if it is longer."""
    if name in _UNLIMITED:
        return value
    if isinstance(value, str):
        return value if len(value) <= _MAX_CHARS.get(name, schemas.MAX_STRING_CHARS) else None
    items = [item for item in value if len(item) <= schemas.MAX_STRING_CHARS][: schemas.MAX_LIST_ITEMS]
    chars = accumulate(map(len, items))
    return tuple(item for item, total in zip(items, chars, strict=True) if total <= schemas.MAX_LIST_CHARS)


def _source_warnings(stated: Mapping[str, Any], page: Page) -> Iterator[ArticleWarning]:
    """Yield a warning if the date of publication is not from metadata."""
    if page.published and not stated.get("published") and page.published_source in _SOURCE_WARNINGS:
        yield _SOURCE_WARNINGS[page.published_source]


def _disagreements(stated: Mapping[str, Any], page: Page) -> Iterator[ArticleWarning]:
    """Yield a warning for each field where the page contradicts the caller."""
    for name, differ in _COMPARISONS.items():
        own, on_page = stated.get(name), getattr(page, name)
        if name == "published" and page.published_source != "metadata":
            continue
        if own and on_page and differ(own, on_page):
            value = (on_page if isinstance(on_page, str) else ", ".join(on_page))[:_MAX_SHOWN_CHARS]
            yield ArticleWarning("page-disagrees", name, f"The page says “{value}”; your value is kept.")


def _names_differ(own: str, on_page: str) -> bool:
    folded, folded_on_page = fold_to_letters(own), fold_to_letters(on_page)
    return folded not in folded_on_page and folded_on_page not in folded


def _people_differ(own: Iterable[str], on_page: Iterable[str]) -> bool:
    names, names_on_page = _fold_names(own), _fold_names(on_page)
    return bool(names and names_on_page) and names.isdisjoint(names_on_page)


def _fold_names(bylines: Iterable[str]) -> set[str]:
    from copydesk.metadata import authors  # noqa: PLC0415  slow to import

    return {fold_to_letters(name.text) for name in authors.parse(list(bylines))}


def _days_differ(own: str | float, on_page: str | float) -> bool:
    values = [dates.parse(raw).value or "" for raw in (own, on_page)]
    if min(map(len, values)) < len("2022-02-02"):
        return False
    day, day_on_page = (date.fromisoformat(value[:10]) for value in values)
    return abs((day - day_on_page).days) > 1


def _languages_differ(own: str, on_page: str) -> bool:
    return not languages.may_agree(own, on_page)


def _urls_differ(own: str, on_page: str) -> bool:
    resolved = urls.resolve(on_page, own)
    return resolved is not None and urls.normalize(own) != resolved


# The pipeline checks URLs.
_UNLIMITED = frozenset(["text", "canonical_url", "image"])
_MAX_CHARS = {"language": 100}
# What a page has, but an article has not.
_NOT_OF_ARTICLE = frozenset(["published_source", "headline"])
_SOURCE_WARNINGS = {
    "text": ArticleWarning(
        "date-from-text", "published", "The page has no metadata with this date; it is from the visible text."
    ),
    "url": ArticleWarning("date-from-url", "published", "The page has no metadata with this date; it is from the URL."),
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "title": _names_differ,
    "authors": _people_differ,
    "published": _days_differ,
    "modified": _days_differ,
    "language": _languages_differ,
    "canonical_url": _urls_differ,
    "source": _names_differ,
    "section": _names_differ,
}
