"""Machine formats of dates: ISO 8601, RFC 2822 (mail and feeds) and Unix time.

The standard library validates the dates. The patterns here give their precision, which the library does not keep.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from copydesk.article import Instant, Precision

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<minute>[0-9]{2}:[0-9]{2})(?P<second>:[0-9]{2}(?:[.,][0-9]+)?)?"
    r" ?(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
# Some programs write no leading zeros: `2022-2-2T9:05:0Z`.
_SINGLE_DIGIT = re.compile(r"(?<=[-:Tt ])(?=[0-9](?![0-9]))")
_COMPACT = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})[Tt]?([0-9]{2})([0-9]{2})([0-9]{2})?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_MAIL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?[0-9]{1,2} [A-Za-z]{3} [0-9]{4}"
    r" [0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2})? (?:[+-][0-9]{4}|UTC?|GMT|Z|[ECMP][SD]T)"
)
_UNIX = re.compile(r"(?:/Date\()?([0-9]{10}(?:\.[0-9]{1,6})?|[0-9]{13})(?:\)/)?")

# Unix time in seconds from 1973 to 2100. The lower bound excludes 20240305, which is a date.
_UNIX_SECONDS = range(100_000_000, 4_102_444_800)
# `.` and nine digits: nanoseconds.
_MAX_SECOND_CHARS = len(":00.000000000")


def parse_machine_date(value: str) -> Instant | None:
    """Parse a string that is a date in a machine format.

    >>> parse_machine_date("20220202T140500Z").value, parse_machine_date("Wed, 02 Feb 2022 14:05:00 +0300").value
    ('2022-02-02T14:05:00Z', '2022-02-02T14:05:00+03:00')
    """
    return _parse_iso(value) or _parse_mail_date(value) or _parse_unix_digits(value)


def parse_unix_time(value: float) -> Instant | None:
    """Parse a number as Unix time in seconds or milliseconds.

    >>> parse_unix_time(1643810700).value, parse_unix_time(20220202)
    ('2022-02-02T14:05:00Z', None)
    """
    if not _UNIX_SECONDS.start <= value < _UNIX_SECONDS.stop * 1000:
        return None
    seconds = value if value < _UNIX_SECONDS.stop else value / 1000
    if seconds < _UNIX_SECONDS.start:
        return None
    when = datetime.fromtimestamp(seconds, UTC)
    return Instant(when.isoformat(timespec="auto").replace("+00:00", "Z"), "second", zone="given")


def _parse_unix_digits(value: str) -> Instant | None:
    match = _UNIX.fullmatch(value)
    return parse_unix_time(float(match[1])) if match else None


def _parse_iso(value: str) -> Instant | None:
    try:
        if _DAY.fullmatch(value):
            return Instant(date.fromisoformat(value).isoformat(), "day")
        if month := _MONTH.fullmatch(value):
            return Instant(date(int(month[1]), int(month[2]), 1).isoformat()[:7], "month")
        if compact := _COMPACT.fullmatch(value):
            year, month_, day, hour, minute, second, zone = compact.groups("")
            value = f"{year}-{month_}-{day}T{hour}:{minute}{second and f':{second}'}{zone}"
        if time := _DATE_TIME.fullmatch(_SINGLE_DIGIT.sub("0", value)):
            return _read_time(time)
    except ValueError:
        return None
    return None


def _read_time(match: re.Match[str]) -> Instant:
    # A leap second and 24:00 are replaced by times that other programs can store.
    second = (match["second"] or ":00").replace(",", ".").replace(":60", ":59")[:_MAX_SECOND_CHARS]
    zone = _format_zone(match["zone"] or "")
    precision: Precision = "second" if match["second"] else "minute"
    if match["minute"] == "24:00" and not second.strip(":0."):
        day = date.fromisoformat(match["day"]) + timedelta(days=1)
        return Instant(f"{day}T00:00:00{zone}", precision, zone="given" if zone else "none")
    value = f"{match['day']}T{match['minute']}{second}{zone}"
    datetime.fromisoformat(f"{match['day']}T{match['minute']}{second[:3]}{zone.replace('Z', '+00:00')}")
    return Instant(value, precision, zone="given" if zone else "none")


def _format_zone(zone: str) -> str:
    """Format an offset as in RFC 3339: `Z` or `+03:00`."""
    if zone in {"", "Z", "z"}:
        return zone.upper()
    return zone if ":" in zone else f"{zone[:3]}:{zone[3:] or '00'}"


def _parse_mail_date(value: str) -> Instant | None:
    match = _MAIL.fullmatch(value)
    if not match:
        return None
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    value = when.isoformat().replace("+00:00", "Z")
    return Instant(value, "second" if match["second"] else "minute", zone="given" if when.tzinfo else "none")
