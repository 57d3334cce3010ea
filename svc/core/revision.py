"""How one text became another: edits, composed over many passes into changes that replay.

A pass looks at a text and proposes edits to it. Later passes see the text that earlier ones made, so their edits may
touch what was edited before. `Revision.revise` composes them: where a new edit overlaps earlier changes, all of them
become one change whose plan is the steps of both, checked by replaying it. So two things always hold for every change:
`text[start:end] == after`, and `replay(plan, before) == after`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from svc.core.article import Edit, Kind, Plan
from svc.core.repair.replay import explains
from svc.core.swaps import Swaps
from svc.core.sweeps import MANY, Part, Sweep, gathered, weightiest


@dataclass(frozen=True, slots=True)
class Span:
    """A change within one text: `before` stood where `text[start:end]`, which is `after`, stands now.

    `parts` is what it was gathered from, where a text had very many edits.
    """

    start: int
    end: int
    before: str
    after: str
    kind: Kind
    plan: Plan
    confidence: float
    parts: tuple[Part, ...] = ()

    def shifted(self, by: int) -> Span:
        """Return the same change, `by` code points further on."""
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
        """Count the edits that it was gathered from."""
        return sum(part.count for part in self.parts) or 1

    def alike(self, original: int) -> Iterator[Told]:
        """Yield the changes that this one was gathered from, the first of those alike with their count; or itself.

        Args:
            original: where `before` stood in the text as it came.
        """
        if not self.parts:
            yield Told(self, original)
        for part in self.parts:
            start = self.start + part.start
            end = start + len(part.after)
            one = Span(start, end, part.before, part.after, part.kind, part.plan, part.confidence)
            yield Told(one, original + part.original, part.count)


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is told: where its `before` stood in the text as it came, and for how many alike it stands."""

    span: Span
    original: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Revision:
    """A text and how it came to be.

    >>> plan = (("encode", "windows-1252"), ("decode", "utf-8"))
    >>> r = Revision("naÃ¯ve idea").revise([Edit(2, 4, "ï", "mojibake", plan)])
    >>> r.text, r.spans[0].before
    ('naïve idea', 'Ã¯')
    """

    text: str
    spans: tuple[Span, ...] = ()

    def revise(self, edits: Iterable[Edit]) -> Revision:
        """Apply edits to the text: in order of their place, none overlapping another.

        Returns a new revision, or this one when no edit changes anything. Takes time linear in text and changes.
        """
        real = edits if isinstance(edits, Swaps) and len(edits) > MANY else self._real(edits)
        if not real:
            return self
        if len(real) > MANY:
            real = list(gathered(self.text, real, self.spans))
        text: list[str] = []
        spans: list[Span] = []
        at = shift = 0
        for cluster in _clusters(self.spans, real):
            if cluster.edits:
                span = cluster.merged(self.text).shifted(shift)
                spans += [span] if span.before != span.after else []
                text += (self.text[at : cluster.start], span.after)
                at, shift = cluster.end, span.end - cluster.end
            else:
                spans += [span.shifted(shift) for span in cluster.spans]
        return Revision("".join((*text, self.text[at:])), tuple(spans))

    def placed(self) -> Iterator[tuple[Span, int]]:
        """Yield each change with where its `before` stood in the text as it came."""
        grown = 0
        for span in self.spans:
            yield span, span.start - grown
            grown += len(span.after) - len(span.before)

    def told(self) -> Iterator[Told]:
        """Yield all changes, those alike within a sweep once, with their count."""
        for span, original in self.placed():
            yield from span.alike(original)

    def _real(self, edits: Iterable[Edit]) -> Sequence[Edit]:
        return [edit for edit in edits if self.text[edit.start : edit.end] != edit.after]

    def rewrite(self, text: str, kind: Kind) -> Revision:
        """Make the whole text another: by cutting off what stands around it, or by putting it in the text's place.

        >>> Revision("By Anna Bell").rewrite("Anna Bell", "metadata").spans[0].before
        'By '
        """
        at = self.text.find(text) if text else -1
        cuts = ((0, at), (at + len(text), len(self.text))) if at >= 0 else ()
        edits = [
            Edit(start, end, "", kind, (("replace", self.text[start:end], ""),)) for start, end in cuts if start < end
        ]
        if at < 0:
            edits = [Edit(0, len(self.text), text, kind, (("replace", self.text, text),))]
        return self.revise(edits)


@dataclass(slots=True)
class _Cluster:
    """Earlier changes and new edits that overlap, between two offsets of a text."""

    start: int
    end: int
    spans: list[Span] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    def merged(self, text: str) -> Span:
        """Make one change of all of them."""
        if not self.spans and len(self.edits) == 1:
            return _alone(text, self.edits[0])
        middle = text[self.start : self.end]
        before = self._joined(text, [(span.start, span.end, span.before) for span in self.spans])
        after = self._joined(text, [(edit.start, edit.end, edit.after) for edit in self.edits])
        parts: list[Span | Edit] = [*self.spans, *self.edits]
        kind = weightiest(part.kind for part in parts)
        plan = _shared_plan(self.spans, before, middle) + _shared_plan(self.edits, middle, after)
        confidence = min(part.confidence for part in parts)
        count = sum(item.count for part in parts if isinstance(part, Span | Sweep) for item in part.parts)
        swept = (Part(0, 0, before, after, kind, plan, confidence, count),) if count else ()
        return Span(self.start, self.start + len(after), before, after, kind, plan, confidence, swept)

    def _joined(self, text: str, parts: Iterable[tuple[int, int, str]]) -> str:
        """Return the cluster's text with other strings in the place of some of its parts."""
        out: list[str] = []
        at = self.start
        for start, end, other in parts:
            out += (text[at:start], other)
            at = end
        return "".join((*out, text[at : self.end]))


def _clusters(spans: Sequence[Span], edits: Sequence[Edit]) -> Iterator[_Cluster]:
    """Group changes and edits that overlap, in order of place."""
    cluster: _Cluster | None = None
    items: list[Span | Edit] = [*spans, *edits]
    items.sort(key=attrgetter("start", "end"))
    for item in items:
        if cluster and item.start >= cluster.end:
            yield cluster
            cluster = None
        cluster = cluster or _Cluster(item.start, item.end)
        cluster.end = max(cluster.end, item.end)
        if isinstance(item, Edit):
            cluster.edits.append(item)
        else:
            cluster.spans.append(item)
    if cluster:
        yield cluster


def _alone(text: str, edit: Edit) -> Span:
    """Make a change of an edit of what was not touched before."""
    before, end = text[edit.start : edit.end], edit.start + len(edit.after)
    parts = edit.parts if isinstance(edit, Sweep) else ()
    plan = _shared_plan([edit], before, edit.after)
    return Span(edit.start, end, before, edit.after, edit.kind, plan, edit.confidence, parts)


def _shared_plan(parts: Sequence[Edit | Span], before: str, after: str) -> Plan:
    """Return the one plan that all parts went by, if it explains the whole; else the plain replacement."""
    plans = {part.plan for part in parts}
    if not plans:
        return ()
    plan = plans.pop()
    if not plans and explains(plan, before, after):
        return plan
    return (("replace", before, after),)
