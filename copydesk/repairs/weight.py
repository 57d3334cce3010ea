"""The weight of a token: what it takes to describe it, in sixteenths of a bit.

Words cost what their spelling costs, in every language of their script at once (`spelling`). All else costs a fixed
amount by its class: a comma little, a currency sign more, a C1 control or a private use character so much that any
honest explanation is cheaper. Letters of two scripts side by side, capitals inside a word and signs inside a word cost
extra: text has them seldom, mojibake has them everywhere.

The figures are those of a study over sentences in 75 languages, rounded; what matters is their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from copydesk.cache import MAX_KEY_CHARS, BoundedCache
from copydesk.langmodel.bigrams import BIT, bigram_models
from copydesk.langmodel.scripts import find_script

_SYMBOLS: dict[str, float] = (
    dict.fromkeys(".,'\"-:;!?()", 5.0)
    | dict.fromkeys("’“”–—…‘、。，「」！？：；（）・《》『』【】〈〉～〜　؟،؛", 6.0)
    | dict.fromkeys("×÷", 8.0)
    | dict.fromkeys("«»„‹›‚", 8.5)
    | dict.fromkeys("€£©®™°§№•·¿¡²³½´µªº", 11.0)
    | dict.fromkeys("¨¯¸ˇ˘˙˛˝", 18.0)
    | {" ": 2.5, "\xa0": 4.0, "\ufffd": 22.0}
)
_BY_CATEGORY = {"Co": 26.0, "Cn": 26.0, "Cs": 26.0, "C": 14.0, "N": 10.0, "P": 12.0}
_BY_BLOCK = (
    (0x21, 0x30, 8.0),
    (0x30, 0x3A, 5.0),
    (0x3A, 0x7F, 8.0),
    (0x00, 0x80, 20.0),
    (0x80, 0xA0, 24.0),
    (0xA0, 0x100, 14.5),
    (0x2500, 0x25A0, 16.0),
    (0x2600, 0x27C0, 13.0),
    (0x1F000, 0x1FB00, 13.0),
    (0xFF00, 0xFFF0, 9.0),
)
_SIGN = 15.0

_CJK = frozenset(("Jpan", "Hang", "Hanx"))
_CJK_PUNCTUATION = frozenset("、。，「」！？：；（）・《》『』【】〈〉～〜　")
_ARABIC_PUNCTUATION = frozenset("؟،؛")
_PUNCTUATION_OF_ANOTHER = 15 * BIT
_TYPOGRAPHIC = frozenset("‘“”„‚–—…")
_AT_HOME_IN_WORDS = frozenset("\xa0×·´’")
_APART_FROM_WORDS = frozenset("£±¤¦¬¼½¾¶")
_OPENING = frozenset("„‚")
_AFTER_WORD = 10 * BIT
_DEAR = 8 * BIT
_IN_WORD = 6 * BIT
_AT_WORD = 5 * BIT
_REPEATED = 1 * BIT

# Marks that living spellings put on letters without a precomposed form (Yoruba, Igbo, Guarani), and the vowel points of
# Arabic and Hebrew, which few texts write.
_POINTS = dict.fromkeys(map(chr, (*range(0x64B, 0x660), 0x670)), "Arab") | dict.fromkeys(
    map(chr, range(0x591, 0x5C8)), "Hebr"
)
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0304\u030c\u0323\u0331")
_MARK = 6 * BIT
_STRAY_MARK = 26 * BIT

_MIXED = 18 * BIT
# Science writes Greek letters into Latin words.
_MIXED_WITH = {"Jpan": 16 * BIT, "Grek": 10 * BIT}
_CAPITAL = 1 * BIT
_CAPITAL_AFTER_SMALL = 7 * BIT
_SMALL_AFTER_CAPITALS = 10 * BIT
_SMALL_BESIDE_PLAIN_CAPITALS = 2 * BIT
_UNMODELLED = 8 * BIT
_STRANGE_LETTER = 14 * BIT

# What a letter or sign takes on average in clean text.
_USUAL_LETTER = 4.6
_USUAL = {"Jpan": 10.5, "Hanx": 12.0, "Hang": 8.5}
_KANA_CHEAPER = 4.0
_USUAL_SIGN = 6.0

# What may stand around a word: no letter, no mark, nothing neutral.
_AROUND = ".,'\"-:;!?()[]’“”–—…‘、。，「」！？：；（）・《》『』【】«»„‹›‚؟،؛0123456789%"
_NEUTRAL = re.compile("[\u00ad\u200b-\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufe0e\ufe0f]")


class Weight(NamedTuple):
    """What one token costs.

    Attributes:
        signs: the cost of all that does not depend on a language.
        words: for each word its script, the lanes of its cost in each language, and the least of them.
        usual_signs: what as many signs cost in clean text.
        usual: what such a token costs in clean text, signs included.
    """

    signs: int
    words: tuple[tuple[str, int, int], ...]
    usual_signs: int
    usual: int


def weigh(token: str) -> Weight:
    """Weigh a token: a string without white space."""
    return _weights[token] if len(token) <= MAX_KEY_CHARS else _long(token)


def _as_plain(token: str) -> Weight | None:
    """Weigh a token that is one word of one script with signs around it, as seven of eight are; None for any other.

    There all that `_as_any` looks for inside a token is missing by construction, which leaves a quarter of the time.
    """
    word = token.strip(_AROUND)
    if not word.isalpha() or not unicodedata.is_normalized("NFC", word):
        return None
    name, *others = set(map(find_script, word))
    known = bigram_models().get(name or "")
    if others or name is None or known is None:
        return None
    around = len(token) - len(word)
    signs = _case(word)
    if around:
        before, _, after = token.partition(word)
        signs += _around(before, after, name)
    usual_signs = _USUAL_SIGN * around
    words = ((name, *known.costs_by_word[word]),)
    return Weight(signs, words, round(usual_signs * BIT), round((usual_signs + _usual(name, word)) * BIT))


@lru_cache(1 << 10)
def _around(before: str, after: str, name: str) -> int:
    """Return what the signs before and after a word of a script cost."""
    return _signs(f"{before}a{after}", [None] * len(before) + [name] + [None] * len(after))


def _as_any(token: str) -> Weight:
    token = unicodedata.normalize("NFC", _NEUTRAL.sub("", token))
    scripts = [_part(character) for character in token]
    words = list(_words(token, scripts))
    signs = _signs(token, scripts) + _borders(scripts)
    weighed = []
    for name, word in words:
        signs += _case(word)
        known = bigram_models().get(name)
        if known is None:
            signs += len(word) * (_STRANGE_LETTER if name in ("IPA", "Zyyy", "Hanx") else _UNMODELLED)
        else:
            weighed.append((name, *known.costs_by_word[word]))
    usual_signs = _USUAL_SIGN * scripts.count(None)
    usual = usual_signs + sum(_usual(name, word) for name, word in words)
    return Weight(signs, tuple(weighed), round(usual_signs * BIT), round(usual * BIT))


_weights = BoundedCache(lambda token: _as_plain(token) or _as_any(token), max_size=1 << 13)
_long = lru_cache(1 << 8)(_as_any)


def _usual(name: str, word: str) -> float:
    if name != "Jpan":
        return len(word) * _USUAL.get(name, _USUAL_LETTER)
    return len(word) * _USUAL[name] - _KANA_CHEAPER * sum(character < "\u3100" for character in word)


@cache
def sign(character: str) -> int:
    """Return what a character costs that is no letter."""
    known = _SYMBOLS.get(character)
    if known is None:
        category = unicodedata.category(character)
        known = _BY_CATEGORY.get(category)
        if known is None:
            code = ord(character)
            by_category = _BY_CATEGORY.get(category[0], _SIGN)
            known = next((cost for first, end, cost in _BY_BLOCK if first <= code < end), by_category)
    return round(known * BIT)


def _part(character: str) -> str | None:
    return "Zinh" if character in _POINTS else find_script(character)


def _words(token: str, scripts: Sequence[str | None]) -> Iterator[tuple[str, str]]:
    """Return the runs of letters of one script; marks do not end one."""
    letters = ((name, character) for name, character in zip(scripts, token, strict=True) if name != "Zinh")
    for name, run in groupby(letters, key=lambda pair: pair[0]):
        if name:
            yield name, "".join(character for _, character in run)


def _signs(token: str, scripts: Sequence[str | None]) -> int:
    """Return what a token's signs and marks cost where they stand."""
    cost = 0
    cjk = not _CJK.isdisjoint(scripts)
    arabic = "Arab" in scripts
    around = (None, *scripts, None)
    for at, (name, character) in enumerate(zip(scripts, token, strict=True)):
        if name == "Zinh":
            cost += _MARK if _at_home(character, around[at]) else _STRAY_MARK
        elif name is None:
            if at and token[at - 1] == character:
                cost += _REPEATED
            elif (character in _CJK_PUNCTUATION and not cjk) or (character in _ARABIC_PUNCTUATION and not arabic):
                cost += _PUNCTUATION_OF_ANOTHER
            else:
                cost += sign(character) + _beside_letters(character, bool(around[at]), bool(around[at + 2]), cjk=cjk)
    return cost


