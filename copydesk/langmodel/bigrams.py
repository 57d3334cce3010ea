"""Spelling: how many bits a word costs under the pairs of letters of every language at once.

For each language P(letter | letter before) is known from counts, smoothed by the language's single letters and those
by its script's. The counts are langdetect's own profiles (55 languages), `profiles.txt` for those it lacks, and for Han
the frequency classes of langdetect and the everyday rows of the legacy charsets themselves.

All languages of a script are counted in one go: the cost of a pair is one integer with a lane for each language
(`copydesk.langmodel.packed`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from copydesk.cache import BoundedCache
from copydesk.langmodel.langdetect_profiles import BY_SCRIPT, HAN, HAN_CLASSES, read
from copydesk.langmodel.packed import minimum, pack

# Costs are whole numbers of sixteenths of a bit.
BIT = 16
_DEAREST = 17.5
# Every letter of the alphabet may occur; and so many pairs may follow a letter that were never counted.
_RARE_LETTER = 1e-4
_UNSEEN = 20.0
_FEWEST_OTHERS = 0.05
# How much a language's own letters weigh against those of its script, and how often a word ends.
_OWN = 0.97
_EDGE = 0.17
# More pairs than any language has; what is beyond is noise, and not worth the memory.
_KEPT = 30_000
# Of each charset its name, the first lead byte beyond the everyday characters, and what those and others take in bits.
HAN_ROWS = (("gb2312", 0xD8, 11.0, 16.0), ("big5", 0xC7, 11.5, 17.0), ("euc_jp", 0xD0, 11.0, 17.0))
_OUTSIDE = 20.0
_KANA = 6.0
_FOREIGN_KANA = 12.0
_HALF_WIDTH_KANA = 8.0


def normal(word: str) -> str:
    """Return a word as the counts know it: in lower case, and with the letters joined that langdetect joins.

    The tatweel of Arabic is no letter, it stretches a word on paper.

    >>> normal("Việt"), normal("مـحمـد") == "محمد"
    ('viểt', True)
    """
    return word.replace("İ", "ı").lower().translate(_JOINED)


_TATWEEL: dict[int, int | None] = {0x640: None}
_JOINED = _TATWEEL | {0x219: 0x15F, 0x21B: 0x163, 0x6CC: 0x64A} | dict.fromkeys(range(0x1EA0, 0x1F00), 0x1EC3)


class Spelling(dict[str, int]):
    """The costs of all pairs of letters of one script: pair -> lanes, worked out when first asked for.

    `spelt` has for a word the lanes of what it costs, and the least of them.
    """

    def __init__(self, languages: dict[str, _Counts]) -> None:
        """Build from the counts of each language."""
        super().__init__()
        self.languages = tuple(languages)
        self.spelt = BoundedCache(self._spelt, most=1 << 12)
        self._counts = tuple(languages.values())
        self._letters: dict[str, int] = {}
        self._pool: dict[str, float] = defaultdict(float)
        for counts in self._counts:
            for letter, share in counts.shares.items():
                self._pool[letter] += share / len(self._counts)

    def __missing__(self, pair: str) -> int:
        """Work out a pair's costs."""
        before, after = pair[0], pair[1]
        common = _EDGE if after == " " else self._pool.get(after, 0.0) + 1e-6
        lanes = pack(BIT * counts.cost(before, after, common) for counts in self._counts)
        if len(self) < _KEPT:
            self[pair] = lanes
        return lanes

    def letter(self, letter: str) -> int:
        """Return the lanes of what a letter costs on its own."""
        lanes = self._letters.get(letter)
        if lanes is None:
            common = self._pool.get(letter, 0.0) + 1e-6
            lanes = self._letters[letter] = pack(BIT * counts.alone(letter, common) for counts in self._counts)
        return lanes

    def word(self, word: str) -> int:
        """Return the lanes of what a normalised word costs, its edges included."""
        edged = f" {word} "
        return sum(map(self.__getitem__, map(str.__add__, edged, edged[1:])))

    def _spelt(self, word: str) -> tuple[int, int]:
        """Return the lanes of what a word costs, as it is written, and the least of them."""
        lanes = self.word(normal(word))
        return lanes, minimum(lanes, len(self.languages))


