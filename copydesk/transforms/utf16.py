"""Text in UTF-16 that was read wrongly: the bytes swapped, surrogates not joined, or bytes read as UTF-16."""

from __future__ import annotations

import re

from copydesk.transforms.characters import SURROGATES

_PAIR, _SURROGATE = re.compile("[\ud800-\udbff][\udc00-\udfff]"), re.compile(f"[{SURROGATES}]")
_FIRST_HIGH, _FIRST_LOW, _FIRST_ASTRAL = 0xD800, 0xDC00, 0x10000


def swap_bytes(text: str) -> str:
    """Swap the two bytes of each code unit.

    >>> swap_bytes("ἄ䀄㠄")
    'При'
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-be")


def join_surrogates(text: str) -> str:
    r"""Join paired surrogates, and replace lone ones by U+FFFD.

    >>> join_surrogates("\ud83d\ude00 \ud83d")
    '😀 �'
    """
    return _SURROGATE.sub("\ufffd", _PAIR.sub(_join_pair, text))


def _join_pair(pair: re.Match[str]) -> str:
    high, low = map(ord, pair[0])
    return chr((high - _FIRST_HIGH << 10) + low - _FIRST_LOW + _FIRST_ASTRAL)


def split_bytes(text: str) -> str:
    """Return the bytes of each code unit as characters.

    >>> split_bytes("畢桳")
    'bush'
    """
    return text.encode("utf-16-le", "surrogatepass").decode("cp1252")
