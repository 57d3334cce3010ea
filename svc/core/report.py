"""The report: the changes of all fields, each told once.

Each repair is told where it stands. White space, invisible characters, Unicode forms and the same line left out again
are told once, with a count: nobody reads of the three hundredth trailing blank. Where one plan repaired much of a
field, all of it is one change, from its first character to its last, as long as the plan makes the one of the other.
And of a field with very many repairs, those alike are told once, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Literal, TypeAlias

from svc.core.article import Change, ChangeCount, Kind
from svc.core.repair.replay import explains
from svc.core.revision import Revision, Span

Told: TypeAlias = tuple[Span, int]

_FOLDED: frozenset[Kind] = frozenset({"whitespace", "invisible", "boilerplate"})

# More repairs by one plan than a person would look at one by one.
_MANY = 50
# More repairs of one field, by whatever plan, than anybody looks at one by one: they are folded as well.
_TOO_MANY = 1_000


def report(
    texts: Mapping[str, Revision], left_out: Iterable[Change], detail: Literal["full", "summary", "none"]
) -> tuple[Change | ChangeCount, ...]:
    """Tell what was changed, field by field, in order of place.

    Args:
        texts: the revisions by path.
        left_out: the changes that left items out of lists.
        detail: `full` for every change, `summary` for counts by field and kind, `none` for nothing.
    """
    if detail == "none":
        return ()
    if detail == "summary":
        counted: Counter[tuple[str, Kind]] = Counter()
        for path, revision in texts.items():
            for span, count in revision.told():
                counted[path, span.kind] += count
        counted.update((change.field, change.kind) for change in left_out)
        return tuple(ChangeCount(path, kind, count) for (path, kind), count in counted.items())
    return (*(change for path, revision in texts.items() for change in _told(path, revision)), *left_out)


def _told(path: str, revision: Revision) -> Iterator[Change]:
    loose: list[Told] = []
    repairs: list[Span] = []
    for span in revision.spans:
        if span.kind in _FOLDED or any(part.plan != span.plan for part in span.parts):
            loose += span.alike()
        else:
            repairs.append(span)
    joined = list(_joined(revision.text, repairs))
    many = len(joined) > _TOO_MANY
    loose += [item for item in joined if many or item[0].kind == "unicode"]
    told = [*(item for item in joined if not many and item[0].kind != "unicode"), *_folded(loose)]
    told.sort(key=lambda item: item[0].start)
    return (_change(path, span, count) for span, count in told)


def _folded(items: Iterable[Told]) -> Iterable[Told]:
    """Fold those alike into the first of them, with their count."""
    folded: dict[tuple[object, ...], Told] = {}
    for span, more in items:
        key = (span.kind, span.before, span.after, span.plan)
        first, count = folded.get(key, (span, 0))
        folded[key] = (first, count + more)
    return folded.values()


def _joined(text: str, spans: Iterable[Span]) -> Iterator[Told]:
    for plan, group in groupby(spans, key=attrgetter("plan")):
        alike = list(group)
        count = sum(span.count for span in alike)
        whole = _whole(text, alike) if count > _MANY else None
        if whole and explains(plan, whole.before, whole.after):
            yield whole, count
        else:
            for span in alike:
                yield from span.alike()


def _whole(text: str, spans: list[Span]) -> Span:
    """Return one span from the first to the last of many, with what stood there before."""
    first, last = spans[0], spans[-1]
    before: list[str] = []
    at = first.start
    for span in spans:
        before += (text[at : span.start], span.before)
        at = span.end
    return Span(
        first.start,
        last.end,
        "".join(before),
        text[first.start : last.end],
        first.kind,
        first.plan,
        min(span.confidence for span in spans),
    )


def _change(path: str, span: Span, count: int) -> Change:
    return Change(
        field=path,
        kind=span.kind,
        before=span.before,
        after=span.after,
        start=span.start,
        end=span.end,
        plan=span.plan,
        confidence=span.confidence,
        count=count,
    )
