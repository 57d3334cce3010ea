"""Bigram models: the cost of a word in bits, in all languages of its script at once.

For each language, P(letter | previous letter) is estimated from counts. It is smoothed by the language's single
letters, and those by its script's. The counts are langdetect's profiles (55 languages) and `data/bigrams.txt` for other
languages. For Han they are the frequency classes of langdetect and the everyday rows of the legacy charsets.

All languages of a script are scored together: the cost of a pair is one integer with a field for each language
(`copydesk.langmodel.packed`).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from copydesk.cache import BoundedCache
from copydesk.langmodel.langdetect_profiles import (
    HAN_CLASSES,
    HAN_LANGUAGES,
    LANGUAGES_BY_SCRIPT,
    MERGED_LETTERS,
    read_profile,
)
from copydesk.langmodel.packed import minimum, pack
from copydesk.tables import read_rows

# The unit of costs: one bit is 16.
BIT = 16
# Names that end in _BITS are −log₂ of a probability.
_MAX_BITS = 17.5
# The probability of a letter of the alphabet that was never counted.
_UNSEEN_LETTER_SHARE = 1e-4
# The number of pairs, after each letter, that are assumed to be missing from the counts.
_UNSEEN_PAIRS = 20.0
_MIN_UNSEEN_SHARE = 0.05
# The weight of a language's own letters against those of its script.
_OWN_WEIGHT = 0.97
# The probability of a letter in none of a script's alphabets.
_FLOOR_SHARE = 1e-6
# The probability that a word ends after a letter.
_WORD_END_SHARE = 0.17
# More pairs than any language has. Others are noise and not worth the memory.
_MAX_CACHED_UNITS = 30_000
_MAX_CACHED_WORDS = 1 << 12
# Of each charset: its codec, the first lead byte after the everyday characters, the bits of an everyday character, and
# those of any other.
HAN_ROWS = (("gb2312", 0xD8, 11.0, 16.0), ("big5", 0xC7, 11.5, 17.0), ("euc_jp", 0xD0, 11.0, 17.0))
_MIN_HAN_BITS = 4.0
_OUTSIDE_CHARSET_BITS = 20.0
_KANA_BITS = 6.0
_FOREIGN_KANA_BITS = 12.0
_HALF_WIDTH_KANA_BITS = 8.0

# The Arabic tatweel is not a letter: it stretches a word.
_REPLACEMENTS: dict[int, int | None] = {**MERGED_LETTERS, 0x640: None}


def normalize_word(word: str) -> str:
    """Return a word as it is counted: in lower case, with the letters merged that langdetect merges.

    >>> normalize_word("Việt"), normalize_word("مـحمـد") == "محمد"
    ('viểt', True)
    """
    return word.replace("İ", "ı").lower().translate(_REPLACEMENTS)


def find_han_row(character: str, charset: str, first_rare_row: int) -> Literal["everyday", "other"] | None:
    """Return the kind of row of a legacy charset that has a Han; None if the charset does not have it.

    Args:
        character: the Han.
        charset: the codec of the charset.
        first_rare_row: the first lead byte after the everyday characters.

    >>> [find_han_row(character, "gb2312", 0xD8) for character in "的鑫橋"]
    ['everyday', 'other', None]
    """
    try:
        encoded = character.encode(charset)
    except UnicodeEncodeError:
        return None
    return "everyday" if len(encoded) == 2 and encoded[0] < first_rare_row else "other"


class CostModel(dict[str, int], ABC):
    """The costs of the units of one script: unit -> packed costs by language.

    A missing unit is computed on lookup.

    Attributes:
        languages: the tags of the languages, in the order of the fields.
        costs_by_word: for each word, its packed costs and the lowest of them.
    """

    def __init__(self, languages: Iterable[str]) -> None:
        """Create a model without any costs."""
        super().__init__()
        self.languages = tuple(languages)
        self.costs_by_word = BoundedCache(self._costs_and_minimum, max_size=_MAX_CACHED_WORDS)

    def __missing__(self, unit: str) -> int:
        """Compute the packed costs of a unit."""
        packed = self._compute_costs(unit)
        if len(self) < _MAX_CACHED_UNITS:
            self[unit] = packed
        return packed

    @abstractmethod
    def letter_costs(self, letter: str) -> int:
        """Return the packed costs of a single letter."""

    @abstractmethod
    def word_costs(self, word: str) -> int:
        """Return the packed costs of a normalized word."""

    @abstractmethod
    def _compute_costs(self, unit: str) -> int: ...

    def _costs_and_minimum(self, word: str) -> tuple[int, int]:
        packed = self.word_costs(normalize_word(word))
        return packed, minimum(packed, len(self.languages))


class _BigramModel(CostModel):
    """The costs of all pairs of letters of one script."""

    def __init__(self, languages: dict[str, _LetterCounts]) -> None:
        """Create a model from the counts of each language."""
        super().__init__(languages)
        self._counts = tuple(languages.values())
        self._letter_costs: dict[str, int] = {}
        # The mean share of each letter in the languages of the script.
        self._common_shares: dict[str, float] = defaultdict(float)
        for counts in self._counts:
            for letter, share in counts.shares.items():
                self._common_shares[letter] += share / len(self._counts)

    def letter_costs(self, letter: str) -> int:
        packed = self._letter_costs.get(letter)
        if packed is None:
            common = self._common_shares.get(letter, 0.0) + _FLOOR_SHARE
            packed = pack(BIT * counts.letter_bits(letter, common) for counts in self._counts)
            self._letter_costs[letter] = packed
        return packed

    def word_costs(self, word: str) -> int:
        """Return the packed costs of a normalized word, with its edges."""
        edged = f" {word} "
        return sum(map(self.__getitem__, map(str.__add__, edged, edged[1:])))

    def _compute_costs(self, unit: str) -> int:
        before, after = unit[0], unit[1]
        common = _WORD_END_SHARE if after == " " else self._common_shares.get(after, 0.0) + _FLOOR_SHARE
        return pack(BIT * counts.pair_bits(before, after, common) for counts in self._counts)


class _HanModel(CostModel):
    """The costs of single Han and kana: as simplified Chinese, traditional Chinese and Japanese."""

    def __init__(self) -> None:
        """Read the frequency classes of langdetect."""
        super().__init__(HAN_LANGUAGES)
        class_sizes = Counter(HAN_CLASSES.values())
        self._class_bits = [
            {name: -math.log2(n / total / max(1, class_sizes[name])) for name, n in counts.items()}
            for counts, total in map(_count_han_classes, HAN_LANGUAGES)
        ]

    def letter_costs(self, letter: str) -> int:
        return self[letter]

    def word_costs(self, word: str) -> int:
        """Return the packed costs of a run of Han and kana."""
        return sum(map(self.__getitem__, word))

    def _compute_costs(self, unit: str) -> int:
        return pack(BIT * self._character_bits(unit, i) for i in range(len(HAN_LANGUAGES)))

    def _character_bits(self, character: str, language: int) -> float:
        if character < "\u4e00" and character not in "々〇":
            return _KANA_BITS if HAN_LANGUAGES[language] == "ja" else _FOREIGN_KANA_BITS
        if character > "\uff00":
            return _HALF_WIDTH_KANA_BITS
        charset, first_rare_row, everyday_bits, other_bits = HAN_ROWS[language]
        row = find_han_row(character, charset, first_rare_row)
        if row is None:
            return _OUTSIDE_CHARSET_BITS
        row_bits = everyday_bits if row == "everyday" else other_bits
        class_bits = self._class_bits[language].get(HAN_CLASSES.get(character, character), _MAX_BITS)
        return min(row_bits, max(_MIN_HAN_BITS, class_bits))


class _LetterCounts:
    """The counts of letters and pairs of one language.

    Attributes:
        shares: the probability of each letter.
    """

    def __init__(self, grams: Mapping[str, int], alphabet: Iterable[str] = ()) -> None:
        singles: Counter[str] = Counter()
        pairs: dict[str, Counter[str]] = defaultdict(Counter)
        for gram, n in grams.items():
            letters = normalize_word(gram)
            if len(letters) == 1:
                singles[letters] += n
            elif len(letters) == 2:
                pairs[letters[0]][letters[1]] += n
        total = sum(singles.values())
        self.shares = dict.fromkeys(alphabet, _UNSEEN_LETTER_SHARE)
        self.shares |= {letter: max(n / total, self.shares.get(letter, 0.0)) for letter, n in singles.items()}
        # The profiles omit rare pairs: a letter's own count is greater than the sum of its pairs. The difference is the
        # weight of unseen pairs. By letter: counts of the next letter, total, that weight, share of unseen letters.
        self._followers: dict[str, tuple[Counter[str], float, float, float]] = {}
        for letter, following in pairs.items():
            counted = sum(following.values())
            seen = max(singles.get(letter, counted), counted)
            unseen_share = max(1.0 - sum(self.shares.get(other, 0.0) for other in following), _MIN_UNSEEN_SHARE)
            unseen_weight = seen - counted + _UNSEEN_PAIRS
            self._followers[letter] = (following, seen + _UNSEEN_PAIRS, unseen_weight, unseen_share)
        self._no_followers: tuple[Counter[str], float, float, float] = (Counter(), 1.0, 1.0, 2.0)

    def pair_bits(self, before: str, after: str, common: float) -> float:
        """Return the bits of a letter after another; `common` is the share of the letter in its script."""
        following, total, unseen_weight, unseen_share = self._followers.get(before, self._no_followers)
        own = _WORD_END_SHARE if after == " " else _OWN_WEIGHT * self.shares.get(after, 0.0)
        expected = following[after] + unseen_weight * (own / unseen_share + (1 - _OWN_WEIGHT) * common / 2)
        return min(_MAX_BITS, -math.log2(expected / total))

    def letter_bits(self, letter: str, common: float) -> float:
        """Return the bits of a letter on its own."""
        return min(_MAX_BITS, -math.log2(_OWN_WEIGHT * self.shares.get(letter, 0.0) + (1 - _OWN_WEIGHT) * common))


def _count_han_classes(language: str) -> tuple[dict[str, int], int]:
    """Return the counts of a language's classes of Han, and their sum."""
    counts = {gram: n for gram, n in _langdetect_counts(language).items() if len(gram) == 1}
    return counts, sum(counts.values())


