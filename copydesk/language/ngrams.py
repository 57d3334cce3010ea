"""N-gram scores of words: naive Bayes for all languages at once, one integer per word.

The integer has a field (`copydesk.langmodel.packed`) for each script, which counts letters, and one for each language
that shares its script with others, which sums gains. The gain of an n-gram in a language is log(1 + p/α). It is 0 if
the profile does not have the n-gram, so most n-grams have few fields. Up to a constant, the sum of the gains of a text
is the log-likelihood of naive Bayes: the language with the highest gain is the most likely one.

There are three differences to langdetect. Letters are in lower case, so that headlines in capitals are read like other
text. Single letters are not counted, because pairs include them, and triples have a higher weight than pairs. N-grams
below `_MIN_SHARE` are omitted: some profiles have more rare n-grams than others and would win by that alone.

Each Han or kana is a word. The gain of a Han in simplified Chinese, traditional Chinese and Japanese depends on its
place in GB 2312, Big5 and JIS X 0208 (everyday, other or missing) and on langdetect's frequency classes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby

from copydesk.cache import BoundedCache
from copydesk.langmodel.bigrams import HAN_ROWS, find_han_row
from copydesk.langmodel.langdetect_profiles import (
    HAN_CLASSES,
    HAN_LANGUAGES,
    LANGUAGES_BY_SCRIPT,
    MERGED_LETTERS,
    read_profile,
)
from copydesk.langmodel.packed import FIELD_BITS, pack
from copydesk.langmodel.scripts import find_script

# The unit of gains: one nat is 32.
NAT = 32
_ALPHA = 2e-5
_MIN_SHARE = 5e-5
# The weight of an n-gram by its length.
_WEIGHTS = {2: 1.0, 3: 1.5}
# The gain of a Han in a language with a charset that has it among its everyday characters, or among the others; and
# that of kana in Japanese.
_EVERYDAY_GAIN = 6 * NAT
_RARE_GAIN = 1 * NAT
_KANA_GAIN = 8 * NAT

# The number of letters that a character counts as. A syllable carries as much information as two or three letters.
_LETTERS_PER_CHARACTER = {"Hani": 3, "Kana": 2, "Hang": 2, "Thai": 2}
OTHER = "Zyyy"
SCRIPTS = (*LANGUAGES_BY_SCRIPT, "Hani", "Kana", OTHER)
_SHARED_SCRIPTS = {"Hani": HAN_LANGUAGES} | {
    script: tags for script, tags in LANGUAGES_BY_SCRIPT.items() if len(tags) > 1
}
LANGUAGES = tuple(tag for tags in _SHARED_SCRIPTS.values() for tag in tags)
FIELD_COUNT = len(SCRIPTS) + len(LANGUAGES)

# Longer words are split.
_MAX_WORD_CHARS = 24
# The cache is cleared when it is full. A day's news in one language has about a third of these words.
_MAX_CACHED_WORDS = 1 << 15

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
# `MERGED_LETTERS`, without the dot above that lower() leaves of İ.
_REPLACEMENTS: dict[int, int | None] = {**MERGED_LETTERS, 0x307: None}


def language_fields(script: str) -> tuple[int, tuple[str, ...]]:
    """Return the first field and the tags of the languages that share a script; no tags for other scripts.

    >>> language_fields("Cyrl")[1]
    ('ru', 'uk', 'bg', 'mk')
    """
    tags = _SHARED_SCRIPTS.get(script, ())
    return (len(SCRIPTS) + LANGUAGES.index(tags[0]) if tags else 0), tags


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case. Each Han or kana is a word.

    >>> split_words("L’Été 2024, 新橋!")
    ['l', 'été', '新', '橋']
    """
    return _word_pattern().findall(text.lower())


@cache
def _word_pattern() -> re.Pattern[str]:
    """Return the pattern of a word. Ranges of letters and marks match twice as fast as character classes."""
    cjk = re.compile(f"[{_CJK}]")
    letters = (
        character
        for character in map(chr, range(0x10000))
        if unicodedata.category(character)[0] in "LM" and not cjk.match(character)
    )
    ranges = "".join(f"{first}-{last}" for first, last in _character_ranges(letters))
    # Letters beyond 16 bits have a class of their own: in the first class they would make it twenty times as slow.
    return re.compile(f"[{ranges}]{{1,{_MAX_WORD_CHARS}}}|[{_CJK}]|[\U00020000-\U000323af]")