class HanSpelling(Spelling):
    """The costs of Han and kana, one by one: as simplified Chinese, traditional Chinese and Japanese."""

    def __init__(self) -> None:
        """Read the frequency classes of langdetect."""
        dict.__init__(self)
        self.languages = HAN
        self.spelt = BoundedCache(self._spelt, most=1 << 12)
        sizes = Counter(HAN_CLASSES.values())
        self._classes = [
            {name: -math.log2(n / total / max(1, sizes[name])) for name, n in singles.items()}
            for singles, total in map(_han_singles, HAN)
        ]

    def __missing__(self, character: str) -> int:
        """Work out a character's costs."""
        lanes = pack(BIT * self._cost(character, at) for at in range(len(HAN)))
        if len(self) < _KEPT:
            self[character] = lanes
        return lanes

    def word(self, word: str) -> int:
        """Return the lanes of what a run of Han and kana costs."""
        return sum(map(self.__getitem__, word))

    def _cost(self, character: str, language: int) -> float:
        if character < "\u4e00" and character not in "々〇":
            return _KANA if HAN[language] == "ja" else _FOREIGN_KANA
        if character > "\uff00":
            return _HALF_WIDTH_KANA
        charset, upper, everyday, rare = HAN_ROWS[language]
        try:
            row = character.encode(charset)
        except UnicodeEncodeError:
            return _OUTSIDE
        by_row = everyday if len(row) == 2 and row[0] < upper else rare
        by_class = self._classes[language].get(HAN_CLASSES.get(character, character), _DEAREST)
        return min(by_row, max(4.0, by_class))


class _Counts:
    """The letters and pairs of one language."""

    def __init__(self, grams: Mapping[str, int], alphabet: Iterable[str] = ()) -> None:
        singles: Counter[str] = Counter()
        pairs: dict[str, Counter[str]] = defaultdict(Counter)
        for gram, n in grams.items():
            known = normal(gram)
            if len(known) == 1:
                singles[known] += n
            elif len(known) == 2:
                pairs[known[0]][known[1]] += n
        total = sum(singles.values())
        self.shares = dict.fromkeys(alphabet, _RARE_LETTER)
        self.shares |= {letter: max(n / total, self.shares.get(letter, 0.0)) for letter, n in singles.items()}
        # Rare pairs are cut off in the profiles: what a letter's own count has beyond its pairs is theirs.
        self._after = {}
        for letter, following in pairs.items():
            counted = sum(following.values())
            seen = max(singles.get(letter, counted), counted)
            others = 1.0 - sum(self.shares.get(other, 0.0) for other in following)
            self._after[letter] = (following, seen + _UNSEEN, seen - counted + _UNSEEN, max(others, _FEWEST_OTHERS))
        self._none: tuple[Counter[str], float, float, float] = (Counter(), 1.0, 1.0, 2.0)

    def cost(self, before: str, after: str, common: float) -> float:
        following, total, left, others = self._after.get(before, self._none)
        own = _EDGE if after == " " else _OWN * self.shares.get(after, 0.0)
        expected = following[after] + left * (own / others + (1 - _OWN) * common / 2)
        return min(_DEAREST, -math.log2(expected / total))

    def alone(self, letter: str, common: float) -> float:
        return min(_DEAREST, -math.log2(_OWN * self.shares.get(letter, 0.0) + (1 - _OWN) * common))


def _han_singles(language: str) -> tuple[dict[str, int], int]:
    singles = {gram: n for gram, n in _langdetect(language).items() if len(gram) == 1}
    return singles, sum(singles.values())


def _langdetect(language: str) -> dict[str, int]:
    return {gram: n for gram, n in read(language).counts.items() if len(gram) < 3}


def _profiles() -> dict[str, dict[str, dict[str, int]]]:
    """Read profiles.txt: script -> language -> gram -> count."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for line in files(__package__).joinpath("data/bigrams.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, name, told = line.split("\t")
            found[name][language] = dict(_gram(item) for item in told.split(" "))
    return found


def _gram(item: str) -> tuple[str, int]:
    gram = item.rstrip("0123456789")
    return gram.replace("_", " "), int(item[len(gram) :])


@cache
def spellings() -> dict[str, Spelling]:
    """Return what is known of each script, by its name. Loads it at first call (0.2 s)."""
    profiles = _profiles()
    known: dict[str, Spelling] = {"Jpan": HanSpelling()}
    for name in {**BY_SCRIPT, **profiles}:
        listed = profiles.get(name, {})
        languages = {tag: _Counts(_langdetect(tag), listed.pop(tag, {})) for tag in BY_SCRIPT.get(name, ())}
        languages |= {tag: _Counts(grams) for tag, grams in listed.items()}
        known[name] = Spelling(languages)
    return known
