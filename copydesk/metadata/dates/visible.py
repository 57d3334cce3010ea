"""Dates as pages show them: `2 февраля 2022, 14:05`, `Updated 2:05 PM ET, Wed February 2, 2022`, `2022年2月2日 10:30`.

A date needs a day and a month, and a year unless `fetched_at` is known. If a date such as `02/03/2022` has two
readings, both are returned: the caller chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from copydesk.metadata.dates import persian
from copydesk.metadata.dates.clock import has_time
from copydesk.metadata.dates.labels import LABELS, OTHER, UPDATED
from copydesk.metadata.dates.symbols import MONTH, MONTHS, PERSIAN, PERSIANS, WEEKDAY, WEEKDAY_SYMBOL, is_prose

# The tolerance for dates after `fetched_at`: zones and clocks may be wrong.
MAX_AFTER_FETCH = timedelta(days=2)

_YEAR = r"(?P<y>(?:19|20)\d\d|25[4-9]\d)(?!\d)"
_ANY_YEAR = r"(?P<y>(?:19|20|25)\d\d(?!\d)|['’]\d\d(?!\d)|\d\d(?! ?[\d:h.\ue030\ue031]))"
_MON, _GAP = rf"(?P<mon>[{MONTHS}])", r"[ .,/\-]{0,4}"
_D, _M = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})"

# Forms with day, month and year, the strictest first.
_FULL_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d){_YEAR} ?(?P<s>[-/.])? ?(?(s)|Y) ?{_M} ?(?(s)(?P=s)|M) ?{_D}(?!\d)",
        rf"(?<![\d:]){_D}{_GAP}{_MON}{_GAP}Y?{_ANY_YEAR}",
        rf"{_MON}{_GAP}{_D}(?!\d)(?:[ .,]{{0,4}}| ?- ?){_YEAR}",
        rf"(?<!\d){_YEAR}Y?{_GAP}{_MON}{_GAP}{_D}(?!\d)",
        rf"(?<!\d){_YEAR}{_GAP}{_D}{_GAP}{_MON}",
        r"(?<![\d.:/])(?P<a>\d{1,2}) ?(?P<s>[./\-]) ?(?P<b>\d{1,2}) ?(?P=s) ?(?P<y>(?:19|20|25)\d\d|\d\d)(?!\d)",
        r"(?<![\d.:/|])(?<!\| )(?P<a>\d{1,2}) ?(?P<s>\|) ?(?P<b>\d{1,2}) ?\| ?(?P<y>(?:19|20|25)\d\d)(?![\d|])",
        rf"(?<!\d){_D} ?(?P<pmon>[{PERSIANS}]){_GAP}(?P<y>1[34]\d\d)(?!\d)",
        r"(?<!\d)(?P<y>1[34]\d\d)(?P<s>[/\-])(?P<pm>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)",
    )
)
_YEARLESS_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![\d:]){_D}[ .]{{1,3}}{_MON}",
        rf"{_MON}[ .]{{0,3}}{_D}(?![\d:])",
        rf"(?<!\d){_M}M{_D}D",
    )
)
_MONTH_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d)(?<!\d[ .]){_MON}{_GAP}{_YEAR}",
        rf"(?<!\d){_YEAR}Y{_M}M(?! ?\d)",
        rf"(?<!\d){_YEAR}{_GAP}{_MON}",
    )
)
_LABEL = re.compile(f"[{LABELS}]")
_SEPARATES = re.compile(f"[x|{LABELS}]")
_BUDDHIST_ERA_YEARS = 543
_MIN_BUDDHIST_YEAR = 2500
# Two digits below this are years after 2000.
_CENTURY_PIVOT = 70
# A day without a year is at most this old.
_MAX_YEARS_AGO = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a string.

    Attributes:
        start: the start of the date in the symbols.
        end: its end.
        when: the date, with the day first if the order is unclear.
        month_first: the reading with the month first, if possible.
        year_first: the reading with the year first, if possible.
        month_only: whether there is no day.
        time_start: the start of the part of the string that may have its time of day.
        time_end: the end of this part; None if it is the end of the string.
    """

    start: int
    end: int
    when: date
    month_first: date | None = None
    year_first: date | None = None
    month_only: bool = False
    time_start: int = 0
    time_end: int | None = None


def find_date(symbols: str, *, latest: bool) -> Day | None:
    """Find a date with a year.

    Args:
        symbols: the string from `to_symbols`.
        latest: whether the date of modification is wanted if there are two.
    """
    days = sorted(_find_days(symbols, _FULL_FORMS, _read_full), key=lambda day: day.start)
    labels = [_find_label(symbols, day, previous) for day, previous in zip(days, [None, *days][:-1], strict=True)]
    candidates = [
        (day, label)
        for day, label in zip(_limit_times(symbols, days, latest=latest), labels, strict=True)
        if label != OTHER
    ]
    if not candidates:
        return None
    chosen = [day for day, label in candidates if (label == UPDATED) is latest]
    return chosen[0] if chosen else candidates[-1 if latest else 0][0]


