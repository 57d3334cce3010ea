"""Paragraphs that say again what was said: the title at the top of the text, and exact repeats of a long paragraph.

A page shows its title above the article, and 15 % of extracted texts begin with it. Others hold a paragraph twice: as
lead and in its place, or for two widths of screen. The danger is what repeats on purpose: refrains, rows of a table,
the questions that an interview puts to everybody, the meals of a week. So only a whole paragraph longer than forty
characters goes, and only when it is the very same; questions, tables, items of lists and verses of several lines stay,
and so does all of a text that has several paragraphs three times and more. The title goes only from the top, and only
when nothing but its case, blanks and punctuation differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from copydesk.article import Edit

Span: TypeAlias = tuple[int, int]

# What may be longer is no title; what is shorter may well be said twice.
_LONGEST_TITLE, _SHORTEST_REPEAT = 500, 40

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_SILENT = re.compile(r"[\W_]+")
_SOUND = re.compile(r"[^\W_]")
_LONGEST_VERSE = 50
_ITEM, _QUESTION = ("|", "-", "–", "—", "•", "*"), ("?", "？", "؟", "?»", "?”", '?"')
# So many paragraphs, each so often, are the make-up of the text.
_SEVERAL, _OFTEN = 2, 3
_NUMBER = re.compile(r"\d[\d.,]*")
# Four letters; after a word that is shorter, three of the next as well.
_OPENING = re.compile(r"[^\w\n©]{0,8}(\d|[^\W\d_]{4}|[^\W\d_]{1,3}(?:[ '’][^\W\d_]{1,3})?|©)")
# Vowel signs and marks of direction may be there or not, Greek capitals have no accents, Turkish has an i of its own.
_UNHEARD = dict.fromkeys([0x307, *range(0x64B, 0x653), 0x200B, 0x200D, 0x200E, 0x200F, 0xFEFF])
_HEARD_ALIKE = _UNHEARD | str.maketrans("’ı\u200cάέήίόύώΐΰ", "'i αεηιουωιυ")


def edits(text: str, title: str | None) -> Iterator[Edit]:
    r"""Propose to remove the title from the top of the text, and each paragraph that stands there already.

    Args:
        text: the text of the article, tidied.
        title: the article's title, if it is known.

    Returns:
        An edit for each paragraph, in order of place; none if nothing of the article would be left.

    >>> text = "Fire at the port!\n\nA warehouse burned down on Monday."
    >>> [(edit.start, edit.end) for edit in edits(text, "Fire at the Port")]
    [(0, 19)]
    """
    lines = list(spans(text))
    top = _titles(text, lines, title)
    blocks = lines[:top] + _paragraphs(text, lines[top:])
    return removals(text, blocks, {*range(top), *_repeats(text, blocks, top)})


def spans(text: str) -> Iterator[Span]:
    r"""Return where the lines stand that are not blank, without the blanks around them.

    >>> list(spans(" one\n\n two \n"))
    [(1, 4), (7, 10)]
    """
    return map(re.Match.span, _LINE.finditer(text))


def fold(line: str) -> str:
    """Fold a line for comparing it with a table: NFKC, casefolded, single blanks, every number a 0.

    >>> fold("12,345  COMMENTS…")
    '0 comments...'
    """
    folded = line.casefold()
    if not line.isascii():
        folded = unicodedata.normalize("NFKC", folded).casefold().translate(_HEARD_ALIKE)
    return _NUMBER.sub("0", " ".join(folded.split()))


def opening(line: str) -> str:
    """Return the first letters of a line, folded: what a table of phrases is looked up by.

    >>> opening("» Read more"), opening("LA SUITE"), opening("3 min read"), opening("…")
    ('read', 'la sui', '0', '')
    """
    found = _OPENING.match(line)
    if not found:
        return ""
    letters = found[1].casefold()
    if letters.isascii():
        return "0" if letters.isdecimal() else letters
    return "0" if letters.isdecimal() else letters.translate(_HEARD_ALIKE)


def removals(text: str, blocks: Sequence[Span], dropped: Collection[int]) -> Iterator[Edit]:
    r"""Propose to remove some of the blocks of a text, each with the white space on one side of it.

    What stays between its neighbours is the widest gap around the blocks removed: two paragraphs that were apart stay
    apart. Nothing is proposed if no block with a letter or digit would be left.

    >>> [(edit.start, edit.end) for edit in removals("A\n\nB\nC", [(0, 1), (3, 4), (5, 6)], {1})]
    [(3, 5)]
    """
    if any(at not in dropped and _SOUND.search(text, *block) for at, block in enumerate(blocks)):
        for first, last in _runs(dropped):
            gap = _widest(text, blocks, first, last)
            for at in range(first, last + 1):
                start = blocks[at - 1][1] if at < gap else blocks[at][0]
                end = blocks[at][1] if at < gap else blocks[at + 1][0]
                yield Edit(start, end, "", "boilerplate", (("replace", text[start:end], ""),))


def _runs(dropped: Collection[int]) -> Iterator[Span]:
    """Return the first and the last of each run of numbers."""
    first = last = -1
    for at in sorted(dropped):
        if last >= 0 and at != last + 1:
            yield first, last
            first = -1
        first, last = (at if first < 0 else first), at
    if last >= 0:
        yield first, last


def _widest(text: str, blocks: Sequence[Span], first: int, last: int) -> int:
    """Return the number of the block that the gap to keep stands before; gaps at the edges of the text are not kept."""
    if first == 0:
        return first
    if last == len(blocks) - 1:
        return last + 1
    return max(range(first, last + 2), key=lambda at: text.count("\n", blocks[at - 1][1], blocks[at][0]))


def _titles(text: str, lines: Sequence[Span], title: str | None) -> int:
    """Count the lines at the top that are the title."""
    wanted = _folded(title or "")
    if wanted:
        for at, (start, end) in enumerate(lines):
            if end - start > _LONGEST_TITLE or _folded(text[start:end]) != wanted:
                return at
    return 0


def _folded(text: str) -> str:
    return _SILENT.sub("", unicodedata.normalize("NFKC", text).casefold()) if len(text) <= _LONGEST_TITLE else ""


def _paragraphs(text: str, lines: list[Span]) -> list[Span]:
    """Return the blocks between blank lines; the lines of a text that has none, or that is one block over and over."""
    blocks: list[Span] = []
    for at, (start, end) in enumerate(lines):
        if at and text.count("\n", blocks[-1][1], start) < 2:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks if len({text[start:end] for start, end in blocks}) > 1 else lines


def _repeats(text: str, blocks: Sequence[Span], top: int) -> Iterator[int]:
    """Return the numbers of the blocks that stand in the text before, unless they seem to do so on purpose."""
    long = {
        at: text[start:end] for at, (start, end) in enumerate(blocks) if at >= top and end - start > _SHORTEST_REPEAT
    }
    counts = Counter(long.values())
    if len(counts) == len(long) or sum(count >= _OFTEN for count in counts.values()) >= _SEVERAL:
        return
    seen: set[str] = set()
    for at, block in long.items():
        if block in seen and not (block.startswith(_ITEM) or block.endswith(_QUESTION) or _is_verse(block)):
            yield at
        seen.add(block)


def _is_verse(block: str) -> bool:
    """Whether a block is of several lines, all of them short."""
    lines = block.split("\n")
    return len(lines) > 1 and max(map(len, lines)) <= _LONGEST_VERSE
