"""Coalescing of very many edits into groups of neighbours.

An article has dozens of edits. Half a million would cost seconds in every later pass. A group costs as much as one edit
and keeps the counts of its edits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, cycle, pairwise
from typing import Protocol

from copydesk.article import Edit, Kind, Plan
from copydesk.changes.edits import LazyEdits, Replacement
from copydesk.changes.plan import is_replayable

# An article needs fewer edits of one text in one pass. More are coalesced, a group at a time.
COALESCE_ABOVE, GROUP_SIZE = 2_000, 500
# A group with more distinct edits is reported as one change.
_MAX_DISTINCT_EDITS = 20

# The kind of a group is the first of its kinds in this order.
_KIND_ORDER: tuple[Kind, ...] = (
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
# An edit without its place: old text, new text, rule.
_Key = tuple[str, str, _Rule]


@dataclass(frozen=True, slots=True)
class GroupedEdit:
    """Equal edits of a group. The first is at `start` in its new text and at `original` in its old text."""

    start: int
    original: int
    before: str
    after: str
    kind: Kind
    plan: Plan
    confidence: float
    count: int


@dataclass(slots=True)
class EditGroup(Edit):
    """An edit that was coalesced from many."""

    parts: tuple[GroupedEdit, ...] = ()


def dominant_kind(kinds: Iterable[Kind]) -> Kind:
    """Return the kind to report for edits of several kinds."""
    return min(kinds, key=_KIND_ORDER.index)


class _HasRange(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def coalesce(text: str, edits: Sequence[Edit], spans: Iterable[_HasRange] = ()) -> Iterator[Edit]:
    """Yield groups of neighbouring edits. No group crosses the start or end of an earlier change.

    Args:
        text: the text.
        edits: its edits, sorted.
        spans: its earlier changes, sorted. A group across the edge of one would merge with it and, in the end, make
            one change of the whole text.
    """
    replacements, rules = _split_rules(edits)
    edges = chain.from_iterable((span.start, span.end) for span in spans)
    beyond = len(text) + 1
    edge, first = next(edges, beyond), 0
    while first < len(replacements):
        while edge <= replacements[first][0]:
            edge = next(edges, beyond)
        last = min(first + GROUP_SIZE, len(replacements))
        if replacements[last - 1][1] > edge:
            last = next((i for i in range(first + 1, last) if replacements[i][1] > edge), last)
        yield _group(text, replacements[first:last], rules[first:last] or rules)
        first = last


def _split_rules(edits: Sequence[Edit]) -> tuple[Sequence[Replacement], Sequence[_Rule]]:
    """Return the replacements and the rule of each, or the single rule of all."""
    if isinstance(edits, LazyEdits):
        return edits.replacements, ((edits.kind, edits.plan, edits.confidence),)
    return (
        [(edit.start, edit.end, edit.after) for edit in edits],
        [(edit.kind, edit.plan, edit.confidence) for edit in edits],
    )


def _group(text: str, replacements: Sequence[Replacement], rules: Sequence[_Rule]) -> Edit:
    """Coalesce neighbours into one edit; a single rule applies to all of them."""
    start, end = replacements[0][0], replacements[-1][1]
    befores = [text[first:last] for first, last, _ in replacements]
    afters = [after for _, _, after in replacements]
    kept = [text[one[1] : other[0]] for one, other in pairwise(replacements)]
    pieces = list(chain.from_iterable(zip(afters, [*kept, ""], strict=True)))
    before, after = text[start:end], "".join(pieces)
    keys = list(zip(befores, afters, cycle(rules) if len(rules) == 1 else rules, strict=False))
    counts = Counter(keys)
    distinct_rules = {rule for _, _, rule in counts}
    kind = dominant_kind(kind for kind, _, _ in distinct_rules)
    confidence = min(confidence for _, _, confidence in distinct_rules)
    plan = _find_plan(counts, before, after)
    if len(counts) > _MAX_DISTINCT_EDITS:
        parts = [GroupedEdit(0, 0, before, after, kind, plan, confidence, len(replacements))]
    else:
        offsets = list(accumulate(map(len, pieces), initial=0))[:-1:2]
        parts = [
            GroupedEdit(offsets[i], replacements[i][0] - start, old, new, rule[0], _plan_of(key), rule[2], count)
            for key, count in counts.items()
            for i, (old, new, rule) in [(keys.index(key), key)]
        ]
    return EditGroup(start, end, after, kind, plan, confidence, tuple(parts) if len(replacements) > 1 else ())


def _find_plan(keys: Iterable[_Key], before: str, after: str) -> Plan:
    """Return the common plan of distinct edits if it replays on their group, else a plain replacement."""
    plan, *others = {_plan_of(key) for key in keys}
    return plan if not others and is_replayable(plan, before, after) else (("replace", before, after),)


def _plan_of(key: _Key) -> Plan:
    old, new, (_, plan, _) = key
    return plan or (("replace", old, new),)
