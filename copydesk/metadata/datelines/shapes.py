"""The shapes of datelines outside East Asia: an agency behind a place and a day, before them, beside them, or missing.

Each function reads one shape out of the head of a paragraph and returns None where it is something else. The danger and
the rules are told in `datelines`.
"""

from __future__ import annotations

from itertools import islice

import regex

from copydesk.metadata.datelines.forms import (
    BESIDE,
    DASH,
    DATED,
    DAYLIKE,
    END,
    KNOWN,
    OPENS,
    SHOUTED,
    UNKNOWN,
    Day,
    Reading,
    before_agency,
    before_day,
    day_in,
    place,
)
from copydesk.metadata.datelines.names import (
    Certainty,
    abbreviates,
    capitals,
    certainty,
    in_region,
    is_listed,
    is_place,
    is_trusted,
    names,
    uncased,
)

_TAG = regex.compile(r"\s?[(\[（]\s?([^()\[\]（）\n]{2,60}?)\s?[)\]）]")
_SLASHED = regex.compile(
    r"(?<!\w)\s?/\s?([^/\n(]{2,60}?)\s?/(?=[\s.\-–—:]|$)|(?<=[\w.])/\s?([\p{L}. ]{2,30}?)\s?/(?=\s?[-–—.]|\s|$)"
)
_AFTER_DAY = regex.compile(
    rf"[\s.,،]*+(?:{DASH}{{1,2}}\s*+)?((?:[^.,:;|\n–—(/-]|[.-](?=\p{{L}})){{2,40}}?)"
    rf"(?:,\s(?P<by>\p{{Lu}}[^.\n]{{3,60}}?))?(?:\s?{DASH}+(?!\w)|\s*[.:](?!\w)|\s*$)\s*+{DASH}?\s*+"
)
_WORDS_AFTER_DAY = regex.compile(r"[،\s]+(\p{Lo}\p{L}*+)\s+(?=\p{Lo})")
_COMMA, _SLASH = regex.compile(r"[,،]\s?|\.\s|\s[-–]\s"), regex.compile(r"\s?/\s?")
_AGENCY = regex.compile(rf"([\p{{L}}\p{{M}}. ]{{2,24}}?)\s?(?:{DASH}|[:|]|\.(?=\s)|$)\s*+")
_GLUED = regex.compile(r"(\p{Lo}[\p{L}\p{M} ]{1,20}?)\s?[-–]\s?(\p{Lo}{3,12})(?=[\s:-]|$)\s?[-:–]?\s*+")
_PLACE_AND_DAY = regex.compile(rf"([^\n]{{2,60}}?)\s?{DASH}{{1,2}}\s*+")
_REPORTER = regex.compile(r"(?i:(?:спец)?корр?\.?\s)\s*(\S+)(?:\s(\p{Lu}.+))?")
_CALL_SIGN = regex.compile(r"[KW][A-Z]{2,3}(?:-TV|\d\d?)?|[b-df-hj-np-tv-xz]{2,4}")
_TICKER = regex.compile(r"[A-Z.]{1,5}")
_PLAUSIBLE = regex.compile(r"(?![RDI]-)(?=.*\p{Lu}|[a-z]{2,4}$)[\p{L}\d][\p{L}\p{M}\d .&'’/+-]{1,29}")


def agency_shapes(head: str) -> Reading | None:
    """Read a dateline that names an agency."""
    return _slashed(head) or _leading(head) or _bracketed(head) or _beside_day(head) or _beside(head)


def _slashed(head: str) -> Reading | None:
    if "/" not in head or not (match := _SLASHED.search(head, 0, 130)):
        return None
    if (where := before_agency(head[: match.start()])) is None:
        return None
    name, day = where
    agency, byline = _reporter(match[1] or match[2])
    sure, end = certainty(agency), match.end()
    dated = None if day else day_in(head[end : end + 40])
    if dated and dated[0] < 3 and (more := _SLASH.match(head, end + dated[1])):
        day, end = dated[2], more.end()
    told = (day or sure == "sure" or capitals(name)) if sure else (name and day and _PLAUSIBLE.fullmatch(agency))
    if not told:
        return None
    return Reading(KNOWN if sure else UNKNOWN, _after(head, end), name, day, agency, byline)


def _reporter(tag: str) -> tuple[str, str]:
    """Tell an agency from its reporter: `Корр. ТАСС Анна Юдина`."""
    match = _REPORTER.fullmatch(tag)
    return (match[1], match[2] or "") if match else (tag.strip(), "")


def _leading(head: str) -> Reading | None:
    """Read `(ANSA) - ROMA, 28 LUG -`."""
    if head[:1] not in ("(", "[") or not (tag := _TAG.match(head)) or not certainty(tag[1]):
        return None
    start = _after(head, tag.end())
    if not (match := _PLACE_AND_DAY.match(head, start)) or not (where := before_agency(match[1])):
        return None
    name, day = where
    return Reading(KNOWN, match.end(), name, day, tag[1]) if name and (day or is_place(name)) else None


def _bracketed(head: str) -> Reading | None:
    """Read `LONDON, Feb 2 (Reuters) -`, also where a bracket of the place stands in front: `Halle (Saale) (dpa) -`."""
    for tag in islice(_TAG.finditer(head, 0, 130), 3):
        if (where := before_agency(head[: tag.start()])) is None:
            return None
        if reading := _tagged(head, *where, tag):
            return reading
    return None


