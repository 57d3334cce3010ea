"""Words: what each word says for each language, as one integer.

The integer has a lane (`copydesk.langmodel.packed`) for each script, which counts letters, and one for each language that shares
its script with others, which adds up gains. The gain of a gram in a language is log(1 + p/α): nothing where the profile
lacks the gram, so that most grams speak of few languages and unknown ones of none. Summed over a text and up to a
constant that is the logarithm of naive Bayes: the highest lane is the likeliest language.

Three things differ from langdetect: letters are in lower case, so that a headline in capitals is read like any other;
single letters are not counted, as every pair has them already, and triples weigh half as much again as pairs; and what
is rarer than 5 in 100,000 is left out, since some profiles go deeper than others and would win by that alone. Together
they name 1.8 % more of single words right, 0.9 % more of titles and 0.3 % more of sentences.

Of Han and kana each is a word. What a Han says of simplified Chinese, traditional Chinese and Japanese is whether it is
among the everyday characters of GB 2312, Big5 and JIS X 0208, or in them at all, and how usual its class is by
langdetect's profiles.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby

from copydesk.langmodel.bigrams import HAN_ROWS
from copydesk.langmodel.langdetect_profiles import BY_SCRIPT, HAN, HAN_CLASSES, read
from copydesk.langmodel.packed import LANE, pack
from copydesk.langmodel.scripts import script

# A gain of one nat.
NAT = 32
ALPHA = 2e-5
_RAREST = 5e-5
_WEIGHTS = {2: 1.0, 3: 1.5}
# What a Han gains in a language whose charset has it among the everyday ones, or the others; and kana in Japanese.
_EVERYDAY = 6 * NAT
_RARE = 1 * NAT
_BY_KANA = 8 * NAT

# What a character counts as in letters: a syllable says as much as two or three of them.
_LETTERS = {"Hani": 3, "Kana": 2, "Hang": 2, "Thai": 2}
OTHER = "Zyyy"
SCRIPTS = (*BY_SCRIPT, "Hani", "Kana", OTHER)
_SHARED = {"Hani": HAN} | {name: tags for name, tags in BY_SCRIPT.items() if len(tags) > 1}
LANGUAGES = tuple(tag for tags in _SHARED.values() for tag in tags)
LANES = len(SCRIPTS) + len(LANGUAGES)

# A word longer than this is cut, and so many are remembered (11 MB); then all are forgotten. A day's news in one
# language has some 10,000.
_LONGEST = 24
_MOST = 1 << 15

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f"
_VIETNAMESE = dict.fromkeys(range(0x1EA0, 0x1F00), 0x1EC3)
_JOINED = _VIETNAMESE | {0x219: 0x15F, 0x21B: 0x163, 0x6CC: 0x64A, 0x307: None}


def places(name: str) -> tuple[int, tuple[str, ...]]:
    """Return the first lane of the languages of a script that share it, and their names; none where one has it alone.

    >>> places("Cyrl")[1]
    ('ru', 'uk', 'bg', 'mk')
    """
    tags = _SHARED.get(name, ())
    return (len(SCRIPTS) + LANGUAGES.index(tags[0]) if tags else 0), tags


def split(text: str) -> list[str]:
    """Return the words of a text in lower case, and each Han and kana by itself.

    >>> split("L’Été 2024, 新橋!")
    ['l', 'été', '新', '橋']
    """
    return _word().findall(text.lower())


@cache
def _word() -> re.Pattern[str]:
    """Return what matches a word: by ranges of letters and marks, which is twice as fast as by classes."""
    apart = re.compile(f"[{_CJK}]")
    letters = (
        character
        for character in map(chr, range(0x10000))
        if unicodedata.category(character)[0] in "LM" and not apart.match(character)
    )
    ranges = "".join(f"{first}-{last}" for first, last in _ranges(letters))
    # By itself: letters beyond 16 bits in the first class would make it twenty times as slow.
    return re.compile(f"[{ranges}]{{1,{_LONGEST}}}|[{_CJK}]|[\U00020000-\U000323af]")


def _ranges(characters: Iterator[str]) -> Iterator[tuple[str, str]]:
    for _, run in groupby(enumerate(characters), lambda numbered: ord(numbered[1]) - numbered[0]):
        found = [character for _, character in run]
        yield found[0], found[-1]


class Words(dict[str, int]):
    """What words say: word in lower case -> lanes, worked out when first asked for."""

    def __init__(self) -> None:
        """Read the profiles (0.2 s)."""
        super().__init__()
        self._gains = _gains()

    def __missing__(self, word: str) -> int:
        """Work out what a word says."""
        if len(self) >= _MOST:
            self.clear()
        lanes = self[word] = self.weighed(word)
        return lanes

    def weighed(self, word: str) -> int:
        """Return the lanes of a word, remembered or not."""
        if word.isascii():
            lanes = len(word)
        elif (kind := _kind(word[0])) in ("Hani", "Kana"):
            return _weighed_han(word, kind)
        else:
            word = unicodedata.normalize("NFC", word)
            lanes = sum(map(_count, word))
            if kind not in _SHARED:
                return lanes
            word = word.translate(_JOINED)
        return sum(filter(None, map(self._gains.get, _grams(word))), lanes)


@lru_cache(_MOST)
def _weighed_han(character: str, kind: str) -> int:
    if kind == "Kana":
        gains = [_BY_KANA if language == "ja" else 0 for language in HAN]
    else:
        name = HAN_CLASSES.get(character, character)
        gains = [
            _by_charset(character, *rows) + round(_gain(_han_shares(language).get(name, 0.0)) * NAT)
            for language, rows in zip(HAN, HAN_ROWS, strict=True)
        ]
    return _count(character) + (pack(gains) << places("Hani")[0] * LANE)


def _by_charset(character: str, charset: str, upper: int, *_: float) -> int:
    try:
        row = character.encode(charset)
    except UnicodeEncodeError:
        return 0
    return _EVERYDAY if len(row) == 2 and row[0] < upper else _RARE


@cache
def _han_shares(language: str) -> dict[str, float]:
    """Return the shares of a language's classes of Han among all of its Han: kana are half of what Japanese writes."""
    shares = {name: share for name, share in _shares(language, (1,)).items() if name in HAN_CLASSES}
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def _grams(word: str) -> list[str]:
    edged = f" {word} "
    pairs = list(map(str.__add__, edged, edged[1:]))
    return pairs + list(map(str.__add__, pairs, edged[2:]))


