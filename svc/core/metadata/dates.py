"""Dates: RFC 3339 out of what scrapers send, exactly as precise as it was.

Nothing is ever invented: a day gets no midnight, a time no zone, and what can't be read is kept as it came. Read are
ISO 8601, RFC 2822 (the date of mail and feeds) and Unix time in seconds or milliseconds.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from svc.core.article import Instant

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<minute>[0-9]{2}:[0-9]{2})(?P<second>:[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r" ?(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_MAIL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?[0-9]{1,2} [A-Za-z]{3} [0-9]{4}"
    r" [0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2})? (?:[+-][0-9]{4}|[A-Z]{1,4})"
)
_DIGITS = re.compile(r"[0-9]{10}|[0-9]{13}")

# Unix time: from 1973 on in seconds, so that 20240305 is not taken for a second of the year 1970; up to 2100.
_SECONDS = range(100_000_000, 4_102_444_800)


def read(value: str | float | None) -> Instant:
    """Read a date.

    Args:
        value: a string in any form, a number as Unix time in seconds or milliseconds, or nothing.

    Returns:
        The date with its precision; or, if it can't be read, only the raw string.

    >>> read("2022-02-02 14:05 +0300")
    Instant(value='2022-02-02T14:05:00+03:00', precision='minute', raw=None)
    >>> read("2022-02-02").precision, read("May").raw
    ('day', 'May')
    """
    if value is None or value == "":
        return Instant()
    if isinstance(value, (int, float)):
        return _unix(value) or Instant(raw=str(value))
    for form in (_iso, _mail, _digits):
        found = form(value)
        if found:
            return found
    return Instant(raw=value)


def _iso(value: str) -> Instant | None:
    try:
        if _DAY.fullmatch(value):
            return Instant(date.fromisoformat(value).isoformat(), "day")
        if month := _MONTH.fullmatch(value):
            return Instant(date(int(month[1]), int(month[2]), 1).isoformat()[:7], "month")
        if time := _TIME.fullmatch(value):
            return _timed(time)
    except ValueError:
        return None
    return None


def _timed(match: re.Match[str]) -> Instant:
    second, zone = (match["second"] or ":00").replace(",", "."), _zone(match["zone"] or "")
    value = f"{match['day']}T{match['minute']}{second}{zone}"
    datetime.fromisoformat(f"{match['day']}T{match['minute']}{second[:3]}{zone.replace('Z', '+00:00')}")
    return Instant(value, "second" if match["second"] else "minute")


def _zone(zone: str) -> str:
    """Write a zone as RFC 3339 does.

    >>> _zone("+03"), _zone("-0330"), _zone("z")
    ('+03:00', '-03:30', 'Z')
    """
    digits = zone[1:].replace(":", "")
    return f"{zone[0]}{digits[:2]}:{digits[2:] or '00'}" if digits else zone.upper()


def _mail(value: str) -> Instant | None:
    match = _MAIL.fullmatch(value)
    if not match:
        return None
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return Instant(when.isoformat().replace("+00:00", "Z"), "second" if match["second"] else "minute")


def _digits(value: str) -> Instant | None:
    return _unix(int(value)) if _DIGITS.fullmatch(value) else None


def _unix(value: float) -> Instant | None:
    seconds = value if value < _SECONDS.stop else value / 1000
    if not _SECONDS.start <= seconds < _SECONDS.stop:
        return None
    when = datetime.fromtimestamp(seconds, UTC)
    return Instant(when.isoformat(timespec="auto").replace("+00:00", "Z"), "second")
