"""Cost tables of one script: trigrams with back-off, quantized to twelfths of a bit.

The symbol of a letter is its index in `letters` plus one; zero is the edge of a word. The cost of a trigram without
a row is the sum of its back-off and bigram costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.train_model.counts import LanguageCounts
from tools.train_model.letters import list_charset_letters

UNITS_PER_BIT = 12
# Multiplier of Fibonacci hashing: 2^64 divided by the golden ratio.
HASH_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# Letters that are rarer in every language are left to the table of signs.
_MIN_LETTER_COUNT = 4.0
# Strength of the prior at each order, in counts. More of it helps foreign words, less of it known ones.
_UNIGRAM_PRIOR = 30.0
_BIGRAM_PRIOR = 60.0
_TRIGRAM_PRIOR = 40.0
_HASH_SLOTS_PER_ROW = 1.5

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Keys = NDArray[np.int64]


@dataclass(frozen=True)
class ScriptTable:
    """The costs of one script; columns are languages.

    Attributes:
        languages: The tags of the columns.
        letters: The folded letters in the order of their symbols.
        unigrams: The cost of each symbol.
        bigrams: The cost of each pair of symbols.
        backoff: The cost of leaving the trigrams that start with a pair.
        trigrams: The costs of the kept trigrams.
        slots: The row in `trigrams` by hash.
        checks: A second hash, to check that the slot holds the trigram.
        bits: The binary logarithm of the number of slots.
    """

    languages: tuple[str, ...]
    letters: tuple[str, ...]
    unigrams: Bytes
    bigrams: Bytes
    backoff: Bytes
    trigrams: Bytes
    slots: NDArray[np.int32]
    checks: NDArray[np.uint16]
    bits: int

    def to_arrays(self, script: str) -> dict[str, NDArray[np.generic]]:
        """Return the arrays under the names of the model file."""
        return {
            f"{script}.languages": np.array(self.languages),
            f"{script}.letters": np.array(self.letters),
            f"{script}.unigrams": self.unigrams,
            f"{script}.trigrams": self.trigrams,
            f"{script}.bigrams": self.bigrams,
            f"{script}.backoff": self.backoff,
            f"{script}.slots": self.slots,
            f"{script}.checks": self.checks,
            f"{script}.bits": np.array(self.bits, np.int32),
        }

    def score_words(self, words: Sequence[str], language: str) -> Keys:
        """Return the cost of each folded word in a language, including its end."""
        n = len(self.letters) + 1
        symbols = {letter: i + 1 for i, letter in enumerate(self.letters)}
        ids = [symbols.get(char, 0) for word in words for char in f"{word} "]
        last = np.array(ids, np.int64)
        middle = np.concatenate([[0], last[:-1]])
        first = np.concatenate([[0, 0], last[:-2]]) * (middle != 0)
        costs = self._score_trigrams(((first * n + middle) * n + last), self.languages.index(language))
        starts = np.cumsum([0, *(len(word) + 1 for word in words[:-1])])
        totals: NDArray[np.int64] = np.add.reduceat(costs, starts)
        return totals

    def _score_trigrams(self, keys: Keys, column: int) -> NDArray[np.int64]:
        n = len(self.letters) + 1
        slots, checks = hash_keys(keys, self.bits)
        backed_off = self.backoff[keys // n, column].astype(np.int64) + self.bigrams[keys % (n * n), column]
        is_kept = self.checks[slots] == checks
        costs: Keys = np.where(is_kept, self.trigrams[self.slots[slots], column], np.minimum(backed_off, 255))
        return costs


def hash_keys(keys: Keys, bits: int) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Return the slot and the check of each trigram key."""
    hashes = keys.astype(np.uint64) * HASH_MULTIPLIER
    slots = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    return slots, ((hashes >> np.uint64(20)) & np.uint64(0xFFFF)).astype(np.uint16)


