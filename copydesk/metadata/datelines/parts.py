"""The parts of datelines except agencies: dashes, places, and days in all languages.

A place is any text that is written like a name, so its context must be evidence. A day has a word of the calendar of
some language, or only digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from copydesk.metadata.datelines.names import is_caseless
from copydesk.metadata.dates.symbols import MONTH, PERSIAN, WEEKDAY, symbol_table, symbol_table_of_all_languages
from copydesk.metadata.dates.words import fold_date

# The confidence by kind of dateline.
CONFIDENCE_KNOWN_AGENCY = 0.95  # a known agency, in a form that agencies use
CONFIDENCE_FIXED_FORM = 0.9  # a form without other meanings: `【ソウル＝…】`, `[…=홍길동 기자]`
CONFIDENCE_UNKNOWN_AGENCY = 0.7  # an unknown name in place of the agency
CONFIDENCE_PLACE_AND_DAY = 0.7  # no agency
CONFIDENCE_PLACE = 0.5  # only a place and a dash

_MIN_PLACE_CHARS, _MAX_PLACE_CHARS = 2, 90
_MAX_PLACE_WORDS = 12
_MAX_CASELESS_PLACE_WORDS = 4
_MAX_DAY_OFFSET = 80
_MAX_DAY_NUMBER = 39  # the calendar rejects the rest

DASH = r"(?:[-\u2010-\u2015\u2212\u2500\ufe58\uff0d\x96\x97]|â€[\u201c\u201d\x93\x94]|&[mn]dash;)"
# A word that may start a name: upper case, or in a script without case.
_WORD = (
    r"(?:[ldLD]['’]|(?i:al|el|as|ash|ar|an)-)?+[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\d'’ʻʼ`´.\u200c]*+"
    r"(?:[-‐–](?=\p{L})[\p{L}\p{M}'’.]++)*+"
)
_PARTICLE = (
    r"(?:de|del|della|dei|di|da|do|dos|das|du|des|la|le|les|el|los|las|al|am|an|der|den|dem|die|im|in|ob|bei|sur|sous|"
    r"&|upon|of|the|op|aan|van|zu|zur|und|and|et|y|e|ed|og|och|ja|i|и|і|та|на|під|над|nad|pod|a\.d\.|v\.d\.)"
)
_NAME = rf"(?:{_WORD}(?:[ \u00a0]++(?:{_PARTICLE}[ \u00a0]++){{0,2}}+{_WORD}|[ ](?:deportes|cultura|ciencia)){{0,5}}+)"
_PLACE = regex.compile(
    rf"{_NAME}(?:(?:[,،]\s?+|\s?/\s?|-(?=\p{{Lu}})){_NAME}|\s?[\[(]{_NAME}[\])]){{0,5}}+\.?+(?:,|\.,)?"
)
_INITIALS = regex.compile(r"(?:^|[\s.])\p{Lu}\.(?:\s?\p{Lu}\.)*+$")

_MONTH_WORD = r"(?P<m>\p{L}[\p{L}\p{M}'’]*+(?:[ ](?:الثاني|الأول|الاول|ثاني|أول))?+)"
_NUMBER_WORDS = dict(
    zip(
        "एक दो तीन चार पांच पाँच छह छः सात आठ नौ दस اول أول".split(),
        (1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 10, 1, 1),
        strict=True,
    )
)
_D = rf"(?P<d>\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})"
_YEAR = r"(?P<y>(?:19|20)\d\d|[١٢][٩٠]\d\d|[१२][९०]\d\d|[১২][৯০]\d\d|[۱۲][۹۰]\d\d)"
_ERA = r"(?:[ ]?(?:г\.?|р\.?|года|году|року|м|م|m\.|թ\.?|godine|године|година))?+(?![\p{L}])"
_ORDINAL = r"(?:\.|er|ère|º|ª|°|-?го|-?ое|st|nd|rd|th|:[ae]|-(?=\p{L}))?+"
# The most specific first. The month is a number (`n`) or a word (`m`).
_DAY_FORMS = (
    regex.compile(rf"{_YEAR}\s?[年년.]\s?(?P<n>\d{{1,2}})\s?[月월.]\s?(?P<d>\d{{1,2}})\s?[日일.]?"),
    regex.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<n>\d\d)-(?P<d>\d\d)(?!\d)"),
    regex.compile(rf"{_YEAR}\.? (?:m\. |gada )?{_MONTH_WORD}\.? (?P<d>\d{{1,2}})(?: d)?\.?(?![\d\p{{L}}])"),
    regex.compile(
        r"(?<![\d.])(?P<d>\d{1,2})(?:\s?[./-]\s?)(?P<n>\d{1,2})"
        r"(?:(?:\s?[./-]\s?)(?P<y>(?:19|20)?\d\d)|\.)?(?![\d.]|[/-]\d)"
    ),
    regex.compile(
        rf"(?<!\d){_D}{_ORDINAL}\s{{0,2}}+(?:(?:de|of|di|d['’]|թ\.)\s)?+{_MONTH_WORD}\.?"
        rf"(?:\s?[,/]?\s{{0,2}}(?:de\s|del\s|عام\s)?{_YEAR}{_ERA}\.?)?+"
    ),
    regex.compile(
        rf"(?<!\p{{L}}){_MONTH_WORD}\.?\s{{0,2}}+(?P<d>\d{{1,2}})(?:st|nd|rd|th|[ ]d\.|-ին|-ի)?+(?!\d|:\d|\p{{L}})"
        rf"(?:\s?[,/]?\s{{0,2}}{_YEAR}(?!\d))?+"
    ),
)
_HAS_DAY = regex.compile(rf"\d|{'|'.join(_NUMBER_WORDS)}")
_HIJRI = regex.compile(r"\d{1,2} \p{L}+(?: \p{L}+)? 1[34]\d\d ?هـ?،? الموافق ")
_BEFORE_DAY = regex.compile(
    r"(?:[\s,،.;:\-–—|]|(?<=[\s,،])(?:le|den|el|em|a|am|on|vom|på|kl|í|á|في|يوم|del|dated|lệ)(?=[\s]*$))++$"
)
_ABBREVIATED = regex.compile(r"[,\s](?:(?:\p{Lu}\.)+,?|\p{Lu}\p{L}*+\.,)\s*$")
# Spellings and abbreviations of months that only agencies use.
_MORE_MONTHS = {
    word: month
    for month, words in enumerate(
        (
            "januara januarja јануара janar", "fév fevr februara februarja фебруара fevral", "marta marca марта mrt",
            "aprila априла prill", "maja маја mayıs", "juna junija јуна qershor", "juill jula julija јула korrik",
            "avgusta августа gusht", "sept septembra септембра shtator", "oktobra октобра tetor",
            "novembra новембра nëntor nent", "decembra децембра déc dhjetor",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
# Words before a day that are not a place: `Am 2. Februar (dpa)`.
_NOT_PLACES = frozenset(
    "am im in on by from since until the le la du el il lo den dem der die das em no na as os o dne dnia od do w v u z "
    "ob kl på i á í в на с до от з у від до το τη στις seit bis ab zum vom bereits noch nur updated "
    "published posted".split()
)

# The end of a dateline. A lost dash may be a question mark, a quote or the first byte of its mojibake.
DATELINE_END = regex.compile(
    rf"(?P<soft>(?:\s?[.:：,;·۔।])?+)(?P<hard>(?:\s*+(?:{DASH}|[=|]|\.(?=\s?{DASH})))*+)"
    r"(?P<lost>(?:\s?(?:[?\ufffd]{1,3}|[\"“”ââ]{1,2})(?=\s))?+)\s*+"
)
# The first character of a story.
STORY_START = regex.compile(r"[\"'“”‘«»„「『(\[¿¡#$€£\d\p{Lu}\p{Lt}\p{Lo}]|$|\p{Ll}\p{Lu}")
# A day after words that start like names, and perhaps a month: `VILNIUS, vasario 2`.
_PLACE_AND_DIGIT = regex.compile(
    r"(?:(?:[^\s\d\p{Ll}][^\s\d]*+|de|del|la|le|em|a|am|an|der|en|of|and|und|et|y|upon|и|на|nad|deportes)\s++){0,8}?"
    r"(?:\p{Ll}[^\s\d]*+\s++)?(?:[^\s\d\p{Ll}]\D{0,12}|)(?:\d|(?:एक|दो|तीन|चार|पां|पाँ|छह|सात|आठ|नौ|दस) )"
)
# A short text before a dash, a bar or a colon.
_TEXT_AND_DASH = regex.compile(
    rf"([^(\[|\n]{{2,70}}?)(\s?(?:[–—―|]|--|(?<=\s)-|-(?=\s)|:(?=\s)|\ufffd{{1,3}}|â€[“”\x93\x94])\s?{DASH}?)\s*+"
)
# The first character of each of these signs. Few texts have one.
_DASH_SIGN = regex.compile(r"[–—―|:\-\ufffdâ]")
_MAX_DASH_OFFSET = 71
# Four words in capitals: a heading.
WORDS_IN_CAPITALS = regex.compile(r"(?:\P{L}*+\p{Lu}{2,}+(?!\p{Ll})){4}")


@dataclass(frozen=True, slots=True)
class Day:
    """The day of a dateline, mostly without a year; in Japan and Taiwan also without a month."""

    year: int | None
    month: int | None
    day: int


@dataclass(frozen=True, slots=True)
class ParsedDateline:
    """A dateline in the start of a paragraph.

    Attributes:
        confidence: the confidence by its kind.
        end: the start of the story.
        place: the place, or an empty string.
        day: the day, if any.
        agency: the agency, or an empty string.
        byline: the reporter, or an empty string.
    """

    confidence: float
    end: int
    place: str = ""
    day: Day | None = None
    agency: str = ""
    byline: str = ""


def parse_place(front: str) -> str | None:
    """Return the place before an agency or a day: `""` if there is no text, None if the text is not a place.

    >>> parse_place("HAYWARD, Calif. "), parse_place("MOSCOW. "), parse_place(" "), parse_place("Der Minister sagte")
    ('HAYWARD, Calif.', 'MOSCOW', '', None)
    """
    name = front.strip(" \u00a0\u3000\n\t|*•").rstrip(",،;:-–—― ")
    if not name:
        return ""
    if (
        not _MIN_PLACE_CHARS <= len(name) <= _MAX_PLACE_CHARS
        or not _PLACE.fullmatch(name)
        or name.casefold() in _NOT_PLACES
    ):
        return None
    if name.endswith(".") and "," not in name and not _INITIALS.search(name):
        name = name.rstrip(".")
    max_words = _MAX_CASELESS_PLACE_WORDS if is_caseless(name) else _MAX_PLACE_WORDS
    return name if len(name.split()) <= max_words else None


def _parse_month(word: str) -> int | None:
    """Return the number of a month in any language, inflected or abbreviated.

    >>> _parse_month("фев"), _parse_month("LUG"), _parse_month("Levada")
    (2, 7, None)
    """
    folded = fold_date(word).strip(".")
    symbol = ord(symbol_table(None).get(folded) or "\0")
    return symbol - MONTH if MONTH < symbol < WEEKDAY else _MORE_MONTHS.get(folded)


def find_day(front: str) -> tuple[int, int, Day] | None:
    """Find the first day in a text: its start, its end, and the day.

    >>> find_day("LISBOA, 18 jun 2022")
    (8, 19, Day(year=2022, month=6, day=18))
    """
    if not _HAS_DAY.search(front):
        return None
    hijri = _HIJRI.search(front)
    for form in _DAY_FORMS:
        for match in form.finditer(front, hijri.end() if hijri else 0):
            if day := _read_day(match):
                return hijri.start() if hijri else match.start(), match.end(), day
    return None


def find_day_after_place(head: str) -> tuple[int, int, Day] | None:
    """Find the day after a place at the start of a paragraph: its start, its end, and the day."""
    front = head[:_MAX_DAY_OFFSET]
    return find_day(front) if _HAS_DAY.search(front) and _PLACE_AND_DIGIT.match(head) else None


def match_text_and_dash(head: str) -> regex.Match[str] | None:
    """Match a short text before a dash, a bar or a colon at the start of a paragraph.

    Group 1 is the text, and group 2 is the sign with the blanks around it.
    """
    return _TEXT_AND_DASH.match(head) if _DASH_SIGN.search(head, 0, _MAX_DASH_OFFSET + 1) else None


def _read_day(match: regex.Match[str]) -> Day | None:
    groups = match.groupdict()
    # `regex` knows digits that Python's tables may lack.
    numbers = (groups.get(name) for name in ("d", "y", "n"))
    if any(value and not value.isdecimal() and value not in _NUMBER_WORDS for value in numbers):
        return None
    number = _NUMBER_WORDS.get(groups["d"]) or int(groups["d"])
    year = int(groups["y"]) if groups.get("y") else None
    if year is not None and year < 100:
        year += 2000
    month = _parse_month(groups["m"]) if groups.get("m") else int(groups["n"])
    if month and month > 12 >= number and "/" in match[0]:
        month, number = number, month
    return Day(year, month, number) if month and month <= 12 and number <= _MAX_DAY_NUMBER else None


def strip_before_day(front: str) -> str:
    """Strip punctuation and prepositions before a day, but not the dot of an abbreviation.

    >>> [strip_before_day(front) for front in ("LONDON, ", "MONTRÉAL, le ", "NEEDHAM, Mass., ", "Москва. ")]
    ['LONDON', 'MONTRÉAL', 'NEEDHAM, Mass.', 'Москва']
    """
    return _BEFORE_DAY.sub("", front) + ("." if _ABBREVIATED.search(front) else "")


def _strip_weekday(front: str) -> str:
    """Strip a weekday at the end: `2022. február 2., szerda`."""
    rest, _, last = front.strip(" ,.").rpartition(" ")
    symbol = symbol_table_of_all_languages().get(fold_date(last).strip("."), "") if last else ""
    return rest if symbol and WEEKDAY <= ord(symbol) < PERSIAN else front


def parse_before_agency(front: str) -> tuple[str, Day | None] | None:
    """Parse the text before an agency: a place, a day, both in either order, or nothing.

    None if the text is something else.

    >>> parse_before_agency("MADRID 27 Nov. ")
    ('MADRID', Day(year=None, month=11, day=27))
    """
    if not (dated := find_day(front)):
        name = parse_place(front)
        return None if name is None else (name, None)
    start, end, day = dated
    before = parse_place(strip_before_day(front[:start]))
    after = parse_place(_strip_weekday(front[end:]).lstrip(" .,،;:-–"))
    if before is None or after is None or (before and after):
        return None
    return before or after, day
