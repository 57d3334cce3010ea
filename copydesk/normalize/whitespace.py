r"""Normalization of white space.

Line breaks become `\n`, runs of blanks become one space, blanks at the edges of lines are removed, and blocks are
separated by one blank line. A single space of another width is typography and stays: the no-break space before a French
colon, the ideographic space of Japanese, the thin space in a number. Next to other white space it is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement
from copydesk.normalize.prefilter import TYPOGRAPHIC_SPACES

# Runs of two or more, single control characters, and white space at either end of the text.
_CANDIDATE = re.compile(r"\s{2,}|[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]|\A\s|\s\Z")
# In a text of one line, also line breaks.
_SINGLE_LINE_CANDIDATE = re.compile(rf"{_CANDIDATE.pattern}|\n")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PLAIN_BLANKS = frozenset(" \t\x1f")
_UNTIDY_BREAKS = (" \n", "\n ", "\n\n\n")


def propose_edits(text: str, options: Options, *, multiline: bool, printable: bool = False) -> Sequence[Edit]:
    r"""Propose to normalize white space.

    Args:
        text: the text.
        options: the options.
        multiline: whether the text may have more than one line.
        printable: whether the text passed the prefilter; it saves a search.

    >>> [(e.start, e.end, e.after) for e in propose_edits("a \r\n\t b\n\n\nc", Options(), multiline=True)]
    [(1, 6, '\n'), (7, 10, '\n\n')]
    """
    if options.whitespace == "keep" or (printable and _is_tidy(text, multiline=multiline)):
        return ()
    replacements: list[Replacement] = []
    normalized: dict[str, str] = {}
    for match in (_CANDIDATE if multiline else _SINGLE_LINE_CANDIDATE).finditer(text):
        run = match[0]
        start, end = match.span()
        after = normalized.get(run)
        if after is None:
            after = normalized[run] = _normalize_run(run, multiline=multiline)
        if start == 0 or end == len(text):
            after = ""
        if after != run:
            replacements.append((start, end, after))
    return LazyEdits(text, replacements, "whitespace")


def _is_tidy(text: str, *, multiline: bool) -> bool:
    """Return whether a printable text needs no edit: no two adjacent blanks, and none at either end."""
    if not text.isascii():
        for space in TYPOGRAPHIC_SPACES:
            text = text.replace(space, " ")
    if "  " in text or text[:1].isspace() or text[-1:].isspace():
        return False
    return "\n" not in text or (multiline and not any(map(text.__contains__, _UNTIDY_BREAKS)))


def _normalize_run(run: str, *, multiline: bool) -> str:
    breaks = len(_LINE_BREAK.findall(run))
    if breaks:
        return "\n" * min(breaks, 2) if multiline else " "
    return " " if _PLAIN_BLANKS.intersection(run) else run[0]
