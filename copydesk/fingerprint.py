"""A 64-bit fingerprint of a text. Copies of a story differ in 6 bits at most.

It finds copies with or without a dateline, a last line, typographic quotes or a few damaged words. It is not proof: two
stories from one template with nine words of ten in common (weather, share prices, results) may be as close, and so may
pages with a long menu and little text. Texts of four words or fewer have little information. For equality, compare
`content_hash`.

SimHash is the usual choice. Its distance grows with the square root of the share that was cut, so that a small cut
changes many bits. In a min-wise hash (Broder 1997; one bit per minimum: Li and König 2010) the distance grows with
the share itself. This one hashes pairs of words and is weighted (Moulton and Jiang 2018): the first words have the
highest weight, because stories are cut from the end. The weight falls by the same factor from pair to pair, so that a
dateline in front, which shifts all others, does not change their proportions.

This is version 2 of the algorithm. A change would get another version:

1. *Words.* Take the first 6,000 characters. Each letter and digit becomes a number: the code point of its
   compatibility decomposition (NFKD) in folded case without combining marks if that is one character, else its own
   code point; 0x1FFFF above that. Combining marks are ignored. A word is a run of letters and digits; its hash is the
   sum of their numbers, the *i*-th (from 0) times `_LETTER_FACTOR` to the power of *i*. In scripts without spaces
   (`_SPACELESS`) each pair of adjacent characters of a run is a word, and 2³¹ is added to each number. The first 513
   words count. A single word counts twice; a text without words has the fingerprint 0.
2. *Draws.* Two adjacent words are a pair. Its seed is the hash of the left word times `_LEFT_FACTOR`, plus that of the
   right word. Hashes and seeds are modulo 2⁶⁴. The three draws of a pair are the upper 32 bits of the first three
   numbers of SplitMix64 with its seed.
3. *Handicaps.* Of the first 176 pairs all three draws count, each multiplied by a handicap: 1024 for the first pair,
   and for each next one an 80th part more (rounded down). Of other pairs only the first draw counts, multiplied by
   3072.
4. *Buckets.* The lowest six bits of a draw are its bucket. The draw with the lowest product wins the bucket, and the
   earlier one of equals.
5. *Bits.* Bit *b* of the fingerprint (0 is the lowest) is 1 if bits 6 and 7 of the winner of bucket *b* are both 1. If
   the bucket is empty, take the winner of the next bucket that is not, *k* places on (63 is followed by 0), and its
   bits 6 + *s* and 7 + *s*, where *s* is 2 (*k* mod 12).

So one bit in four is 1, and unrelated stories differ in 24 bits instead of 32. That makes copies differ in 6 at most.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

# All constants are part of the algorithm. They are not shared with other modules, so that they cannot change.
_MAX_CHARS = 6_000
_MAX_PAIRS = 512
_PAIRS_WITH_THREE_DRAWS = 176
_BUCKETS = 64
_LETTER_FACTOR, _LEFT_FACTOR = np.uint64(0xD1B54A32D192ED03), np.uint64(0xAEF17502108EF2D9)

# Thai and Lao, Myanmar, Khmer, Tai Le and Tai Tham, kana, Han. (Tibetan marks its syllables, Hangul its words.)
_SPACELESS = (
    "\u0e01-\u0ece\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaadf"
    "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_CODES = 0x20000
# What is in the table of letters instead of a number.
_NONE, _IGNORED = 0, 1
_SPACELESS_FLAG = 1 << 31
_LETTERS = re.compile(r"[^\W_]+")
# Letters and digits except those of large scripts without case.
_FOLDABLE = re.compile(r"[^\W_\u3400-\u9fff\ua000-\ua48f\uac00-\ud7a3\U00012000-\U00016bff\U00017000-\U0001cfff]")
# The blocks of the combining marks in common use.
_MARK_BLOCKS = (
    *range(0x300, 0x1E00),
    *range(0x20D0, 0x20F1),
    *range(0x302A, 0x3030),
    0x3099,
    0x309A,
    *range(0xFE20, 0xFE30),
)
_MARKS = re.compile(f"[{''.join(mark for mark in map(chr, _MARK_BLOCKS) if unicodedata.category(mark)[0] == 'M')}]+")


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text, as 16 hexadecimal digits.

    Args:
        text: the clean text. Its first 512 pairs of words count.

    >>> fingerprint("The harbour town of Wexcombe voted on Tuesday to build a second bridge.")
    '231c048800042044'
    >>> fingerprint("")
    '0000000000000000'
    """
    words = _hash_words(text[:_MAX_CHARS])[: _MAX_PAIRS + 1]
    if not len(words):
        return "0" * 16
    return _choose_bits(_draw(words if len(words) > 1 else words.repeat(2)))


