"""Duplicate paragraphs: the title at the top of the text, and exact repeats of a long paragraph.

A page shows its title above the article, and extracted texts may start with it. Other pages have a paragraph twice: as
lead and in its place, or for two screen sizes. The danger is intended repetition: refrains, table rows, the questions
of an interview series, the meals of a week. Therefore:

* a paragraph is only removed if it has more than forty characters and is an exact repeat,
* questions, table rows, list items and verses of several lines stay,
* nothing is removed if several paragraphs occur three times or more,
* the title is only removed from the top, and only if it differs in case, blanks and punctuation at most.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from copydesk.article import Edit
from copydesk.boilerplate.blocks import Span, line_spans, propose_removals

_MAX_TITLE_CHARS = 500
# Shorter paragraphs may be repeated on purpose.
_MIN_DUPLICATE_CHARS = 41
_MAX_VERSE_CHARS = 50
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ITEM_MARKS = ("|", "-", "–", "—", "•", "*")
_QUESTION_ENDS = ("?", "？", "؟", "?»", "?”", '?"')
# Repetition is a part of the text if this number of paragraphs occurs this often.
_MIN_REFRAINS = 2
_MIN_REFRAIN_COUNT = 3


def propose_edits(text: str, title: str | None) -> Iterator[Edit]:
    r"""Propose to remove the title from the top of the text, and repeated paragraphs.

    Args:
        text: the normalized text of the article.
        title: the title of the article, if known.

    Returns:
        An edit for each paragraph, in order; none if nothing of the article would be left.

    >>> text = "Fire at the port!\n\nA warehouse burned down on Monday."
    >>> [(edit.start, edit.end) for edit in propose_edits(text, "Fire at the Port")]
    [(0, 19)]
    """
    lines = list(line_spans(text))
    title_count = _count_titles(text, lines, title)
    blocks = lines[:title_count] + _paragraph_spans(text, lines[title_count:])
    return propose_removals(text, blocks, {*range(title_count), *_find_duplicates(text, blocks, title_count)})


def _count_titles(text: str, lines: Sequence[Span], title: str | None) -> int:
    """Count the lines at the top that are the title."""
    folded = _fold_title(title or "")
    if folded:
        for i, (start, end) in enumerate(lines):
            if end - start > _MAX_TITLE_CHARS or _fold_title(text[start:end]) != folded:
                return i
    return 0


def _fold_title(text: str) -> str:
    if len(text) > _MAX_TITLE_CHARS:
        return ""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text).casefold())


def _paragraph_spans(text: str, lines: list[Span]) -> list[Span]:
    """Return the blocks between blank lines; the lines of a text without blank lines or with one repeated block."""
    blocks: list[Span] = []
    for i, (start, end) in enumerate(lines):
        if i and text.count("\n", blocks[-1][1], start) < 2:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks if len({text[start:end] for start, end in blocks}) > 1 else lines


def _find_duplicates(text: str, blocks: Sequence[Span], first: int) -> Iterator[int]:
    """Yield the indices of the blocks, from the first on, that repeat an earlier one by accident."""
    long_blocks = {
        i: text[start:end]
        for i, (start, end) in enumerate(blocks)
        if i >= first and end - start >= _MIN_DUPLICATE_CHARS
    }
    counts = Counter(long_blocks.values())
    has_refrains = sum(count >= _MIN_REFRAIN_COUNT for count in counts.values()) >= _MIN_REFRAINS
    if len(counts) == len(long_blocks) or has_refrains:
        return
    seen: set[str] = set()
    for i, block in long_blocks.items():
        if block in seen and not _may_be_repeated(block):
            yield i
        seen.add(block)


def _may_be_repeated(block: str) -> bool:
    """Return whether a block is a list item, a question or a verse."""
    return block.startswith(_ITEM_MARKS) or block.endswith(_QUESTION_ENDS) or _is_verse(block)


def _is_verse(block: str) -> bool:
    """Return whether a block has several lines and all of them are short."""
    lines = block.split("\n")
    return len(lines) > 1 and max(map(len, lines)) <= _MAX_VERSE_CHARS
