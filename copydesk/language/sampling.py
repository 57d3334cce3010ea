"""Sampling: the parts of a text that are scored.

A long text is scored in six pieces of 96 characters, spread evenly: its start may be a dateline, a notice or a
greeting in another language, and would hide that a text is in two languages.
"""

from __future__ import annotations

import re
import unicodedata

_PIECE_CHARS = 96
_MAX_PIECES = 6
# A word or URL at the edge of a piece is included up to its end, if that is a blank within this distance.
_MAX_WORD_REST_CHARS = 24
_ASCII_REST = re.compile(r"[!-~]{0,300}")

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+|[@#]\w+")


def sample_pieces(text: str) -> list[str]:
    """Return the pieces of a text in NFC: the whole text up to 576 characters, else six evenly spaced pieces.

    URLs, e-mail addresses, handles and hashtags are removed: they are not in any language.

    >>> sample_pieces("Write to anna@example.org at once.")
    ['Write to   at once.']
    """
    count = max(1, min(_MAX_PIECES, -(-len(text) // _PIECE_CHARS)))
    step = len(text) / count
    width = min(step, _PIECE_CHARS)
    starts = [round(i * step + (step - width) / 2) for i in range(count)]
    return [_clean(text[_word_end(text, start) : _word_end(text, round(start + width))]) for start in starts]


def _word_end(text: str, offset: int) -> int:
    """Return the end of the word or URL at an offset."""
    if offset == 0:
        return 0
    rest = _ASCII_REST.match(text, offset)
    offset = rest.end() if rest else offset
    blank = text.find(" ", offset, offset + _MAX_WORD_REST_CHARS)
    return offset if blank < 0 else blank


def _clean(piece: str) -> str:
    """Remove addresses and compose accents."""
    if "://" in piece or "@" in piece or "#" in piece or "www." in piece:
        piece = _ADDRESS.sub(" ", piece)
    return unicodedata.normalize("NFC", piece)
