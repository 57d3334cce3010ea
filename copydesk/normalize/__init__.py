"""Normalization of Unicode, invisible characters, white space and, on request, typography.

Each module proposes edits to one text.
"""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.article import Edit, Options
from copydesk.normalize import invisible, typography, unicode, whitespace
from copydesk.normalize.prefilter import is_printable


def propose_edits(text: str, options: Options, *, multiline: bool) -> Sequence[Edit]:
    """Return the edits of the first step that has any, in order of position.

    The steps depend on each other's results, so the caller applies the edits and calls again until there are none.

    Args:
        text: the repaired text.
        options: the options.
        multiline: whether the text may have more than one line, as a body may and a title may not.

    >>> [(e.start, e.end, e.after) for e in propose_edits("two  spaces ", Options(), multiline=True)]
    [(3, 5, ' '), (11, 12, '')]
    """
    printable = is_printable(text)
    return (
        unicode.propose_edits(text, options)
        or invisible.propose_edits(text, options, printable=printable)
        or typography.propose_edits(text, options)
        or whitespace.propose_edits(text, options, multiline=multiline, printable=printable)
    )
