"""Single-byte charsets as arrays: the byte of each character, and the character of each byte.

`windows-1252` stands for `iso-8859-1`, too: its table has the C1 controls that ISO 8859-1 assigns to the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from copydesk.encoding.charsets import CODECS, EBCDIC, MULTIBYTE, ONLY_ACTUAL, SPELLED, prior_cost

WESTERN = "windows-1252"
_UNICODE = ("utf-8", "cesu-8")
SINGLE_BYTE = (
    WESTERN,
    *(name for name in CODECS if name not in (*MULTIBYTE, *_UNICODE, *SPELLED, *EBCDIC, WESTERN, "iso-8859-1")),
)
INDEX = {name: i for i, name in enumerate(SINGLE_BYTE)}
UNASSIGNED = 0xFFFF
# Typographic quotes came with Windows and Mac. Texts in these charsets rarely have the ones of their table.
_WITHOUT_QUOTES, _QUOTES = ("iso-8859-7", "ibm775"), frozenset(map(ord, "‘’“”„"))
_CODES = 0x10000
# The code points that no text has: controls, private use, and the box drawing of DOS charsets.
UNWRITTEN = ((0, 0x20), (0x7F, 0xA0), (0xAD, 0xAE), (0x2500, 0x25A0), (0xE000, 0xF900), (0xFFF0, _CODES))


@dataclass(frozen=True, eq=False)
class ByteTables:
    """The tables of all single-byte charsets, in the order of `SINGLE_BYTE`.

    Attributes:
        to_byte: the byte of each code point from 128; 0 if the charset lacks it or nothing is decoded as the charset.
        from_byte: the code point of each byte.
        priors: −log₂ of the probability of each confusion, in bits, by decoded and actual charset.
        is_unwritten: whether a code point is one of `UNWRITTEN`.
        is_reachable: the code points that text in the wrong charset may have.
    """

    to_byte: NDArray[np.uint8]
    from_byte: NDArray[np.uint16]
    priors: NDArray[np.float32]
    is_unwritten: NDArray[np.bool_]
    is_reachable: NDArray[np.bool_]


@cache
def byte_tables() -> ByteTables:
    """Return the tables."""
    count = len(SINGLE_BYTE)
    to_byte = np.zeros((count, _CODES), np.uint8)
    from_byte = np.full((count, 256), UNASSIGNED, np.uint16)
    for i, name in enumerate(SINGLE_BYTE):
        for byte in range(256):
            try:
                code = ord(bytes([byte]).decode(CODECS[name]))
            except UnicodeDecodeError:
                continue
            if code not in _QUOTES or name not in _WITHOUT_QUOTES:
                from_byte[i, byte] = code
            if byte >= 0x80 and name not in ONLY_ACTUAL:
                to_byte[i, code] = byte
    controls = np.arange(0x80, 0xA0)
    to_byte[0, controls] = np.where(to_byte[0, controls], to_byte[0, controls], controls)
    priors = np.array([[prior_cost(one, other) for other in SINGLE_BYTE] for one in SINGLE_BYTE], np.float32)
    np.fill_diagonal(priors, np.inf)
    is_unwritten = np.zeros(_CODES, np.bool_)
    for first, end in UNWRITTEN:
        is_unwritten[first:end] = True
    return ByteTables(to_byte, from_byte, priors, is_unwritten, _reachable(to_byte))


def _reachable(to_byte: NDArray[np.uint8]) -> NDArray[np.bool_]:
    reachable: NDArray[np.bool_] = np.max(to_byte, axis=0) > 0
    reachable[:0xA0] = reachable[0xFFFD] = True
    reachable[0xE000:0xF900] = True
    characters = "".join(map(chr, (*range(0x80, 0xD800), *range(0xF900, _CODES))))
    for name in MULTIBYTE:
        codec = "gbk" if name == "gbk" else CODECS[name]
        for character in characters.encode(codec, "ignore").decode(codec, "ignore"):
            reachable[ord(character)] = True
    return reachable
