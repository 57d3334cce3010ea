"""The judge: how many bits it takes to describe a text as language.

Mojibake is text that becomes much cheaper to describe when its bytes are read another way. The method is minimum
description length: whatever replays the text in fewer bits, the plan included, is likelier.

One language is found for all words of a text together, plain ASCII words included: they are what tells Turkish from
Icelandic where a single damaged word could be either. A word that is foreign to it may be of any other language, for a
surcharge, so that a name does not look like damage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain, islice

from copydesk.cache import BoundedCache
from copydesk.langmodel.bigrams import BIT, bigram_models, normalize_word
from copydesk.langmodel.langdetect_profiles import LANGUAGES_BY_SCRIPT
from copydesk.langmodel.packed import FIELD_BITS, FIELD_MASK, unpack
from copydesk.repairs.weight import Weight, weigh

FOREIGN = 11 * BIT
# Languages this much dearer than the best for all words together can't be the best with foreign words either.
_NEAR = 40 * BIT
_NEAR_IN_CONTEXT = 12 * BIT
_NEAREST = 8

_PLAIN_WORD = re.compile(r"(?<!\w)[A-Za-z]{2,}+(?!\w)")
_ACCENTED_WORD = re.compile("(?<![^\\W\\d_])[A-Za-z]*[\xc0-\u024f\u1e00-\u1eff][A-Za-z\xc0-\u024f\u1e00-\u1eff]*")
# For a few words some rare language is always the cheapest.
_DEARER, _HARDLY_DEARER = 8 * BIT, 3 * BIT
_ALIKE, _FEW_ALIKE, _ACCENTED = 64 * BIT, 3, 40
_PIECES, _PIECE, _MOST = 6, 400, 80
# A clause without spaces; that many signs add up to something by chance.
_LONG = 100 * BIT


class Context:
    """What the plain ASCII words around a text tell of its language: their cost in every language of Latin script.

    Attributes:
        latin: the lanes of these costs.
        floor: the least of them.
        alike: the numbers of the languages that come near it, all of them where there are no words.
        language: the number of the likeliest, or None where there are no words.
    """

    __slots__ = ("alike", "floor", "language", "latin")

    def __init__(self, *texts: str) -> None:
        """Read the plain words of some texts: of each at most eighty, spread evenly."""
        self.latin = sum(_latin(text) for text in texts)
        self.floor = 0
        self.alike: Sequence[int] = _everyone()
        self.language: int | None = None
        if self.latin:
            costs = unpack(self.latin, len(_everyone()))
            self.floor = min(costs)
            self.alike = [at for at, cost in enumerate(costs) if cost <= self.floor + _ALIKE]
            few = len(self.alike) <= _FEW_ALIKE
            self.language = _best_with_accents(self.alike, costs, texts) if few else costs.index(self.floor)

    def covers(self, text: str) -> bool:
        """Return whether another text has nothing to add: one language is settled, or it has no plain words."""
        return len(self.alike) == 1 or not _latin(text)

    def may_be(self, tag: str) -> bool:
        """Tell whether a language replays the plain words nearly as well as any, the common ones first of all."""
        languages = bigram_models()["Latn"].languages
        costs = unpack(self.latin, len(languages))
        cost, common = costs[languages.index(tag)], costs[: len(LANGUAGES_BY_SCRIPT["Latn"])]
        return bool(self.latin) and cost <= self.floor + _DEARER and cost <= min(common) + _HARDLY_DEARER

    def __eq__(self, other: object) -> bool:
        """Return whether two contexts are worth the same."""
        return isinstance(other, Context) and (self.latin, self.language) == (other.latin, other.language)

    def __hash__(self) -> int:
        """Return a hash that goes with equality."""
        return hash((self.latin, self.language))

    def cost(self, weight: Weight) -> int:
        """Return what a token costs in the language around it, or as a foreign word; without one, in any."""
        return weight.signs + _words(weight, self.language)

    def excesses(self, tokens: Iterable[str]) -> list[int]:
        """Return by how much each token is dearer than is usual: its words, and apart from them its signs."""
        return list(map(_excesses(self.language).__getitem__, tokens))


@cache
def _everyone() -> Sequence[int]:
    return range(len(bigram_models()["Latn"].languages))


@cache
def _excesses(language: int | None) -> BoundedCache[int]:
    return BoundedCache(lambda token: _excess(weigh(token), language), max_size=1 << 12)


def _excess(weight: Weight, language: int | None) -> int:
    strange = weight.signs - weight.usual_signs
    if weight.usual > _LONG:
        strange -= weight.usual // 8
    return strange + max(_words(weight, language) - weight.usual + weight.usual_signs, 0)


def _words(weight: Weight, language: int | None) -> int:
    """Return what the words of a token cost in the language of a number, or as foreign ones."""
    cost = 0
    for name, lanes, minimum in weight.words:
        if name == "Latn" and language is not None:
            cost += min((lanes >> language * FIELD_BITS) & FIELD_MASK, minimum + FOREIGN)
        else:
            cost += minimum
    return cost


# A text is looked at in each round, and beside each of its article's titles.
@lru_cache(maxsize=16)
def _latin(text: str) -> int:
    words = [word for start, end in _pieces(text) for word in _PLAIN_WORD.findall(text, start, end)]
    step = -(-len(words) // _MOST) or 1
    return sum(map(_words_cost().__getitem__, words[::step]))


def _pieces(text: str) -> Sequence[tuple[int, int]]:
    """Return where to look for words: all of a short text, pieces spread evenly over a long one."""
    if len(text) <= _PIECES * _PIECE:
        return ((0, len(text)),)
    starts = (at * (len(text) - _PIECE) // (_PIECES - 1) for at in range(_PIECES))
    return [(start, start + _PIECE) for start in starts]


def _best_with_accents(alike: Sequence[int], costs: list[int], texts: Iterable[str]) -> int:
    """Choose of languages that the plain words speak for alike the one that the words with accents fit best.

    French without these is spelt like Latin. Where many languages are alike, damaged accents would speak for any.
    """
    if len(alike) == 1:
        return alike[0]
    accented = unpack(sum(map(_accented, texts)), len(costs))
    return min(alike, key=lambda at: costs[at] + accented[at])


@lru_cache(maxsize=16)
def _accented(text: str) -> int:
    words = chain.from_iterable(_ACCENTED_WORD.findall(text, *piece) for piece in _pieces(text))
    return sum(map(_words_cost().__getitem__, islice(words, _ACCENTED)))


@cache
def _words_cost() -> BoundedCache[int]:
    model = bigram_models()["Latn"]
    return BoundedCache(lambda word: model.word_costs(normalize_word(word)), max_size=1 << 13)


def bits(weights: Iterable[Weight], context: Context) -> int:
    """Return what tokens cost together under the best language of each script, in sixteenths of a bit."""
    total = 0
    scripts: dict[str, list[tuple[int, int]]] = {}
    for weight in weights:
        total += weight.signs
        for name, lanes, minimum in weight.words:
            scripts.setdefault(name, []).append((lanes, minimum))
    if context.latin:
        scripts.setdefault("Latn", [])
    return total + sum(_least(name, words, context.latin if name == "Latn" else 0) for name, words in scripts.items())


def _least(name: str, words: list[tuple[int, int]], base: int) -> int:
    """Return what the words of one script cost in the language that is best for them and for what is around them."""
    count = len(bigram_models()[name].languages)
    sums = unpack(base + sum(lanes for lanes, _ in words), count)
    if count == 1:
        return sums[0]
    bases = unpack(base, count)
    best, floor = min(sums), min(bases)
    near = [at for at in range(count) if sums[at] <= best + _NEAR or (base and bases[at] <= floor + _NEAR_IN_CONTEXT)]
    near.sort(key=sums.__getitem__)
    return min(
        bases[at] + sum(min((lanes >> at * FIELD_BITS) & FIELD_MASK, minimum + FOREIGN) for lanes, minimum in words)
        for at in near[:_NEAREST]
    )
