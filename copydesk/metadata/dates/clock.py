"""Times of day and time zones next to a date: `14:05`, `2.05 pm ET`, `07h12`, `下午2点05分`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from copydesk.metadata.dates.symbols import AFTERNOON, MORNING, OFFSETS, ZONE_NAMES, ZONES

ZoneSource = Literal["given", "assumed"]

# Names that several countries use for different offsets, or that do not say whether it is summer.
_AMBIGUOUS_ZONES = frozenset({"cst", "ist", "bst", "ast", "art", "pst", "mst", "est", "wat", "et", "ct", "mt", "pt"})
# Names without an offset of their own: it depends on the date and time.
_US_ZONES = {
    "et": ZoneInfo("America/New_York"),
    "ct": ZoneInfo("America/Chicago"),
    "mt": ZoneInfo("America/Denver"),
    "pt": ZoneInfo("America/Los_Angeles"),
}
_MAX_OFFSET_HOURS = 14
# Offsets from UTC end with these minutes.
_OFFSET_MINUTES = frozenset({None, "00", "30", "45"})

_HALF = f"[{MORNING}{AFTERNOON}]"
_CLOCK = re.compile(
    rf"(?:(?P<before>{_HALF}) ?)?(?<![\d.:])(?<!\d[-–])(?P<hour>[01]?\d|2[0-3])(?: ?[:h] ?|\.(?=[0-5]\d(?![.\d])))"
    rf"(?P<minute>[0-5]\d)(?!\d)i?(?: ?[:.]? ?(?P<second>[0-5]\d)(?!\d)s?(?:[.,]\d{{1,9}})?)? ?(?P<after>{_HALF})?"
)
_HOUR = re.compile(
    rf"(?:(?P<before>{_HALF}) ?)?(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?: ?(?P<after>{_HALF})| ?u(?!\w)|h(?![\w]))"
)
_OFFSET = re.compile(r" ?\(?(?:[\ue040-\ue043] ?)?(?P<sign>[+\-−])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d)")
# After the end of a range: `10:00-11:30 Uhr`.
_CLOCK_WORD = re.compile(rf"[ .:]?\d{{0,2}} ?[u{MORNING}{AFTERNOON}]")
_NAMED_ZONE = re.compile(rf"[ ,]{{0,2}}(?:u ?)?[x ]{{0,6}}\(?(?P<name>[{ZONES}])")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day.

    Attributes:
        time: the time as in RFC 3339, with seconds.
        has_seconds: whether the seconds were given.
        offset: the offset from UTC as in RFC 3339, or an empty string.
        zone: the source of the offset.
    """

    time: str
    has_seconds: bool
    offset: str
    zone: ZoneSource | None


def has_time(symbols: str) -> bool:
    """Return whether a string from `to_symbols` has a time of day."""
    return any(pattern.search(symbols) for pattern in (_CLOCK, _HOUR))


def find_time(symbols: str, position: int, day: date) -> Clock | None:
    """Find the time of day that belongs to a date.

    Args:
        symbols: the string from `to_symbols`, without the date.
        position: the position of the date. The nearest time counts; of two at the same distance, the one after it.
        day: the date. The offset of US time zones depends on it.
    """
    for pattern in (_CLOCK, _HOUR):
        match = min(pattern.finditer(symbols), key=lambda match: _distance(match, position), default=None)
        if match:
            return _read_time(match, symbols, day)
    return None


def _distance(match: re.Match[str], position: int) -> int:
    """Return a distance that prefers a match after a position to one before it."""
    return 2 * (match.start() - position) if match.start() >= position else 2 * (position - match.end()) + 1


def _read_time(match: re.Match[str], symbols: str, day: date) -> Clock:
    parts = match.groupdict()
    half = parts["after"] or parts["before"]
    hour = int(parts["hour"])
    # 下午12 and 12 pm are noon. "14:05 pm" is a mistake, but not ambiguous.
    if half == AFTERNOON and hour < 12:
        hour += 12
    elif half == MORNING and hour == 12:
        hour = 0
    minute, second = int(parts.get("minute") or 0), parts.get("second")
    when = datetime.combine(day, time(hour, minute))
    offset, source = _find_zone(symbols, match.end(), when, may_be_range=second is None)
    return Clock(f"{hour:02}:{minute:02}:{int(second or 0):02}", second is not None, offset, source)


def _find_zone(symbols: str, start: int, when: datetime, *, may_be_range: bool) -> tuple[str, ZoneSource | None]:
    """Return the offset at an index and its source."""
    if may_be_range and _is_range(symbols, start, when):
        return "", None
    if offset := _match_offset(symbols, start):
        return offset, "given"
    named = _NAMED_ZONE.match(symbols, start)
    if not named:
        return "", None
    # `GMT+3`
    if offset := _match_offset(symbols, named.start("name")):
        return offset, "given"
    name = ZONE_NAMES[named["name"]]
    minutes = OFFSETS[name]
    if minutes is None:
        minutes = _us_offset(name, when)
    return _format_offset(minutes), "assumed" if name in _AMBIGUOUS_ZONES else "given"


def _match_offset(symbols: str, start: int) -> str | None:
    match = _OFFSET.match(symbols, start)
    if not match or int(match["hours"]) > _MAX_OFFSET_HOURS or match["minutes"] not in _OFFSET_MINUTES:
        return None
    sign = "-" if match["sign"] in "-−" else "+"
    return f"{sign}{int(match['hours']):02}:{match['minutes'] or '00'}"


def _is_range(symbols: str, start: int, when: datetime) -> bool:
    """Return whether a time and the number after it are a range: `10:00-11:30`, `20:00-2:00 Uhr`."""
    match = _OFFSET.match(symbols, start)
    if not match or match["sign"] == "+" or (match["minutes"] and ":" not in match[0]):
        return False
    end = (int(match["hours"]), int(match["minutes"] or 0))
    return end > (when.hour, when.minute) or bool(_CLOCK_WORD.match(symbols, match.end()))


def _us_offset(name: str, when: datetime) -> int:
    """Return the minutes east of UTC. In the hour that a clock change repeats, the first offset counts."""
    offset = when.replace(tzinfo=_US_ZONES[name]).utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0


def _format_offset(minutes: int) -> str:
    """Format an offset from UTC as in RFC 3339.

    >>> _format_offset(0), _format_offset(330), _format_offset(-300)
    ('Z', '+05:30', '-05:00')
    """
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "Z"
