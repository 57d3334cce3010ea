"""Sweeps: where a text has very many edits, each few hundred neighbours as one, with what it is made of.

An article has dozens of edits. Half a million of them cost seconds in every pass that comes after, and as many
changes are of no use to anybody. A sweep costs as much as one edit, and still counts what it was gathered from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, cycle, pairwise
from typing import Protocol

from svc.core.article import Edit, Kind, Plan
from svc.core.repair.replay import explains
from svc.core.swaps import Swap, Swaps

# More edits of one text in one pass than an article needs; and how many become one.
MANY, _TOGETHER = 2_000, 500
# With more different ones in it than this, a sweep is told as it is.
_DIFFERENT = 20

# When edits of several kinds become one, it is told as the kind that says most.
_RANK: tuple[Kind, ...] = (
    "boilerplate",
    "lossy",
    "mojibake",
    "charset",
    "entity",
    "escape",
    "metadata",
    "unicode",
    "invisible",
    "whitespace",
)

# The kind, the plan (none for a plain replacement) and the confidence of an edit.
_Rule = tuple[Kind, Plan | None, float]


@dataclass(frozen=True, slots=True)
class Part:
    """Alike edits within a sweep. The first starts at `start` of what is put in, at `original` of what stood there."""

    start: int
    original: int
    before: str
    after: str
    kind: Kind
    plan: Plan
    confidence: float
    count: int


@dataclass(frozen=True, slots=True)
class Sweep(Edit):
    """An edit that was gathered from many."""

    parts: tuple[Part, ...] = ()


def weightiest(kinds: Iterable[Kind]) -> Kind:
    """Return the kind as which edits of several kinds are told."""
    return min(kinds, key=_RANK.index)


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def gathered(text: str, edits: Sequence[Edit], spans: Iterable[_Placed] = ()) -> Iterator[Edit]:
    """Make sweeps of edits, each of neighbours between which no earlier change begins or ends.

    Args:
        text: what the edits are of.
        edits: the edits or swaps, in order of place.
        spans: the earlier changes of the text, in order of place: a sweep across the edge of one would make one change
            of whatever both touch, and of a text of sweeps a single one.
    """
    listed, rules = _listed(edits)
    edges = chain.from_iterable((span.start, span.end) for span in spans)
    beyond = len(text) + 1
    edge, first = next(edges, beyond), 0
    while first < len(listed):
        while edge <= listed[first][0]:
            edge = next(edges, beyond)
        last = min(first + _TOGETHER, len(listed))
        if listed[last - 1][1] > edge:
            last = next((at for at in range(first + 1, last) if listed[at][1] > edge), last)
        yield _sweep(text, listed[first:last], rules[first:last] or rules)
        first = last


def _listed(edits: Sequence[Edit]) -> tuple[Sequence[Swap], Sequence[_Rule]]:
    """Return the swaps and the rule of each, or nothing but the one rule of all."""
    if isinstance(edits, Swaps):
        return edits.listed, ((edits.kind, edits.plan, edits.confidence),)
    return (
        [(edit.start, edit.end, edit.after) for edit in edits],
        [(edit.kind, edit.plan, edit.confidence) for edit in edits],
    )


def _sweep(text: str, listed: Sequence[Swap], rules: Sequence[_Rule]) -> Edit:
    """Make one edit of neighbours; one rule alone is that of all of them."""
    start, end = listed[0][0], listed[-1][1]
    befores = [text[first:last] for first, last, _ in listed]
    afters = [after for _, _, after in listed]
    kept = [text[one[1] : other[0]] for one, other in pairwise(listed)]
    pieces = list(chain.from_iterable(zip(afters, [*kept, ""], strict=True)))
    before, after = text[start:end], "".join(pieces)
    keys = list(zip(befores, afters, cycle(rules) if len(rules) == 1 else rules, strict=False))
    places = list(accumulate(map(len, pieces), initial=0))[:-1:2]
    firsts = {
        key: (place, swap[0] - start) for key, place, swap in zip(keys[::-1], places[::-1], listed[::-1], strict=True)
    }
    parts = [
        Part(*firsts[key], was, now, kind, plan or (("replace", was, now),), confidence, count)
        for key, count in Counter(keys).items()
        for was, now, (kind, plan, confidence) in [key]
    ]
    confidence = min(part.confidence for part in parts)
    kind = weightiest(part.kind for part in parts)
    plan = parts[0].plan
    if any(part.plan != plan for part in parts) or not explains(plan, before, after):
        plan = (("replace", before, after),)
    if len(parts) > _DIFFERENT:
        parts = [Part(0, 0, before, after, kind, plan, confidence, len(listed))]
    return Sweep(start, end, after, kind, plan, confidence, tuple(parts) if len(listed) > 1 else ())