def distance(one: str, other: str) -> int:
    """Return the number of different bits of two fingerprints: up to 6 for copies, about 24 for unrelated stories.

    >>> distance("0000000000000000", "000000000000f001")
    5
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _hash_words(text: str) -> NDArray[np.uint64]:
    """Return the hashes of the words of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _load_letters().take(codes, mode="clip")
    letters = letters[letters != _IGNORED]
    is_letter, is_spaceless = letters != _NONE, letters >= _SPACELESS_FLAG
    has_pairs = is_spaceless.any()
    is_start = is_letter.copy()
    is_start[1:] &= ~is_letter[:-1]
    if has_pairs:
        is_start[1:] |= is_letter[1:] & (is_spaceless[1:] != is_spaceless[:-1])
        # Each of these is also the first character of a pair with the next one.
        is_first_of_pair = np.zeros_like(is_spaceless)
        is_first_of_pair[:-1] = is_spaceless[1:] & is_spaceless[:-1]
        is_start |= is_first_of_pair
    firsts = np.flatnonzero(is_start)
    if not len(firsts):
        return np.empty(0, np.uint64)
    # What follows a word up to the next one counts as a part of it, with zeros. The powers count from the start of the
    # text, and the inverse of the first one makes them count from the start of the word.
    sums = np.add.reduceat(letters * _LETTER_POWERS[: len(letters)], firsts)
    hashes: NDArray[np.uint64] = sums * _INVERSE_POWERS.take(firsts)
    if has_pairs:
        # The second character of a pair is in its sum, unless it is the first one of the next pair.
        seconds = firsts[:-1] + 1
        is_cut = is_first_of_pair.take(firsts[:-1]) & is_first_of_pair.take(seconds)
        hashes[:-1][is_cut] += letters[seconds[is_cut]] * _LETTER_FACTOR
    return hashes


def _compute_powers(factor: np.uint64) -> NDArray[np.uint64]:
    powers = np.full(_MAX_CHARS, factor)
    powers[0] = 1
    return powers.cumprod()


_LETTER_POWERS = _compute_powers(_LETTER_FACTOR)
_INVERSE_POWERS = _compute_powers(np.uint64(pow(int(_LETTER_FACTOR), -1, 1 << 64)))


@cache
def _load_letters() -> NDArray[np.uint32]:
    """Return the number of each code point that is a letter or digit, `_IGNORED` for marks, else `_NONE`."""
    characters = np.arange(_CODES, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    numbers = np.zeros(_CODES, np.uint32)
    for run in _LETTERS.finditer(characters):
        numbers[slice(*run.span())] = np.arange(*run.span())
    foldable = _FOLDABLE.findall(characters)
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", "\n".join(foldable)).casefold()).split("\n")
    for letter, fold in zip(foldable, folded, strict=True):
        if len(fold) == 1:
            numbers[ord(letter)] = ord(fold)
    numbers[-1] = _CODES - 1
    for run in re.finditer(f"[{_SPACELESS}]+", characters):
        numbers[slice(*run.span())] += np.uint32(_SPACELESS_FLAG) * (numbers[slice(*run.span())] != _NONE)
    numbers[-1] += np.uint32(_SPACELESS_FLAG)
    numbers[list(map(ord, "".join(_MARKS.findall(characters))))] = _IGNORED
    return numbers


def _draw(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the draws of all pairs, in order: three of each of the first pairs, one of each other."""
    seeds = words[:-1] * _LEFT_FACTOR + words[1:]
    draws = _mix(seeds[:, np.newaxis] + _STEPS)
    return np.concatenate((draws[:_PAIRS_WITH_THREE_DRAWS].ravel(), draws[_PAIRS_WITH_THREE_DRAWS:, 0]))


# The additions of the first three states of SplitMix64.
_STEPS = np.array([k * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF for k in (1, 2, 3)], np.uint64)


def _mix(states: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the upper 32 bits of the numbers that SplitMix64 makes of its states."""
    mixed = (states ^ (states >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32)


def _compute_handicaps() -> NDArray[np.uint64]:
    handicap, handicaps = 1024, []
    for _ in range(_PAIRS_WITH_THREE_DRAWS):
        handicaps += [handicap] * 3
        handicap += handicap // 80
    return np.array((*handicaps, *[3 * 1024] * (_MAX_PAIRS - _PAIRS_WITH_THREE_DRAWS)), np.uint64)


_HANDICAPS = _compute_handicaps()


def _choose_bits(draws: NDArray[np.uint64]) -> str:
    """Return the bits of the winners of the buckets, as hexadecimal digits."""
    # The index in the low bits makes the earlier one of equals win.
    keys = draws * _WEIGHTS[: len(draws)] + _INDEXES[: len(draws)]
    lowest = np.full(_BUCKETS, _NO_KEY)
    np.minimum.at(lowest, draws % np.uint64(_BUCKETS), keys)
    filled = np.flatnonzero(lowest != _NO_KEY)
    # For each bucket, the next one that is not empty: after the last one, the first.
    nexts = filled.take(filled.searchsorted(_BUCKET_NUMBERS), mode="wrap")
    winners = draws[lowest[nexts] & np.uint64((1 << _INDEX_BITS) - 1)]
    bits = winners >> _SHIFTS[nexts - _BUCKET_NUMBERS] & np.uint64(3) == 3
    return np.packbits(bits[::-1]).tobytes().hex()


# A text has fewer draws.
_INDEX_BITS = 10
_WEIGHTS, _INDEXES = _HANDICAPS << np.uint64(_INDEX_BITS), np.arange(1 << _INDEX_BITS, dtype=np.uint64)
_BUCKET_NUMBERS = np.arange(_BUCKETS)
# By the number of places to the next bucket; a negative one counts from the end, around the circle.
_SHIFTS = (_BUCKET_NUMBERS % 12 * 2 + 6).astype(np.uint64)
_NO_KEY = np.uint64((1 << 64) - 1)
