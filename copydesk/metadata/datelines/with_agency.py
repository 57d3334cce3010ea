"""Datelines with an agency, except those of East Asia.

The agency is after a place and a day, before them, next to them, or between slashes. Each function parses one form at
the start of a paragraph and returns None for other text. The docstring of `datelines` has the rules.
"""

from __future__ import annotations

from itertools import islice

import regex

from copydesk.metadata.datelines.names import (
    Certainty,
    agency_certainty,
    count_name_words,
    has_region,
    is_abbreviation,
    is_caseless,
    is_certain_place,
    is_in_capitals,
    is_known_place,
    is_listed_agency,
)
from copydesk.metadata.datelines.parts import (
    CONFIDENCE_KNOWN_AGENCY,
    CONFIDENCE_PLACE_AND_DAY,
    CONFIDENCE_UNKNOWN_AGENCY,
    DASH,
    DATELINE_END,
    STORY_START,
    WORDS_IN_CAPITALS,
    Day,
    ParsedDateline,
    find_day,
    find_day_after_place,
    match_text_and_dash,
    parse_before_agency,
    parse_place,
    strip_before_day,
)

_BRACKETED = regex.compile(r"\s?[(\[（]\s?([^()\[\]（）\n]{2,60}?)\s?[)\]）]")
_SLASHED = regex.compile(
    r"(?<!\w)\s?/\s?([^/\n(]{2,60}?)\s?/(?=[\s.\-–—:]|$)|(?<=[\w.])/\s?([\p{L}. ]{2,30}?)\s?/(?=\s?[-–—.]|\s|$)"
)
_AFTER_DAY = regex.compile(
    rf"[\s.,،]*+(?:{DASH}{{1,2}}\s*+)?((?:[^.,:;|\n–—(/-]|[.-](?=\p{{L}})){{2,40}}?)"
    rf"(?:,\s(?P<by>\p{{Lu}}[^.\n]{{3,60}}?))?(?:\s?{DASH}+(?!\w)|\s*[.:](?!\w)|\s*$)\s*+{DASH}?\s*+"
)
_WORDS_AFTER_DAY = regex.compile(r"[،\s]+(\p{Lo}\p{L}*+)\s+(?=\p{Lo})")
_COMMA = regex.compile(r"[,،]\s?|\.\s|\s[-–]\s")
_SLASH = regex.compile(r"\s?/\s?")
_AGENCY = regex.compile(rf"([\p{{L}}\p{{M}}. ]{{2,24}}?)\s?(?:{DASH}|[:|]|\.(?=\s)|$)\s*+")
_PLACE_AND_AGENCY = regex.compile(r"(\p{Lo}[\p{L}\p{M} ]{1,20}?)\s?[-–]\s?(\p{Lo}{3,12})(?=[\s:-]|$)\s?[-:–]?\s*+")
_PLACE_AND_DAY = regex.compile(rf"([^\n]{{2,60}}?)\s?{DASH}{{1,2}}\s*+")
_REPORTER = regex.compile(r"(?i:(?:спец)?корр?\.?\s)\s*(\S+)(?:\s(\p{Lu}.+))?")
# The call signs of US radio stations, and abbreviations without vowels.
_CALL_SIGN = regex.compile(r"[KW][A-Z]{2,3}(?:-TV|\d\d?)?|[b-df-hj-np-tv-xz]{2,4}")
# The ticker symbol of a company.
_TICKER = regex.compile(r"[A-Z.]{1,5}")
_PLAUSIBLE_AGENCY = regex.compile(r"(?![RDI]-)(?=.*\p{Lu}|[a-z]{2,4}$)[\p{L}\d][\p{L}\p{M}\d .&'’/+-]{1,29}")
# Bounds of the search for an agency, and for a day after it.
_MAX_AGENCY_OFFSET = 130
_MAX_DAY_AFTER_AGENCY_CHARS = 40
# The second bracket is that of the agency if the first one is part of the place.
_MAX_BRACKETS = 3


def parse_with_agency(head: str) -> ParsedDateline | None:
    """Parse a dateline with an agency at the start of a paragraph."""
    return (
        _parse_slashed(head)
        or _parse_leading_agency(head)
        or _parse_bracketed(head)
        or _parse_next_to_day(head)
        or _parse_undated(head)
    )


