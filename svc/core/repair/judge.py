"""The judge: how many bits it takes to describe a text as language.

Mojibake is text that becomes much cheaper to describe when its bytes are read another way. The method is minimum
description length: whatever explains the text in fewer bits, the plan included, is likelier.

One language is found for all words of a text together, plain ASCII words included: they are what tells Turkish from
Icelandic where a single damaged word could be either. A word that is foreign to it may be of any other language, for a
surcharge, so that a name does not look like damage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from svc.core.lanes import LANE, LANE_MASK, unpacked
from svc.core.repair.spelling import BIT, spellings
from svc.core.repair.weight import Weight

_FOREIGN = 11 * BIT
# Languages this much dearer than the best for all words together can't be the best with foreign words either.
_NEAR = 40 * BIT
_NEAR_IN_CONTEXT = 12 * BIT
_NEAREST = 8

_PLAIN_WORD = re.compile(r"(?<!\w)[A-Za-z]{2,}+(?!\w)")
_LOOKED_AT = 1 << 16
# A clause without spaces; that many signs add up to something by chance.
_LONG = 100 * BIT


class Context:
    """What the plain ASCII words around a text tell of its language: their cost in every language of Latin script."""

    __slots__ = ("_language", "floor", "latin")

    def __init__(self, *texts: str, most: int = 80) -> None:
        """Read the plain words of some texts: of each at most so many, spread evenly."""
        self.latin = sum(_latin(text, most) for text in texts)
        costs = unpacked(self.latin, len(spellings()["Latn"].languages))
        self.floor = min(costs)
        self._language = costs.index(self.floor) * LANE if self.latin else None

    def __eq__(self, other: object) -> bool:
        """Tell whether two contexts are worth the same."""
        return isinstance(other, Context) and self.latin == other.latin

    def __hash__(self) -> int:
        """Return a hash that goes with equality."""
        return hash(self.latin)

    def cost(self, weight: Weight) -> int:
        """Return what a token costs in the language around it, or as a foreign word; without one, in any."""
        return weight.signs + self._words(weight)

    def excess(self, weight: Weight) -> int:
        """Return by how much a token is dearer than is usual: its words, and apart from them its signs."""
        strange = weight.signs - weight.usual_signs
        if weight.usual > _LONG:
            strange -= weight.usual // 8
        return strange + max(self._words(weight) - weight.usual + weight.usual_signs, 0)

    def _words(self, weight: Weight) -> int:
        cost = 0
        for name, lanes, least in weight.words:
            if name == "Latn" and self._language is not None:
                cost += min((lanes >> self._language) & LANE_MASK, least + _FOREIGN)
            else:
                cost += least
        return cost


# A text is looked at in each round, and beside each of its article's titles.
@lru_cache(maxsize=16)
def _latin(text: str, most: int) -> int:
    words = _PLAIN_WORD.findall(text, 0, _LOOKED_AT)
    step = -(-len(words) // most) or 1
    return sum(map(_plain_words(), words[::step]))


@cache
def _plain_words() -> Callable[[str], int]:
    spelling = spellings()["Latn"]
    return lru_cache(1 << 14)(lambda word: spelling.word(word.lower()))


def bits(weights: Iterable[Weight], context: Context) -> int:
    """Return what tokens cost together under the best language of each script, in sixteenths of a bit."""
    total = 0
    scripts: dict[str, list[tuple[int, int]]] = {}
    for weight in weights:
        total += weight.signs
        for name, lanes, least in weight.words:
            scripts.setdefault(name, []).append((lanes, least))
    if context.latin:
        scripts.setdefault("Latn", [])
    return total + sum(_least(name, words, context.latin if name == "Latn" else 0) for name, words in scripts.items())


def _least(name: str, words: list[tuple[int, int]], base: int) -> int:
    """Return what the words of one script cost in the language that is best for them and for what is around them."""
    count = len(spellings()[name].languages)
    sums = unpacked(base + sum(lanes for lanes, _ in words), count)
    if count == 1:
        return sums[0]
    bases = unpacked(base, count)
    best, floor = min(sums), min(bases)
    near = [at for at in range(count) if sums[at] <= best + _NEAR or (base and bases[at] <= floor + _NEAR_IN_CONTEXT)]
    near.sort(key=sums.__getitem__)
    return min(
        bases[at] + sum(min((lanes >> at * LANE) & LANE_MASK, least + _FOREIGN) for lanes, least in words)
        for at in near[:_NEAREST]
    )
