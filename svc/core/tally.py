"""How much was changed, counted: for those who watch many articles go by, whatever the caller asked to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from svc.core.article import Change, Kind, Plan
from svc.core.revision import Revision

Pair = tuple[str, str]


def tally(revisions: Iterable[Revision], left_out: Iterable[Change]) -> tuple[dict[Kind, int], dict[Pair, int]]:
    """Count changes by kind, and those that decoded anew by the charset that was taken for another.

    Returns:
        The number of changes of each kind; and of each pair of charsets, the one that the text was in first, then the
        one that it had been read as.
    """
    kinds: Counter[Kind] = Counter(change.kind for change in left_out)
    pairs: Counter[Pair] = Counter()
    for revision in revisions:
        for told in revision.told() if revision.spans else ():
            kinds[told.span.kind] += told.count
            if told.span.kind in ("mojibake", "charset"):
                for pair in _pairs(told.span.plan):
                    pairs[pair] += told.count
    return dict(kinds), dict(pairs)


def _pairs(plan: Plan) -> Iterator[Pair]:
    """Yield each charset that a plan decodes by, with the one that it encoded by just before."""
    for one, other in pairwise(plan):
        if one[0] == "encode" and other[0] == "decode":
            yield other[1], one[1]
