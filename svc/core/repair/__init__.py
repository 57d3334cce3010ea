"""Repair: broken encoding, restored; clean text, left alone.

`edits` looks at one text and proposes repairs. It never proposes one that it can't explain: each carries a plan that
`replay` can apply to what stood there before. A text may need several rounds (an entity that hides mojibake, mojibake
made twice): the caller asks again until there is nothing more to propose.
"""

from collections.abc import Callable, Iterable

from svc.core.article import Edit, Options
from svc.core.repair import entities, lossy, mojibake, surrogates
from svc.core.repair.replay import replay

__all__ = ["PASSES", "edits", "replay"]

Pass = Callable[[str, Options], Iterable[Edit]]

PASSES: tuple[Pass, ...] = (surrogates.edits, entities.edits, mojibake.edits, lossy.edits)


def edits(text: str, options: Options) -> Iterable[Edit]:
    """Return the repairs that the first pass with anything to say proposes for the text, in order of place.

    Surrogates are always dealt with, whatever the options say: no valid answer can hold them.

    >>> [(e.start, e.after, e.plan) for e in edits("Russiaâ€™s", Options())]
    [(6, '’', (('encode', 'windows-1252'), ('decode', 'utf-8')))]
    """
    for propose in PASSES:
        found = list(propose(text, options))
        if found:
            return found
    return ()
