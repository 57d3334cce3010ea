"""A 64-bit fingerprint by which copies of one story are found: they lie within 6 bits of one another.

It is for copies with and without a dateline, a last line, typographic quotes or a few damaged words. It proves nothing:
two stories of one template in which nine words of ten are the same (weather, share prices, results) may be as near, and
so may pages with a long menu in front of little text. Texts of four words or fewer say little. Where equality is meant,
compare `content_hash`.

SimHash is the usual choice, and a poor one here: its distance grows with the square root of what was cut, so that one
line in eight moves 5 bits. In a min-wise hash (Broder 1997; one bit a minimum: Li and König 2010) it grows with the
share itself. Ours is one of pairs of words, weighted (Moulton and Jiang 2018): what stands first counts most, since
stories are cut from the end. The weight falls by the same factor from pair to pair, so that a dateline in front, which
moves all others, leaves their proportions as they are.

The algorithm, which never changes:

1. *Words.* Take the first 6,000 characters; NFKD, case folding, combining marks removed. A word is a run of letters and
   digits, cut after each 64. In scripts that are written without spaces (`_SPACELESS`) each two neighbouring characters
   of a run are one. The first 513 words count. A single word counts twice; a text without any has the fingerprint 0.
2. *Draws.* Hash the UTF-8 of each word to 24 bytes by BLAKE2b. Two neighbouring words make a pair: the first 12 bytes
   of the left one's hash, xor the last 12 of the right one's, are three draws: 32-bit numbers, little-endian.
3. *Handicaps.* Of the first 176 pairs all three draws count, each times a handicap: 1024 for the first pair, for each
   next one more by an 80th part (rounded down). Of further pairs only the first draw counts, times 3072.
4. *Buckets.* A draw falls into the bucket of its lowest six bits. The draw of the least product wins it, the earlier of
   equals.
5. *Bits.* Bit *b* of the fingerprint (0 is the lowest) is 1 if bits 6 and 7 of the draw that won bucket *b* are both 1.
   If none fell into it, take the winner of the next bucket *k* places on (63 is followed by 0) that has one, and its
   bits 6 + *s* and 7 + *s*, where *s* is 2 (*k* mod 12).

So one bit in four is 1, and unrelated stories differ in 24 bits, not in 32: that is what brings copies within 6.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain, islice
from operator import mul

from copydesk.cache import BoundedCache
from copydesk.transforms.unicode_form import normalize

_LONGEST = 6_000
_PAIRS, _NEAR = 512, 176
_SIZE, _STRIDE = 24, 128
_BUCKETS, _NOBODY = 64, -1
_DRAWN = struct.Struct("<" + "3I12x" * _NEAR + "I20x" * (_PAIRS - _NEAR))

# Thai and Lao, Myanmar, Khmer, Tai Le and Tai Tham, kana, Han. (Tibetan marks its syllables, Hangul its words.)
_SPACELESS = (
    "\u0e01-\u0ece\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\uaa60-\uaadf"
    "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WITHOUT_SPACES = re.compile(f"[{_SPACELESS}]")
_RUN = re.compile(rf"[{_SPACELESS}]+|(?:(?![{_SPACELESS}])[^\W_]){{1,64}}")
_ASCII_WORD = re.compile(r"[a-z0-9]{1,64}")
# Combining marks, as far as ordinary writing goes.
_BLOCKS = (
    *range(0x300, 0x1E00),
    *range(0x20D0, 0x20F1),
    *range(0x302A, 0x3030),
    0x3099,
    0x309A,
    *range(0xFE20, 0xFE30),
)
_MARK = re.compile(f"[{''.join(sign for sign in map(chr, _BLOCKS) if unicodedata.category(sign)[0] == 'M')}]+")


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text, as 16 hexadecimal digits.

    Args:
        text: the clean text; its first 512 pairs of words are looked at.

    >>> fingerprint("The harbour town of Wexcombe voted on Tuesday to build a second bridge.")
    '282002020a400a4c'
    >>> fingerprint("")
    '0000000000000000'
    """
    hashes = _hashes(text[:_LONGEST].split())
    if not hashes:
        return "0" * 16
    winners = _winners(_draws(hashes if len(hashes) > _SIZE else hashes * 2))
    if _NOBODY not in winners:
        return f"{sum(1 << bucket for bucket, draw in enumerate(winners) if draw & 0xC0 == 0xC0):016x}"
    return f"{sum(_borrowed(winners, bucket) << bucket for bucket in range(_BUCKETS)):016x}"


