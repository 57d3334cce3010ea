"""Find the dates and times in a byline: the walls between its parts (`Rob Crilly Wednesday November 20, 2019 | Reply`).

Only a run of words around a number is a date, and only with a year, a month, a time or a unit in it. So `50 Cent` and
`Flo9r` stay, and in `Theresa May 12 March 2019` only one of the months goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

from copydesk.metadata.authors.words import fold, kinds
from copydesk.metadata.dates import wording

_DATED = regex.compile(
    r"(?<!\d)\d++(?:[.:/\-年월月T]\d|(?:st|nd|rd|th|h|d|am|pm|min|mins)\b|[年月日时時분])"
    r"|(?:19|20|14|25)\d\d(?!\d)|['’]\d\d(?!\d)"
)
_NUMBER = regex.compile(r"['’(]?\d")
_MONTHS = frozenset(map(chr, range(wording.MONTH + 1, wording.MONTH + 13)))


def between_dates(text: str) -> Iterator[str]:
    """Yield what stands before, between and behind dates and numbers.

    >>> list(between_dates("Theresa May 12 March 2019, 10:28am Staff Writer"))
    ['Theresa May', 'Staff Writer']
    """
    if not any(map(str.isdigit, text)):
        yield text
        return
    words = text.split()
    table, start, at = wording.any_table(), 0, 0
    while at < len(words):
        if not _NUMBER.match(words[at]):
            at += 1
            continue
        first, last, dated = _run(words, at, start, table)
        if dated:
            yield " ".join(words[start:first])
            start = last
        at = last
    yield " ".join(words[start:])


def _run(words: list[str], at: int, lowest: int, table: Mapping[str, str]) -> tuple[int, int, bool]:
    """Return where the date around a number begins and ends, and whether it is one."""
    last = at
    dated = False
    while last < len(words) and (_NUMBER.match(words[last]) or _is_dated(words[last], table)):
        dated = dated or _DATED.search(words[last]) is not None or not _NUMBER.match(words[last])
        last += 1
    while (
        last > at + 1 and words[last - 1][:1].isupper() and words[last - 1].casefold() in ("a", "de", "la", "el", "le")
    ):
        last -= 1
    named = any(table.get(fold(word)) in _MONTHS for word in words[at : min(last, at + 3)])
    first = at
    while first > lowest and _is_dated(words[first - 1], table) and not _stops(words[first - 1]):
        if table.get(fold(words[first - 1])) in _MONTHS:
            if named:
                break
            named = True
        first -= 1
        dated = True
    return first, last, dated


def _stops(word: str) -> bool:
    """Whether a word ends the run to the left: a dash, a bar, an initial."""
    return word.casefold() in "|-–—•·/" or (len(word) == 1 and word not in "àвоâ")


def _is_dated(word: str, table: Mapping[str, str]) -> bool:
    folded = fold(word)
    return not folded.strip("|-–—•·/") or folded in table or "dated" in kinds(folded)