def _langdetect_counts(language: str) -> dict[str, int]:
    return {gram: n for gram, n in read_profile(language).counts.items() if len(gram) < 3}


def _read_bigrams() -> dict[str, dict[str, dict[str, int]]]:
    """Read data/bigrams.txt: script -> language -> letters -> count."""
    tables: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for language, script, counts in read_rows("copydesk.langmodel", "data/bigrams.txt"):
        tables[script][language] = dict(_parse_count(item) for item in counts.split(" "))
    return tables


def _parse_count(item: str) -> tuple[str, int]:
    gram = item.rstrip("0123456789")
    return gram.replace("_", " "), int(item[len(gram) :])


@cache
def bigram_models() -> dict[str, CostModel]:
    """Return the model of each script, by its name. The first call loads them."""
    tables = _read_bigrams()
    models: dict[str, CostModel] = {"Jpan": _HanModel()}
    for script in {**LANGUAGES_BY_SCRIPT, **tables}:
        table = tables.get(script, {})
        languages = {
            tag: _LetterCounts(_langdetect_counts(tag), table.pop(tag, {}))
            for tag in LANGUAGES_BY_SCRIPT.get(script, ())
        }
        languages |= {tag: _LetterCounts(grams) for tag, grams in table.items()}
        models[script] = _BigramModel(languages)
    return models
