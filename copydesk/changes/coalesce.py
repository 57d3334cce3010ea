"""Coalescing of very many edits into groups of neighbours.

An article has dozens of edits. Half a million would cost seconds in every later pass. A group costs as much as one edit
and keeps the counts of its edits.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
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
# An edit without its place: old text, new text, the index of its rule.
_Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class GroupedEdit:
    """Equal edits of a group, or all edits of a group as one.

    Attributes:
        count: the number of edits.
        starts: the offset of each equal edit in the new text of the group; one offset for all edits as one.
        originals: the same in the old text.
    """

    before: str
    after: str
    kind: Kind
    plan: Plan
    confidence: float
    count: int
    starts: Sequence[int] = (0,)
    originals: Sequence[int] = (0,)


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
    replacements, rule_indexes, rules = _split_rules(edits)
    edges = chain.from_iterable((span.start, span.end) for span in spans)
    beyond = len(text) + 1
    edge, first = next(edges, beyond), 0
    while first < len(replacements):
        while edge <= replacements[first][0]:
            edge = next(edges, beyond)
        last = min(first + GROUP_SIZE, len(replacements))
        if replacements[last - 1][1] > edge:
            last = next((i for i in range(first + 1, last) if replacements[i][1] > edge), last)
        yield _group(text, replacements[first:last], rule_indexes[first:last], rules)
        first = last


def _split_rules(edits: Sequence[Edit]) -> tuple[Sequence[Replacement], Sequence[int], Sequence[_Rule]]:
    """Return the replacements, the index of the rule of each, and the distinct rules."""
    if isinstance(edits, LazyEdits):
        return edits.replacements, [0] * len(edits), [(edits.kind, edits.plan, edits.confidence)]
    indexes: dict[_Rule, int] = {}
    replacements = [(edit.start, edit.end, edit.after) for edit in edits]
    rules = ((edit.kind, edit.plan, edit.confidence) for edit in edits)
    return replacements, [indexes.setdefault(rule, len(indexes)) for rule in rules], list(indexes)


def _group(text: str, replacements: Sequence[Replacement], rule_indexes: Sequence[int], rules: Sequence[_Rule]) -> Edit:
    """Coalesce neighbours into one edit."""
    start, end = replacements[0][0], replacements[-1][1]
    befores = [text[first:last] for first, last, _ in replacements]
    afters = [after for _, _, after in replacements]
    kept = [text[one[1] : other[0]] for one, other in pairwise(replacements)]
    pieces = list(chain.from_iterable(zip(afters, [*kept, ""], strict=True)))
    before, after = text[start:end], "".join(pieces)
    indexes: defaultdict[_Key, list[int]] = defaultdict(list)
    for i, key in enumerate(zip(befores, afters, rule_indexes, strict=True)):
        indexes[key].append(i)
    distinct_rules = [rules[i] for i in {rule for _, _, rule in indexes}]
    kind = dominant_kind(kind for kind, _, _ in distinct_rules)
    confidence = min(confidence for _, _, confidence in distinct_rules)
    plans = {key: rules[key[2]][1] or (("replace", *key[:2]),) for key in indexes}
    plan = _find_plan(plans.values(), before, after)
    if len(replacements) == 1:
        parts = []
    elif len(indexes) > _MAX_DISTINCT_EDITS:
        parts = [GroupedEdit(before, after, kind, plan, confidence, len(replacements))]
    else:
        starts = list(accumulate(map(len, pieces), initial=0))[:-1:2]
        originals = [first - start for first, _, _ in replacements]
        parts = [
            GroupedEdit(
                old,
                new,
                rules[rule][0],
                plans[old, new, rule],
                rules[rule][2],
                len(equal),
                _offsets(map(starts.__getitem__, equal)),
                _offsets(map(originals.__getitem__, equal)),
            )
            for (old, new, rule), equal in indexes.items()
        ]
    return EditGroup(start, end, after, kind, plan, confidence, tuple(parts))


def _offsets(values: Iterable[int]) -> array[int]:
    """Return offsets that take eight bytes each: a text may have half a million edits."""
    return array("Q", values)


def _find_plan(plans: Iterable[Plan], before: str, after: str) -> Plan:
    """Return the common plan of edits if it replays on their group, else a plain replacement."""
    plan, *others = set(plans)
    return plan if not others and is_replayable(plan, before, after) else (("replace", before, after),)