@lru_cache(_MOST)
def _count(character: str) -> int:
    """Return the lanes that count a character."""
    name = _kind(character)
    return _LETTERS.get(name, 1) << SCRIPTS.index(name) * LANE if name else 0


def _kind(character: str) -> str | None:
    """Return the script of a letter, None for a mark that has none."""
    name = script(character)
    if name in ("Jpan", "Hanx"):
        return "Kana" if "\u3040" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f" else "Hani"
    return name if name in SCRIPTS else None if name in (None, "Zinh") else OTHER


def _gain(share: float) -> float:
    return math.log1p(share / ALPHA)


def _shares(language: str, lengths: Iterable[int]) -> dict[str, float]:
    """Return the shares of a language's grams among all of their length, in lower case."""
    profile = read(language)
    shares: dict[str, float] = defaultdict(float)
    for gram, n in profile.counts.items():
        if len(gram) in lengths:
            shares[gram.lower().translate(_JOINED)] += n / profile.totals[len(gram) - 1]
    return shares


def _gains() -> dict[str, int]:
    """Return the lanes of all grams. Equal ones are one object: of 27,000 grams 16,000 differ."""
    found: dict[str, int] = defaultdict(int)
    for at, language in enumerate(LANGUAGES, len(SCRIPTS)):
        for gram, share in _shares(language, _WEIGHTS).items() if language not in HAN else ():
            if share >= _RAREST:
                found[gram] += round(_gain(share) * _WEIGHTS[len(gram)] * NAT) << at * LANE
    once: dict[int, int] = {}
    return {gram: once.setdefault(lanes, lanes) for gram, lanes in found.items()}
