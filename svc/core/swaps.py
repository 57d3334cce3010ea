"""Swaps: the edits of one rule, as cheap as they can be where a text has very many of them.

A text may hold half a million stray marks, and an edit for each would cost more than all else that is done to the text.
So rules propose swaps, which become edits only when somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import TypeAlias, overload

from svc.core.article import Edit, Kind, Plan

# Where a swap starts and ends, and what comes in its place.
Swap: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Swaps(Sequence[Edit]):
    """The edits of one rule in one text, in order of place. Without a plan each is a plain replacement.

    >>> list(Swaps("a  b", [(1, 3, " ")], "whitespace"))[0].plan
    (('replace', '  ', ' '),)
    """

    text: str
    listed: Sequence[Swap]
    kind: Kind
    plan: Plan | None = None
    confidence: float = 1.0

    def __len__(self) -> int:
        """Count the swaps."""
        return len(self.listed)

    @overload
    def __getitem__(self, at: int) -> Edit: ...
    @overload
    def __getitem__(self, at: slice) -> Swaps: ...
    def __getitem__(self, at: int | slice) -> Edit | Swaps:
        """Make the edit of one swap, or choose some of them."""
        if isinstance(at, slice):
            return Swaps(self.text, self.listed[at], self.kind, self.plan, self.confidence)
        return self._edit(*self.listed[at])

    def __iter__(self) -> Iterator[Edit]:
        """Make all edits, one by one."""
        return starmap(self._edit, self.listed)

    def _edit(self, start: int, end: int, after: str) -> Edit:
        plan = self.plan or (("replace", self.text[start:end], after),)
        return Edit(start, end, after, self.kind, plan, self.confidence)