def _parse_slashed(head: str) -> ParsedDateline | None:
    """Parse `MOSCOW, February 2. /TASS/.`."""
    if "/" not in head or not (match := _SLASHED.search(head, 0, _MAX_AGENCY_OFFSET)):
        return None
    if (place_and_day := parse_before_agency(head[: match.start()])) is None:
        return None
    name, day = place_and_day
    agency, byline = _split_reporter(match[1] or match[2])
    end = match.end()
    if not day and (dated := _parse_day_after_slash(head, end)):
        day, end = dated
    certainty = agency_certainty(agency)
    if certainty:
        is_dateline = day is not None or certainty == "sure" or is_in_capitals(name)
    else:
        is_dateline = bool(name and day and _PLAUSIBLE_AGENCY.fullmatch(agency))
    if not is_dateline:
        return None
    confidence = CONFIDENCE_KNOWN_AGENCY if certainty else CONFIDENCE_UNKNOWN_AGENCY
    return ParsedDateline(confidence, _skip_dateline_end(head, end), name, day, agency, byline)


def _parse_day_after_slash(head: str, start: int) -> tuple[Day, int] | None:
    """Parse the day of `/TASS, 2 February/` and return the end of the slash after it."""
    dated = find_day(head[start : start + _MAX_DAY_AFTER_AGENCY_CHARS])
    slash = _SLASH.match(head, start + dated[1]) if dated and dated[0] <= 2 else None
    return (dated[2], slash.end()) if dated and slash else None


def _split_reporter(tag: str) -> tuple[str, str]:
    """Split an agency and its reporter: `Корр. ТАСС Анна Юдина`."""
    match = _REPORTER.fullmatch(tag)
    return (match[1], match[2] or "") if match else (tag.strip(), "")


def _parse_leading_agency(head: str) -> ParsedDateline | None:
    """Parse `(ANSA) - ROMA, 28 LUG -`."""
    if head[:1] not in ("(", "[") or not (tag := _BRACKETED.match(head)) or not agency_certainty(tag[1]):
        return None
    match = _PLACE_AND_DAY.match(head, _skip_dateline_end(head, tag.end()))
    if not match or not (place_and_day := parse_before_agency(match[1])):
        return None
    name, day = place_and_day
    is_dateline = name and (day or is_known_place(name))
    return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), name, day, tag[1]) if is_dateline else None


def _parse_bracketed(head: str) -> ParsedDateline | None:
    """Parse `LONDON, Feb 2 (Reuters) -`, also with a bracket in the place: `Halle (Saale) (dpa) -`."""
    for tag in islice(_BRACKETED.finditer(head, 0, _MAX_AGENCY_OFFSET), _MAX_BRACKETS):
        if (place_and_day := parse_before_agency(head[: tag.start()])) is None:
            return None
        if dateline := _parse_bracket(head, *place_and_day, tag):
            return dateline
    return None


def _parse_bracket(head: str, name: str, day: Day | None, tag: regex.Match[str]) -> ParsedDateline | None:
    agency, end = tag[1], DATELINE_END.match(head, tag.end())
    if dated := find_day(agency):
        day_start, day_end, day = dated
        if agency[day_end:].strip():
            return None
        agency = agency[:day_start].rstrip(" -–—,")
    if not end or (agency and is_abbreviation(name, agency)):
        return None
    confidence = _bracket_confidence(name, day, agency, end)
    return ParsedDateline(confidence, end.end(), name, day, agency) if confidence else None


def _bracket_confidence(name: str, day: Day | None, agency: str, end: regex.Match[str]) -> float:
    """Return the confidence of a dateline with an agency in brackets; 0 if it is not one."""
    certainty = agency_certainty(agency)
    has_dash = bool(end["hard"] or end["lost"])
    starts_story = STORY_START.match(end.string, end.end()) is not None
    if certainty and (day or is_in_capitals(name)):
        return CONFIDENCE_KNOWN_AGENCY if starts_story or has_dash else 0
    if not starts_story or is_listed_agency(name):
        return 0
    if not certainty:
        return _unknown_agency_confidence(name, agency, end)
    if name:
        return _known_agency_confidence(name, end, certainty, has_dash=has_dash)
    is_sure = certainty == "sure" and end["soft"]
    # `(CNN)The president`
    is_glued = agency.startswith("CNN") and not end[0]
    return CONFIDENCE_KNOWN_AGENCY if has_dash or is_sure or is_glued else 0


