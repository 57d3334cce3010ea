"""The Persian calendar of Iranian and Afghan pages: 13 Bahman 1400 is 2 February 2022."""

from __future__ import annotations

from datetime import date, timedelta


def to_gregorian(year: int, month: int, day: int) -> date:
    """Convert a Persian date to a Gregorian one.

    Raises:
        ValueError: the day does not exist, or the year is not between 1300 and 1500.

    >>> to_gregorian(1400, 11, 13)
    datetime.date(2022, 2, 2)
    """
    if not (1300 <= year <= 1500 and 1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError("no such day")
    if month == 12 and day == 30 and not _is_leap_year(year):
        raise ValueError("no such day")
    days_before = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return _new_year(year) + timedelta(days=days_before + day - 1)


def _is_leap_year(year: int) -> bool:
    """Return whether a year is a leap year by the cycle of 33 years, which is exact between 1244 and 1502."""
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _new_year(year: int) -> date:
    # 1 Farvardin 1300 was 21 March 1921.
    return date(1921, 3, 21) + timedelta(days=365 * (year - 1300) + sum(map(_is_leap_year, range(1300, year))))
