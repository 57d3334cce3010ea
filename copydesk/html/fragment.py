"""The text of a fragment of HTML: blank lines between paragraphs, single breaks between list items.

The HTML is read as a string, without a tree, so that broken nesting costs a line break at worst and never a word.
Scripts, styles, comments and form controls are removed. Some blog editors store paragraphs as blank lines with inline
markup: text outside of elements keeps its blank lines, and a fragment without blocks keeps all its line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from copydesk.html.sniff import CELL_ELEMENTS, LINE_ELEMENTS, PARAGRAPH_ELEMENTS, TOKEN, tag_name

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLANK_LINE = re.compile(r"\n[ \t\r\f]*\n")
_LIST_ELEMENTS = frozenset(["ul", "ol"])
# Elements that do not count as open blocks: they often have no end tag, or contain the whole page.
_NOT_NESTED = frozenset(["p", "hr", "body", "html", "head"])
_BETWEEN_CELLS = " |"


def render_text(html: str) -> str:
    r"""Return the text of a fragment of HTML.

    >>> render_text("<p>Fish &amp; chips</p><ul><li>one<li>two</ul><!-- no -->")
    'Fish & chips\n\none\ntwo'
    """
    renderer = TextRenderer(has_blocks=any(tag_name(token) in PARAGRAPH_ELEMENTS for token in TOKEN.finditer(html)))
    for name, is_end_tag, text in _split_tags(html):
        if name:
            renderer.add_tag(name, is_end_tag=is_end_tag)
        else:
            renderer.add_text(unescape(text))
    return renderer.text()


def _split_tags(html: str) -> Iterator[tuple[str, bool, str]]:
    """Yield tags as (name, whether it is an end tag, "") and texts as ("", False, text)."""
    offset = 0
    for token in TOKEN.finditer(html):
        name = tag_name(token)
        if token["name"] and not name:
            continue
        if token.start() > offset:
            yield "", False, html[offset : token.start()]
        if name:
            yield name, bool(token["slash"]), ""
        offset = token.end()
    if offset < len(html):
        yield "", False, html[offset:]


class TextRenderer:
    """Renders tags and texts of HTML, in document order, as plain text."""

    def __init__(self, *, has_blocks: bool = True) -> None:
        """Create a renderer; `has_blocks` says whether the HTML has block elements."""
        self._parts: list[str] = []
        self._has_blocks = has_blocks
        # The number of line breaks before the next word.
        self._pending_breaks = 0
        self._has_pending_space = False
        # The number of open elements: lists, <pre>, and all blocks.
        self._open_lists = self._open_pres = self._open_blocks = 0
        self._is_in_paragraph = self._is_after_br = False

    def text(self) -> str:
        """Return the text so far."""
        return "".join(self._parts).strip()

    def add_tag(self, name: str, *, is_end_tag: bool) -> None:
        """Add the start or end tag of an element."""
        self._is_after_br = name == "br"
        if name == "br":
            self._pending_breaks = min(2, self._pending_breaks + 1)
        elif name in CELL_ELEMENTS:
            if not is_end_tag:
                self._start_cell()
        elif name in LINE_ELEMENTS or name in PARAGRAPH_ELEMENTS:
            self._add_block_tag(name, -1 if is_end_tag else 1)

    def _start_cell(self) -> None:
        if self._parts and not self._pending_breaks:
            self._parts.append(_BETWEEN_CELLS)
            self._has_pending_space = True

    def _add_block_tag(self, name: str, step: int) -> None:
        """Add a tag of a block. In a list all blocks are lines, up to the end of the outermost list."""
        is_list = name in _LIST_ELEMENTS
        is_in_list = self._open_lists + (min(0, step) if is_list else 0) > 0
        self._pending_breaks = max(self._pending_breaks, 1 if is_in_list or name in LINE_ELEMENTS else 2)
        self._is_in_paragraph = name == "p" and step > 0
        if is_list:
            self._open_lists = max(0, self._open_lists + step)
        elif name == "pre":
            self._open_pres = max(0, self._open_pres + step)
        if name not in _NOT_NESTED:
            self._open_blocks = max(0, self._open_blocks + (step if name in PARAGRAPH_ELEMENTS else 0))

    def add_text(self, text: str) -> None:
        """Add a text, with its white space as browsers show it."""
        if self._open_pres:
            text = text.replace("\r\n", "\n").removeprefix("\n") if self._pending_breaks else text
            self._add_word(text, has_space_before=True)
            return
        first, *more = self._split_lines(text)
        self._add_words(first)
        for line in more:
            self._pending_breaks = (
                max(self._pending_breaks, 2) if self._has_blocks else min(2, self._pending_breaks + 1)
            )
            self._add_words(line)
        self._is_after_br = False

    def _split_lines(self, text: str) -> list[str]:
        if "\n" not in text or self._open_blocks or self._is_in_paragraph:
            return [text]
        if self._has_blocks:
            return _BLANK_LINE.split(text)
        if self._is_after_br:
            text = text.lstrip(" \t\r").removeprefix("\n")
        return text.split("\n")

    def _add_words(self, text: str) -> None:
        if words := _BLANKS.sub(" ", text).strip(" "):
            self._add_word(words, has_space_before=text[0] in " \t\n\r\f")
            self._has_pending_space = text[-1] in " \t\n\r\f"
        else:
            self._has_pending_space |= bool(text)

    def _add_word(self, word: str, *, has_space_before: bool) -> None:
        if not word.strip() and (self._pending_breaks or not self._parts):
            return
        if self._parts and self._pending_breaks:
            self._parts.append("\n" * self._pending_breaks)
        elif self._parts and not self._open_pres and (self._has_pending_space or has_space_before):
            self._parts.append(" ")
        self._parts.append(word)
        self._pending_breaks, self._has_pending_space = 0, False
