"""What came, made an article: bytes are decoded, HTML is read, and what the caller states wins over what the page says.

    bytes -> text -> is it a page? -> its fields -> an article, with remarks on what was overruled

A page says everything several times over and need not agree with its caller. Where it doesn't, the caller is believed
and a remark says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from email.message import Message
from typing import TYPE_CHECKING, Any

from svc.core.article import Article, Encoding, Warn
from svc.core.decode import binary, decode, named
from svc.core.metadata import authors, dates, languages, urls
from svc.core.metadata.titles.site_names import fold
from svc.core.pages.fragment import fragment
from svc.core.pages.markup import TOO_LARGE, is_markup, is_page, is_too_large

if TYPE_CHECKING:
    from svc.core.pages.extract import Page

PLAIN = "text/plain"
HTML = frozenset({"text/html", "application/xhtml+xml"})

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# No text has so many; a picture or an archive has five times as many.
_MOST_CONTROLS = 0.05


class Unreadable(ValueError):
    """Raised when what came is no text, or a page that can't be read; the message says to a person what it is."""


class MissingExtra(RuntimeError):
    """Raised when a page comes and what reads pages is not installed; the message names the extra."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes as they came off the wire, with the type and charset of their HTTP header."""

    data: bytes
    mimetype: str | None = None
    charset: str | None = None

    @classmethod
    def of(cls, data: bytes, content_type: str | None) -> Content:
        """Take bytes with a whole Content-Type header.

        >>> Content.of(b"", "text/html; charset=koi8-r").charset
        'koi8-r'
        """
        header = Message()
        plain = (content_type or "application/octet-stream").encode("ascii", "replace").decode()
        header["Content-Type"] = " ".join(plain.split())
        charset = header.get_param("charset")
        return cls(data, header.get_content_type(), charset if isinstance(charset, str) else None)


def arrive(stated: Mapping[str, Any], *, html: str | None = None, content: Content | None = None) -> Article:
    r"""Make an article of what came.

    Args:
        stated: what the caller states, by the names of an article's fields; `text` may be missing.
        html: a page or a piece of HTML.
        content: the same, or a plain text, in bytes.

    Returns:
        The article, with the encoding of the bytes and with remarks.

    Raises:
        Unreadable: the bytes are no text, or the page can't be read.
        MissingExtra: a page came, and the extra `html` is not installed.

    >>> arrive({"text": "<p>It rains.</p><p>It pours.</p>"}).text
    'It rains.\n\nIt pours.'
    """
    encoding: Encoding | None = None
    remarks: list[Warn] = []
    text = _or_none(stated.get("text"))
    if content:
        came, encoding, remarks = _decoded(content)
        if _is_html(came, content.mimetype):
            html = html or came
        else:
            text = text or _or_none(came)
    if text and is_markup(text):
        html, text = (html, fragment(_bounded(text))) if html else (text, None)
        remarks.append(Warn("markup-read", "text", "The text came as HTML; it was read as such."))
    if html and is_page(_bounded(html)):
        article = _from_page(html, stated, text)
    else:
        article = _article(stated, text or (fragment(html) if html else ""))
    return replace(article, encoding=encoding, remarks=(*remarks, *article.remarks))


def _bounded(html: str) -> str:
    """Refuse HTML with more elements than are read, in a page or out of it."""
    if is_too_large(html):
        raise Unreadable(TOO_LARGE)
    return html


def _or_none(text: str | None) -> str | None:
    """Take a blank text for none, where a page may have a better one."""
    return text if text and not text.isspace() else None


def _article(stated: Mapping[str, Any], text: str) -> Article:
    lists = {name: tuple(stated[name]) for name in ("authors", "tags") if name in stated}
    return Article(**{**stated, **lists, "text": text})


def _decoded(content: Content) -> tuple[str, Encoding, list[Warn]]:
    kind = binary(content.data)
    if kind:
        raise Unreadable(f"These bytes are no text but {kind}.")
    found = decode(content.data, content.charset, markup=content.mimetype != PLAIN)
    if len(_CONTROLS.findall(found.text)) > _MOST_CONTROLS * len(found.text):
        raise Unreadable("These bytes are no text: too many of them are control characters.")
    return found.text, found.encoding, list(_doubts(found.encoding, found.lost))


def _doubts(encoding: Encoding, lost: int) -> Iterator[Warn]:
    if encoding.declared and named(encoding.declared) != encoding.name:
        detail = f"{encoding.declared!r} is declared, but the bytes are in {encoding.name}."
        yield Warn("charset-overruled", "encoding", detail)
    if lost:
        yield Warn("bytes-lost", "encoding", f"{lost} × U+FFFD: bytes that mean nothing in {encoding.name}.")


def _is_html(came: str, mimetype: str | None) -> bool:
    if mimetype in HTML:
        return True
    return mimetype != PLAIN and (is_page(came) or is_markup(came))


def _from_page(html: str, stated: Mapping[str, Any], text: str | None) -> Article:
    try:
        from svc.core.pages import extract  # noqa: PLC0415  the extra may not be installed
    except ImportError as error:
        raise MissingExtra("Reading pages needs the extra html: pip install 'copydesk[html]'.") from error
    try:
        page = extract.page(html, stated.get("url"))
    except extract.Unextractable as error:
        raise Unreadable(str(error)) from error
    said = {field.name: value for field in fields(page) if (value := getattr(page, field.name))}
    joined = said | {name: value for name, value in stated.items() if value}
    return replace(_article(joined, text or page.text), remarks=tuple(_disagreements(stated, page)))


def _disagreements(stated: Mapping[str, Any], page: Page) -> Iterator[Warn]:
    """Yield a remark for each field that the page says otherwise than the caller."""
    for name, differ in _DIFFER.items():
        mine, said = stated.get(name), getattr(page, name)
        if mine and said and differ(mine, said):
            words = said if isinstance(said, str) else ", ".join(said)
            yield Warn("page-disagrees", name, f"The page says “{words}”; what you sent is kept.")


def _names_differ(one: str, other: str) -> bool:
    mine, said = fold(one), fold(other)
    return mine not in said and said not in mine


def _people_differ(one: Iterable[str], other: Iterable[str]) -> bool:
    mine, said = ({fold(name.text) for name in authors.read(list(raws))} for raws in (one, other))
    return bool(mine and said) and mine.isdisjoint(said)


def _days_differ(one: str | float, other: str | float) -> bool:
    mine, said = (dates.read(raw).value or "" for raw in (one, other))
    if min(len(mine), len(said)) < len("2022-02-02"):
        return False
    return abs((date.fromisoformat(mine[:10]) - date.fromisoformat(said[:10])).days) > 1


def _languages_differ(one: str, other: str) -> bool:
    return not languages.agree(one, other)


def _addresses_differ(one: str, other: str) -> bool:
    said = urls.resolve(other, one)
    return said is not None and urls.normalise(one) != said


_DIFFER: dict[str, Callable[[Any, Any], bool]] = {
    "title": _names_differ,
    "authors": _people_differ,
    "published": _days_differ,
    "modified": _days_differ,
    "language": _languages_differ,
    "canonical_url": _addresses_differ,
    "source": _names_differ,
    "section": _names_differ,
}
