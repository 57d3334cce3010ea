"""What datelines are made of, apart from names: dashes, what looks like a place, and days in all languages.

A place is whatever is written like a name, so what stands around it must prove it. A day is one that the calendar of
some language has a word for, or digits alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from copydesk.metadata.datelines.names import uncased
from copydesk.metadata.dates.symbols import MONTH, PERSIAN, WEEKDAY, symbol_table, symbol_table_of_all_languages
from copydesk.metadata.dates.words import fold

# How sure each kind of dateline is.
KNOWN = 0.95  # a known agency, in a form that agencies use
FIXED = 0.9  # a form that nothing else has: `【ソウル＝…】`, `[…=홍길동 기자]`
UNKNOWN = 0.7  # somebody unknown in the place of the agency
DATED = 0.7  # a place and a day, but no agency
BARE = 0.5  # a place and a dash

DASH = r"(?:[-\u2010-\u2015\u2212\u2500\ufe58\uff0d\x96\x97]|â€[\u201c\u201d\x93\x94]|&[mn]dash;)"
# A word that may begin a name: upper case, or of a script that has no case.
_WORD = (
    r"(?:[ldLD]['’]|(?i:al|el|as|ash|ar|an)-)?+[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\d'’ʻʼ`´.\u200c]*+"
    r"(?:[-‐–](?=\p{L})[\p{L}\p{M}'’.]++)*+"
)
_PARTICLE = (
    r"(?:de|del|della|dei|di|da|do|dos|das|du|des|la|le|les|el|los|las|al|am|an|der|den|dem|die|im|in|ob|bei|sur|sous|"
    r"&|upon|of|the|op|aan|van|zu|zur|und|and|et|y|e|ed|og|och|ja|i|и|і|та|на|під|над|nad|pod|a\.d\.|v\.d\.)"
)
_NAME = rf"(?:{_WORD}(?:[ \u00a0]++(?:{_PARTICLE}[ \u00a0]++){{0,2}}+{_WORD}|[ ](?:deportes|cultura|ciencia)){{0,5}}+)"
PLACE = regex.compile(
    rf"{_NAME}(?:(?:[,،]\s?+|\s?/\s?|-(?=\p{{Lu}})){_NAME}|\s?[\[(]{_NAME}[\])]){{0,5}}+\.?+(?:,|\.,)?"
)
_INITIALS = regex.compile(r"(?:^|[\s.])\p{Lu}\.(?:\s?\p{Lu}\.)*+$")

_MONTH_WORD = r"(?P<m>\p{L}[\p{L}\p{M}'’]*+(?:[ ](?:الثاني|الأول|الاول|ثاني|أول))?+)"
_NUMBERS = dict(
    zip(
        "एक दो तीन चार पांच पाँच छह छः सात आठ नौ दस اول أول".split(),
        (1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 10, 1, 1),
        strict=True,
    )
)
_D = rf"(?P<d>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_YEAR = r"(?P<y>(?:19|20)\d\d|[١٢][٩٠]\d\d|[१२][९०]\d\d|[১২][৯০]\d\d|[۱۲][۹۰]\d\d)"
_ERA = r"(?:[ ]?(?:г\.?|р\.?|года|году|року|м|م|m\.|թ\.?|godine|године|година))?+(?![\p{L}])"
_ORDINAL = r"(?:\.|er|ère|º|ª|°|-?го|-?ое|st|nd|rd|th|:[ae]|-(?=\p{L}))?+"
# Most special first. Month and day may be numbers (`n`), a word (`m`), or of a form with the year in front.
_DAYS = (
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
_HAS_DAY = regex.compile(rf"\d|{'|'.join(_NUMBERS)}")
_HIJRI = regex.compile(r"\d{1,2} \p{L}+(?: \p{L}+)? 1[34]\d\d ?هـ?،? الموافق ")
_BEFORE_DAY = regex.compile(
    r"(?:[\s,،.;:\-–—|]|(?<=[\s,،])(?:le|den|el|em|a|am|on|vom|på|kl|í|á|في|يوم|del|dated|lệ)(?=[\s]*$))++$"
)
_ABBREVIATED = regex.compile(r"[,\s](?:(?:\p{Lu}\.)+,?|\p{Lu}\p{L}*+\.,)\s*$")
# Months as agencies cut or spell them and no other page does.
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
# Words that lead to a day and are no place: `Am 2. Februar (dpa)`.
_NOT_PLACES = frozenset(
    "am im in on by from since until the le la du el il lo den dem der die das em no na as os o dne dnia od do w v u z "
    "ob kl på i á í в на с до от з у від до το τη στις seit bis ab zum vom bereits noch nur updated "
    "published posted".split()
)

# What follows an agency; a dash may have been lost to a question mark, a stray quote or the first byte of its mojibake.
END = regex.compile(
    rf"(?P<soft>(?:\s?[.:：,;·۔।])?+)(?P<hard>(?:\s*+(?:{DASH}|[=|]|\.(?=\s?{DASH})))*+)"
    r"(?P<lost>(?:\s?(?:[?\ufffd]{1,3}|[\"“”ââ]{1,2})(?=\s))?+)\s*+"
)
OPENS = regex.compile(r"[\"'“”‘«»„「『(\[¿¡#$€£\d\p{Lu}\p{Lt}\p{Lo}]|$|\p{Ll}\p{Lu}")
# A day, with nothing in front but words that begin as names do, and perhaps a month: `VILNIUS, vasario 2`.
DAYLIKE = regex.compile(
    r"(?:(?:[^\s\d\p{Ll}][^\s\d]*+|de|del|la|le|em|a|am|an|der|en|of|and|und|et|y|upon|и|на|nad|deportes)\s++){0,8}?"
    r"(?:\p{Ll}[^\s\d]*+\s++)?(?:[^\s\d\p{Ll}]\D{0,12}|)(?:\d|(?:एक|दो|तीन|चार|पां|पाँ|छह|सात|आठ|नौ|दस) )"
)
BESIDE = regex.compile(
    rf"([^(\[|\n]{{2,70}}?)(\s?(?:[–—―|]|--|(?<=\s)-|-(?=\s)|:(?=\s)|\ufffd{{1,3}}|â€[“”\x93\x94])\s?{DASH}?)\s*+"
)
SHOUTED = regex.compile(r"(?:\P{L}*+\p{Lu}{2,}+(?!\p{Ll})){4}")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a dateline tells it: nearly always without the year, in Japan and Taiwan without the month."""

    year: int | None
    month: int | None
    day: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one form made of an opening. The story begins at `end`."""

    confidence: float
    end: int
    place: str = ""
    day: Day | None = None
    agency: str = ""
    byline: str = ""


def place(front: str) -> str | None:
    """Return the place that stands before an agency or a day: `""` for nothing, None for what can't be one.

    >>> place("HAYWARD, Calif. "), place("MOSCOW. "), place(" "), place("Der Minister sagte")
    ('HAYWARD, Calif.', 'MOSCOW', '', None)
    """
    name = front.strip(" \u00a0\u3000\n\t|*•").rstrip(",،;:-–—― ")
    if not name:
        return ""
    if not 2 <= len(name) <= 90 or not PLACE.fullmatch(name) or name.casefold() in _NOT_PLACES:
        return None
    if name.endswith(".") and "," not in name and not _INITIALS.search(name):
        name = name.rstrip(".")
    words = len(name.split())
    return name if words <= (4 if uncased(name) else 12) else None


def month(word: str) -> int | None:
    """Return the number of a month in any language, declined or cut.

    >>> month("фев"), month("LUG"), month("Levada")
    (2, 7, None)
    """
    folded = fold(word).strip(".")
    sign = ord(symbol_table(None).get(folded) or "\0")
    return sign - MONTH if MONTH < sign < WEEKDAY else _MORE_MONTHS.get(folded)


def day_in(front: str) -> tuple[int, int, Day] | None:
    """Find the first day in an opening: where it starts and ends, and what it is.

    >>> day_in("LISBOA, 18 jun 2022")
    (8, 19, Day(year=2022, month=6, day=18))
    """
    if not _HAS_DAY.search(front):
        return None
    hijri = _HIJRI.search(front)
    for form in _DAYS:
        for match in form.finditer(front, hijri.end() if hijri else 0):
            if found := _day(match):
                return hijri.start() if hijri else match.start(), match.end(), found
    return None


def _day(match: regex.Match[str]) -> Day | None:
    groups = match.groupdict()
    number = _NUMBERS.get(groups["d"]) or int(groups["d"])
    year = int(groups["y"]) if groups.get("y") else None
    if year is not None and year < 100:
        year += 2000
    found = month(groups["m"]) if groups.get("m") else int(groups["n"])
    if found and found > 12 >= number and "/" in match[0]:
        found, number = number, found
    return Day(year, found, number) if found and found <= 12 and number < 40 else None


def before_day(front: str) -> str:
    """Take away what leads to a day, but not the dot of an abbreviation.

    >>> before_day("LONDON, "), before_day("MONTRÉAL, le "), before_day("NEEDHAM, Mass., "), before_day("Москва. ")
    ('LONDON', 'MONTRÉAL', 'NEEDHAM, Mass.', 'Москва')
    """
    return _BEFORE_DAY.sub("", front) + ("." if _ABBREVIATED.search(front) else "")


def no_weekday(front: str) -> str:
    """Take away a weekday at the end: `2022. február 2., szerda`."""
    rest, _, last = front.strip(" ,.").rpartition(" ")
    sign = symbol_table_of_all_languages().get(fold(last).strip("."), "") if last else ""
    return rest if sign and WEEKDAY <= ord(sign) < PERSIAN else front


def before_agency(front: str) -> tuple[str, Day | None] | None:
    """Read what stands before an agency: a place, a day, both in either order, or nothing. None: it is something else.

    >>> before_agency("MADRID 27 Nov. ")
    ('MADRID', Day(year=None, month=11, day=27))
    """
    if not (found := day_in(front)):
        name = place(front)
        return None if name is None else (name, None)
    before, after = place(before_day(front[: found[0]])), place(no_weekday(front[found[1] :]).lstrip(" .,،;:-–"))
    return None if before is None or after is None or (before and after) else (before or after, found[2])
