"""Plain typography: straight quotes, hyphens, three dots, single letters, narrow forms.

All options are off by default: curly quotes are the author's choice, and full-width punctuation is correct in Chinese
and Japanese.
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
# By the name of the option.
_PLAIN_FORMS = {"quotes": _QUOTES, "dashes": _DASHES, "ellipsis": _ELLIPSIS, "ligatures": _LIGATURES}
_PATTERNS = {option: re.compile(f"[{''.join(table)}]") for option, table in _PLAIN_FORMS.items()}

# A run is normalized as a whole: a half-width kana and its voicing mark become one character.
_WIDE_RUN = re.compile("[\u3000\uff01-\uff5e\uff61-\uffdc\uffe0-\uffe6]+")
_NFKC = (("normalize", "NFKC"),)


def propose_edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose the plain forms for all options that are set to `plain`.

    >>> [(e.start, e.after) for e in propose_edits("“Wait…”", Options(quotes="plain", ellipsis="plain"))]
    [(0, '"'), (5, '...'), (6, '"')]
    """
    if text.isascii():
        return ()
    options_on = [option for option in _PLAIN_FORMS if getattr(options, option) == "plain"]
    replacements = sorted(replacement for option in options_on for replacement in _replace(text, option))
    plain = LazyEdits(text, replacements, "unicode")
    narrow = LazyEdits(text, list(_narrow(text)), "unicode", _NFKC) if options.width == "plain" else ()
    return sorted([*plain, *narrow], key=attrgetter("start")) if plain and narrow else plain or narrow


def _replace(text: str, option: str) -> Iterator[Replacement]:
    table = _PLAIN_FORMS[option]
    return ((*match.span(), table[match[0]]) for match in _PATTERNS[option].finditer(text))


def _narrow(text: str) -> Iterator[Replacement]:
    for match in _WIDE_RUN.finditer(text):
        after = unicodedata.normalize("NFKC", match[0])
        if after != match[0]:
            yield *match.span(), after
