"""Texts of elements on one line. Neighbouring elements are separate words, even without white space between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from html import unescape
from itertools import islice

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

# A longer value is a text, not metadata.
MAX_VALUE_CHARS = 1_000
_MAX_EVENTS = 400

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_INLINE_TAG = re.compile(r"</?(?:a|b|br|em|i|mark|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*+)?/?>", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"[ \t\n\r\f\v]+")
# Their tags may be inside a word.
_FORMATTING_TAGS = frozenset("abbr b bdi bdo big em font i ins mark q s small strong sub sup tt u wbr".split())
_BLOCK_TAGS = frozenset(
    "address article aside br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main ol p section "
    "table tbody td th tr ul".split()
)
_PUNCTUATION = ",;.:!?)]’，、。；："
_TAGS_WITHOUT_TEXT = frozenset(["script", "style", "noscript", "template"])


class _Boundary(IntEnum):
    """What is between two texts, strongest last: nothing, a tag, the tags of two elements, of two links, of a block."""

    NOTHING = 0
    TAG = 1
    ELEMENTS = 2
    LINKS = 3
    BLOCK = 4


def clean_value(text: str) -> str:
    """Return a value on one line, with entities decoded up to twice and tags removed; nothing if it is too long.

    >>> clean_value("Fish &amp;amp; <em>chips</em> "), clean_value("AT&T &copy")
    ('Fish & chips', 'AT&T &copy')
    """
    if len(text) > 5 * MAX_VALUE_CHARS:
        return ""
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    if "<" in text:
        text = _INLINE_TAG.sub("", text)
    return _WHITE_SPACE.sub(" ", text).strip()


def element_text(element: HtmlElement) -> str:
    """Return the text inside an element, cut off after twice the maximum length of a value.

    Single letters are not separated: `<span>B</span><span>ridge</span>` is one word.

    >>> from lxml.html import fragment_fromstring
    >>> element_text(fragment_fromstring("<h1><span>Harbour</span><span>A <b>b</b>ridge</span></h1>"))
    'Harbour A bridge'
    """
    text = previous = ""
    for part, boundary in _iterate_texts(element):
        is_letter = min(len(previous), len(part)) == 1
        separates = boundary is _Boundary.BLOCK or (boundary > _Boundary.TAG and not is_letter)
        text += f" {part}" if separates else part
        previous = part
    return clean_value(text[: 2 * MAX_VALUE_CHARS])


def byline_text(element: HtmlElement, max_chars: int = 2 * MAX_VALUE_CHARS) -> str:
    """Return the text inside an element with bars between its blocks and between neighbouring links.

    A text with more characters than the maximum, except white space, is cut off.

    >>> from lxml.html import fragment_fromstring
    >>> byline_text(fragment_fromstring("<p>By<a>Anna Bell</a><a>Bo Ek</a><br>Reporters</p>"))
    'By Anna Bell | Bo Ek | Reporters'
    """
    text, size = "", 0
    for part, boundary in _iterate_texts(element):
        separator = " | " if boundary >= _Boundary.LINKS else " " if boundary and part[0] not in _PUNCTUATION else ""
        text += f"{separator}{part}" if size else part
        size += len(part.strip())
        if size > max_chars:
            break
    return clean_value(text[: 2 * MAX_VALUE_CHARS])


def _iterate_texts(element: HtmlElement) -> Iterator[tuple[str, _Boundary]]:
    """Yield the texts inside an element that are not empty, each with the boundary before it."""
    boundary, ended = _Boundary.NOTHING, ""
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in islice(walk, _MAX_EVENTS):
        is_start = event == "start"
        if event in ("start", "end"):
            boundary = max(boundary, _boundary_of(node, is_start=is_start, ended=ended))
            ended = ended if is_start else node.tag
            if is_start and node.tag in _TAGS_WITHOUT_TEXT:
                walk.skip_subtree()
                continue
        text = node.text if is_start else None if node is element else node.tail
        if not text:
            continue
        if text.isspace():
            boundary = max(boundary, _Boundary.TAG)
            yield text, _Boundary.NOTHING
            continue
        yield text, boundary
        boundary, ended = _Boundary.NOTHING, ""


def _boundary_of(node: HtmlElement, *, is_start: bool, ended: str) -> _Boundary:
    """Return the boundary that a tag is.

    Args:
        node: the element.
        is_start: whether it starts.
        ended: the element that ended since the last text, or an empty string.
    """
    if node.tag in _BLOCK_TAGS:
        return _Boundary.BLOCK
    if node.tag in _FORMATTING_TAGS:
        return _Boundary.NOTHING
    if is_start and ended:
        return _Boundary.LINKS if node.tag == ended == "a" else _Boundary.ELEMENTS
    return _Boundary.TAG
