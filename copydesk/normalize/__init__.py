"""Tidy: Unicode form, invisible characters, white space; and plain typography for those who ask for it.

Each module proposes edits to one text, in the same way as repair does. Only white space needs to know whether a field
may hold more than one line.
"""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.article import Edit, Options
from copydesk.normalize import invisible, whitespace
from copydesk.normalize import typography as plain
from copydesk.normalize import unicode as unicode_form
from copydesk.normalize.prefilter import is_printable


def edits(text: str, options: Options, *, lines: bool) -> Sequence[Edit]:
    """Return what the first pass with anything to say proposes for the text, in order of place.

    Args:
        text: the text, repaired.
        options: what may be done.
        lines: whether the text may hold more than one line (a body does, a title doesn't).

    >>> [(e.start, e.end, e.after) for e in edits("two  spaces ", Options(), lines=True)]
    [(3, 5, ' '), (11, 12, '')]
    """
    printable = is_printable(text)
    return (
        unicode_form.edits(text, options)
        or invisible.edits(text, options, printable=printable)
        or plain.edits(text, options)
        or whitespace.edits(text, options, lines=lines, printable=printable)
    )
