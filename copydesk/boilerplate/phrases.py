"""Phrase tables: phrases of whole lines, looked up by their first letters.

`lines` and `credits` each have a table in `data/`. Phrases are in lower case. Every number is 0, and `*` is a gap of
some words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

Row = TypeVar("Row")

MAX_GAP_CHARS = 60

# The end of a line that is a sentence.
SENTENCE_END = re.compile(r"[.!?。！？।][^\w\n]{0,2}\Z")

_NUMBER = re.compile(r"\d[\d.,]*")
# The first four letters; a shorter first word and up to three letters of the next.
_KEY = re.compile(r"[^\w\n©]{0,8}(\d|[^\W\d_]{4}|[^\W\d_]{1,3}(?:[ '’][^\W\d_]{1,3})?|©)")
# Vowel signs and direction marks are optional, Greek capitals have no accents, and Turkish has a dotless i.
_IGNORED = dict.fromkeys([0x307, *range(0x64B, 0x653), 0x200B, 0x200D, 0x200E, 0x200F, 0xFEFF])
_EQUIVALENTS = _IGNORED | str.maketrans("’ı\u200cάέήίόύώΐΰ", "'i αεηιουωιυ")


class GapPhrase(NamedTuple):
    """A phrase with a gap, or without one if `end` is empty."""

    start: str
    end: str

    @classmethod
    def parse(cls, phrase: str) -> GapPhrase:
        """Split a phrase at its gap.

        >>> GapPhrase.parse("sign up * newsletter")
        GapPhrase(start='sign up ', end=' newsletter')
        """
        start, _, end = phrase.partition("*")
        return cls(start, end.rstrip())

    def starts(self, line: str) -> bool:
        """Return whether a folded line starts with the phrase, with a gap of at most `MAX_GAP_CHARS`."""
        if not line.startswith(self.start):
            return False
        return line.find(self.end, len(self.start), len(self.start) + len(self.end) + MAX_GAP_CHARS) >= 0


def find_row(rows: Mapping[str, Row], line: str) -> Row | None:
    """Return the row of the key of a line, or else that of the key's first word."""
    key = phrase_key(line)
    row = rows.get(key)
    return rows.get(key.partition(" ")[0]) if row is None and " " in key else row


def phrase_key(line: str) -> str:
    """Return the first letters of a line, folded: the key of its phrases in a table.

    >>> phrase_key("» Read more"), phrase_key("LA SUITE"), phrase_key("3 min read"), phrase_key("…")
    ('read', 'la sui', '0', '')
    """
    match = _KEY.match(line)
    if not match:
        return ""
    letters = match[1].casefold()
    if letters.isdecimal():
        return "0"
    return letters if letters.isascii() else letters.translate(_EQUIVALENTS)


def fold_line(line: str) -> str:
    """Fold a line for comparison with a table: NFKC, case folding, single blanks, every number a 0.

    >>> fold_line("12,345  COMMENTS…")
    '0 comments...'
    """
    folded = line.casefold()
    if not line.isascii():
        folded = unicodedata.normalize("NFKC", folded).casefold().translate(_EQUIVALENTS)
    return _NUMBER.sub("0", " ".join(folded.split()))
