"""Dates as pages show them: `2 февраля 2022, 14:05`, `Updated 2:05 PM ET, Wed February 2, 2022`, `2022年2月2日 10:30`.

No date is read that is not there: a form needs its day and its month, and a year unless the time of fetching tells it.
Where `02/03/2022` may be two days, whoever calls decides by what is known of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from copydesk.metadata.dates import persian
from copydesk.metadata.dates.wording import MONTH, MONTHS, PERSIAN, PERSIANS, UPDATED, WEEKDAY, WEEKDAYS

_YEAR = r"(?P<y>(?:19|20)\d\d|25[4-9]\d)(?!\d)"
_SHORT_YEAR = r"(?P<y>(?:19|20|25)\d\d(?!\d)|['’]\d\d(?!\d)|\d\d(?! ?[\d:h.\ue030\ue031]))"
_MON, _GAP = rf"(?P<mon>[{MONTHS}])", r"[ .,/\-]{0,4}"
_D, _M = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})"

# By what they prove: forms with all three parts first, the stricter before the laxer.
_FULL = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d){_YEAR} ?(?P<s>[-/.])? ?(?(s)|Y) ?{_M} ?(?(s)(?P=s)|M) ?{_D}(?!\d)",
        rf"(?<![\d:]){_D}{_GAP}{_MON}{_GAP}Y?{_SHORT_YEAR}",
        rf"{_MON}{_GAP}{_D}(?!\d)(?:[ .,]{{0,4}}| ?- ?){_YEAR}",
        rf"(?<!\d){_YEAR}Y?{_GAP}{_MON}{_GAP}{_D}(?!\d)",
        rf"(?<!\d){_YEAR}{_GAP}{_D}{_GAP}{_MON}",
        r"(?<![\d.:/])(?P<a>\d{1,2}) ?(?P<s>[./\-]) ?(?P<b>\d{1,2}) ?(?P=s) ?(?P<y>(?:19|20|25)\d\d|\d\d)(?!\d)",
        rf"(?<!\d){_D} ?(?P<pmon>[{PERSIANS}]){_GAP}(?P<y>1[34]\d\d)(?!\d)",
        r"(?<!\d)(?P<y>1[34]\d\d)(?P<s>[/\-])(?P<pm>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)",
    )
)
_YEARLESS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![\d:]){_D}[ .]{{1,3}}{_MON}",
        rf"{_MON}[ .]{{0,3}}{_D}(?![\d:])",
        rf"(?<!\d){_M}M{_D}D",
    )
)
_MONTH_ONLY = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d)(?<!\d[ .]){_MON}{_GAP}{_YEAR}",
        rf"(?<!\d){_YEAR}Y{_M}M(?! ?\d)",
        rf"(?<!\d){_YEAR}{_GAP}{_MON}",
    )
)
# Words beyond these in a string, or one right behind the date, make it prose that may mean a street or a telephone.
_MOST_WORDS = 3
_WEEKDAY = re.compile(f"[{WEEKDAYS}]")
_BETWEEN = re.compile(f"[x|{UPDATED}]")
_BUDDHIST = 543


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was found: between two offsets of the signs; no day for a month.

    `other` is what it also could be with the month first, `year_first` with the year first.
    """

    start: int
    end: int
    when: date
    other: date | None = None
    year_first: date | None = None
    month_only: bool = False


def complete(signs: str, *, latest: bool) -> Day | None:
    """Find the date in a string that tells its year.

    Args:
        signs: what `wording.signs` gave.
        latest: whether the date of the last change is wanted rather than that of publication, where both are told.

    Returns:
        The day, or None; where two numbers could be day and month, day first, and the other one as `other`.
    """
    days = sorted(_days(signs, _FULL, _full), key=lambda day: day.start)
    return _chosen(signs, days, latest=latest) if days else None


def partial(signs: str, fetched: date | None) -> Day | None:
    """Find a day without its year, which then is the last one before the fetching, or a month with its year."""
    if fetched and signs.count("x") <= _MOST_WORDS:
        for day in _days(signs, _YEARLESS, lambda match: _yearless(match, fetched)):
            if not signs[day.end :].lstrip(" ").startswith("x"):
                return day
    return next(_days(signs, _MONTH_ONLY, _month), None)


def _days(signs: str, forms: tuple[re.Pattern[str], ...], read: Callable[[re.Match[str]], Day]) -> Iterator[Day]:
    taken: list[Day] = []
    for form in forms:
        for match in form.finditer(signs):
            if any(match.start() < day.end and day.start < match.end() for day in taken):
                continue
            try:
                day = read(match)
            except ValueError:  # 31 February: not a date, but another form may find one
                continue
            taken.append(day)
            yield day


def _chosen(signs: str, days: list[Day], *, latest: bool) -> Day:
    """Take the date that is wanted, where one of publication and one of the last change stand side by side."""
    behind = [0, *(day.end for day in days[:-1])]
    marked = [UPDATED in signs[at : day.start] for at, day in zip(behind, days, strict=True)]
    for day, updated in zip(days, marked, strict=True):
        if updated is latest:
            return day
    return days[-1] if latest else days[0]


def _full(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    start, end = match.span()
    if parts.get("pmon") or parts.get("pm"):
        month = ord(parts["pmon"]) - PERSIAN if parts.get("pmon") else int(parts["pm"])
        return Day(start, end, persian.gregorian(int(parts["y"]), month, int(parts["d"])))
    year = _year(parts["y"])
    if parts.get("a"):
        return _numbers(match, year, int(parts["a"]), int(parts["b"]))
    month = ord(parts["mon"]) - MONTH if parts.get("mon") else int(parts["m"])
    return Day(start, end, date(year, month, int(parts["d"])))


def _numbers(match: re.Match[str], year: int, first: int, second: int) -> Day:
    start, end = match.span()
    year_first = _date(_year(match["a"]), second, int(match["y"])) if len(match["a"] + match["y"]) == 4 else None
    if second > 12:
        return Day(start, end, date(year, first, second))
    # Nobody puts the month first where the separator is a dot.
    other = _date(year, first, second) if first != second and match["s"] != "." else None
    return Day(start, end, date(year, second, first), other, year_first)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    year = int(digits.strip("'’"))
    if year >= 2500:
        return year - _BUDDHIST
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _yearless(match: re.Match[str], fetched: date) -> Day:
    parts = match.groupdict()
    month = ord(parts["mon"]) - MONTH if parts.get("mon") else int(parts["m"])
    day = int(parts["d"])
    for year in range(fetched.year + 1, fetched.year - 5, -1):
        try:
            when = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if when <= fetched + timedelta(days=2):
            return Day(match.start(), match.end(), when)
    raise ValueError("no such day")


def _month(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    month = ord(parts["mon"]) - MONTH if parts.get("mon") else int(parts["m"])
    return Day(match.start(), match.end(), date(_year(parts["y"]), month, 1), month_only=True)


def weekday(signs: str, day: Day) -> int | None:
    """Return the weekday that stands beside a day, with no other word between them: `Wed 02/03/2022`."""
    for found in _WEEKDAY.finditer(signs):
        first, last = sorted((found.span(), (day.start, day.end)))
        if not _BETWEEN.search(signs, first[1], last[0]):
            return ord(found[0]) - WEEKDAY
    return None