def build_table(script: str, counts: Sequence[LanguageCounts], min_trigram_count: float) -> ScriptTable:
    """Build the table of a script.

    Args:
        script: The ISO 15924 code.
        counts: The counts of each language, in the order of the columns.
        min_trigram_count: Trigrams that are rarer in every language get no row.
    """
    letters = _list_letters(script, counts)
    n, columns = len(letters) + 1, len(counts)
    keys, values = _index_trigrams(counts, letters)
    contexts = np.zeros((n * n, columns))
    np.add.at(contexts, keys // n, values)
    pairs = np.zeros((n * n, columns))
    np.add.at(pairs, keys % (n * n), values)
    unigrams = _smooth_unigrams(pairs.reshape(n, n, columns).sum(0))
    bigrams = _smooth_bigrams(pairs.reshape(n, n, columns), unigrams).reshape(n * n, columns)
    is_kept = values.max(1) >= min_trigram_count
    keys, values = keys[is_kept], values[is_kept]
    trigrams = (values + _TRIGRAM_PRIOR * bigrams[keys % (n * n)]) / (contexts[keys // n] + _TRIGRAM_PRIOR)
    rows, slots, checks, bits = _build_hash_table(keys, values.max(1))
    return ScriptTable(
        languages=tuple(count.language.tag for count in counts),
        letters=tuple(letters),
        unigrams=quantize(unigrams),
        bigrams=quantize(bigrams),
        backoff=quantize(_TRIGRAM_PRIOR / (contexts + _TRIGRAM_PRIOR)),
        trigrams=quantize(trigrams[rows]),
        slots=slots,
        checks=checks,
        bits=bits,
    )


def quantize(probabilities: Floats) -> Bytes:
    """Turn probabilities into costs in twelfths of a bit, at most 255."""
    bits = -np.log2(np.maximum(probabilities, 1e-9))
    costs: Bytes = np.clip(np.rint(bits * UNITS_PER_BIT), 0, 255).astype(np.uint8)
    return costs


def _list_letters(script: str, counts: Iterable[LanguageCounts]) -> list[str]:
    """Return the letters that some language uses or some legacy charset encodes, sorted."""
    letters = list_charset_letters(script)
    for count in counts:
        totals: dict[str, float] = {}
        for trigram, value in count.trigrams.items():
            totals[trigram[2]] = totals.get(trigram[2], 0.0) + value
        letters.update(letter for letter, total in totals.items() if total >= _MIN_LETTER_COUNT)
    return sorted(letters - {" "})


def _index_trigrams(counts: Sequence[LanguageCounts], letters: Sequence[str]) -> tuple[Keys, Floats]:
    """Return the sorted keys of all trigrams and their counts by language."""
    symbols = {" ": 0} | {letter: i + 1 for i, letter in enumerate(letters)}
    n = len(symbols)
    by_key: list[dict[int, float]] = [
        {
            (symbols[trigram[0]] * n + symbols[trigram[1]]) * n + symbols[trigram[2]]: value
            for trigram, value in count.trigrams.items()
            if len(trigram) == 3 and all(char in symbols for char in trigram)
        }
        for count in counts
    ]
    keys = np.array(sorted(set().union(*by_key)), np.int64)
    values = np.zeros((len(keys), len(counts)))
    for column, counted in enumerate(by_key):
        rows = np.searchsorted(keys, np.array(list(counted), np.int64))
        values[rows, column] = list(counted.values())
    return keys, values


def _smooth_unigrams(totals: Floats) -> Floats:
    """Mix the shares of letters in a language with those in all languages of the script."""
    sums = totals.sum(0)
    pool = (totals / sums).mean(1) + 1e-7
    pool /= pool.sum()
    return np.asarray((totals + _UNIGRAM_PRIOR * pool[:, None]) / (sums + _UNIGRAM_PRIOR), np.float64)


def _smooth_bigrams(pairs: Floats, unigrams: Floats) -> Floats:
    contexts = pairs.sum(1)
    return np.asarray((pairs + _BIGRAM_PRIOR * unigrams[None]) / (contexts[:, None] + _BIGRAM_PRIOR), np.float64)


def _build_hash_table(
    keys: Keys, counts: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16], int]:
    """Return the rows that won a slot, the slots, the checks and the number of bits."""
    bits = max(10, int(np.ceil(np.log2(max(len(keys), 1) * _HASH_SLOTS_PER_ROW))))
    slots, checks = hash_keys(keys, bits)
    owners = np.full(1 << bits, -1, np.int64)
    # The last assignment wins: the most frequent trigram.
    order = np.argsort(counts, kind="stable")
    owners[slots[order]] = order
    rows = np.flatnonzero(np.isin(np.arange(len(keys)), owners))
    positions = np.zeros(len(keys), np.int32)
    positions[rows] = np.arange(len(rows), dtype=np.int32)
    is_used = owners >= 0
    return (
        rows,
        np.where(is_used, positions[owners], 0).astype(np.int32),
        np.where(is_used, checks[owners], 0).astype(np.uint16),
        bits,
    )
