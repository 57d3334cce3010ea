"""The report: the changes of all fields, each told once.

Each repair is told where it stands. White space, invisible characters, Unicode forms and the same line left out again
are told once, with a count: nobody reads of the three hundredth trailing blank. Where one plan repaired much of a
field, all of it is one change, from its first character to its last, as long as the plan makes the one of the other.
And of a field with very many repairs, those alike are told once, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace

from svc.core.article import Change, ChangeCount, Detail, ExplainedChange, Kind
from svc.core.repair.explain import explain
from svc.core.repair.replay import explains
from svc.core.revision import Revision, Span, Told

_FOLDED: frozenset[Kind] = frozenset({"whitespace", "invisible", "boilerplate"})

# More repairs by one plan than a person would look at one by one.
_MANY = 50
# More repairs of one field, by whatever plan, than anybody looks at one by one: they are folded as well.
_TOO_MANY = 1_000


def report(
    texts: Mapping[str, Revision], left_out: Iterable[Change], detail: Detail
) -> tuple[Change | ChangeCount, ...]:
    """Tell what was changed, field by field, in order of place.

    Args:
        texts: the revisions by path.
        left_out: the changes that left items out of lists.
        detail: `full` for every change, `explained` for every change with its plan in words, `summary` for counts by
            field and kind, `none` for nothing.
    """
    if detail == "none":
        return ()
    if detail == "summary":
        counted: Counter[tuple[str, Kind]] = Counter()
        for path, revision in texts.items():
            for told in revision.told():
                counted[path, told.span.kind] += told.count
        counted.update((change.field, change.kind) for change in left_out)
        return tuple(ChangeCount(path, kind, count) for (path, kind), count in counted.items())
    changed = ((path, revision) for path, revision in texts.items() if revision.spans)
    changes = (*(change for path, revision in changed for change in _told(path, revision)), *left_out)
    return tuple(map(_explained, changes)) if detail == "explained" else changes


def _explained(change: Change) -> ExplainedChange:
    told = {field.name: getattr(change, field.name) for field in fields(change)}
    return ExplainedChange(**told, explanation=explain(change.plan, change.before))


def _told(path: str, revision: Revision) -> Iterator[Change]:
    loose: list[Told] = []
    repairs: list[Told] = []
    for span, original in revision.placed():
        if span.kind in _FOLDED or any(part.plan != span.plan for part in span.parts):
            loose += span.alike(original)
        else:
            repairs.append(Told(span, original, span.count))
    joined = list(_joined(revision.text, repairs))
    many = len(joined) > _TOO_MANY
    loose += [told for told in joined if many or told.span.kind == "unicode"]
    told = [*(one for one in joined if not many and one.span.kind != "unicode"), *_folded(loose)]
    told.sort(key=lambda one: one.span.start)
    return (_change(path, one) for one in told)


def _folded(items: Iterable[Told]) -> Iterable[Told]:
    """Fold those alike into the first of them, with their count."""
    folded: dict[tuple[object, ...], Told] = {}
    for told in items:
        span = told.span
        key = (span.kind, span.before, span.after, span.plan)
        first = folded.get(key)
        folded[key] = replace(first, count=first.count + told.count) if first else told
    return folded.values()


def _joined(text: str, repairs: Iterable[Told]) -> Iterator[Told]:
    for alike in _runs(repairs):
        plan = alike[0].span.plan
        count = sum(told.count for told in alike)
        whole = _whole(text, [told.span for told in alike]) if count > _MANY else None
        if whole and explains(plan, whole.before, whole.after):
            yield Told(whole, alike[0].original, count)
        else:
            for told in alike:
                yield from told.span.alike(told.original)


def _runs(repairs: Iterable[Told]) -> Iterator[list[Told]]:
    """Group neighbours of one plan between which nothing else was changed: only they have one `before`."""
    run: list[Told] = []
    for told in repairs:
        if run and (told.span.plan != run[-1].span.plan or not _adjacent(run[-1], told)):
            yield run
            run = []
        run.append(told)
    if run:
        yield run


def _adjacent(one: Told, other: Told) -> bool:
    kept = other.span.start - one.span.end
    return other.original == one.original + len(one.span.before) + kept


def _whole(text: str, spans: Sequence[Span]) -> Span:
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


def _change(path: str, told: Told) -> Change:
    span = told.span
    return Change(
        field=path,
        kind=span.kind,
        before=span.before,
        after=span.after,
        start=span.start,
        end=span.end,
        original_start=told.original,
        original_end=told.original + len(span.before),
        plan=span.plan,
        confidence=span.confidence,
        count=told.count,
    )
