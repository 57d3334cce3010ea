"""The tokens of an article: words between white space that have a character beyond ASCII."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from copydesk.langmodel.model import Integers

# The last character of a word may be a lead byte of UTF-8, if the next byte became a space.
_LEADS = re.compile("(?:[ÂÃÅÐ×ÎÙРСΞΟ]|â[€†\x80\x86]?|ï¸|ðŸ[\x80-\xbf€‘-”]?)$")
# The characters that such a word may end with.
_LAST = frozenset("ÂÃÅÐ×ÎÙРСΞΟâ€†Ÿ‘’‚‛“”" + "".join(map(chr, range(0x80, 0xC0))))
# At most this number of words are joined.
_MAX_JOINED = 8
# The first of these spaces was the next byte.
_MAX_LEAD_CHARS = 4
_DOUBLE_SPACES = ("  ", " \n", " ")
# A word without its ASCII start.
_NON_ASCII_END = re.compile("[^\x00-\x7f][^ ]*+")
_ASCII_LETTERS = string.ascii_letters.encode()
# What is between sentences: their last sign, with quotes and brackets around, or a line break.
_SENTENCE_END, _MAX_GAP_CHARS = re.compile(r"(?:\A|\n|[.!?:…。][^\w\s]*\s)\s*[^\w\s]*\Z"), 8
_WORD = re.compile(r"[^ \t\n\r]+")


@dataclass(frozen=True, eq=False)
class Located:
    """Tokens beyond ASCII of an article, in order.

    Attributes:
        text: the fields, joined by two newlines.
        tokens: the tokens.
        spans: the start and end of each token.
        lines: the number of the line of each token.
        fields: the number of the field of each token.
        field_starts: where each field starts in the text.
        indexes: the index of each token among all tokens of the article.
        all_lines: the number of the line of each token of the article.
    """

    text: str
    tokens: Sequence[str]
    spans: Sequence[tuple[int, int]]
    lines: Integers
    fields: Integers
    field_starts: Sequence[int]
    indexes: Integers
    all_lines: Integers

    def select(self, chosen: Integers) -> Located:
        """Return some of the tokens, by their indexes."""
        indexes = chosen.tolist()
        return replace(
            self,
            tokens=[self.tokens[i] for i in indexes],
            spans=[self.spans[i] for i in indexes],
            lines=self.lines[chosen],
            fields=self.fields[chosen],
            indexes=self.indexes[chosen],
        )


def locate_tokens(texts: Sequence[str]) -> Located:
    """Return the tokens beyond ASCII of several fields."""
    text = "\n\n".join(texts)
    spans: list[tuple[int, int]] = []
    flat = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    last_end = 0
    for match in _NON_ASCII_END.finditer(flat):
        first, end = match.span()
        if end > last_end:
            start = flat.rfind(" ", last_end, first) + 1
            last_end = _extend(text, end) if text[end - 1] in _LAST else end
            spans.append((start, last_end))
    starts = np.array([start for start, _ in spans], np.int64)
    breaks = np.array([match.start() for match in re.finditer("\n", text)], np.int64)
    field_starts = list(accumulate((len(one) + 2 for one in texts), initial=0))[:-1]
    lines = np.searchsorted(breaks, starts).astype(np.int32)
    fields = (np.searchsorted(field_starts, starts, side="right") - 1).astype(np.int32)
    tokens = [text[start:end] for start, end in spans]
    return Located(text, tokens, spans, lines, fields, field_starts, np.arange(len(spans), dtype=np.int32), lines)


def _extend(text: str, end: int) -> int:
    """Return the end of a token together with the words after it that belong to the same damaged characters."""
    for _ in range(_MAX_JOINED):
        is_cut = text[end : end + 1] == " " and text[end - 1] in _LAST
        if not is_cut or not _LEADS.search(text, max(0, end - _MAX_LEAD_CHARS), end):
            break
        if text[end : end + 2] in _DOUBLE_SPACES:
            return end + 1
        word = _WORD.match(text, end + 1)
        if not word:
            break
        end = word.end()
    return end


def count_plain_letters(text: str) -> int:
    """Return the number of ASCII letters of a text."""
    plain = text.encode("ascii", "ignore")
    return len(plain) - len(plain.translate(None, _ASCII_LETTERS))


def starts_sentence(text: str, position: int) -> bool:
    """Return whether a token at a position is the first of a sentence or a line.

    >>> starts_sentence("Adiós. Último día.", 7), starts_sentence("El último día.", 3)
    (True, False)
    """
    return bool(_SENTENCE_END.search(text[max(0, position - _MAX_GAP_CHARS) : position]) if position else True)
