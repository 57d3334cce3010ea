"""Dates that only count from when the page was fetched: `3 hours ago`, `vor 2 Tagen`, `вчера, 14:05`, `5分前`.

Weeks, months and years ago are refused: they name no day. So is `2 days 3 hours ago`, whose parts only count together.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from copydesk.metadata.dates.wording import WEEKDAY, WEEKDAYS
from copydesk.metadata.dates.words import ago

_TOKEN = re.compile(r"\d+|[^\W\d]+(?:['’\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\w]+)?")
_LONGEST = 6
# "hier" is yesterday in French and here in German: a word means a day only in a string that is hardly more than a date.
_MOST_WORDS = 3
_COUNTED = frozenset({"second", "minute", "hour", "day"})
# Short forms that CLDR does not list but pages show.
_MORE = {
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
_ONE = frozenset(
    "a an one un une una uno um uma ein eine einer einem een één en ett jednu jeden jedną одну один одна bir "
    "egy".split()
)
_DAYS = dict.fromkeys(_TODAY.split(","), 0) | dict.fromkeys(_YESTERDAY.split(","), 1)
_WEEKDAY = re.compile(f"[{WEEKDAYS}]")


def ago_in(folded: str) -> tuple[str, int] | None:
    """Find an "n units ago" in a folded string: the unit (`second`, `minute`, `hour`, `day`) and the number.

    >>> ago_in("posted 3 hours ago by x"), ago_in("vor einer stunde"), ago_in("5分前"), ago_in("2 months ago")
    (('hour', 3), ('hour', 1), ('minute', 5), None)
    """
    tokens = _TOKEN.findall(folded.replace("منذ", "قبل"))
    for at, token in enumerate(tokens):
        number = 1 if token in _ONE else int(token) if token.isdigit() and len(token) <= 3 else None
        unit = _unit(tokens, at) if number is not None else None
        if unit and number is not None:
            alone = not any(before.isdigit() for before in tokens[:at])
            return (unit, number) if unit in _COUNTED and alone else None
    return None


def _unit(tokens: list[str], at: int) -> str | None:
    """Return the unit of the phrase around the number at an index, the longest phrase first."""
    phrases = _phrases()
    for first in range(max(0, at - 3), at + 1):
        for last in range(min(len(tokens), first + _LONGEST), at, -1):
            unit = phrases.get("".join((*tokens[first:at], "#", *tokens[at + 1 : last])))
            if unit:
                return unit
    return None


def days_back(folded: str, signs: str, fetched: date) -> int | None:
    """Count the days from a "today", a "yesterday" or a weekday to the day of the fetching.

    Args:
        folded: the string, folded.
        signs: the same as signs: a weekday counts only where no other word is there.
        fetched: the day of the fetching; a weekday is the last one that was.

    >>> days_back("вчера, 14:05", "x, 14:05", date(2022, 2, 2)), days_back("yesterdays", "x", date(2022, 2, 2))
    (1, None)
    """
    found = _day_words().search(folded)
    if found and signs.count("x") <= _MOST_WORDS:
        return _DAYS[found[0]]
    weekdays = _WEEKDAY.findall(signs)
    alone = len(weekdays) == 1 and "x" not in signs and ":" in signs
    return (fetched.weekday() - (ord(weekdays[0]) - WEEKDAY)) % 7 if alone else None


@cache
def _day_words() -> re.Pattern[str]:
    words = "|".join(sorted(_DAYS, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])")


@cache
def _phrases() -> dict[str, str]:
    """Return the unit of each phrase, without blanks, `#` for the number: `#hoursago`."""
    more = {phrase: unit for unit, phrases in _MORE.items() for phrase in phrases.split(",")}
    return {_keyed(phrase): unit for phrase, unit in (ago() | more).items() if "{0}" in phrase}


def _keyed(phrase: str) -> str:
    return "".join(_TOKEN.findall(phrase.replace("{0}", " 0 "))).replace("0", "#", 1)
