"""Costs of single characters in Chinese, Japanese and Korean."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tools.train_model.sources import read_frequencies, read_lingua_unigrams, read_simplified_forms
from tools.train_model.tables import UNITS_PER_BIT

COLUMNS = ("zh-Hans", "zh-Hant", "ja", "ko")
_RANGES = (
    (0x1100, 0x1200),
    (0x3005, 0x3008),
    (0x3041, 0x3100),
    (0x3130, 0x3190),
    (0x3400, 0xA000),
    (0xAC00, 0xD7A4),
    (0xF900, 0xFB00),
    (0xFF66, 0xFFA0),
)
_DEFAULT_BITS = 20.0
# An everyday character that the word list lacks: its row in the charset says that it is in use.
_EVERYDAY_BITS = 13.0
# Characters of the other writing of Chinese occur in names and quotations.
_OTHER_WRITING_BITS = 17.0
# Lead bytes of the everyday characters, which both charsets order before the rare ones.
_GB2312_EVERYDAY = range(0xB0, 0xD8)
_BIG5_EVERYDAY = range(0xA4, 0xC7)


def build_costs() -> NDArray[np.uint8]:
    """Return the cost of each code point in the languages of `COLUMNS`."""
    chinese = _read_bits("zh")
    japanese, korean = _read_bits("ja"), _read_bits("ko")
    bits = np.full((0x10000, len(COLUMNS)), _DEFAULT_BITS)
    for start, stop in _RANGES:
        for code in range(start, stop):
            char = chr(code)
            bits[code] = (
                _cost_simplified(char, chinese),
                _cost_traditional(char, chinese),
                japanese.get(char, _DEFAULT_BITS),
                korean.get(char, _DEFAULT_BITS),
            )
    costs: NDArray[np.uint8] = np.rint(np.clip(bits, 0, _DEFAULT_BITS) * UNITS_PER_BIT).astype(np.uint8)
    return costs


def _cost_simplified(char: str, chinese: Mapping[str, float]) -> float:
    if _is_everyday(char, "gb2312", _GB2312_EVERYDAY):
        return min(chinese.get(char, _DEFAULT_BITS), _EVERYDAY_BITS)
    if _is_everyday(char, "big5", _BIG5_EVERYDAY):
        return _OTHER_WRITING_BITS
    return chinese.get(char, _DEFAULT_BITS)


def _cost_traditional(char: str, chinese: Mapping[str, float]) -> float:
    """Return the cost of the simplified form: the word list is in simplified writing."""
    if _is_everyday(char, "big5", _BIG5_EVERYDAY):
        return min(chinese.get(char.translate(read_simplified_forms()), _DEFAULT_BITS), _EVERYDAY_BITS)
    if _is_everyday(char, "gb2312", _GB2312_EVERYDAY):
        return _OTHER_WRITING_BITS
    return chinese.get(char, _DEFAULT_BITS)


def _is_everyday(char: str, charset: str, lead_bytes: range) -> bool:
    if not "\u4e00" <= char <= "\u9fff":
        return False
    try:
        return char.encode(charset)[0] in lead_bytes
    except UnicodeEncodeError:
        return False


@functools.cache
def _read_bits(name: str) -> Mapping[str, float]:
    """Return the cost of each character in bits: half words, half news."""
    words: dict[str, float] = defaultdict(float)
    for word, frequency in read_frequencies(name).items():
        for char in word:
            if is_ideographic(char):
                words[char] += frequency
    news = {char: share for char, share in read_lingua_unigrams(name).items() if is_ideographic(char)}
    word_sum, news_sum = sum(words.values()), sum(news.values())
    shares = {char: (words.get(char, 0.0) / word_sum + news.get(char, 0.0) / news_sum) / 2 for char in {*words, *news}}
    return {char: float(-np.log2(share)) for char, share in shares.items()}


def is_ideographic(char: str) -> bool:
    """Return whether the table has a cost for the character."""
    return any(start <= ord(char) < stop for start, stop in _RANGES)
