"""The screen before tidying: what Python says of a whole text at a fifth of the price of searching it.

Printable text has no control, format, private, unassigned or surrogate character, and no white space but the plain
space. So what is printable, but for line breaks and the wide and no-break spaces that whole languages are written with,
can hide but two kinds of character, which `invisible` looks for; and its white space is wrong only where two of these
stand side by side or at an edge, which is for `whitespace` to see.
"""

from __future__ import annotations

TYPOGRAPHIC = "\xa0\u202f\u3000"


def is_printable(text: str) -> bool:
    r"""Tell whether all that is not printable in a text is line breaks and typographic spaces.

    >>> is_printable("Guerre :\n\xa0« non »"), is_printable("a\tb"), is_printable("co\xadpy")
    (True, False, False)
    """
    text = text.replace("\n", "")
    if text.isascii():
        return text.isprintable()
    for space in TYPOGRAPHIC:
        text = text.replace(space, "")
    return text.isprintable()
