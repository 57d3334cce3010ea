"""Plain typography for those who ask for it: straight quotes, hyphens, three dots, single letters, narrow forms.

All of it is off by default: curly quotes are what the author wrote, and full-width punctuation is right in Chinese and
Japanese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from operator import attrgetter

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement

_QUOTES = dict.fromkeys("‘’‚‛‹›", "'") | dict.fromkeys("“”„‟«»", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_ELLIPSIS = {"…": "..."}
_LIGATURES = {character: unicodedata.normalize("NFKC", character) for character in "ﬀﬁﬂﬃﬄﬅﬆĲĳ"}
_TABLES = {"quotes": _QUOTES, "dashes": _DASHES, "ellipsis": _ELLIPSIS, "ligatures": _LIGATURES}
_PATTERNS = {option: re.compile(f"[{''.join(table)}]") for option, table in _TABLES.items()}

# A run is normalised whole: a half-width kana and its voicing mark become one character.
_WIDE = re.compile("[\u3000\uff01-\uff5e\uff61-\uffdc\uffe0-\uffe6]+")
_NFKC = (("normalize", "NFKC"),)


def edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose plain forms for whatever options are set to `plain`.

    >>> [(e.start, e.after) for e in edits("“Wait…”", Options(quotes="plain", ellipsis="plain"))]
    [(0, '"'), (5, '...'), (6, '"')]
    """
    if text.isascii():
        return ()
    swaps = [swap for option in _TABLES if getattr(options, option) == "plain" for swap in _swaps(text, option)]
    plain = LazyEdits(text, sorted(swaps), "unicode")
    narrow = LazyEdits(text, list(_narrow(text)), "unicode", _NFKC) if options.width == "plain" else ()
    return sorted([*plain, *narrow], key=attrgetter("start")) if plain and narrow else plain or narrow


def _swaps(text: str, option: str) -> Iterator[Replacement]:
    table = _TABLES[option]
    return ((*match.span(), table[match[0]]) for match in _PATTERNS[option].finditer(text))


def _narrow(text: str) -> Iterator[Replacement]:
    for match in _WIDE.finditer(text):
        after = unicodedata.normalize("NFKC", match[0])
        if after != match[0]:
            yield *match.span(), after
