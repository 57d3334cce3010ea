"""Edits of one rule, created when they are accessed.

A text may have half a million of them, and an object for each would cost more than the rest of the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import TypeAlias, overload

from copydesk.article import Edit, Kind, Plan

# Start, end, new text.
Replacement: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True, eq=False)
class LazyEdits(Sequence[Edit]):
    """The edits of one rule in one text, sorted. Without a plan, each is a plain replacement.

    >>> list(LazyEdits("a  b", [(1, 3, " ")], "whitespace"))[0].plan
    (('replace', '  ', ' '),)
    """

    text: str
    replacements: Sequence[Replacement]
    kind: Kind
    plan: Plan | None = None
    confidence: float = 1.0

    def __len__(self) -> int:
        """Return the number of edits."""
        return len(self.replacements)

    @overload
    def __getitem__(self, index: int) -> Edit: ...
    @overload
    def __getitem__(self, index: slice) -> LazyEdits: ...
    def __getitem__(self, index: int | slice) -> Edit | LazyEdits:
        """Return one edit, or a slice of the edits."""
        if isinstance(index, slice):
            return LazyEdits(self.text, self.replacements[index], self.kind, self.plan, self.confidence)
        return self._edit(*self.replacements[index])

    def __iter__(self) -> Iterator[Edit]:
        """Yield all edits."""
        return starmap(self._edit, self.replacements)

    def _edit(self, start: int, end: int, after: str) -> Edit:
        plan = self.plan or (("replace", self.text[start:end], after),)
        return Edit(start, end, after, self.kind, plan, self.confidence)