def _character_ranges(characters: Iterator[str]) -> Iterator[tuple[str, str]]:
    for _, run in groupby(enumerate(characters), lambda numbered: ord(numbered[1]) - numbered[0]):
        consecutive = [character for _, character in run]
        yield consecutive[0], consecutive[-1]


class WordScores(BoundedCache[int]):
    """The packed scores of words in lower case. A missing one is computed on lookup."""

    def __init__(self) -> None:
        """Read the profiles."""
        super().__init__(self.compute, max_size=_MAX_CACHED_WORDS)
        self._gains = _read_gains()

    def compute(self, word: str) -> int:
        """Return the packed scores of a word, without the cache."""
        if word.isascii():
            scores = len(word)
        elif (script := _scored_script(word[0])) in ("Hani", "Kana"):
            return _score_cjk(word, script)
        else:
            word = unicodedata.normalize("NFC", word)
            scores = sum(map(_letter_count, word))
            if script not in _SHARED_SCRIPTS:
                return scores
            word = word.translate(_REPLACEMENTS)
        return sum(filter(None, map(self._gains.get, _ngrams(word))), scores)


@lru_cache(_MAX_CACHED_WORDS)
def _score_cjk(character: str, script: str) -> int:
    if script == "Kana":
        gains = [_KANA_GAIN if language == "ja" else 0 for language in HAN_LANGUAGES]
    else:
        name = HAN_CLASSES.get(character, character)
        gains = [
            _charset_gain(character, charset, first_rare_row)
            + round(_gain(_han_class_shares(language).get(name, 0.0)) * NAT)
            for language, (charset, first_rare_row, *_) in zip(HAN_LANGUAGES, HAN_ROWS, strict=True)
        ]
    return _letter_count(character) + (pack(gains) << language_fields("Hani")[0] * FIELD_BITS)


def _charset_gain(character: str, charset: str, first_rare_row: int) -> int:
    row = find_han_row(character, charset, first_rare_row)
    if row is None:
        return 0
    return _EVERYDAY_GAIN if row == "everyday" else _RARE_GAIN


@cache
def _han_class_shares(language: str) -> dict[str, float]:
    """Return the share of each class of Han among all Han of a language: kana are half of Japanese text."""
    shares = {name: share for name, share in _ngram_shares(language, (1,)).items() if name in HAN_CLASSES}
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def _ngrams(word: str) -> list[str]:
    edged = f" {word} "
    pairs = list(map(str.__add__, edged, edged[1:]))
    return pairs + list(map(str.__add__, pairs, edged[2:]))


@lru_cache(_MAX_CACHED_WORDS)
def _letter_count(character: str) -> int:
    """Return the packed letter count of a character."""
    script = _scored_script(character)
    return _LETTERS_PER_CHARACTER.get(script, 1) << SCRIPTS.index(script) * FIELD_BITS if script else 0


def _scored_script(character: str) -> str | None:
    """Return the script of `SCRIPTS` that a letter counts for; None for a mark without a script."""
    script = find_script(character)
    if script in ("Jpan", "Hanx"):
        return "Kana" if "\u3040" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f" else "Hani"
    if script in (None, "Zinh"):
        return None
    return script if script in SCRIPTS else OTHER


def _gain(share: float) -> float:
    return math.log1p(share / _ALPHA)


def _ngram_shares(language: str, lengths: Iterable[int]) -> dict[str, float]:
    """Return the share of each n-gram, in lower case, among all n-grams of its length."""
    profile = read_profile(language)
    shares: dict[str, float] = defaultdict(float)
    for gram, n in profile.counts.items():
        if len(gram) in lengths:
            shares[gram.lower().translate(_REPLACEMENTS)] += n / profile.totals[len(gram) - 1]
    return shares


def _read_gains() -> dict[str, int]:
    """Return the packed gains of all n-grams. Equal numbers are one object, to save memory."""
    gains: dict[str, int] = defaultdict(int)
    for i, language in enumerate(LANGUAGES, len(SCRIPTS)):
        if language in HAN_LANGUAGES:
            continue
        for gram, share in _ngram_shares(language, _WEIGHTS).items():
            if share >= _MIN_SHARE:
                gains[gram] += round(_gain(share) * _WEIGHTS[len(gram)] * NAT) << i * FIELD_BITS
    interned: dict[int, int] = {}
    return {gram: interned.setdefault(packed, packed) for gram, packed in gains.items()}
