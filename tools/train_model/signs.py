"""Costs of characters that are not letters, by the class of the character before."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import babel.localedata
import gflanguages
import numpy as np
from numpy.typing import NDArray

from tools.train_model.letters import get_script
from tools.train_model.sources import list_locales, read_messages
from tools.train_model.tables import UNITS_PER_BIT

SPACE, LETTER, DIGIT, SIGN = range(4)
# Costs of signs that no source has, by general category.
_CATEGORY_BITS = {"Cc": 24, "Cn": 24, "Co": 24, "Cs": 24, "Cf": 20, "M": 19, "": 17.5}
_MAX_BITS = 24.0
_ASCII_BITS = 14.0
_SPACES = " \t\n\r"
_SPACE_BITS = 2.5
_NO_BREAK_SPACE = "\xa0"
# Vowel signs of Arabic and Hebrew, and the joiners of Persian and of India, belong to words.
_IN_WORD_BITS = 6.0
_IN_WORD_CHARS = [*map(chr, (*range(0x0591, 0x05C8), *range(0x064B, 0x0653), 0x0670, 0x0640)), "\u200c", "\u200d"]
_OTHER_DIGIT_BITS = 7.0
# Most emoji that text has, too, are followed by the variation selector that asks for the emoji.
_EMOJI_STYLE, _EMOJI_STYLE_BITS = "\ufe0f", 8.0
# Messages rarely quote. In news text, a quotation mark or dash follows about one character in a hundred. It is divided
# among the signs by the share of the languages that have the sign in CLDR. The other signs are much rarer.
_QUOTE_BITS = 6.5
_EXEMPLAR_BITS = 10.5
_QUOTE_CATEGORIES = frozenset({"Pi", "Pf", "Pd"})
_QUOTES = frozenset("„‚…・、。「」『』（），：；？！،؛؟।·")
# Where the press writes the signs that every legacy charset has. Elsewhere they suggest damage ("Ã¼").
_PRESS_BITS = 12.0
_PRESS_SIGNS = {
    SPACE: "•·§№€£¥¿¡©°½¼¾±×→←▪●■►★†―",
    LETTER: "²³®™©ªº†",
    DIGIT: "°½¼¾²³€£¥×±‰′″ªº",
    SIGN: "•§№€£¥¿¡©®™°½",
}
# CLDR's patterns of units, dates and currencies show signs next to digits. One text of them for all messages.
_LOCALE_DATA_WEIGHT = 0.05

Counts = Counter[tuple[int, str]]


def build_costs() -> NDArray[np.uint16]:
    """Return the cost of each code point after a space, letter, digit and sign."""
    bits = np.repeat(np.array([_default_bits(code) for code in range(0x10000)])[None], 4, axis=0)
    _lower_to_counts(bits, _count_signs(_read_all_messages()), 1.0)
    _lower_to_counts(bits, _count_signs(_read_locale_patterns()), _LOCALE_DATA_WEIGHT)
    for sign, share in _list_exemplar_signs().items():
        is_quote = sign in _QUOTES or unicodedata.category(sign) in _QUOTE_CATEGORIES
        _lower(bits, sign, (_QUOTE_BITS if is_quote else _EXEMPLAR_BITS) - float(np.log2(share)))
    for before, signs in _PRESS_SIGNS.items():
        columns = [ord(sign) for sign in signs]
        bits[before, columns] = np.minimum(bits[before, columns], _PRESS_BITS)
    for char in _IN_WORD_CHARS:
        _lower(bits, char, _IN_WORD_BITS)
    _lower(bits, _EMOJI_STYLE, _EMOJI_STYLE_BITS)
    # It is the first character of messages, but text has no second space after a space.
    bits[SPACE, ord(_NO_BREAK_SPACE)] = _CATEGORY_BITS[""]
    bits[:, [ord(char) for char in _SPACES]] = _SPACE_BITS
    costs: NDArray[np.uint16] = np.rint(np.clip(bits, 0, _MAX_BITS) * UNITS_PER_BIT).astype(np.uint16)
    return costs


def classify(char: str) -> int:
    """Return the class of a character as the context of a sign."""
    if char in _SPACES:
        return SPACE
    if char.isalpha() and char not in "ªºµ":
        return LETTER
    return DIGIT if char.isascii() and char.isdigit() else SIGN


def _default_bits(code: int) -> float:
    char = chr(code)
    category = unicodedata.category(char)
    if 0x20 <= code < 0x7F:
        return _ASCII_BITS
    if category == "Nd":
        return _OTHER_DIGIT_BITS
    return _CATEGORY_BITS.get(category, _CATEGORY_BITS.get(category[0], _CATEGORY_BITS[""]))


def _lower(bits: NDArray[np.float64], char: str, value: float) -> None:
    bits[:, ord(char)] = np.minimum(bits[:, ord(char)], value)


def _lower_to_counts(bits: NDArray[np.float64], counts: Counts, weight: float) -> None:
    """Lower the costs of signs to those of their counts in a text."""
    totals: Counter[int] = Counter()
    for (before, _), count in counts.items():
        totals[before] += count
    for (before, char), count in counts.items():
        if classify(char) in {DIGIT, SIGN} and ord(char) < 0x10000:
            value = -np.log2(weight * count / totals[before])
            bits[before, ord(char)] = min(bits[before, ord(char)], value)


def _count_signs(texts: Iterable[str]) -> Counts:
    counts: Counts = Counter()
    for text in texts:
        before = SPACE
        for char in unicodedata.normalize("NFC", text):
            counts[before, char] += 1
            before = classify(char)
    return counts


def _read_all_messages() -> Iterator[str]:
    """Yield messages with a word, so that formats and codes do not count."""
    for locale in list_locales():
        yield from (text for text in read_messages((locale,)) if any(map(get_script, text)))


def _read_locale_patterns() -> Iterator[str]:
    """Yield CLDR's patterns of units and currencies, with a number for the placeholder."""
    for name in sorted(babel.localedata.locale_identifiers()):
        if "_" in name:
            continue
        data = babel.localedata.load(name)
        yield from _read_patterns(data["unit_patterns"])
        yield from (f"1{symbol} " for symbol in sorted(set(data["currency_symbols"].values())))


def _read_patterns(patterns: object) -> Iterator[str]:
    if isinstance(patterns, str):
        yield patterns.replace("{0}", "1")
    elif isinstance(patterns, dict):
        for value in patterns.values():
            yield from _read_patterns(value)


def _list_exemplar_signs() -> dict[str, float]:
    """Return the share of languages that have a sign in their CLDR exemplar punctuation."""
    exemplars = [
        set(language.exemplar_chars.punctuation.replace(" ", ""))
        for language in gflanguages.LoadLanguages().values()
        if language.exemplar_chars.punctuation
    ]
    counts = Counter(char for exemplar in exemplars for char in exemplar if classify(char) == SIGN)
    return {char: count / len(exemplars) for char, count in sorted(counts.items()) if 0x80 <= ord(char) < 0x10000}
