"""The lines of a text, and the removal of whole lines or paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from copydesk.article import Edit

Span: TypeAlias = tuple[int, int]

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_ALPHANUMERIC = re.compile(r"[^\W_]")


def line_spans(text: str) -> Iterator[Span]:
    r"""Yield start and end of each line that is not blank, without the white space around it.

    >>> list(line_spans(" one\n\n two \n"))
    [(1, 4), (7, 10)]
    """
    return map(re.Match.span, _LINE.finditer(text))


def propose_removals(text: str, blocks: Sequence[Span], removed: Collection[int]) -> Iterator[Edit]:
    r"""Propose to remove some blocks of a text, each with the white space on one side of it.

    The widest gap around removed blocks stays, so that paragraphs stay apart.

    Args:
        text: the text.
        blocks: start and end of all blocks, in order.
        removed: the indices of the blocks to remove.

    Returns:
        An edit for each block, in order; none if no block with a letter or digit would be left.

    >>> [(edit.start, edit.end) for edit in propose_removals("A\n\nB\nC", [(0, 1), (3, 4), (5, 6)], {1})]
    [(3, 5)]
    """
    if not any(i not in removed and _ALPHANUMERIC.search(text, *block) for i, block in enumerate(blocks)):
        return
    for first, last in _consecutive(removed):
        gap = _widest_gap(text, blocks, first, last)
        for i in range(first, last + 1):
            start = blocks[i - 1][1] if i < gap else blocks[i][0]
            end = blocks[i][1] if i < gap else blocks[i + 1][0]
            yield Edit(start, end, "", "boilerplate", (("replace", text[start:end], ""),))


def _consecutive(numbers: Collection[int]) -> Iterator[Span]:
    """Yield the first and last number of each run of consecutive numbers."""
    first = last = -1
    for number in sorted(numbers):
        if last >= 0 and number != last + 1:
            yield first, last
            first = -1
        first, last = (number if first < 0 else first), number
    if last >= 0:
        yield first, last


def _widest_gap(text: str, blocks: Sequence[Span], first: int, last: int) -> int:
    """Return the index of the block after the widest gap around blocks. Gaps at the ends of the text do not count."""
    if first == 0:
        return first
    if last == len(blocks) - 1:
        return last + 1
    return max(range(first, last + 2), key=lambda i: text.count("\n", blocks[i - 1][1], blocks[i][0]))
