"""A place without an agency, the weakest of datelines: `LONDON —`, `KARACHI:`, `Geneva, 2 February 2022 –`.

The danger is everything else that stands before a dash or colon: headings in capitals, results (`Frankfurt – Bayern
2:1`), routes, the places of publishers. So the place must be a known one, or in capitals with a region or the dash of
American papers, and prose must follow. Only the first paragraph may open like that.
"""

from __future__ import annotations

import regex

from copydesk.metadata.datelines.forms import (
    BARE,
    BESIDE,
    DATED,
    DAYLIKE,
    END,
    OPENS,
    SHOUTED,
    Reading,
    before_day,
    day_in,
    place,
)
from copydesk.metadata.datelines.names import capitals, certainty, in_region, is_place, is_trusted

_FIRM = regex.compile("[—―\ufffd]|--|â€")
# Prose has small words soon, where there are any; a result, route or title has not.
_PROSE = regex.compile(r"(?=.{60})(?:.{0,40}?\s\p{Ll}{2,}\s|.*\p{Lo})")


def bare(head: str) -> Reading | None:
    """Read a place without an agency: `LONDON —`, `KARACHI:`, `Geneva, 2 February 2022 –`."""
    return _dated(head) or _undated(head)


def _dated(head: str) -> Reading | None:
    if not DAYLIKE.match(head) or not (found := day_in(head[:80])):
        return None
    start, at, day = found
    name, end = place(before_day(head[:start])), END.match(head, at)
    if not name or not is_trusted(name) or not (day.year or any(map(str.isalpha, head[start:at]))):
        return None
    if not end or not (end["hard"] or end["soft"] in (":", ".")) or not OPENS.match(head, end.end()):
        return None
    return Reading(DATED, end.end(), name, day)


def _undated(head: str) -> Reading | None:
    match = BESIDE.match(head)
    if not match or not (name := place(match[1])) or certainty(name) or not is_trusted(name):
        return None
    dash, story = match[2], head[match.end() :]
    glued = not dash[0].isspace() and not dash[-1].isspace() and story[:1].isdigit()
    first = story.partition(" ")[0]
    if glued or (first.isupper() and is_place(first)) or not OPENS.match(story) or SHOUTED.match(story):
        return None
    fits = _place_in_capitals(name, dash) if capitals(name) else _place_in_prose(dash, story)
    return Reading(BARE, match.end(), name) if fits else None


def _place_in_capitals(name: str, dash: str) -> bool:
    """Of a place that nobody knows, a region or the dash of American papers is asked as well."""
    firm = in_region(name) or _FIRM.search(dash)
    return is_place(name) or bool(":" not in dash and firm and len(name) > 2 and len(name.split()) < 6)


def _place_in_prose(dash: str, story: str) -> bool:
    """Tell a story from a result (`Frankfurt – Bayern 2:1`), a route, and the place of a publisher."""
    return bool(_PROSE.match(story)) and (":" not in dash or not any(map(str.isdecimal, story[:80])))
