"""The script of a letter.

The names are ISO 15924 codes, with four exceptions: `Jpan` is kana and Han together, because Japanese mixes them;
`Hanx` is Han outside the everyday rows of all legacy charsets; `IPA` is phonetic letters; `Zyyy` is everything else.
"""

from __future__ import annotations

import unicodedata
from functools import cache

# Sorted ranges of code points: first, last, script.
_BLOCKS = (
    (0xC0, 0x17E, "Latn"),
    (0x17F, 0x17F, "Zyyy"),
    (0x180, 0x24F, "Latn"),
    (0x250, 0x258, "IPA"),
    (0x259, 0x259, "Latn"),
    (0x25A, 0x2AF, "IPA"),
    (0x370, 0x3FF, "Grek"),
    (0x400, 0x52F, "Cyrl"),
    (0x530, 0x58F, "Armn"),
    (0x590, 0x5FF, "Hebr"),
    (0x600, 0x77F, "Arab"),
    (0x900, 0x97F, "Deva"),
    (0x980, 0x9FF, "Beng"),
    (0xA00, 0xA7F, "Guru"),
    (0xA80, 0xAFF, "Gujr"),
    (0xB00, 0xB7F, "Orya"),
    (0xB80, 0xBFF, "Taml"),
    (0xC00, 0xC7F, "Telu"),
    (0xC80, 0xCFF, "Knda"),
    (0xD00, 0xD7F, "Mlym"),
    (0xD80, 0xDFF, "Sinh"),
    (0xE00, 0xE7F, "Thai"),
    (0xE80, 0xEFF, "Laoo"),
    (0xF00, 0xFFF, "Tibt"),
    (0x1000, 0x109F, "Mymr"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1100, 0x11FF, "Hang"),
    (0x1200, 0x139F, "Ethi"),
    (0x1780, 0x17FF, "Khmr"),
    (0x1800, 0x18AF, "Mong"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x1F00, 0x1FFF, "Grek"),
    (0x3005, 0x3007, "Jpan"),
    (0x3040, 0x30FF, "Jpan"),
    (0x3130, 0x318F, "Hang"),
    (0x3400, 0x4DBF, "Hanx"),
    (0x4E00, 0x9FFF, "Jpan"),
    (0xAC00, 0xD7A3, "Hang"),
    (0xF900, 0xFAFF, "Hanx"),
    (0xFB00, 0xFB06, "Latn"),
    (0xFB1D, 0xFB4F, "Hebr"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFC, "Arab"),
    (0xFF66, 0xFF9F, "Jpan"),
    (0x20000, 0x323AF, "Hanx"),
)


# Marks in the blocks before Armenian count as inherited (`Zinh`).
_MARK_BLOCKS = _BLOCKS[8:]
_NOT_LETTERS = "\xaa\xb5\xba\u30fb"
_IDEOGRAPHIC_ZERO = 0x3007


@cache
def find_script(character: str) -> str | None:
    """Return the script of a letter, or of a mark that is written as part of a word; None for other characters.

    >>> [find_script(c) for c in "aж字か5’"]
    ['Latn', 'Cyrl', 'Jpan', 'Jpan', None, None]
    """
    code = ord(character)
    if code < 0x80:
        return "Latn" if character.isalpha() else None
    if character in _NOT_LETTERS:
        return None
    category = unicodedata.category(character)
    if category[0] == "M":
        return next((name for first, last, name in _MARK_BLOCKS if first <= code <= last), "Zinh")
    if category[0] != "L" and code != _IDEOGRAPHIC_ZERO:
        return None
    return next((name for first, last, name in _BLOCKS if first <= code <= last), "Zyyy")