def _at_home(mark: str, on: str | None) -> bool:
    """Return whether a mark stands on a letter, or on another mark, that it can stand on."""
    if mark in _POINTS:
        return on in (_POINTS[mark], "Zinh")
    return bool(on) and mark in _MARKS


def _beside_letters(character: str, before: bool, after: bool, *, cjk: bool) -> int:  # noqa: FBT001  two sides alike
    if character in _AT_HOME_IN_WORDS:
        return 0
    if before and after:
        return _IN_WORD if sign(character) >= _DEAR or (character in _TYPOGRAPHIC and not cjk) else 0
    if before and character in _OPENING:
        return _AFTER_WORD
    return _AT_WORD if (before or after) and character in _APART_FROM_WORDS else 0


def _borders(scripts: Sequence[str | None]) -> int:
    """Return what it costs that letters of two scripts stand side by side."""
    cost = 0
    for one, other in pairwise(name for name in scripts if name != "Zinh"):
        if one and other and one != other:
            cost += _MIXED_WITH.get(one, _MIXED_WITH.get(other, _MIXED))
    return cost


def _case(word: str) -> int:
    small = word.lower()
    if word == small:
        return 0
    if word.isupper() or word[1:] == small[1:]:
        return _CAPITAL
    if word == small.encode().upper().decode():
        return _CAPITAL + _SMALL_BESIDE_PLAIN_CAPITALS  # a program that knows the capitals of ASCII alone: FACILITéS
    cost = _CAPITAL * sum(map(str.isupper, word))
    cost += _CAPITAL_AFTER_SMALL * sum(one.islower() and other.isupper() for one, other in pairwise(word))
    return cost + _SMALL_AFTER_CAPITALS * sum(one.isupper() and other.islower() for one, other in pairwise(word[1:]))
