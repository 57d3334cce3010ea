"""Hashes of words, computed for a whole text in one NumPy pass.

A hash is the sum of its code points, each multiplied by a number that belongs to its position. Word lists store the
upper 32 bits: of a million listed words, about one unknown word in four thousand has the hash of a listed one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_GOLDEN_RATIO = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
# Longer words are in no list.
MAX_WORD_LETTERS = 64


def hash_runs(codes: NDArray[np.uint32], firsts: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Hash words that follow each other without a gap.

    Args:
        codes: the code points of the words, in lower case.
        firsts: the index of the first letter of each word.
    """
    lengths = np.diff(np.append(firsts, len(codes)))
    offsets = np.arange(len(codes)) - np.repeat(firsts, lengths)
    multipliers = _MULTIPLIERS[np.minimum(offsets, MAX_WORD_LETTERS)]
    sums = np.add.reduceat((codes.astype(np.uint64) + np.uint64(1)) * multipliers, firsts)
    mixed = (sums ^ (sums >> np.uint64(32))) * np.uint64(_GOLDEN_RATIO)
    hashes: NDArray[np.uint32] = (mixed >> np.uint64(32)).astype(np.uint32)
    return hashes


def hash_words(words: Sequence[str]) -> NDArray[np.uint32]:
    """Hash words in lower case.

    >>> hash_words(["été", "è"]).tolist() == [hash_words([word])[0] for word in ("été", "è")]
    True
    """
    if not words:
        return np.empty(0, np.uint32)
    lengths = np.array([len(word) for word in words])
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    return hash_runs(codes, np.concatenate(([0], np.cumsum(lengths)[:-1])))


def _multipliers() -> NDArray[np.uint64]:
    """Return an odd number for each position in a word (SplitMix64), and 0 beyond the longest word."""
    numbers = []
    state = 0
    for _ in range(MAX_WORD_LETTERS):
        state = (state + _GOLDEN_RATIO) & _MASK
        mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        numbers.append((mixed ^ (mixed >> 31)) | 1)
    return np.array([*numbers, 0], np.uint64)


_MULTIPLIERS = _multipliers()
