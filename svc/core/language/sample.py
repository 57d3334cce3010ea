"""Samples: which parts of a text are looked at.

A text is read in pieces of 160 characters, six at most, spread evenly: a text that begins with a dateline, a
notice or a greeting in another language is mostly not that, and the beginning alone would hide that a text is in two.
Pieces are judged one by one; the second, fourth and sixth alone where they agree (`detection`).
"""

from __future__ import annotations

import re

PIECE = 160
PIECES = 6
# A word that begins in a piece is read to its end, if it has one soon.
_REACH = 24

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+|[@#]\w+")


def pieces(text: str) -> list[str]:
    """Return the pieces of a text: all of it up to 960 characters, else six of 160 that lie evenly.

    Addresses, handles and hashtags are left out: they are in no language.

    >>> pieces("Write to anna@example.org at once.")
    ['Write to   at once.']
    """
    count = max(1, min(PIECES, -(-len(text) // PIECE)))
    step = len(text) / count
    width = min(step, PIECE)
    starts = [round(at * step + (step - width) / 2) for at in range(count)]
    return [_without_addresses(text[_edge(text, start) : _edge(text, round(start + width))]) for start in starts]


def _edge(text: str, at: int) -> int:
    """Return where the word at a place ends."""
    if at == 0:
        return 0
    blank = text.find(" ", at, at + _REACH)
    return at if blank < 0 else blank


def _without_addresses(piece: str) -> str:
    return _ADDRESS.sub(" ", piece) if "://" in piece or "@" in piece or "#" in piece or "www." in piece else piece
