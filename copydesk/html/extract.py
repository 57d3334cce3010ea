"""Pages of HTML to the fields of an article: the body by trafilatura, the metadata by our own reader.

Of what was measured on 181 pages, trafilatura finds the body best for its cost; JSON-LD, OpenGraph and meta elements
read by ourselves are right about titles and instants more often than its own metadata. Both share one tree.

The danger of HTML is that it can be made to cost anything: what is nested too deep is refused before a parser sees it,
and nothing is ever fetched. Needs the extra `html`: importing this module raises ImportError without it.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, fields
from itertools import islice

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring  # type: ignore[import-untyped]

from copydesk.html import metadata
from copydesk.html.fragment import Telling, fragment
from copydesk.html.sniff import (
    DEEPEST,
    MOST_ATTRIBUTES,
    MOST_ATTRIBUTES_IN_ALL,
    TOO_LARGE,
    is_crowded,
    is_markup,
    is_page,
    is_too_deep,
    is_too_large,
)

__all__ = ["Page", "Unextractable", "fragment", "is_markup", "is_page", "page"]

# What is no character of XML, lone surrogates included: lxml refuses them.
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Longer than any address, class or date.
_LONGEST_ATTRIBUTE = 10_000
# The largest article pages have a fifth of it; beyond, all text of the article element is the article.
_MOST_SEARCHED = 20_000
# trafilatura drops joiners and direction marks (Persian needs them) and makes plain spaces of all others (French needs
# them). So they go through it in disguise, as letters of Linear A, which no page holds; spaces only between two words.
_INVISIBLE, _SPACES = "\u200b\u200c\u200d\u200e\u200f", "\u00a0\u2009\u202f\u3000"
_DISGUISE = {character: chr(0x10600 + at) for at, character in enumerate(_INVISIBLE + _SPACES)}
_REVEAL = {ord(letter): character for character, letter in _DISGUISE.items()}
_DISGUISED = re.compile(rf"[{_INVISIBLE}]|(?<=\S)[{_SPACES}](?=\S)")
# trafilatura's names of elements, as HTML has them; all others stand within a line.
_AS_HTML = {
    "body": "div",
    "p": "p",
    "head": "h2",
    "quote": "blockquote",
    "list": "ul",
    "item": "li",
    "table": "table",
    "row": "tr",
    "cell": "td",
    "lb": "br",
}


# It logs what it can't read. Whoever sent the page is told instead.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


class Unextractable(ValueError):
    """Raised when a page can't be read; the message says to a person what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The fields of an article as its page says them, raw: normalisation comes later."""

    text: str
    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    language: str | None
    canonical_url: str | None
    source: str | None
    section: str | None
    tags: tuple[str, ...]
    image: str | None


def page(html: str, url: str | None = None) -> Page:
    """Read the article of a page.

    Args:
        html: the whole page, decoded.
        url: its address, if it is known.

    Raises:
        Unextractable: if it is nested too deep or holds nothing to read.

    >>> found = page("<html><head><title>Rain</title></head><body><article><p>It rains.</p></article></body></html>")
    >>> found.title, found.text
    ('Rain', 'It rains.')
    """
    _refuse(html)
    tree = _parsed(html)
    found = metadata.read(tree, url)
    text = _body(tree, url) or fragment(found.body or "") or _largest(tree) or fragment(html)
    if not text and not found.title:
        raise Unextractable("The page holds neither a text nor a title.")
    return Page(text=text, **{field.name: getattr(found, field.name) for field in fields(Page) if field.name != "text"})


def _refuse(html: str) -> None:
    """Refuse what would keep a parser busy for too long."""
    if is_too_large(html):
        raise Unextractable(TOO_LARGE)
    if is_too_deep(html):
        raise Unextractable(
            f"The page's elements are nested too deep: more than {DEEPEST:,} levels, or too many elements deep down."
        )
    if is_crowded(html):
        raise Unextractable(
            f"An element of the page has {MOST_ATTRIBUTES} attributes or more, or all together have more than "
            f"{MOST_ATTRIBUTES_IN_ALL:,}."
        )


def _parsed(html: str) -> HtmlElement:
    """Return the tree, down to the 256th level, below which the parser cuts off: trafilatura would take minutes.

    Attributes that are longer than any that is read are left out: dozens of expressions search each class of a page.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = document_fromstring(_NO_CHARACTER.sub("", html).encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unextractable("There is no HTML in this page.") from error
    for value in tree.xpath(f"//@*[string-length() > {_LONGEST_ATTRIBUTE}]"):
        del value.getparent().attrib[value.attrname]
    return tree


def _body(tree: HtmlElement, url: str | None) -> str:
    """Return the text that trafilatura finds, its paragraphs divided by blank lines; nothing if it finds none.

    Of a page with very many elements it is not asked: its time grows with the square of their number.
    """
    _disguise(tree)
    if tree.xpath("count(//*)") > _MOST_SEARCHED:
        return ""
    try:
        found = trafilatura.bare_extraction(tree, url=url, fast=True, include_comments=False, with_metadata=False)
    except (RecursionError, etree.LxmlError):
        return ""
    body = getattr(found, "body", None)
    return "" if body is None else _told(body)


def _told(body: HtmlElement) -> str:
    telling = Telling()
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if name := _AS_HTML.get(element.tag):
            telling.tag(name, closes=event == "end")
        telling.say((element.text if event == "start" else element.tail) or "")
    return telling.text().translate(_REVEAL)


def _largest(tree: HtmlElement) -> str:
    """Return all text of the article element, else of main, else of the body: the first that has any."""
    found = (
        fragment(tostring(element, encoding="unicode"))
        for name in ("article", "main", "body")
        for element in islice(tree.iter(name), 1)
    )
    return next(filter(None, found), "").translate(_REVEAL)


def _disguise(tree: HtmlElement) -> None:
    for element in tree.iter():
        for place in ("text", "tail"):
            text = getattr(element, place)
            if text and not text.isascii() and _DISGUISED.search(text):
                # The parser lets through, as references, controls that may not be set again.
                writable = _NO_CHARACTER.sub("", text)
                setattr(element, place, _DISGUISED.sub(lambda match: _DISGUISE[match[0]], writable))
