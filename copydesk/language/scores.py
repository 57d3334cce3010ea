"""Scores of languages, decoded from a sum of word scores.

The script with the most letters is chosen first. Eleven scripts, such as Greek, have one known language. In other
scripts the language with the highest gain is the most likely one. Its probability is a softmax over the gains of the
script's languages. The temperature grows with the length, because n-grams overlap and words repeat: a thousand letters
are much less evidence than fifty times twenty letters. The temperature was fitted on words, titles and sentences of 51
languages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from copydesk.langmodel.langdetect_profiles import LANGUAGES_BY_SCRIPT
from copydesk.langmodel.packed import unpack
from copydesk.language.ngrams import FIELD_COUNT, NAT, OTHER, SCRIPTS, language_fields

# The temperature is TEMPERATURE_BASE + TEMPERATURE_SLOPE · √letters, in nats.
TEMPERATURE_BASE = 2.7
TEMPERATURE_SLOPE = 0.52
# Languages so far below, in temperatures, are left out of the softmax.
_MIN_EXPONENT = -12
_MAX_EXPONENT = 700.0
# In a script with one language, this many letters have a probability of one half: a quoted word may be foreign.
_HALF_PROBABILITY_LETTERS = 2

_HAN, _KANA = map(SCRIPTS.index, ("Hani", "Kana"))


@dataclass(frozen=True)
class LanguageScores:
    """The scores of a text.

    Attributes:
        script: the script with the most letters.
        letters: the number of its letters; a syllable counts as two or three.
        gains: the gain of each language of the script, in nats; empty if the script has one language.
    """

    script: str
    letters: int
    gains: dict[str, float]

    @cached_property
    def tag(self) -> str | None:
        """The tag of the most likely language in langdetect's form; None if the script or the letters are unknown."""
        if self.gains:
            best = max(self.gains, key=self.gains.__getitem__)
            return best if self.gains[best] else None
        return LANGUAGES_BY_SCRIPT[self.script][0] if self.script != OTHER and self.letters else None

    def probability(self, tag: str | None) -> float:
        """Return the probability of a language, given that the text is in one of the known languages."""
        if tag is None or not self.letters:
            return 0.0
        if not self.gains:
            return 1.0 - 0.5 ** (self.letters / _HALF_PROBABILITY_LETTERS) if tag == self.tag else 0.0
        if tag not in self.gains:
            return 0.0
        temperature = TEMPERATURE_BASE + TEMPERATURE_SLOPE * math.sqrt(self.letters)
        own = self.gains[tag]
        differences = [gain - own for gain in self.gains.values() if gain - own > _MIN_EXPONENT * temperature]
        return 1.0 / sum(math.exp(min(gain / temperature, _MAX_EXPONENT)) for gain in differences)

    @property
    def gain_per_letter(self) -> float:
        """The mean gain of a letter in the most likely language, in nats."""
        return self.gains[self.tag] / self.letters if self.tag in self.gains else 0.0


def decode_scores(packed: int) -> LanguageScores:
    """Decode a sum of word scores."""
    numbers = unpack(packed, FIELD_COUNT)
    letter_counts = numbers[: len(SCRIPTS)]
    # Japanese has both. Its gain counts the kana already.
    letter_counts[_HAN] += letter_counts[_KANA]
    letter_counts[_KANA] = 0
    letters = max(letter_counts)
    script = SCRIPTS[letter_counts.index(letters)]
    first, tags = language_fields(script)
    gains = {tag: gain / NAT for tag, gain in zip(tags, numbers[first : first + len(tags)], strict=True)}
    return LanguageScores(script, letters, gains)
