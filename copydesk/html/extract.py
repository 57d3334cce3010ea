"""Extraction of an article from a page: the body by trafilatura, the metadata by our own reader.

In `python -m bench.pages`, trafilatura finds the body best for its cost. Our reader of JSON-LD, OpenGraph and meta
elements gets more titles and dates right than trafilatura's. Both share one tree.

Hostile HTML can take arbitrarily long to parse. Pages that are too large or nested too deeply are rejected before a
parser sees them, and nothing is fetched. Importing this module raises ImportError without the extra `html`.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]

from copydesk.errors import UnreadableContent
from copydesk.html.body import extract_body, render_elements
from copydesk.html.fragment import render_text
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
from copydesk.transforms.characters import NOT_XML

# All elements have one class. Finding the classes of lxml.html takes long.
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)
# Longer than any URL, class or date.
_MAX_ATTRIBUTE_CHARS = 10_000


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
    description = f"{metadata.title or ''} {metadata.subtitle or ''}"
    text = (
        extract_body(tree, url, description) or render_text(metadata.text) or render_elements(tree) or render_text(html)
    )
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
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(NOT_XML.sub("", html).encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableContent("The page has no HTML.") from error
    for value in tree.xpath(f"//@*[string-length() > {_MAX_ATTRIBUTE_CHARS}]"):
        del value.getparent().attrib[value.attrname]
    return tree


__all__ = ["extract_page"]
