"""Strangers: texts in a language that has no profile, which look like some other to naive Bayes.

Icelandic is likelier Danish than any of the other languages that are known, and by so many nats that a softmax is sure
of it. But it gains less by the letter than Danish does. How much less, in standard deviations of as long a text, is the
first sign. The second, looked for where the first leaves room: the spelling tables of repair
(`copydesk.langmodel.bigrams`) know a hundred more languages by their pairs of letters, and one of those explains the text
in fewer bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from copydesk.langmodel.bigrams import BIT, normal, spellings
from copydesk.langmodel.langdetect_profiles import BY_SCRIPT
from copydesk.langmodel.packed import unpack
from copydesk.language.scores import Reading

# What a letter gains in a language, in nats: the mean over 200 sentences each. Nepali had none and takes after Hindi.
_USUAL = {
    "af": 12.8, "ar": 10.9, "bg": 11.6, "ca": 12.5, "cs": 10.2, "cy": 12.3, "da": 12.2, "de": 12.2, "en": 12.3,
    "es": 12.7, "et": 11.6, "fa": 11.9, "fi": 11.7, "fr": 12.6, "hi": 10.8, "hr": 11.5, "hu": 10.4, "id": 12.8,
    "it": 12.7, "lt": 11.1, "lv": 10.8, "mk": 12.2, "mr": 10.0, "ne": 10.8, "nl": 12.4, "no": 12.0, "pl": 10.7,
    "pt": 12.3, "ro": 12.0, "ru": 10.6, "sk": 10.3, "sl": 11.5, "so": 13.0, "sq": 12.1, "sv": 11.5, "sw": 12.4,
    "tl": 13.7, "tr": 10.8, "uk": 10.3, "ur": 11.9, "vi": 13.5,
}  # fmt: skip
# The deviation of one letter, and of texts of any length from each other.
_OF_A_LETTER = 6.5
_OF_A_TEXT = 0.25
# A bit saved, by the root of the letters, is as strange as so many deviations; beyond these bounds none counts.
_BY_SPELLING = 0.4
_LEAST_SAVED = -1.0
_MOST_SAVED = 6.0
# The deviations at which a text is as likely a stranger as not: the shorter it is, the more are usual.
_EVEN_ODDS = -0.75
_BY_LENGTH = -0.33
_STEEPNESS = 2.5
# Spelling is asked from a third of that on, one sentence in seven, but not where nothing could save the text any more.
_DOUBTED = 1 / 3
_BEYOND_DOUBT = 1.0

# What spelling knows by a name of its own, and detection can't and need not tell from what it knows.
_KIN = {"hr": {"bs", "sr_Latn"}, "id": {"ms"}, "no": {"nn"}}


def familiar(found: Reading, words: Iterable[str]) -> float:
    """Return how likely it is that a text is in the language that it seems to be in, rather than in a stranger.

    Args:
        found: what the sum of its words says.
        words: the words.
    """
    if found.tag is None:
        return 0.0
    deviation = 0.0
    if found.tag in _USUAL:
        spread = _OF_A_LETTER / math.sqrt(found.letters) + _OF_A_TEXT
        deviation = (found.gain_per_letter - _USUAL[found.tag]) / spread
    even = _EVEN_ODDS + _BY_LENGTH * math.log(found.letters)
    if even - _BEYOND_DOUBT < deviation < even * _DOUBTED and found.script in spellings():
        saved = _saved(found, words) / math.sqrt(found.letters)
        deviation -= _BY_SPELLING * min(max(saved, _LEAST_SAVED), _MOST_SAVED)
    return 1.0 / (1.0 + math.exp(min(_STEEPNESS * (even - deviation), 700.0)))


def _saved(found: Reading, words: Iterable[str]) -> float:
    """Return how many bits fewer the words take in the best language that detection doesn't know."""
    languages = spellings()[found.script].languages
    lanes = sum(_spelt(found.script, word) for word in words)
    costs = dict(zip(languages, unpack(lanes, len(languages)), strict=True))
    kin = {*BY_SCRIPT[found.script], *_KIN.get(found.tag or "", ())}
    others = [cost for tag, cost in costs.items() if tag not in kin]
    return (costs[found.tag or ""] - min(others)) / BIT if others else 0.0


def forget() -> None:
    """Forget how words are spelt."""
    _spelt.cache_clear()


@lru_cache(1 << 12)
def _spelt(script: str, word: str) -> int:
    return spellings()[script].word(normal(word))
