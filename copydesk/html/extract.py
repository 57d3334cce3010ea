"""Extraction of an article from a page: the body by trafilatura, the metadata by our own reader.

In `python -m bench.pages`, trafilatura finds the body best for its cost. Our reader of JSON-LD, OpenGraph and meta
elements gets more titles and dates right than trafilatura's. Both share one tree.

Hostile HTML can take arbitrarily long to parse. Pages that are too large or nested too deeply are rejected before a
parser sees them, and nothing is fetched. Importing this module raises ImportError without the extra `html`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from itertools import islice

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring  # type: ignore[import-untyped]

from copydesk.errors import UnreadableContent
from copydesk.html.fragment import TextRenderer, render_text
from copydesk.html.metadata import read_metadata
from copydesk.html.page import Page
from copydesk.html.sniff import (
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY_ATTRIBUTES,
    has_too_many_attributes,
    is_too_deep,
    is_too_large,
)
from copydesk.transforms.characters import C0_CONTROLS, SURROGATES

# lxml rejects characters that are not allowed in XML.
_NOT_XML = re.compile(f"[{C0_CONTROLS}{SURROGATES}\ufffe\uffff]")
# Longer than any URL, class or date.
_MAX_ATTRIBUTE_CHARS = 10_000
# The time of trafilatura grows with the square of the number of elements. The largest articles have a fifth of these.
_MAX_EXTRACTED_ELEMENTS = 20_000
# trafilatura removes joiners and direction marks, which Persian needs, and turns all spaces into plain ones, although
# French needs others. So they are replaced by letters of Linear A before, and restored after; spaces only between
# words.
_INVISIBLE, _SPACES = "\u200b\u200c\u200d\u200e\u200f", "\u00a0\u2009\u202f\u3000"
_PLACEHOLDERS = {character: chr(0x10600 + i) for i, character in enumerate(_INVISIBLE + _SPACES)}
_ORIGINALS = {ord(placeholder): character for character, placeholder in _PLACEHOLDERS.items()}
_PROTECTED = re.compile(rf"[{_INVISIBLE}]|(?<=\S)[{_SPACES}](?=\S)")
# trafilatura's names of block elements, and their names in HTML. All its other elements are inline.
_HTML_NAMES = {
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


# trafilatura logs what it cannot read. Here this is an error of the caller's page instead.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract_page(html: str, url: str | None = None) -> Page:
    """Extract the article of a page.

    Args:
        html: the whole page, decoded.
        url: the URL of the page, if known.

    Returns:
        The text and the metadata, raw.

    Raises:
        UnreadableContent: the page is too large, nested too deeply, or has no text and no title.

    >>> page = extract_page("<html><head><title>Rain</title></head><body><p>It rains.</p></body></html>")
    >>> page.title, page.text
    ('Rain', 'It rains.')
    """
    _check_limits(html)
    tree = _parse(html)
    metadata = read_metadata(tree, url)
    text = _extract_body(tree, url) or render_text(metadata.text) or _render_largest(tree) or render_text(html)
    if not text and not metadata.title:
        raise UnreadableContent("The page has no text and no title.")
    return replace(metadata, text=text)


def _check_limits(html: str) -> None:
    """Reject pages that would take a parser too long."""
    if is_too_large(html):
        raise UnreadableContent(TOO_LARGE)
    if is_too_deep(html):
        raise UnreadableContent(TOO_DEEP)
    if has_too_many_attributes(html):
        raise UnreadableContent(TOO_MANY_ATTRIBUTES)


def _parse(html: str) -> HtmlElement:
    """Return the tree. The parser drops elements below the 256th level; deeper trees would take trafilatura minutes.

    Very long attributes are removed, because trafilatura searches each class with dozens of expressions.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = document_fromstring(_NOT_XML.sub("", html).encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableContent("The page has no HTML.") from error
    for value in tree.xpath(f"//@*[string-length() > {_MAX_ATTRIBUTE_CHARS}]"):
        del value.getparent().attrib[value.attrname]
    return tree


def _extract_body(tree: HtmlElement, url: str | None) -> str:
    """Return the text that trafilatura finds; an empty string if it finds none, or if there are too many elements."""
    _protect_characters(tree)
    if tree.xpath("count(//*)") > _MAX_EXTRACTED_ELEMENTS:
        return ""
    try:
        document = trafilatura.bare_extraction(tree, url=url, fast=True, include_comments=False, with_metadata=False)
    except (RecursionError, etree.LxmlError):
        return ""
    body = getattr(document, "body", None)
    return "" if body is None else _render_body(body)


def _render_body(body: HtmlElement) -> str:
    renderer = TextRenderer()
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if name := _HTML_NAMES.get(element.tag):
            renderer.add_tag(name, is_end_tag=event == "end")
        renderer.add_text((element.text if event == "start" else element.tail) or "")
    return renderer.text().translate(_ORIGINALS)


def _render_largest(tree: HtmlElement) -> str:
    """Return all text of the first article, main or body element that has any."""
    texts = (
        render_text(tostring(element, encoding="unicode"))
        for name in ("article", "main", "body")
        for element in islice(tree.iter(name), 1)
    )
    return next(filter(None, texts), "").translate(_ORIGINALS)


def _protect_characters(tree: HtmlElement) -> None:
    """Replace the characters that trafilatura would remove by placeholders."""
    for element in tree.iter():
        for attribute in ("text", "tail"):
            text = getattr(element, attribute)
            if text and not text.isascii() and _PROTECTED.search(text):
                # The parser accepts controls as character references, but lxml does not allow setting them.
                valid = _NOT_XML.sub("", text)
                setattr(element, attribute, _PROTECTED.sub(lambda match: _PLACEHOLDERS[match[0]], valid))


__all__ = ["extract_page"]
