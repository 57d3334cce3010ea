"""Dates and times in bylines: they separate its parts (`Rob Crilly Wednesday November 20, 2019 | Reply`).

A date is a run of date words around a number that contains a year, a month, a time or a unit. So `50 Cent` and `Flo9r`
are not dates, and `Theresa May 12 March 2019` loses only one of its months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

from copydesk.metadata.authors.words import fold_word, kinds_of
from copydesk.metadata.dates import symbols

_DATE_NUMBER = regex.compile(
    r"(?<!\d)\d++(?:[.:/\-年월月T]\d|(?:st|nd|rd|th|h|d|am|pm|min|mins)\b|[年月日时時분])"
    r"|(?:19|20|14|25)\d\d(?!\d)|['’]\d\d(?!\d)"
)
_NUMBER = regex.compile(r"['’(]?\d")
_MONTHS = frozenset(map(chr, range(symbols.MONTH + 1, symbols.MONTH + 13)))
_TRAILING_ARTICLES = ("a", "de", "la", "el", "le")
# A month this close to the number belongs to it.
_MAX_MONTH_DISTANCE_WORDS = 3
_DASHES_AND_BARS = "|-–—•·/"
_ONE_LETTER_WORDS = "àвоâ"


def split_at_dates(text: str) -> Iterator[str]:
    """Yield the parts of a text before, between and after dates and numbers.

    >>> list(split_at_dates("Theresa May 12 March 2019, 10:28am Staff Writer"))
    ['Theresa May', 'Staff Writer']
    """
    if not any(map(str.isdigit, text)):
        yield text
        return
    words = text.split()
    table, part_start, i = symbols.symbol_table_of_all_languages(), 0, 0
    while i < len(words):
        if not _NUMBER.match(words[i]):
            i += 1
            continue
        start, end, is_date = _find_date(words, i, part_start, table)
        if is_date:
            yield " ".join(words[part_start:start])
            part_start = end
        i = end
    yield " ".join(words[part_start:])


def _find_date(words: list[str], i: int, min_start: int, table: Mapping[str, str]) -> tuple[int, int, bool]:
    """Return the start and end of the run of date words around a number, and whether it is a date."""
    end, is_date = i, False
    while end < len(words):
        is_number = _NUMBER.match(words[end]) is not None
        if not is_number and not _is_date_word(words[end], table):
            break
        is_date = is_date or not is_number or _DATE_NUMBER.search(words[end]) is not None
        end += 1
    while end > i + 1 and _is_capitalized_article(words[end - 1]):
        end -= 1
    has_month = any(_is_month(word, table) for word in words[i : min(end, i + _MAX_MONTH_DISTANCE_WORDS)])
    start = i
    while start > min_start and _is_date_word(words[start - 1], table) and not _ends_run(words[start - 1]):
        if _is_month(words[start - 1], table):
            if has_month:
                break
            has_month = True
        start -= 1
    return start, end, is_date or start < i


def _is_month(word: str, table: Mapping[str, str]) -> bool:
    return table.get(fold_word(word)) in _MONTHS


def _is_capitalized_article(word: str) -> bool:
    """Return whether a word starts the next name: `La` after a date."""
    return word[:1].isupper() and word.casefold() in _TRAILING_ARTICLES


def _ends_run(word: str) -> bool:
    """Return whether a word ends the run to the left: a dash, a bar, an initial."""
    return word.casefold() in _DASHES_AND_BARS or (len(word) == 1 and word not in _ONE_LETTER_WORDS)


def _is_date_word(word: str, table: Mapping[str, str]) -> bool:
    folded = fold_word(word)
    return not folded.strip(_DASHES_AND_BARS) or folded in table or "date_word" in kinds_of(folded)
