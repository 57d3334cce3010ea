"""White space: one kind of line break, single spaces, no blanks at the edges of lines, one blank line between blocks.

A single space of another width (the no-break space before a French colon, the ideographic space between Japanese
phrases, the thin space in a number) is typography and stays; only next to other white space has it lost its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.core.article import Edit, Options

# Runs of two and more, single control characters, and whatever stands at either end of the text.
_SUSPECT = re.compile(r"\s{2,}|[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]|\A\s|\s\Z|\n")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ORDINARY = frozenset(" \t\x1f")


def edits(text: str, options: Options, *, lines: bool) -> Iterator[Edit]:
    r"""Propose tidy white space.

    >>> [(e.start, e.end, e.after) for e in edits("a \r\n\t b\n\n\nc", Options(), lines=True)]
    [(1, 6, '\n'), (7, 10, '\n\n')]
    """
    if options.whitespace == "keep":
        return
    for match in _SUSPECT.finditer(text):
        run, start, end = match[0], match.start(), match.end()
        after = "" if start == 0 or end == len(text) else _tidied(run, lines=lines)
        if after != run:
            yield Edit(start, end, after, "whitespace", (("replace", run, after),))


def _tidied(run: str, *, lines: bool) -> str:
    breaks = len(_BREAK.findall(run))
    if breaks:
        return "\n" * min(breaks, 2) if lines else " "
    return " " if _ORDINARY.intersection(run) else run[0]