def _find_label(symbols: str, day: Day, previous: Day | None) -> str:
    """Return the last label between a date and the previous one."""
    labels = _LABEL.findall(symbols, previous.end if previous else 0, day.start)
    return labels[-1] if labels else ""


def _limit_times(symbols: str, days: list[Day], *, latest: bool) -> Iterator[Day]:
    """Yield the dates with the parts of the string that may have their times.

    A label between two dates separates the parts. Without one, all times follow their dates, or all precede them.
    """
    times_first = bool(days) and has_time(symbols[: days[0].start])
    start = 0
    for i, day in enumerate(days):
        is_last = i + 1 == len(days)
        next_start = len(symbols) if is_last else days[i + 1].start
        label = _LABEL.search(symbols, day.end, next_start)
        gap_end = day.end if times_first and not is_last else next_start
        end = label.start() if label else gap_end
        # "3 January, updated 10:00": the time is that of the change.
        is_change = latest and is_last and label is not None and label[0] == UPDATED
        yield replace(day, time_start=end, time_end=None) if is_change else replace(day, time_start=start, time_end=end)
        start = end


def find_partial_date(symbols: str, fetched: date | None) -> Day | None:
    """Find a day without a year, or a month with a year. The year is the last one before the day of fetching."""
    if OTHER in symbols:
        return None
    if fetched and not is_prose(symbols):
        for day in _find_days(symbols, _YEARLESS_FORMS, lambda match: _read_yearless(match, fetched)):
            # A word right after the day makes it prose, too.
            if not symbols[day.end :].lstrip(" ").startswith("x"):
                return day
    return next(_find_days(symbols, _MONTH_FORMS, _read_month), None)


def _find_days(symbols: str, forms: tuple[re.Pattern[str], ...], read: Callable[[re.Match[str]], Day]) -> Iterator[Day]:
    """Yield the dates in a string. An earlier form wins over a later one that overlaps it."""
    days: list[Day] = []
    for form in forms:
        for match in form.finditer(symbols):
            if any(match.start() < day.end and day.start < match.end() for day in days):
                continue
            try:
                day = read(match)
            except ValueError:  # 31 February: not a date, but another form may match one.
                continue
            days.append(day)
            yield day


def _read_full(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    start, end = match.span()
    if parts.get("pmon") or parts.get("pm"):
        month = ord(parts["pmon"]) - PERSIAN if parts.get("pmon") else int(parts["pm"])
        return Day(start, end, persian.to_gregorian(int(parts["y"]), month, int(parts["d"])))
    year = _read_year(parts["y"])
    if parts.get("a"):
        return _read_numbers(match, year, int(parts["a"]), int(parts["b"]))
    month = _read_month_number(parts)
    return Day(start, end, date(year, month, int(parts["d"])))


def _read_numbers(match: re.Match[str], year: int, first: int, second: int) -> Day:
    start, end = match.span()
    year_first = (
        build_date(_read_year(match["a"]), second, int(match["y"])) if len(match["a"] + match["y"]) == 4 else None
    )
    if second > 12:
        return Day(start, end, date(year, first, second))
    # The month is never first if the separator is a dot.
    month_first = build_date(year, first, second) if first != second and match["s"] != "." else None
    return Day(start, end, date(year, second, first), month_first, year_first)


def build_date(year: int, month: int, day: int) -> date | None:
    """Return a date; None if it does not exist."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_year(digits: str) -> int:
    year = int(digits.strip("'’"))
    if year >= _MIN_BUDDHIST_YEAR:
        return year - _BUDDHIST_ERA_YEARS
    return year if year > 99 else year + (2000 if year < _CENTURY_PIVOT else 1900)


def _read_yearless(match: re.Match[str], fetched: date) -> Day:
    parts = match.groupdict()
    month = _read_month_number(parts)
    day = int(parts["d"])
    for year in range(fetched.year + 1, fetched.year - _MAX_YEARS_AGO - 1, -1):
        try:
            when = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if when <= fetched + MAX_AFTER_FETCH:
            return Day(match.start(), match.end(), when)
    raise ValueError("no such day")


def _read_month(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    first = date(_read_year(parts["y"]), _read_month_number(parts), 1)
    return Day(match.start(), match.end(), first, month_only=True)


def find_weekday(symbols: str, day: Day) -> int | None:
    """Return the weekday next to a date, without another word between them: `Wed 02/03/2022`. Monday is 0."""
    for match in WEEKDAY_SYMBOL.finditer(symbols):
        first, last = sorted((match.span(), (day.start, day.end)))
        if not _SEPARATES.search(symbols, first[1], last[0]):
            return ord(match[0]) - WEEKDAY
    return None


def _read_month_number(parts: dict[str, str]) -> int:
    return ord(parts["mon"]) - MONTH if parts.get("mon") else int(parts["m"])
