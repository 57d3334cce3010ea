r"""Surrogates: halves of UTF-16 pairs as characters of a text.

They come from JSON (`"\ud83d"`) and from programs that truncate strings by UTF-16 units. Pairs are joined. A lone
surrogate is a lost character and becomes U+FFFD, as the Unicode Standard recommends for ill-formed text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement
from copydesk.changes.plan import replay
from copydesk.transforms.characters import SURROGATES

_RUN = re.compile(f"[{SURROGATES}]+")
_PLAN = (("join-surrogates",),)


def edits(text: str, _: Options) -> Sequence[Edit]:
    r"""Propose to join paired surrogates and to replace lone ones.

    >>> [e.after for e in edits("a \ud83d\ude00 b \ud83d", Options())]
    ['😀', '�']
    """
    if _is_encodable(text):
        return ()
    known: dict[str, str] = {}
    swaps: list[Replacement] = []
    for match in _RUN.finditer(text):
        if match[0] not in known:
            known[match[0]] = replay(_PLAN, match[0])
        swaps.append((*match.span(), known[match[0]]))
    return LazyEdits(text, swaps, "unicode", _PLAN)


def _is_encodable(text: str) -> bool:
    """Return whether a text has no surrogates. The UTF-8 encoder is the fastest way to find them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
