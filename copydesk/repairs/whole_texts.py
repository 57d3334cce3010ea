"""Texts decoded entirely with a wrong encoding: UTF-16 in the wrong byte order, bytes read as UTF-16, and EBCDIC.

UTF-16 in the wrong order shows random characters whose second bytes are nearly all the same. Bytes that were read as
UTF-16 show random Chinese (`畢桳` for `bush`), and EBCDIC shows random Western letters. Read rightly, all are words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from copydesk.article import Edit, Options, Plan
from copydesk.changes.plan import replay
from copydesk.langmodel.model import CJK, UNITS_PER_BIT, code_points, load_model
from copydesk.repairs.readings import Tokens
from copydesk.transforms.utf16 import split_bytes, swap_bytes

_MIN_CHARS = 4
# The share of the code units that have the second bytes of one script and of ASCII.
_MIN_SHARE = 0.95
# The second byte of the code units of one script: Latin is 00, Cyrillic 04, Thai 0E. Others are ASCII and punctuation.
_ASCII, _PUNCTUATION = 0x00, 0x20
_MAX_SECOND_BYTE = 0x0E
_MAX_BITS_BY_LETTER = 4.5
# The first character that consists of two ASCII letters.
_FIRST_SPLIT = "\u4141"
_CONFIDENCE = 0.95
_SWAP: Plan = (("swap-bytes",),)
_SPLIT: Plan = (("split-bytes",),)
_EBCDIC: Plan = (("encode", "iso-8859-1"), ("decode", "ibm037"))
# The space of EBCDIC, as ASCII shows it.
_EBCDIC_SPACE = "@"
_ASCII_WORDS = re.compile("[A-Za-z][A-Za-z0-9 ,.]*")


def edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose to read a text in the other byte order, or its bytes as ASCII or EBCDIC.

    >>> [e.after for e in edits("ἄ䀄㠄㈄㔄䈄", Options())], [e.after for e in edits("畢桳栠摩琠敨映捡獴", Options())]
    (['Привет'], ['bush hid the facts'])
    """
    if options.repair in ("off", "safe") or len(text) < _MIN_CHARS or text[:2].isascii():
        return ()
    try:
        if all(ord(character) & 0xFF <= _MAX_SECOND_BYTE for character in text[:2]) and _is_swapped(text):
            return (Edit(0, len(text), swap_bytes(text), "charset", _SWAP, _CONFIDENCE),)
        if text[0] >= _FIRST_SPLIT and _is_words(split_bytes(text)):
            return (Edit(0, len(text), split_bytes(text), "charset", _SPLIT, _CONFIDENCE),)
        if _EBCDIC_SPACE in text and _is_words(replay(_EBCDIC, text)):
            return (Edit(0, len(text), replay(_EBCDIC, text), "charset", _EBCDIC, _CONFIDENCE),)
    except UnicodeError:
        pass
    return ()


def _is_swapped(text: str) -> bool:
    counts = Counter(text.encode("utf-16-le", "surrogatepass")[::2])
    script = max(range(_MAX_SECOND_BYTE + 1), key=lambda byte: counts[byte])
    is_mostly = counts[script] + counts[_ASCII] + counts[_PUNCTUATION] >= _MIN_SHARE * len(text)
    return is_mostly and len(set(text)) >= _MIN_CHARS and _has_likely_letters(swap_bytes(text))


def _has_likely_letters(text: str) -> bool:
    """Return whether the words of a text cost no more than words usually do."""
    model = load_model()
    tokens = Tokens.of(text.split() or [""])
    costs = model.token_costs(tokens.codes, tokens.starts)
    letters = sum(int(count.sum()) for count in costs.letters.values())
    bits = float(sum(by_language.sum(0).min() for by_language in costs.by_script.values())) / UNITS_PER_BIT
    is_known = set(costs.by_script) != {CJK} and letters >= _MIN_CHARS
    return text.isprintable() and is_known and bits <= _MAX_BITS_BY_LETTER * letters


def _is_words(text: str) -> bool:
    """Return whether a text has only ASCII letters, digits, spaces and stops, which make likely words."""
    if not _ASCII_WORDS.fullmatch(text):
        return False
    bits = float(load_model().plain_costs(code_points(text)).min()) / UNITS_PER_BIT
    return bits <= _MAX_BITS_BY_LETTER * sum(map(str.isalpha, text))