def _known_agency_confidence(name: str, end: regex.Match[str], certainty: Certainty, *, has_dash: bool) -> float:
    """Return the confidence of a known agency after a place that is not in capitals: `Hamburg (dpa) -`."""
    is_place = is_known_place(name) or has_region(name)
    if certainty == "sure":
        is_at_end = end.end() == len(end.string)
        has_end = has_dash or end["soft"] or not (is_caseless(name) or is_at_end)
        return CONFIDENCE_KNOWN_AGENCY if is_place or (has_end and count_name_words(name) <= 2) else 0
    if is_place:
        return CONFIDENCE_KNOWN_AGENCY if has_dash else CONFIDENCE_UNKNOWN_AGENCY
    return CONFIDENCE_UNKNOWN_AGENCY if has_dash and count_name_words(name) <= 1 else 0


def _unknown_agency_confidence(name: str, agency: str, end: regex.Match[str]) -> float:
    """Return the confidence of an unknown name in brackets, `AUSTIN (KXAN) —`, or of a day without an agency."""
    if not end["hard"] or WORDS_IN_CAPITALS.match(end.string, end.end()):
        return 0
    is_place = is_certain_place(name)
    if not agency:
        return CONFIDENCE_PLACE_AND_DAY if is_place else 0
    is_station = _CALL_SIGN.fullmatch(agency) and (" " not in name or "," in name)
    # `NVIDIA (NVDA) —`: a ticker symbol, unless the name is certainly a place.
    is_agency = _PLAUSIBLE_AGENCY.fullmatch(agency) and (
        is_known_place(name) or has_region(name) or not _TICKER.fullmatch(agency)
    )
    return CONFIDENCE_UNKNOWN_AGENCY if is_station or (is_place and len(name) > 2 and is_agency) else 0


def _parse_next_to_day(head: str) -> ParsedDateline | None:
    """Parse a day and an agency next to it: `МОСКВА, 2 фев — РИА Новости.`, `Accra, Feb. 2, GNA –`."""
    if not (dated := find_day_after_place(head)):
        return None
    start, end, day = dated
    if (name := parse_place(strip_before_day(head[:start]))) is None:
        return None
    match = _AFTER_DAY.match(head, end)
    certainty = agency_certainty(match[1]) if match else None
    if match and (certainty == "sure" or (name and certainty)):
        return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), name, day, match[1].strip(), match["by"] or "")
    match = _WORDS_AFTER_DAY.match(head, end)
    if not match or not name or not agency_certainty(match[1]):
        return None
    return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), name, day, match[1])


def _parse_undated(head: str) -> ParsedDateline | None:
    """Parse an agency without brackets and day: `JAKARTA, KOMPAS.com -`, `القاهرة - رويترز`, `BERLIN taz |`."""
    if (match := _PLACE_AND_AGENCY.match(head)) and agency_certainty(match[2]):
        return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), match[1], None, match[2])
    match = match_text_and_dash(head)
    if not match or ":" in match[2] or not STORY_START.match(head, match.end()):
        return None
    return _parse_before_bar(match) if "|" in match[2] else _parse_around_dash(head, match)


def _parse_before_bar(match: regex.Match[str]) -> ParsedDateline | None:
    """Parse `BERLIN taz |`."""
    name, _, agency = match[1].rstrip().rpartition(" ")
    is_dateline = agency_certainty(agency) and parse_place(name) and is_in_capitals(name)
    return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), name, None, agency) if is_dateline else None


def _parse_around_dash(head: str, match: regex.Match[str]) -> ParsedDateline | None:
    """Parse a place and an agency before a dash, or a place before it and an agency after it."""
    front = match[1].strip().rstrip(".")
    first, *others = _COMMA.split(front)
    last = others[-1] if others else ""
    for agency, rest in ((last, front[: -len(last)]), (first, front[len(first) :].lstrip(",،. "))):
        if others and agency_certainty(agency) == "sure" and (name := parse_place(rest)):
            return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), name, None, agency)
    is_name_of_outlet = len(front) > 2 and (front.isupper() or "." in front)
    if not others and is_name_of_outlet and is_listed_agency(front):
        return ParsedDateline(CONFIDENCE_UNKNOWN_AGENCY, match.end(), "", None, front)
    return _parse_after_dash(head, parse_place(front) or "", match.end())


def _parse_after_dash(head: str, name: str, start: int) -> ParsedDateline | None:
    match = _AGENCY.match(head, start)
    if not match or agency_certainty(match[1]) != "sure":
        return None
    if not (is_in_capitals(name) or is_known_place(name) or is_caseless(name)):
        return None
    return ParsedDateline(CONFIDENCE_KNOWN_AGENCY, match.end(), name, None, match[1].strip())


def _skip_dateline_end(head: str, start: int) -> int:
    match = DATELINE_END.match(head, start)
    return match.end() if match else start