def distance(one: str, other: str) -> int:
    """Count the bits in which two fingerprints differ: up to 6 for copies of a story, some 24 for unrelated ones.

    >>> distance("0000000000000000", "000000000000f001")
    5
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _folded(token: str) -> tuple[str, ...]:
    """Return the words of what stands between white space: no step of folding reaches across that."""
    if token.isascii():
        return tuple(_ASCII_WORD.findall(token.lower()))
    folded = _MARK.sub("", normalize("NFKD", token).casefold()).replace("_", " ")
    return tuple(islice(chain.from_iterable(_cut(run[0]) for run in _RUN.finditer(folded)), _PAIRS + 1))


def _cut(run: str) -> Sequence[str]:
    if len(run) > 2 and _WITHOUT_SPACES.match(run):
        return list(map(str.__add__, run, run[1:]))
    return (run,)


def _hashes(tokens: list[str]) -> bytes:
    """Return the hashes of all words that count; a few words more are no matter."""
    found = b""
    # Without spaces a token is a clause, and few of them are enough.
    stride = _STRIDE if len(tokens) > _STRIDE else 1
    for at in range(0, len(tokens), stride):
        found += b"".join(map(_hashes_of.__getitem__, tokens[at : at + stride]))
        if len(found) > _PAIRS * _SIZE:
            break
    return found


_hash_of = BoundedCache(lambda word: blake2b(word.encode(), digest_size=_SIZE).digest(), max_size=1 << 13)
_hashes_of = BoundedCache(lambda token: b"".join(map(_hash_of.__getitem__, _folded(token))), max_size=1 << 14)


def _draws(hashes: bytes) -> tuple[int, ...]:
    """Return the draws of all pairs that count, in order.

    The left half of a word's hash stands one and a half hashes before the right half of the next word's, so that one
    xor of two long numbers does for all pairs.
    """
    pairs = min(len(hashes) // _SIZE - 1, _PAIRS)
    hashes = hashes[: (pairs + 1) * _SIZE]
    drawn = int.from_bytes(hashes, "little") ^ int.from_bytes(hashes[_SIZE + _SIZE // 2 :], "little")
    draws = _DRAWN.unpack_from(drawn.to_bytes(_DRAWN.size + _SIZE, "little"))
    return draws[: 3 * pairs if pairs <= _NEAR else 2 * _NEAR + pairs]


def _handicaps() -> tuple[int, ...]:
    handicap, handicaps = 1024, []
    for _ in range(_NEAR):
        handicaps += [handicap] * 3
        handicap += handicap // 80
    return (*handicaps, *[3 * 1024] * (_PAIRS - _NEAR))


_HANDICAPS = _handicaps()


def _winners(draws: tuple[int, ...]) -> list[int]:
    least = [1 << 64] * _BUCKETS
    winners: list[int] = [_NOBODY] * _BUCKETS
    for draw, product in zip(draws, map(mul, draws, _HANDICAPS), strict=False):
        if product < least[draw & 63]:
            least[draw & 63] = product
            winners[draw & 63] = draw
    return winners


def _borrowed(winners: list[int], bucket: int) -> bool:
    for further in range(_BUCKETS):
        winner = winners[(bucket + further) % _BUCKETS]
        if winner != _NOBODY:
            return winner >> 6 + 2 * (further % 12) & 3 == 3
    return False
