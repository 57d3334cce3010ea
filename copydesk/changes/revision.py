"""Composition of edits over many passes into changes that replay.

A pass proposes edits to a text. Later passes see the result of earlier ones, so that their edits may overlap earlier
changes. `Revision.revise` composes them: overlapping edits and changes become one change, and its plan has the steps of
both. Two invariants hold for every change: `text[start:end] == after` and `replay(plan, before) == after`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from copydesk.article import Edit, Kind, Plan
from copydesk.changes.coalesce import COALESCE_ABOVE, EditGroup, GroupedEdit, coalesce, dominant_kind
from copydesk.changes.edits import LazyEdits
from copydesk.changes.plan import is_replayable


@dataclass(slots=True)
class Span:
    """A change of one text: `text[start:end]` is `after` and was `before`.

    `parts` are the edits that it was coalesced from, if any. Like edits, spans are never changed.
    """

    start: int
    end: int
    before: str
    after: str
    kind: Kind
    plan: Plan
    confidence: float
    parts: tuple[GroupedEdit, ...] = ()

    def shift(self, by: int) -> Span:
        """Return the same change with its offsets moved by `by` code points."""
        if not by:
            return self
        return Span(
            self.start + by,
            self.end + by,
            self.before,
            self.after,
            self.kind,
            self.plan,
            self.confidence,
            self.parts,
        )

    @property
    def count(self) -> int:
        """The number of edits that it was coalesced from."""
        return sum(part.count for part in self.parts) or 1

    def expand(self, original: int) -> Iterator[ReportedChange]:
        """Yield the distinct changes that this one was coalesced from with their places, or itself.

        Args:
            original: the offset of `before` in the original text.
        """
        if not self.parts:
            yield ReportedChange(self, original)
        for part in self.parts:
            start = self.start + part.starts[0]
            end = start + len(part.after)
            one = Span(start, end, part.before, part.after, part.kind, part.plan, part.confidence)
            yield ReportedChange(one, original + part.originals[0], part)


@dataclass(slots=True)
class ReportedChange:
    """A change, equal changes, or a stretch with several changes.

    Attributes:
        span: the change, or the first of equal ones.
        original: the offset of its `before` in the original text.
        part: the edits that it was coalesced from, if any.
    """

    span: Span
    original: int
    part: GroupedEdit | None = None

    @property
    def count(self) -> int:
        """The number of changes."""
        return self.part.count if self.part else 1

    @property
    def is_stretch(self) -> bool:
        """Whether it stands for several changes at one place."""
        return self.part is not None and self.part.count > len(self.part.starts)

    def starts(self) -> Iterable[int]:
        """Return the offset of each equal change in the text."""
        return _move(self.part.starts, self.span.start) if self.part else (self.span.start,)

    def originals(self) -> Iterable[int]:
        """Return the offset of the `before` of each equal change in the original text."""
        return _move(self.part.originals, self.original) if self.part else (self.original,)


def _move(offsets: Sequence[int], start: int) -> Iterable[int]:
    """Return offsets that start at another one."""
    return map((start - offsets[0]).__add__, offsets)


@dataclass(frozen=True, slots=True)
class Revision:
    """A text with its changes.

    >>> plan = (("encode", "windows-1252"), ("decode", "utf-8"))
    >>> r = Revision("naÃ¯ve idea").revise([Edit(2, 4, "ï", "mojibake", plan)])
    >>> r.text, r.spans[0].before
    ('naïve idea', 'Ã¯')
    """

    text: str
    spans: tuple[Span, ...] = ()

    def revise(self, edits: Iterable[Edit]) -> Revision:
        """Apply edits, sorted and without overlaps.

        Returns a new revision, or this one if no edit changes anything. Takes time linear in text and changes.
        """
        effective = (
            edits if isinstance(edits, LazyEdits) and len(edits) > COALESCE_ABOVE else self._drop_ineffective(edits)
        )
        if not effective:
            return self
        if len(effective) > COALESCE_ABOVE:
            effective = list(coalesce(self.text, effective, self.spans))
        text: list[str] = []
        spans: list[Span] = []
        offset = shift = 0
        for item in _clusters(self.spans, effective):
            if isinstance(item, Span):
                spans.append(item.shift(shift))
                continue
            span = item.merge(self.text, shift) if isinstance(item, _Cluster) else _span_of_edit(self.text, item, shift)
            if span.before != span.after:
                spans.append(span)
            text += (self.text[offset : item.start], span.after)
            offset, shift = item.end, span.end - item.end
        return Revision("".join((*text, self.text[offset:])), tuple(spans))

    def with_offsets(self) -> Iterator[tuple[Span, int]]:
        """Yield each change with the offset of its `before` in the original text."""
        growth = 0
        for span in self.spans:
            yield span, span.start - growth
            growth += len(span.after) - len(span.before)

    def original(self) -> str:
        """Return the text before all changes."""
        parts: list[str] = []
        offset = 0
        for span in self.spans:
            parts += (self.text[offset : span.start], span.before)
            offset = span.end
        return "".join((*parts, self.text[offset:]))

    def _drop_ineffective(self, edits: Iterable[Edit]) -> Sequence[Edit]:
        return [edit for edit in edits if self.text[edit.start : edit.end] != edit.after]

    def rewrite(self, text: str, kind: Kind) -> Revision:
        """Replace the whole text. If the new text is part of it, the rest is removed instead.

        >>> Revision("By Anna Bell").rewrite("Anna Bell", "metadata").spans[0].before
        'By '
        """
        index = self.text.find(text) if text else -1
        cuts = ((0, index), (index + len(text), len(self.text))) if index >= 0 else ()
        edits = [
            Edit(start, end, "", kind, (("replace", self.text[start:end], ""),)) for start, end in cuts if start < end
        ]
        if index < 0:
            edits = [Edit(0, len(self.text), text, kind, (("replace", self.text, text),))]
        return self.revise(edits)


@dataclass(slots=True)
class _Cluster:
    """Earlier changes and new edits that overlap, between two offsets of a text."""

    start: int
    end: int
    spans: list[Span]
    edits: list[Edit]

    @classmethod
    def of(cls, items: Sequence[Span | Edit], end: int) -> _Cluster:
        """Return the cluster of overlapping items."""
        spans = [item for item in items if isinstance(item, Span)]
        return cls(items[0].start, end, spans, [item for item in items if isinstance(item, Edit)])

    def merge(self, text: str, shift: int) -> Span:
        """Return one change for all of them, with its offsets moved by `shift` code points."""
        middle = text[self.start : self.end]
        before = self._substitute(text, [(span.start, span.end, span.before) for span in self.spans])
        after = self._substitute(text, [(edit.start, edit.end, edit.after) for edit in self.edits])
        parts: list[Span | Edit] = [*self.spans, *self.edits]
        kind = dominant_kind(part.kind for part in parts)
        steps = self._plan_of(self.spans, before, middle) + self._plan_of(self.edits, middle, after)
        plan = _shorten(steps, before, after)
        confidence = min(part.confidence for part in parts)
        count = sum(item.count for part in parts if isinstance(part, Span | EditGroup) for item in part.parts)
        coalesced = (GroupedEdit(before, after, kind, plan, confidence, count),) if count else ()
        start = self.start + shift
        return Span(start, start + len(after), before, after, kind, plan, confidence, coalesced)

    def _plan_of(self, parts: Sequence[Edit | Span], before: str, after: str) -> Plan:
        """Return the plan of changes or edits. One that is the whole cluster and was replayed before keeps its plan."""
        if len(parts) == 1 and (parts[0].start, parts[0].end) == (self.start, self.end) and _is_replayed(parts[0]):
            return parts[0].plan
        return _shared_plan(parts, before, after)

    def _substitute(self, text: str, parts: Iterable[tuple[int, int, str]]) -> str:
        """Return the text of the cluster with some of its parts replaced."""
        out: list[str] = []
        offset = self.start
        for start, end, replacement in parts:
            out += (text[offset:start], replacement)
            offset = end
        return "".join((*out, text[offset : self.end]))


def _clusters(spans: Sequence[Span], edits: Sequence[Edit]) -> Iterator[Span | Edit | _Cluster]:
    """Yield changes and edits in order, those that overlap as clusters."""
    items: list[Span | Edit] = [*spans, *edits]
    items.sort(key=attrgetter("start", "end"))
    group: list[Span | Edit] = []
    end = 0
    for item in items:
        if group and item.start >= end:
            yield _Cluster.of(group, end) if len(group) > 1 else group[0]
            group = []
        end = max(end, item.end)
        group.append(item)
    if group:
        yield _Cluster.of(group, end) if len(group) > 1 else group[0]


def _span_of_edit(text: str, edit: Edit, shift: int) -> Span:
    """Return the change of an edit that overlaps no earlier change, with its offsets moved by `shift` code points."""
    before, after, start = text[edit.start : edit.end], edit.after, edit.start + shift
    parts = edit.parts if isinstance(edit, EditGroup) else ()
    plan = edit.plan if _is_replayed(edit) else _check_plan(edit.plan, before, after)
    return Span(start, start + len(after), before, after, edit.kind, plan, edit.confidence, parts)


def _is_replayed(part: Edit | Span) -> bool:
    """Return whether the plan was replayed when the change or group was made."""
    return isinstance(part, Span | EditGroup)


def _shorten(plan: Plan, before: str, after: str) -> Plan:
    """Return one replacement for a plan with several that are longer."""
    replaced = [step[1:] for step in plan if step[0] == "replace"]
    is_longer = sum(len(text) for texts in replaced for text in texts) > len(before) + len(after)
    return (("replace", before, after),) if len(replaced) > 1 and is_longer else plan


def _shared_plan(parts: Sequence[Edit | Span], before: str, after: str) -> Plan:
    """Return the common plan of all parts if it replays on the whole, else a plain replacement."""
    plans = {part.plan for part in parts}
    if not plans:
        return ()
    return _check_plan(plans.pop(), before, after) if len(plans) == 1 else (("replace", before, after),)


def _check_plan(plan: Plan, before: str, after: str) -> Plan:
    """Return a plan if it replays, else a plain replacement."""
    return plan if is_replayable(plan, before, after) else (("replace", before, after),)
