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

1. *Words.* Take the first 6,000 characters; NFKD, case folding, combining marks removed. A word is a run of letters and
   digits, split after every 64. In scripts without spaces (`_SPACELESS`) each pair of adjacent characters of a run is a
   word. The first 513 words count. A single word counts twice; a text without words has the fingerprint 0.
2. *Draws.* Two adjacent words are a pair. Its seed is the CRC-32 of the UTF-8 of the left word, times 2³², plus that of
   the right word. Its three draws are the upper 32 bits of the first three numbers of SplitMix64 with this seed.
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
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from copydesk.transforms.unicode_form import normalize

# All constants are part of the algorithm. They are not shared with other modules, so that they cannot change.
_MAX_CHARS = 6_000
_MAX_PAIRS = 512
_PAIRS_WITH_THREE_DRAWS = 176
_BUCKETS = 64
_EMPTY = -1

# Thai and Lao, Myanmar, Khmer, Tai Le and Tai Tham, kana, Han. (Tibetan marks its syllables, Hangul its words.)
_SPACELESS = (
    "\u0e01-\u0ece\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaadf"
    "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACELESS_CHARACTER = re.compile(f"[{_SPACELESS}]")
_RUN = re.compile(rf"[{_SPACELESS}]+|(?:(?![{_SPACELESS}])[^\W_]){{1,64}}")
_WORD = re.compile(r"[^\W_]{1,64}")
_ASCII_WORD = re.compile(r"[a-z0-9]{1,64}")
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
    '03b0a84648584420'
    >>> fingerprint("")
    '0000000000000000'
    """
    words = list(islice(_split_words(text[:_MAX_CHARS]), _MAX_PAIRS + 1))
    if not words:
        return "0" * 16
    winners = _choose_winners(_draw(words if len(words) > 1 else words * 2))
    if _EMPTY not in winners:
        return f"{sum(1 << bucket for bucket, draw in enumerate(winners) if draw & 0xC0 == 0xC0):016x}"
    return f"{sum(_bit(winners, bucket) << bucket for bucket in range(_BUCKETS)):016x}"


def distance(one: str, other: str) -> int:
    """Return the number of different bits of two fingerprints: up to 6 for copies, about 24 for unrelated stories.

    >>> distance("0000000000000000", "000000000000f001")
    5
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _split_words(text: str) -> Iterator[str]:
    """Yield the folded words of a text."""
    if text.isascii():
        return iter(_ASCII_WORD.findall(text.lower()))
    folded = _MARKS.sub("", normalize("NFKD", text).casefold())
    if not _SPACELESS_CHARACTER.search(folded):
        return iter(_WORD.findall(folded))
    return chain.from_iterable(map(_split_run, _RUN.findall(folded)))


def _split_run(run: str) -> Sequence[str]:
    """Return the pairs of adjacent characters of a run without spaces, or the run."""
    if len(run) > 2 and _SPACELESS_CHARACTER.match(run):
        return list(map(str.__add__, run, run[1:]))
    return (run,)


def _draw(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return the draws of all pairs, in order: three of each of the first pairs, one of each other."""
    hashes = np.array(list(map(crc32, map(str.encode, words))), np.uint64)
    seeds = (hashes[:-1] << np.uint64(32)) | hashes[1:]
    draws = np.stack([_mix(seeds + step) for step in _STEPS], axis=1)
    return np.concatenate((draws[:_PAIRS_WITH_THREE_DRAWS].ravel(), draws[_PAIRS_WITH_THREE_DRAWS:, 0]))


# The additions of the first three states of SplitMix64.
_STEPS = [np.uint64(k * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) for k in (1, 2, 3)]


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


def _choose_winners(draws: NDArray[np.uint64]) -> list[int]:
    """Return the draw that wins each bucket, or `_EMPTY`."""
    order = np.argsort(draws * _HANDICAPS[: len(draws)], kind="stable")
    buckets, firsts = np.unique(draws[order] % np.uint64(_BUCKETS), return_index=True)
    winners = [_EMPTY] * _BUCKETS
    for bucket, draw in zip(buckets.tolist(), draws[order[firsts]].tolist(), strict=True):
        winners[bucket] = draw
    return winners


def _bit(winners: list[int], bucket: int) -> bool:
    """Return the bit of a bucket, from the next bucket with a winner if it is empty."""
    for k in range(_BUCKETS):
        winner = winners[(bucket + k) % _BUCKETS]
        if winner != _EMPTY:
            return winner >> 6 + 2 * (k % 12) & 3 == 3
    return False
