"""Relative dates, which count from the time of fetching: `3 hours ago`, `vor 2 Tagen`, `вчера, 14:05`, `5分前`.

Weeks, months and years ago are rejected because they do not give a day. `2 days 3 hours ago` is rejected because no
part is the answer alone.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from copydesk.metadata.dates.symbols import WEEKDAY, WEEKDAY_SYMBOL, is_prose
from copydesk.metadata.dates.words import ago_phrases

_TOKEN = re.compile(r"\d+|[^\W\d]+(?:['’\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\w]+)?")
_MAX_PHRASE_TOKENS = 6
_MAX_TOKENS_BEFORE_NUMBER = 3
_MAX_NUMBER_DIGITS = 3
_EXACT_UNITS = frozenset({"second", "minute", "hour", "day"})
# Short forms of pages that are not in CLDR.
_MORE_PHRASES = {
    "second": "{0} sec ago,{0} secs ago,{0}s ago",
    "minute": "{0} min ago,{0} mins ago,{0}m ago,{0} minutos atrás,{0} minuto atrás,hace {0} mins,{0} menit lalu",
    "hour": "{0} hr ago,{0} hrs ago,{0}h ago,{0} horas atrás,{0} hora atrás,hace {0} hrs,{0} jam lalu,cách đây {0} giờ",
    "day": "{0}d ago,{0} dias atrás,{0} dia atrás,{0} hari lalu,cách đây {0} ngày",
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
_ONE_WORDS = frozenset(
    "a an one un une una uno um uma ein eine einer einem een één en ett jednu jeden jedną одну один одна bir "
    "egy".split()
)
_DAYS_BACK = dict.fromkeys(_TODAY.split(","), 0) | dict.fromkeys(_YESTERDAY.split(","), 1)


def find_ago(folded: str) -> tuple[str, int] | None:
    """Find "n units ago" in a folded string.

    Returns:
        The unit (`second`, `minute`, `hour`, `day`) and the number.

    >>> find_ago("posted 3 hours ago by x"), find_ago("vor einer stunde"), find_ago("5分前"), find_ago("2 months ago")
    (('hour', 3), ('hour', 1), ('minute', 5), None)
    """
    tokens = _TOKEN.findall(folded.replace("منذ", "قبل"))
    for i, token in enumerate(tokens):
        number = _parse_number(token)
        unit = _find_unit(tokens, i) if number is not None else None
        if unit and number is not None:
            is_only_number = not any(before.isdigit() for before in tokens[:i])
            return (unit, number) if unit in _EXACT_UNITS and is_only_number else None
    return None


def _parse_number(token: str) -> int | None:
    if token in _ONE_WORDS:
        return 1
    return int(token) if token.isdigit() and len(token) <= _MAX_NUMBER_DIGITS else None


def _find_unit(tokens: list[str], i: int) -> str | None:
    """Return the unit of the longest phrase around the number at an index."""
    phrases = _phrase_units()
    for start in range(max(0, i - _MAX_TOKENS_BEFORE_NUMBER), i + 1):
        for end in range(min(len(tokens), start + _MAX_PHRASE_TOKENS), i, -1):
            unit = phrases.get("".join((*tokens[start:i], "#", *tokens[i + 1 : end])))
            if unit:
                return unit
    return None


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
    is_weekday_and_time = len(weekdays) == 1 and "x" not in symbols and ":" in symbols
    return (fetched.weekday() - (ord(weekdays[0]) - WEEKDAY)) % 7 if is_weekday_and_time else None


@cache
def _day_words() -> re.Pattern[str]:
    words = "|".join(sorted(_DAYS_BACK, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])")


@cache
def _phrase_units() -> dict[str, str]:
    """Return the unit of each phrase. A phrase has no blanks, and `#` in place of the number: `#hoursago`."""
    more = {phrase: unit for unit, phrases in _MORE_PHRASES.items() for phrase in phrases.split(",")}
    return {_phrase_key(phrase): unit for phrase, unit in (ago_phrases() | more).items() if "{0}" in phrase}


def _phrase_key(phrase: str) -> str:
    return "".join(_TOKEN.findall(phrase.replace("{0}", " 0 "))).replace("0", "#", 1)
