"""Times of day and their zones, as they stand beside a date: `14:05`, `2.05 pm ET`, `07h12`, `下午2点05分`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from copydesk.metadata.dates.wording import AFTERNOON, MORNING, OFFSETS, ZONE_NAMES, ZONES

ZoneSource = Literal["given", "assumed"]

# Names that several countries use for different offsets, or that leave open whether it is summer.
_DOUBTFUL = frozenset({"cst", "ist", "bst", "ast", "art", "pst", "mst", "est", "wat", "et", "ct", "mt", "pt"})
# Names without an offset of their own: it depends on the date and time.
_US_ZONES = {
    "et": ZoneInfo("America/New_York"),
    "ct": ZoneInfo("America/Chicago"),
    "mt": ZoneInfo("America/Denver"),
    "pt": ZoneInfo("America/Los_Angeles"),
}

_HALF = f"[{MORNING}{AFTERNOON}]"
_CLOCK = re.compile(
    rf"(?:(?P<before>{_HALF}) ?)?(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?: ?[:h] ?|\.(?=[0-5]\d(?![.\d])))"
    rf"(?P<minute>[0-5]\d)(?!\d)i?(?: ?[:.]? ?(?P<second>[0-5]\d)(?!\d)s?(?:[.,]\d{{1,9}})?)? ?(?P<after>{_HALF})?"
)
_HOUR = re.compile(
    rf"(?:(?P<before>{_HALF}) ?)?(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?: ?(?P<after>{_HALF})| ?u(?!\w)|h(?![\w]))"
)
_OFFSET = re.compile(r" ?\(?(?:[\ue040-\ue043] ?)?(?P<sign>[+\-−])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d)")
_NAMED = re.compile(rf"[ ,]{{0,2}}(?:u ?)?[x ]{{0,6}}\(?(?P<name>[{ZONES}])")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: written as RFC 3339 does, the second only if it was there."""

    time: str
    to_the_second: bool
    offset: str
    zone: ZoneSource | None


def read(signs: str, at: int, day: date) -> Clock | None:
    """Find the time that belongs to a date.

    Args:
        signs: the string as signs, without the date.
        at: where the date stood; of several times the nearest is taken, of two as near the one behind it.
        day: the date, which decides about summer time.
    """
    for pattern in (_CLOCK, _HOUR):
        found = min(pattern.finditer(signs), key=lambda match: _distance(match, at), default=None)
        if found:
            return _clock(found, signs, day)
    return None


def _distance(match: re.Match[str], at: int) -> int:
    return 2 * (match.start() - at) if match.start() >= at else 2 * (at - match.end()) + 1


def _clock(found: re.Match[str], signs: str, day: date) -> Clock:
    parts = found.groupdict()
    half = parts["after"] or parts["before"]
    hour = int(parts["hour"])
    # 下午12 and 12 pm are noon; "14:05 pm" is a slip that leaves no doubt.
    if half == AFTERNOON and hour < 12:
        hour += 12
    elif half == MORNING and hour == 12:
        hour = 0
    minute, second = int(parts.get("minute") or 0), parts.get("second")
    offset, source = _zone(signs, found.end(), datetime.combine(day, time(hour, minute)))
    return Clock(f"{hour:02}:{minute:02}:{int(second or 0):02}", second is not None, offset, source)


def _zone(signs: str, at: int, when: datetime) -> tuple[str, ZoneSource | None]:
    given = _OFFSET.match(signs, at)
    if given and int(given["hours"]) <= 14:
        sign = "-" if given["sign"] in "-−" else "+"
        return f"{sign}{int(given['hours']):02}:{given['minutes'] or '00'}", "given"
    named = _NAMED.match(signs, at)
    if not named:
        return "", None
    name = ZONE_NAMES[named["name"]]
    behind = _OFFSET.match(signs, named.start("name"))
    if behind and int(behind["hours"]) <= 14:
        return _zone(signs, named.start("name"), when)
    east = OFFSETS[name]
    minutes = _us_offset(name, when) if east is None else east
    return written(minutes), "assumed" if name in _DOUBTFUL else "given"


def _us_offset(name: str, when: datetime) -> int:
    """Return the minutes east of UTC; of an hour that a change of the clock repeats, the first counts."""
    offset = when.replace(tzinfo=_US_ZONES[name]).utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0


def written(minutes: int) -> str:
    """Write an offset from UTC as RFC 3339 does.

    >>> written(0), written(330), written(-300)
    ('Z', '+05:30', '-05:00')
    """
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "Z"
