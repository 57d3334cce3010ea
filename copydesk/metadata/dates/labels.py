"""Labels of dates in about fifty languages: `Published`, `Zuletzt geändert`, `Текущее время`.

A label says which date follows. It becomes one private-use character, like the other words of dates in `symbols`.
"""

from __future__ import annotations

from functools import cache

import regex

from copydesk.metadata.dates.words import fold_date
from copydesk.tables import read_rows

UPDATED, PUBLISHED, OTHER = "\ue032", "\ue033", "\ue034"
LABELS = UPDATED + PUBLISHED + OTHER
_SYMBOLS = {"updated": UPDATED, "published": PUBLISHED, "other": OTHER}
# These scripts have no blanks between words.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")


def replace_labels(folded: str) -> str:
    """Replace the labels in a folded string by symbols.

    >>> replace_labels("last edit: 2 feb") == UPDATED + ": 2 feb"
    True
    """
    symbols, pattern = _labels(), _pattern()
    return pattern.sub(lambda label: symbols[label[0]], folded)


@cache
def update_words() -> frozenset[str]:
    """Return the labels of one word before the date of the last change."""
    return frozenset(label for label, symbol in _labels().items() if symbol == UPDATED and " " not in label)


@cache
def _labels() -> dict[str, str]:
    rows = list(read_rows("copydesk.metadata.dates", "labels.txt"))
    return {fold_date(label): _SYMBOLS[kind] for kind, _language, labels in rows for label in labels.split(",")}


@cache
def _pattern() -> regex.Pattern[str]:
    unspaced = [label for label in _labels() if _UNSPACED.match(label)]
    spaced = [label for label in _labels() if not _UNSPACED.match(label)]
    return regex.compile(
        r"\L<unspaced>|(?<![\p{L}\p{M}])\L<spaced>(?![\p{L}\p{M}]|[.'’]\p{L})", unspaced=unspaced, spaced=spaced
    )