def _tagged(head: str, name: str, day: Day | None, tag: regex.Match[str]) -> Reading | None:
    agency, end = tag[1], END.match(head, tag.end())
    if found := day_in(agency):
        if agency[found[1] :].strip():
            return None
        agency, day = agency[: found[0]].rstrip(" -–—,"), found[2]
    if not end or (agency and abbreviates(name, agency)):
        return None
    confidence = _weigh(name, day, agency, end)
    return Reading(confidence, end.end(), name, day, agency) if confidence else None


def _weigh(name: str, day: Day | None, agency: str, end: regex.Match[str]) -> float:
    """Say how sure it is that this is a dateline; 0: it is none."""
    sure, opens, firm = certainty(agency), OPENS.match(end.string, end.end()), bool(end["hard"] or end["lost"])
    if sure and (day or capitals(name)):
        return KNOWN if opens or firm else 0
    if not opens or is_listed(name):
        return 0
    if not name and sure:
        glued = agency.startswith("CNN") and not end[0]
        return KNOWN if firm or (sure == "sure" and end["soft"]) or glued else 0
    return _known(name, end, sure, firm=firm) if sure else _unknown(name, agency, end)


def _known(name: str, end: regex.Match[str], sure: Certainty, *, firm: bool) -> float:
    """Weigh a known agency behind a place that is not in capitals: `Hamburg (dpa) -`."""
    told = is_place(name) or in_region(name)
    if sure == "sure":
        written = firm or end["soft"] or not (uncased(name) or end.end() == len(end.string))
        return KNOWN if told or (written and names(name) < 3) else 0
    if told:
        return KNOWN if firm else UNKNOWN
    return UNKNOWN if firm and names(name) < 2 else 0


def _unknown(name: str, agency: str, end: regex.Match[str]) -> float:
    """Weigh somebody unknown in brackets: `AUSTIN (KXAN) —`, or nobody, where there was but a day."""
    if not end["hard"] or SHOUTED.match(end.string, end.end()):
        return 0
    trusted = is_trusted(name)
    if not agency:
        return DATED if trusted else 0
    signed = _CALL_SIGN.fullmatch(agency) and (" " not in name or "," in name)
    # `NVIDIA (NVDA) —`: the ticker of a company, unless the name is a place by itself.
    named = _PLAUSIBLE.fullmatch(agency) and (is_place(name) or in_region(name) or not _TICKER.fullmatch(agency))
    return UNKNOWN if signed or (trusted and len(name) > 2 and named) else 0


def _beside_day(head: str) -> Reading | None:
    """Read a day and what stands next to it: `МОСКВА, 2 фев — РИА Новости.`, `Accra, Feb. 2, GNA –`."""
    if not DAYLIKE.match(head) or not (found := day_in(head[:80])):
        return None
    start, end, day = found
    if (name := place(before_day(head[:start]))) is None:
        return None
    match = _AFTER_DAY.match(head, end)
    if match and (certainty(match[1]) == "sure" or (name and certainty(match[1]))):
        return Reading(KNOWN, match.end(), name, day, match[1].strip(), match["by"] or "")
    match = _WORDS_AFTER_DAY.match(head, end)
    return Reading(KNOWN, match.end(), name, day, match[1]) if match and name and certainty(match[1]) else None


def _beside(head: str) -> Reading | None:
    """Read an agency without brackets and day: `JAKARTA, KOMPAS.com -`, `القاهرة - رويترز`, `BERLIN taz |`."""
    if (glued := _GLUED.match(head)) and certainty(glued[2]):
        return Reading(KNOWN, glued.end(), glued[1], None, glued[2])
    match = BESIDE.match(head)
    if not match or ":" in match[2] or not OPENS.match(head, match.end()):
        return None
    return _piped(match) if "|" in match[2] else _beside_dash(head, match)


def _piped(match: regex.Match[str]) -> Reading | None:
    name, _, agency = match[1].rstrip().rpartition(" ")
    fits = certainty(agency) and place(name) and capitals(name)
    return Reading(KNOWN, match.end(), name, None, agency) if fits else None


def _beside_dash(head: str, match: regex.Match[str]) -> Reading | None:
    front = match[1].strip().rstrip(".")
    first, *others = _COMMA.split(front)
    last = others[-1] if others else ""
    for agency, rest in ((last, front[: -len(last)]), (first, front[len(first) :].lstrip(",،. "))):
        if others and certainty(agency) == "sure" and (name := place(rest)):
            return Reading(KNOWN, match.end(), name, None, agency)
    if not others and is_listed(front) and (front.isupper() or "." in front) and len(front) > 2:
        return Reading(UNKNOWN, match.end(), "", None, front)
    return _behind_dash(head, place(front) or "", match.end())


def _behind_dash(head: str, name: str, at: int) -> Reading | None:
    agency = _AGENCY.match(head, at)
    if not agency or certainty(agency[1]) != "sure" or not (capitals(name) or is_place(name) or uncased(name)):
        return None
    return Reading(KNOWN, agency.end(), name, None, agency[1].strip())


def _after(head: str, at: int) -> int:
    match = END.match(head, at)
    return match.end() if match else at
