"""Samples: which parts of a text are looked at.

A text is read in pieces of 128 characters, six at most, spread evenly: a text that begins with a dateline, a
notice or a greeting in another language is mostly not that, and the beginning alone would hide that a text is in two.
Of four and more the second, fourth and sixth are read first, and alone if they leave no doubt.
"""

from __future__ import annotations

import re

PIECE = 128
PIECES = 6
# A word or an address that begins in a piece is read to its end, if it has one soon.
_REACH = 24
_REST = re.compile(r"[!-~]{0,300}")

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+|[@#]\w+")


def pieces(text: str) -> list[str]:
    """Return the pieces of a text: all of it up to 768 characters, else six of 128 that lie evenly.

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
    """Return where the word or the address at a place ends."""
    if at == 0:
        return 0
    rest = _REST.match(text, at)
    at = rest.end() if rest else at
    blank = text.find(" ", at, at + _REACH)
    return at if blank < 0 else blank


def _without_addresses(piece: str) -> str:
    return _ADDRESS.sub(" ", piece) if "://" in piece or "@" in piece or "#" in piece or "www." in piece else piece
