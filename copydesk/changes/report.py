"""The report of all changes, and their counts.

Equal changes of a field are reported once, with all their places. Where one plan changed most of a stretch, the report
has one change from its first character to its last, if the plan still replays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain, groupby, pairwise

from copydesk.article import Change, ChangeCount, ExplainedChange, Kind, Plan
from copydesk.changes.coalesce import GroupedEdit
from copydesk.changes.explain import explain_plan
from copydesk.changes.plan import is_replayable
from copydesk.changes.revision import ReportedChange, Revision, Span

CharsetPair = tuple[str, str]

# At most this many neighbors with one plan are always reported one by one.
_MERGE_ABOVE = 10
# More are merged if that saves characters. Each distinct change counts as this many, in addition to its texts. With 40,
# words with a few accents are merged; with 10, one more in twenty changes is listed.
_CHANGE_CHARS = 20


def report_changes(
    texts: Mapping[str, Revision], removed: Iterable[Change], *, explain: bool = False
) -> tuple[Change, ...]:
    """Return the changes of all fields; those of a field sorted by their first places.

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
        for part in _list_parts(revision):
            counts[path, part.kind] += part.count
    counts.update((removal.field, removal.kind) for removal in removed)
    return tuple(ChangeCount(path, kind, count) for (path, kind), count in counts.items())


def _add_explanation(change: Change) -> ExplainedChange:
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return ExplainedChange(**values, explanation=explain_plan(change.plan, change.before))


def _field_changes(path: str, revision: Revision) -> Iterator[Change]:
    equal: dict[tuple[object, ...], list[ReportedChange]] = {}  # in the order of their first places
    for change in _list_stretches(revision):
        span = change.span
        # The count of a stretch is not that of its places, so that two stretches are never reported as one change.
        key = (span.kind, span.before, span.after, span.plan, change.original if change.is_stretch else None)
        equal.setdefault(key, []).append(change)
    return (_as_change(path, changes) for changes in equal.values())


def _list_stretches(revision: Revision) -> Iterator[ReportedChange]:
    """Yield all changes in order. Neighbors with one plan are one change where that is shorter."""
    for plan, group in groupby(revision.with_offsets(), key=lambda item: item[0].plan):
        run = list(group)
        changes = [change for span, original in run for change in span.expand(original)]
        stretch = _merge(revision.text, run, plan) if _is_shorter_merged(run, changes, plan) else None
        if stretch and is_replayable(plan, stretch.span.before, stretch.span.after):
            yield stretch
        else:
            yield from changes


def _is_shorter_merged(run: Sequence[tuple[Span, int]], changes: Sequence[ReportedChange], plan: Plan) -> bool:
    """Return whether one change is shorter than the distinct ones of a run."""
    if sum(change.count for change in changes) <= _MERGE_ABOVE or any(change.span.plan != plan for change in changes):
        return False
    (first, first_original), (last, last_original) = run[0], run[-1]
    chars = last.end - first.start + last_original + len(last.before) - first_original
    distinct = {(change.span.before, change.span.after) for change in changes}
    return _CHANGE_CHARS + chars < sum(_CHANGE_CHARS + len(before) + len(after) for before, after in distinct)


def _merge(text: str, run: Sequence[tuple[Span, int]], plan: Plan) -> ReportedChange:
    """Return one change from the first to the last of a run."""
    spans = [span for span, _ in run]
    start, end = spans[0].start, spans[-1].end
    pieces: list[str] = []
    offset = start
    for span in spans:
        pieces += (text[offset : span.start], span.before)
        offset = span.end
    before, after = "".join(pieces), text[start:end]
    kind, confidence = spans[0].kind, min(span.confidence for span in spans)
    whole = GroupedEdit(before, after, kind, plan, confidence, sum(span.count for span in spans))
    return ReportedChange(Span(start, end, before, after, kind, plan, confidence), run[0][1], whole)


def _as_change(path: str, changes: Sequence[ReportedChange]) -> Change:
    """Return one change for equal ones, sorted."""
    first, span = changes[0], changes[0].span
    count = sum(change.count for change in changes)
    repeated = changes if count > 1 and not first.is_stretch else ()
    return Change(
        field=path,
        kind=span.kind,
        before=span.before,
        after=span.after,
        start=span.start,
        end=span.end,
        original_start=first.original,
        original_end=first.original + len(span.before),
        plan=span.plan,
        confidence=min(change.span.confidence for change in changes),
        count=count,
        starts=tuple(chain.from_iterable(change.starts() for change in repeated)),
        original_starts=tuple(chain.from_iterable(change.originals() for change in repeated)),
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
    counts: Counter[tuple[Kind, Plan]] = Counter()
    for revision in revisions:
        for part in _list_parts(revision):
            counts[part.kind, part.plan] += part.count
    for (kind, plan), count in counts.items():
        kinds[kind] += count
        if kind in ("mojibake", "charset"):
            for pair in _pairs(plan):
                pairs[pair] += count
    return dict(kinds), dict(pairs)


def _list_parts(revision: Revision) -> Iterator[GroupedEdit | Span]:
    """Yield the changes of a text; of those that were coalesced, the edits that they were coalesced from."""
    return chain.from_iterable(span.parts or (span,) for span in revision.spans)


def _pairs(plan: Plan) -> Iterator[CharsetPair]:
    """Yield the pairs of charsets of a plan: the one it decodes by, and the one it encodes by just before."""
    for one, other in pairwise(plan):
        if one[0] == "encode" and other[0] == "decode":
            yield other[1], one[1]
