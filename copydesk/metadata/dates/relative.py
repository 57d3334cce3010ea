"""Relative dates, which count from the time of fetching: `3 hours ago`, `vor 2 Tagen`, `вчера, 14:05`, `5分前`.

Months and years ago are rejected because they do not give a day. Units may be added, as in `2 days 3 hours ago`: the
largest comes first, and only words that mean "and" are between them.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from copydesk.metadata.dates.symbols import WEEKDAY, WEEKDAY_SYMBOL, is_prose
from copydesk.metadata.dates.words import ago_phrases, fold_date

_TOKEN = re.compile(r"\d+|[^\W\d]+(?:['’\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\w]+)?")
# A string whose only number is a time of day.
_ONLY_TIME = re.compile(r"[^\d]*\d{1,2} ?: ?\d\d(?: ?: ?\d\d)?[^\d]*")
_MAX_PHRASE_TOKENS = 6
_MAX_TOKENS_BEFORE_NUMBER = 3
_MAX_NUMBER_DIGITS = 3
# Units of an exact length, the largest first.
_EXACT_UNITS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_DAY_UNITS = frozenset({"week", "day"})
_AND = frozenset("and und et y e i en och og ja и і a és ve и".split())
# Short forms of pages that are not in CLDR.
_MORE_PHRASES = {
    "second": "{0} sec ago,{0} secs ago,{0}s ago",
    "minute": "{0} min ago,{0} mins ago,{0}m ago,{0} minutos atrás,{0} minuto atrás,hace {0} mins,{0} menit lalu",
    "hour": "{0} hr ago,{0} hrs ago,{0}h ago,{0} horas atrás,{0} hora atrás,hace {0} hrs,{0} jam lalu,cách đây {0} giờ,"
    "{0} гадзін назад,{0} гадзіны назад,{0} гадзіну назад",
    "day": "{0}d ago,{0} dias atrás,{0} dia atrás,{0} hari lalu,cách đây {0} ngày,{0} дзень назад,{0} дні назад,"
    "{0} дзён назад",
    "week": "{0} semanas atrás,{0} semana atrás",
    "year": "{0} ano atrás,{0} anos atrás,{0} yr ago,{0} yrs ago",
}

_TODAY = (
    "today,сегодня,сьогодні,heute,aujourd'hui,aujourd’hui,hoy,oggi,hoje,bugün,dzisiaj,dziś,vandaag,idag,i dag,今天,"
    "今日,오늘,اليوم,dnes,tänään,hari ini,azi,ma,днес,danas,σήμερα,היום,आज,امروز,hôm nay,วันนี้,avui,gaur,šiandien,"
    "šodien,täna"
)
_YESTERDAY = (
    "yesterday,вчера,вчора,gestern,hier,ayer,ieri,ontem,dün,wczoraj,gisteren,igår,i går,昨天,昨日,어제,أمس,včera,eilen,"
    "kemarin,tegnap,jučer,juče,χθες,χτες,אתמול,कल,دیروز,hôm qua,เมื่อวาน,ahir,atzo,vakar,eile"
)
_BEFORE_YESTERDAY = (
    "the day before yesterday,day before yesterday,vorgestern,avant-hier,avant hier,anteayer,antier,antes de ayer,"
    "l'altro ieri,l’altro ieri,altro ieri,ieri l'altro,anteontem,antes de ontem,позавчера,позавчора,пазаўчора,"
    "eergisteren,i förrgår,förrgår,i forgårs,forgårs,i forgars,przedwczoraj,předevčírem,předvčerem,predvčerom,"
    "tegnapelőtt,prekjučer,prekjuče,predvčerajšnjim,завчера,онзи ден,προχθές,προχτές,שלשום,أول أمس,أول من أمس,"
    "evvelsi gün,önceki gün,前天,一昨日,おととい,그저께,hôm kia,เมื่อวานซืน,abans-d'ahir,abans d'ahir,herenegun,"
    "užvakar,aizvakar,üleeile,toissapäivänä,kemarin lusa,alaltăieri,परसों,پریروز"
)
_NUMBER_WORDS = dict.fromkeys(
    "a an one un une una uno um uma ein eine einer einem een één en ett jednu jeden jedną одну один одна един една bir "
    "egy".split(),
    1,
) | {
    word: number
    for words in (
        "two three four five six seven eight nine ten eleven twelve",
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "deux trois quatre cinq six sept huit neuf dix onze douze",
        "dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "dois três quatro cinco seis sete oito nove dez onze doze",
        "due tre quattro cinque sei sette otto nove dieci undici dodici",
    )
    for number, word in enumerate(words.split(), 2)
}
# Words that do not change the day or hour: `hace cerca de 23 horas`, `约23小时前`.
_ABOUT = frozenset(
    "about around approximately almost nearly over circa ca etwa ungefähr rund environ cerca de aproximadamente unas "
    "unos quase около примерно почти каля приблизно близько".split()
)
# They have no space after them.
_ABOUT_IN_CJK = re.compile("[大]?[约約]|およそ|약")
_DAYS_BACK = {
    fold_date(words): days
    for days, group in enumerate((_TODAY, _YESTERDAY, _BEFORE_YESTERDAY))
    for words in group.split(",")
}


class _Part(NamedTuple):
    """A number with its unit, and its place among the tokens.

    Attributes:
        unit: the unit.
        number: the number.
        start: the index of the first token.
        end: the index after the last token.
        is_phrase: whether the tokens are a whole phrase, with the word for "ago".
    """

    unit: str
    number: int
    start: int
    end: int
    is_phrase: bool


def find_ago(folded: str) -> tuple[timedelta, bool] | None:
    """Find "n units ago" in a folded string.

    Returns:
        The time, and whether it is only known to the day.

    >>> find_ago("posted 3 hours ago by x"), find_ago("vor einer woche"), find_ago("2 months ago")
    ((datetime.timedelta(seconds=10800), False), (datetime.timedelta(days=7), True), None)
    >>> find_ago("2 ч. 21 мин. назад")
    (datetime.timedelta(seconds=8460), False)
    """
    tokens = _TOKEN.findall(_ABOUT_IN_CJK.sub(" ", folded.replace("منذ", "قبل")))
    tokens = [token for token in tokens if token not in _ABOUT]
    # Without a number, it is one: `минуту назад`.
    unit = _phrase_units().get("#" + "".join(tokens))
    parts = [_Part(unit, 1, 0, len(tokens), is_phrase=True)] if unit else _find_parts(tokens)
    units = [part.unit for part in parts]
    in_order = [unit for unit in _EXACT_UNITS if unit in units]
    if not parts or units != in_order or any(token.isdigit() for token in tokens[: parts[0].start]):
        return None
    ago = sum((part.number * _EXACT_UNITS[part.unit] for part in parts), timedelta())
    return ago, _DAY_UNITS.issuperset(units)


def _find_parts(tokens: list[str]) -> list[_Part]:
    """Return the numbers with units that are one time ago: adjacent, and at least one a whole phrase."""
    parts: list[_Part] = []
    for i, token in enumerate(tokens):
        if parts and i < parts[-1].end:
            continue
        number = _parse_number(token)
        part = None if number is None else _find_phrase(tokens, i, number) or _find_bare_unit(tokens, i, number)
        if part is None:
            continue
        if parts and not _AND.issuperset(tokens[parts[-1].end : part.start]):
            break
        # "3 hours ago, 5 min": only the first belongs to "ago".
        if parts and not part.is_phrase and _is_complete(parts[-1], tokens):
            break
        parts.append(part)
    return parts if any(part.is_phrase for part in parts) and not _may_be_other(parts, tokens) else []


def _is_complete(part: _Part, tokens: list[str]) -> bool:
    """Return whether a part ends with the word for "ago" instead of the unit."""
    return part.is_phrase and tokens[part.end - 1] not in _bare_units()


def _may_be_other(parts: list[_Part], tokens: list[str]) -> bool:
    """Return whether the last part may not belong to the others: `hace 2 horas, 5 min de lectura`."""
    return len(parts) > 1 and not parts[-1].is_phrase and parts[-1].end < len(tokens)


def _parse_number(token: str) -> int | None:
    if token in _NUMBER_WORDS:
        return _NUMBER_WORDS[token]
    return int(token) if token.isdigit() and len(token) <= _MAX_NUMBER_DIGITS else None


def _find_phrase(tokens: list[str], i: int, number: int) -> _Part | None:
    """Return the longest phrase around the number at an index."""
    phrases = _phrase_units()
    for start in range(max(0, i - _MAX_TOKENS_BEFORE_NUMBER), i + 1):
        for end in range(min(len(tokens), start + _MAX_PHRASE_TOKENS), i, -1):
            unit = phrases.get("".join((*tokens[start:i], "#", *tokens[i + 1 : end])))
            if unit:
                return _Part(unit, number, start, end, is_phrase=True)
    return None


def _find_bare_unit(tokens: list[str], i: int, number: int) -> _Part | None:
    unit = _bare_units().get(tokens[i + 1]) if i + 1 < len(tokens) else None
    return _Part(unit, number, i, i + 2, is_phrase=False) if unit else None


def find_days_back(folded: str, symbols: str, fetched: date) -> int | None:
    """Return the number of days from a "today", a "yesterday" or a weekday to the day of fetching.

    Args:
        folded: the folded string.
        symbols: the string from `to_symbols`. A weekday counts only without other words.
        fetched: the day of fetching. A weekday is the last one before it.

    >>> find_days_back("вчера, 14:05", "x, 14:05", date(2022, 2, 2))
    1
    """
    match = _day_words().search(folded)
    if match and not is_prose(symbols):
        return _DAYS_BACK[match[0]]
    weekdays = WEEKDAY_SYMBOL.findall(symbols)
    is_weekday_and_time = len(weekdays) == 1 and "x" not in symbols and bool(_ONLY_TIME.fullmatch(symbols))
    return (fetched.weekday() - (ord(weekdays[0]) - WEEKDAY)) % 7 if is_weekday_and_time else None


@cache
def _day_words() -> re.Pattern[str]:
    words = "|".join(sorted(_DAYS_BACK, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])")


@cache
def _phrase_units() -> dict[str, str]:
    """Return the unit of each phrase. A phrase has no blanks, and `#` in place of the number: `#hoursago`."""
    return {
        "".join(tokens): unit for unit, phrase in _phrases() if "{0}" in phrase and (tokens := _phrase_tokens(phrase))
    }


@cache
def _bare_units() -> dict[str, str]:
    """Return the unit of each word right after a number in a phrase that is not also another unit or an "ago"."""
    units: dict[str, set[str]] = {}
    for unit, phrase in _phrases():
        tokens = _phrase_tokens(phrase)
        if "#" in tokens[:-1]:
            units.setdefault(tokens[tokens.index("#") + 1], set()).add(unit)
    return {word: next(iter(of_word)) for word, of_word in units.items() if len(of_word) == 1}


def _phrases() -> list[tuple[str, str]]:
    more = [(unit, phrase) for unit, phrases in _MORE_PHRASES.items() for phrase in phrases.split(",")]
    return [(unit, phrase) for phrase, unit in ago_phrases().items()] + more


def _phrase_tokens(phrase: str) -> list[str]:
    return [part.replace("0", "#") for part in _TOKEN.findall(phrase.replace("{0}", " 0 "))]
