r"""A fast prefilter: `str.isprintable` decides whether a text needs the searches of `invisible` and `whitespace`.

A printable text has no control, format, private-use, unassigned or surrogate character, and no white space except the
plain space. If only line breaks and typographic spaces are not printable, two tests remain: for the printable invisible
characters (U+FFFC and variation selectors, `invisible`) and for adjacent or outer white space (`whitespace`).
"""

from __future__ import annotations

# Spaces that whole languages use: no-break, narrow no-break and ideographic space.
TYPOGRAPHIC_SPACES = "\xa0\u202f\u3000"


def is_printable(text: str) -> bool:
    r"""Return whether a text is printable, apart from line breaks and typographic spaces.

    >>> is_printable("Guerre :\n\xa0« non »"), is_printable("a\tb"), is_printable("co\xadpy")
    (True, False, False)
    """
    text = text.replace("\n", "")
    if text.isascii():
        return text.isprintable()
    for space in TYPOGRAPHIC_SPACES:
        text = text.replace(space, "")
    return text.isprintable()
