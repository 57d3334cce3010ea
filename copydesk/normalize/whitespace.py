"""White space: one kind of line break, single spaces, no blanks at the edges of lines, one blank line between blocks.

A single space of another width (the no-break space before a French colon, the ideographic space between Japanese
phrases, the thin space in a number) is typography and stays; only next to other white space has it lost its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement
from copydesk.normalize.prefilter import TYPOGRAPHIC

# Runs of two and more, single control characters, and whatever stands at either end of the text.
_SUSPECT = re.compile(r"\s{2,}|[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]|\A\s|\s\Z")
# Where there may be one line only, a line break is suspicious as well.
_SUSPECT_IN_LINE = re.compile(rf"{_SUSPECT.pattern}|\n")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ORDINARY = frozenset(" \t\x1f")
_AROUND_BREAKS = (" \n", "\n ", "\n\n\n")


def edits(text: str, options: Options, *, lines: bool, printable: bool = False) -> Sequence[Edit]:
    r"""Propose tidy white space. That the text is `printable` spares it a search.

    >>> [(e.start, e.end, e.after) for e in edits("a \r\n\t b\n\n\nc", Options(), lines=True)]
    [(1, 6, '\n'), (7, 10, '\n\n')]
    """
    if options.whitespace == "keep" or (printable and _is_tidy(text, lines=lines)):
        return ()
    found: list[Replacement] = []
    tidied: dict[str, str] = {}
    last = len(text)
    for match in (_SUSPECT if lines else _SUSPECT_IN_LINE).finditer(text):
        run = match[0]
        start, end = match.span()
        after = tidied.get(run)
        if after is None:
            after = tidied[run] = _tidied(run, lines=lines)
        if start == 0 or end == last:
            after = ""
        if after != run:
            found.append((start, end, after))
    return LazyEdits(text, found, "whitespace")


def _is_tidy(text: str, *, lines: bool) -> bool:
    """Tell that nothing is suspicious in printable text: no two blanks side by side, none at an edge."""
    if not text.isascii():
        for space in TYPOGRAPHIC:
            text = text.replace(space, " ")
    doubled = "  " in text or ("\n" in text and (not lines or any(map(text.__contains__, _AROUND_BREAKS))))
    return not (doubled or text[:1].isspace() or text[-1:].isspace())


def _tidied(run: str, *, lines: bool) -> str:
    breaks = len(_BREAK.findall(run))
    if breaks:
        return "\n" * min(breaks, 2) if lines else " "
    return " " if _ORDINARY.intersection(run) else run[0]
