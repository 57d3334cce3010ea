"""Datelines without an agency, the weakest kind: `LONDON —`, `KARACHI:`, `Geneva, 2 February 2022 –`.

Much other text is before a dash or colon: headings in capitals, results (`Frankfurt – Bayern 2:1`), routes, the places
of publishers. So the place must be known, or in capitals with a region or with the dash of American papers, and prose
must follow. Only the first paragraph may have such a dateline.
"""

from __future__ import annotations

import regex

from copydesk.metadata.datelines.names import (
    agency_certainty,
    has_region,
    is_certain_place,
    is_in_capitals,
    is_known_place,
)
from copydesk.metadata.datelines.parts import (
    CONFIDENCE_PLACE,
    CONFIDENCE_PLACE_AND_DAY,
    DATELINE_END,
    STORY_START,
    WORDS_IN_CAPITALS,
    ParsedDateline,
    find_day_after_place,
    match_text_and_dash,
    parse_place,
    strip_before_day,
)

_LONG_DASH = regex.compile("[—―\ufffd]|--|â€")
# Prose has a word in lower case near its start, unless its script has no case. Results, routes and titles do not.
_PROSE = regex.compile(r"(?=.{60})(?:.{0,40}?\s\p{Ll}{2,}\s|.*\p{Lo})")
_MAX_RESULT_CHARS = 80
_MAX_UNKNOWN_PLACE_WORDS = 5


def parse_without_agency(head: str) -> ParsedDateline | None:
    """Parse a dateline without an agency: `LONDON —`, `KARACHI:`, `Geneva, 2 February 2022 –`."""
    return _parse_dated(head) or _parse_undated(head)


def _parse_dated(head: str) -> ParsedDateline | None:
    if not (dated := find_day_after_place(head)):
        return None
    start, day_end, day = dated
    name, end = parse_place(strip_before_day(head[:start])), DATELINE_END.match(head, day_end)
    has_year_or_word = day.year or any(map(str.isalpha, head[start:day_end]))
    if not name or not is_certain_place(name) or not has_year_or_word:
        return None
    if not end or not (end["hard"] or end["soft"] in (":", ".")) or not STORY_START.match(head, end.end()):
        return None
    return ParsedDateline(CONFIDENCE_PLACE_AND_DAY, end.end(), name, day)


def _parse_undated(head: str) -> ParsedDateline | None:
    match = match_text_and_dash(head)
    if not match or not (name := parse_place(match[1])) or agency_certainty(name) or not is_certain_place(name):
        return None
    dash, story = match[2], head[match.end() :]
    if _is_range(dash, story) or _is_place_in_capitals(story):
        return None
    if not STORY_START.match(story) or WORDS_IN_CAPITALS.match(story):
        return None
    is_dateline = _is_dateline_in_capitals(name, dash) if is_in_capitals(name) else _is_followed_by_prose(dash, story)
    return ParsedDateline(CONFIDENCE_PLACE, match.end(), name) if is_dateline else None


def _is_range(dash: str, story: str) -> bool:
    """Return whether a dash without blanks is followed by a digit: `COVID-19`."""
    return not dash[0].isspace() and not dash[-1].isspace() and story[:1].isdigit()


def _is_place_in_capitals(story: str) -> bool:
    """Return whether another place follows, as in a route."""
    first = story.partition(" ")[0]
    return first.isupper() and is_known_place(first)


def _is_dateline_in_capitals(name: str, dash: str) -> bool:
    """Return whether a name in capitals is a place. An unknown one needs a region or the dash of American papers."""
    if is_known_place(name):
        return True
    has_evidence = ":" not in dash and (has_region(name) or _LONG_DASH.search(dash) is not None)
    return has_evidence and len(name) > 2 and len(name.split()) <= _MAX_UNKNOWN_PLACE_WORDS


def _is_followed_by_prose(dash: str, story: str) -> bool:
    """Return whether a story follows, not a result (`Frankfurt – Bayern 2:1`), a route or the name of a publisher."""
    has_digits = any(map(str.isdecimal, story[:_MAX_RESULT_CHARS]))
    return bool(_PROSE.match(story)) and (":" not in dash or not has_digits)
