"""Open-set rejection: texts in languages without a profile.

Naive Bayes assigns such a text to a similar known language, with high confidence: Icelandic to Danish. There are two
signs. First, the gain per letter is lower than usual in that language; it is measured in standard deviations for the
length. Second, if the first is inconclusive, the bigram models (`copydesk.langmodel.bigrams`), which include a hundred
more languages: one of those needs fewer bits for the text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from copydesk.langmodel.bigrams import BIT, bigram_models, normalize_word
from copydesk.langmodel.langdetect_profiles import LANGUAGES_BY_SCRIPT
from copydesk.langmodel.packed import unpack
from copydesk.language.scores import LanguageScores

# The mean gain per letter in each language, in nats, of 200 sentences each. There were none in Nepali: it has the
# figure of Hindi.
_MEAN_GAINS = {
    "af": 12.8, "ar": 10.9, "bg": 11.6, "ca": 12.5, "cs": 10.2, "cy": 12.3, "da": 12.2, "de": 12.2, "en": 12.3,
    "es": 12.7, "et": 11.6, "fa": 11.9, "fi": 11.7, "fr": 12.6, "hi": 10.8, "hr": 11.5, "hu": 10.4, "id": 12.8,
    "it": 12.7, "lt": 11.1, "lv": 10.8, "mk": 12.2, "mr": 10.0, "ne": 10.8, "nl": 12.4, "no": 12.0, "pl": 10.7,
    "pt": 12.3, "ro": 12.0, "ru": 10.6, "sk": 10.3, "sl": 11.5, "so": 13.0, "sq": 12.1, "sv": 11.5, "sw": 12.4,
    "tl": 13.7, "tr": 10.8, "uk": 10.3, "ur": 11.9, "vi": 13.5,
}  # fmt: skip
# The standard deviation of the gain: of one letter, and between texts of any length.
_LETTER_DEVIATION = 6.5
_TEXT_DEVIATION = 0.25
# The weight of the bits saved, divided by √letters, in deviations; and the bounds of that quotient.
_BITS_SAVED_WEIGHT = 0.4
_MIN_BITS_SAVED = -1.0
_MAX_BITS_SAVED = 6.0
# The deviation with a probability of one half: DECISION_THRESHOLD + LENGTH_SLOPE · ln(letters).
DECISION_THRESHOLD = -0.75
LENGTH_SLOPE = -0.33
_STEEPNESS = 2.5
_MAX_EXPONENT = 700.0
# The bigram models are used for deviations below this share of the threshold (one sentence in seven), unless the
# deviation is so far beyond the threshold that they cannot change the decision.
_BIGRAM_THRESHOLD_SHARE = 1 / 3
_REJECTION_MARGIN = 1.0

# Variants with bigram models of their own that need not be distinguished from the detected language.
_VARIANTS = {"hr": {"bs", "sr_Latn"}, "id": {"ms"}, "no": {"nn"}}


def known_language_probability(scores: LanguageScores, words: Iterable[str]) -> float:
    """Return the probability that a text is in its best language rather than in an unknown one.

    Args:
        scores: the scores of the text.
        words: its words.
    """
    if scores.tag is None:
        return 0.0
    deviation = 0.0
    if scores.tag in _MEAN_GAINS:
        spread = _LETTER_DEVIATION / math.sqrt(scores.letters) + _TEXT_DEVIATION
        deviation = (scores.gain_per_letter - _MEAN_GAINS[scores.tag]) / spread
    threshold = DECISION_THRESHOLD + LENGTH_SLOPE * math.log(scores.letters)
    is_inconclusive = threshold - _REJECTION_MARGIN < deviation < threshold * _BIGRAM_THRESHOLD_SHARE
    if is_inconclusive and scores.script in bigram_models():
        saved = bits_saved(scores, words) / math.sqrt(scores.letters)
        deviation -= _BITS_SAVED_WEIGHT * min(max(saved, _MIN_BITS_SAVED), _MAX_BITS_SAVED)
    return 1.0 / (1.0 + math.exp(min(_STEEPNESS * (threshold - deviation), _MAX_EXPONENT)))


def bits_saved(scores: LanguageScores, words: Iterable[str]) -> float:
    """Return the bits that the best undetectable language saves, compared with the detected one."""
    languages = bigram_models()[scores.script].languages
    packed = sum(_word_costs(scores.script, word) for word in words)
    costs = dict(zip(languages, unpack(packed, len(languages)), strict=True))
    excluded = {*LANGUAGES_BY_SCRIPT[scores.script], *_VARIANTS.get(scores.tag or "", ())}
    others = [cost for tag, cost in costs.items() if tag not in excluded]
    return (costs[scores.tag or ""] - min(others)) / BIT if others else 0.0


def clear_cache() -> None:
    """Clear the cache of word costs."""
    _word_costs.cache_clear()


@lru_cache(1 << 12)
def _word_costs(script: str, word: str) -> int:
    return bigram_models()[script].word_costs(normalize_word(word))
