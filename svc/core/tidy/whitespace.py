"""White space: one kind of line break, single spaces, no blanks at the edges of lines, one blank line between blocks.

A single space of another width (the no-break space before a French colon, the ideographic space between Japanese
phrases, the thin space in a number) is typography and stays; only next to other white space has it lost its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from svc.core.article import Edit, Options
from svc.core.swaps import Swap, Swaps

# Runs of two and more, single control characters, and whatever stands at either end of the text.
_SUSPECT = re.compile(r"\s{2,}|[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]|\A\s|\s\Z")
# Where there may be one line only, a line break is suspicious as well.
_SUSPECT_IN_LINE = re.compile(rf"{_SUSPECT.pattern}|\n")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ORDINARY = frozenset(" \t\x1f")
_TYPOGRAPHIC = "\xa0\u202f\u3000"
_DOUBLED = ("  ", " \n", "\n ", "\n\n\n")


def edits(text: str, options: Options, *, lines: bool) -> Sequence[Edit]:
    r"""Propose tidy white space.

    >>> [(e.start, e.end, e.after) for e in edits("a \r\n\t b\n\n\nc", Options(), lines=True)]
    [(1, 6, '\n'), (7, 10, '\n\n')]
    """
    if options.whitespace == "keep" or _is_tidy(text, lines=lines):
        return ()
    found: list[Swap] = []
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
    return Swaps(text, found, "whitespace")


def _is_tidy(text: str, *, lines: bool) -> bool:
    """Tell at a fifth of the cost of a search that nothing is suspicious; False where it takes one to know.

    Printable text has no white space but plain spaces. So here all is plain spaces, the usual typographic ones and line
    breaks, and none stands where `_SUSPECT` would give another for it: beside another, or at an edge.
    """
    for space in _TYPOGRAPHIC:
        text = text.replace(space, " ")
    if not text.replace("\n", "").isprintable() or any(map(text.__contains__, _DOUBLED)):
        return False
    return not (text[:1].isspace() or text[-1:].isspace()) and (lines or "\n" not in text)


def _tidied(run: str, *, lines: bool) -> str:
    breaks = len(_BREAK.findall(run))
    if breaks:
        return "\n" * min(breaks, 2) if lines else " "
    return " " if _ORDINARY.intersection(run) else run[0]
