"""Dates as machines write them: ISO 8601, RFC 2822 (the date of mail and feeds) and Unix time.

The standard library decides what is a date; the patterns here decide how precise it was, which the library forgets.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from copydesk.article import Instant, Precision

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<minute>[0-9]{2}:[0-9]{2})(?P<second>:[0-9]{2}(?:[.,][0-9]+)?)?"
    r" ?(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_COMPACT = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})[Tt]?([0-9]{2})([0-9]{2})([0-9]{2})?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_MAIL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?[0-9]{1,2} [A-Za-z]{3} [0-9]{4}"
    r" [0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2})? (?:[+-][0-9]{4}|UTC?|GMT|Z|[ECMP][SD]T)"
)
_UNIX = re.compile(r"(?:/Date\()?([0-9]{10}(?:\.[0-9]{1,6})?|[0-9]{13})(?:\)/)?")

# Unix time: from 1973 on in seconds, so that 20240305 is not taken for a second of the year 1970; up to 2100.
_SECONDS = range(100_000_000, 4_102_444_800)


def read(value: str) -> Instant | None:
    """Read a string that is a date of a machine and nothing else.

    >>> read("20220202T140500Z").value, read("Wed, 02 Feb 2022 14:05:00 +0300").value, read("2 Feb")
    ('2022-02-02T14:05:00Z', '2022-02-02T14:05:00+03:00', None)
    """
    return _iso(value) or _mail(value) or _digits(value)


def unix(value: float) -> Instant | None:
    """Read a number as Unix time, in seconds or milliseconds.

    >>> unix(1643810700).value, unix(20220202)
    ('2022-02-02T14:05:00Z', None)
    """
    if not _SECONDS.start <= value < _SECONDS.stop * 1000:
        return None
    seconds = value if value < _SECONDS.stop else value / 1000
    if seconds < _SECONDS.start:
        return None
    when = datetime.fromtimestamp(seconds, UTC)
    return Instant(when.isoformat(timespec="auto").replace("+00:00", "Z"), "second", zone="given")


def _digits(value: str) -> Instant | None:
    match = _UNIX.fullmatch(value)
    return unix(float(match[1])) if match else None


def _iso(value: str) -> Instant | None:
    try:
        if _DAY.fullmatch(value):
            return Instant(date.fromisoformat(value).isoformat(), "day")
        if month := _MONTH.fullmatch(value):
            return Instant(date(int(month[1]), int(month[2]), 1).isoformat()[:7], "month")
        if compact := _COMPACT.fullmatch(value):
            year, month_, day, hour, minute, second, zone = compact.groups("")
            value = f"{year}-{month_}-{day}T{hour}:{minute}{second and f':{second}'}{zone}"
        if time := _TIME.fullmatch(value):
            return _timed(time)
    except ValueError:
        return None
    return None


def _timed(match: re.Match[str]) -> Instant:
    # More than nanoseconds nobody can hold; a leap second and the end of a day are told as what they can be held as.
    second, zone = (match["second"] or ":00").replace(",", ".").replace(":60", ":59")[:13], _zone(match["zone"] or "")
    precision: Precision = "second" if match["second"] else "minute"
    if match["minute"] == "24:00" and not second.strip(":0."):
        day = date.fromisoformat(match["day"]) + timedelta(days=1)
        return Instant(f"{day}T00:00:00{zone}", precision, zone="given" if zone else "none")
    value = f"{match['day']}T{match['minute']}{second}{zone}"
    datetime.fromisoformat(f"{match['day']}T{match['minute']}{second[:3]}{zone.replace('Z', '+00:00')}")
    return Instant(value, precision, zone="given" if zone else "none")


def _zone(zone: str) -> str:
    """Spell an offset as RFC 3339 does: `Z` or `+03:00`."""
    if zone in {"", "Z", "z"}:
        return zone.upper()
    return zone if ":" in zone else f"{zone[:3]}:{zone[3:] or '00'}"


def _mail(value: str) -> Instant | None:
    match = _MAIL.fullmatch(value)
    if not match:
        return None
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    value = when.isoformat().replace("+00:00", "Z")
    return Instant(value, "second" if match["second"] else "minute", zone="given" if when.tzinfo else "none")
