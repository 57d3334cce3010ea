"""A piece of HTML as text: paragraphs with a blank line between them, list items and breaks as lines.

Read from the string, without a tree, so broken nesting costs a line break at worst, and never a word. Scripts, styles,
comments and the controls of forms are left out. Editors of blogs store paragraphs as mere blank lines with a little
markup inside: what stands in no element keeps its blank lines, and a piece without any block keeps all its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from copydesk.html.sniff import CELLS, LINES, PARAGRAPHS, TOKEN, name_of

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLANK_LINE = re.compile(r"\n[ \t\r\f]*\n")
_LISTS = frozenset(["ul", "ol"])


def fragment(html: str) -> str:
    r"""Return what a piece of HTML says.

    >>> fragment("<p>Fish &amp; chips</p><ul><li>one<li>two</ul><!-- no -->")
    'Fish & chips\n\none\ntwo'
    """
    told = Telling(has_blocks=any(name_of(token) in PARAGRAPHS for token in TOKEN.finditer(html)))
    for name, closes, text in _pieces(html):
        if name:
            told.tag(name, closes=closes)
        else:
            told.say(unescape(text))
    return told.text()


def _pieces(html: str) -> Iterator[tuple[str, bool, str]]:
    """Cut into tags (name, whether it is an end tag, "") and texts ("", False, text)."""
    at = 0
    for token in TOKEN.finditer(html):
        name = name_of(token)
        if token["name"] and not name:
            continue
        if token.start() > at:
            yield "", False, html[at : token.start()]
        if name:
            yield name, bool(token["slash"]), ""
        at = token.end()
    if at < len(html):
        yield "", False, html[at:]


class Telling:
    """The text as far as it is told, and the line breaks that are due before its next word."""

    def __init__(self, *, has_blocks: bool = True) -> None:
        self.out: list[str] = []
        self._has_blocks = has_blocks
        self._due = self._lists = self._kept = self._blocks = 0
        self._spaced = self._in_paragraph = self._broken = False

    def text(self) -> str:
        """Return what is told."""
        return "".join(self.out).strip()

    def tag(self, name: str, *, closes: bool) -> None:
        """Note where an element begins or ends."""
        self._broken = name == "br"
        if name == "br":
            self._due = min(2, self._due + 1)
        elif name in CELLS:
            self._cell(closes=closes)
        elif name in LINES or name in PARAGRAPHS:
            self._block(name, -1 if closes else 1)

    def _cell(self, *, closes: bool) -> None:
        if not closes and self.out and not self._due:
            self.out.append(" |")
            self._spaced = True

    def _block(self, name: str, step: int) -> None:
        """Inside a list all is lines, down to the end of the outermost."""
        within = self._lists + min(0, step) if name in _LISTS else self._lists
        self._due = max(self._due, 1 if within > 0 or name in LINES else 2)
        self._in_paragraph = name == "p" and step > 0
        if name in _LISTS:
            self._lists = max(0, self._lists + step)
        elif name == "pre":
            self._kept = max(0, self._kept + step)
        if name not in {"p", "hr", "body", "html", "head"}:
            self._blocks = max(0, self._blocks + (step if name in PARAGRAPHS else 0))

    def say(self, text: str) -> None:
        """Add a text, its white space as browsers show it."""
        if self._kept:
            self._word(text.replace("\r\n", "\n").removeprefix("\n") if self._due else text, " ")
            return
        first, *more = self._lines(text)
        self._words(first)
        for line in more:
            self._due = max(self._due, 2) if self._has_blocks else min(2, self._due + 1)
            self._words(line)
        self._broken = False

    def _lines(self, text: str) -> list[str]:
        if "\n" not in text or self._blocks or self._in_paragraph:
            return [text]
        if self._has_blocks:
            return _BLANK_LINE.split(text)
        return (text.lstrip(" \t\r").removeprefix("\n") if self._broken else text).split("\n")

    def _words(self, text: str) -> None:
        if core := _BLANKS.sub(" ", text).strip(" "):
            self._word(core, text[0])
            self._spaced = text[-1] in " \t\n\r\f"
        else:
            self._spaced |= bool(text)

    def _word(self, core: str, first: str) -> None:
        if not core.strip() and (self._due or not self.out):
            return
        if self.out and self._due:
            self.out.append("\n" * self._due)
        elif self.out and not self._kept and (self._spaced or first in " \t\n\r\f"):
            self.out.append(" ")
        self.out.append(core)
        self._due, self._spaced = 0, False
