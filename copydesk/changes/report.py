"""The report of all changes, and their counts.

Each repair is reported with its position. Equal changes of white space, invisible characters, Unicode forms and removed
lines are reported once, with a count. Where one plan repaired much of a field, the report has one change from the first
character to the last, if the plan still replays. In a field with very many repairs, equal ones are reported once, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import pairwise

from copydesk.article import Change, ChangeCount, ExplainedChange, Kind, Plan
from copydesk.changes.explain import explain_plan
from copydesk.changes.plan import is_replayable
from copydesk.changes.revision import ReportedChange, Revision, Span

CharsetPair = tuple[str, str]

_REPORTED_ONCE: frozenset[Kind] = frozenset({"whitespace", "invisible", "boilerplate"})

# Repairs by one plan above this number are merged into one change, if the plan still replays.
_MERGE_ABOVE = 50
# In a field with more repairs than this, equal ones are reported once.
_REPORT_ONCE_ABOVE = 1_000


def report_changes(
    texts: Mapping[str, Revision], removed: Iterable[Change], *, explain: bool = False
) -> tuple[Change, ...]:
    """Return the changes of all fields, sorted within each field.

    Args:
        texts: the revisions by path.
        removed: the changes that removed items from lists.
        explain: whether to add explanations.
    """
    changed = ((path, revision) for path, revision in texts.items() if revision.spans)
    changes = (*(change for path, revision in changed for change in _field_changes(path, revision)), *removed)
    return tuple(map(_add_explanation, changes)) if explain else changes


def summarize_changes(texts: Mapping[str, Revision], removed: Iterable[Change]) -> tuple[ChangeCount, ...]:
    """Return the number of changes by field and kind.

    Args:
        texts: the revisions by path.
        removed: the changes that removed items from lists.
    """
    counts: Counter[tuple[str, Kind]] = Counter()
    for path, revision in texts.items():
        for change in revision.list_changes():
            counts[path, change.span.kind] += change.count
    counts.update((removal.field, removal.kind) for removal in removed)
    return tuple(ChangeCount(path, kind, count) for (path, kind), count in counts.items())


def _add_explanation(change: Change) -> ExplainedChange:
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return ExplainedChange(**values, explanation=explain_plan(change.plan, change.before))


def _field_changes(path: str, revision: Revision) -> Iterator[Change]:
    loose: list[ReportedChange] = []
    repairs: list[ReportedChange] = []
    for span, original in revision.with_offsets():
        if span.kind in _REPORTED_ONCE or any(part.plan != span.plan for part in span.parts):
            loose += span.expand(original)
        else:
            repairs.append(ReportedChange(span, original, span.count))
    merged = list(_merge_runs(revision.text, repairs))
    many = len(merged) > _REPORT_ONCE_ABOVE
    loose += [change for change in merged if many or change.span.kind == "unicode"]
    reported = [*(change for change in merged if not many and change.span.kind != "unicode"), *_count_equal(loose)]
    reported.sort(key=lambda change: change.span.start)
    return (_as_change(path, change) for change in reported)


def _count_equal(items: Iterable[ReportedChange]) -> Iterable[ReportedChange]:
    """Return each distinct change once, with its count."""
    distinct: dict[tuple[object, ...], ReportedChange] = {}
    for change in items:
        span = change.span
        key = (span.kind, span.before, span.after, span.plan)
        first = distinct.get(key)
        distinct[key] = replace(first, count=first.count + change.count) if first else change
    return distinct.values()


def _merge_runs(text: str, repairs: Iterable[ReportedChange]) -> Iterator[ReportedChange]:
    for run in _runs(repairs):
        plan = run[0].span.plan
        count = sum(change.count for change in run)
        whole = _merge(text, [change.span for change in run]) if count > _MERGE_ABOVE else None
        if whole and is_replayable(plan, whole.before, whole.after):
            yield ReportedChange(whole, run[0].original, count)
        else:
            for change in run:
                yield from change.span.expand(change.original)


def _runs(repairs: Iterable[ReportedChange]) -> Iterator[list[ReportedChange]]:
    """Group neighbours with one plan and no other change between them: only they have a common `before`."""
    run: list[ReportedChange] = []
    for change in repairs:
        if run and (change.span.plan != run[-1].span.plan or not _is_adjacent(run[-1], change)):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


def _is_adjacent(one: ReportedChange, other: ReportedChange) -> bool:
    kept = other.span.start - one.span.end
    return other.original == one.original + len(one.span.before) + kept


def _merge(text: str, spans: Sequence[Span]) -> Span:
    """Return one change from the first to the last of many."""
    first, last = spans[0], spans[-1]
    before: list[str] = []
    offset = first.start
    for span in spans:
        before += (text[offset : span.start], span.before)
        offset = span.end
    return Span(
        first.start,
        last.end,
        "".join(before),
        text[first.start : last.end],
        first.kind,
        first.plan,
        min(span.confidence for span in spans),
    )


def _as_change(path: str, reported: ReportedChange) -> Change:
    span = reported.span
    return Change(
        field=path,
        kind=span.kind,
        before=span.before,
        after=span.after,
        start=span.start,
        end=span.end,
        original_start=reported.original,
        original_end=reported.original + len(span.before),
        plan=span.plan,
        confidence=span.confidence,
        count=reported.count,
    )


def count_changes(
    revisions: Iterable[Revision], removed: Iterable[Change]
) -> tuple[dict[Kind, int], dict[CharsetPair, int]]:
    """Count changes by kind, and repairs by charset.

    Returns:
        The number of changes by kind, and by pair of charsets: the actual one, and the one it was decoded as.
    """
    kinds: Counter[Kind] = Counter(removal.kind for removal in removed)
    pairs: Counter[CharsetPair] = Counter()
    for revision in revisions:
        for change in revision.list_changes() if revision.spans else ():
            kinds[change.span.kind] += change.count
            if change.span.kind in ("mojibake", "charset"):
                for pair in _pairs(change.span.plan):
                    pairs[pair] += change.count
    return dict(kinds), dict(pairs)


def _pairs(plan: Plan) -> Iterator[CharsetPair]:
    """Yield the pairs of charsets of a plan: the one it decodes by, and the one it encodes by just before."""
    for one, other in pairwise(plan):
        if one[0] == "encode" and other[0] == "decode":
            yield other[1], one[1]
