"""Dates: RFC 3339 from the dates that scrapers send, with the precision of the original.

Nothing is invented: a day gets no midnight, a time no zone, and an unknown format stays as sent. Three kinds of dates
are parsed: machine formats (ISO 8601, RFC 2822, Unix time), dates as pages show them in about seventy languages, and
relative dates (`3 hours ago`). Relative dates count from `fetched_at`, never from a clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from copydesk.article import Instant
from copydesk.cache import bounded_cache
from copydesk.metadata.dates import labels, machine, relative, symbols, visible, words
from copydesk.metadata.dates.clock import find_time

# A longer string is prose with a date. Its start is enough.
_MAX_DATE_CHARS = 200
# Databases, .NET and a Unix time of 0 write these instead of no date.
_PLACEHOLDERS = ("0001-01-01", "1969-12-31", "1970-01-01")

# Countries that write the month first: 02/03/2022 is 3 February.
_MONTH_FIRST_COUNTRIES = frozenset({"US", "PH", "FM", "PW", "GU", "PR"})
# The order depends on the country in these languages, and is unknown in these countries.
_EITHER_ORDER_LANGUAGES = frozenset({"", "en", "fil", "zh", "ja", "ko"})
_EITHER_ORDER_COUNTRIES = frozenset({"CA", None})
# Languages that write the year first: 24.03.05 is 5 March 2024.
_YEAR_FIRST_LANGUAGES = frozenset({"zh", "ja", "ko", "hu"})
# A 24-hour clock and GMT are weak evidence for the day first. The date stays ambiguous.
_DAY_FIRST_CLOCK = re.compile(rf"(?<![\d.:])(?:1[3-9]|2[0-3]):\d\d|[{symbols.GREENWICH}]")

Order = Literal["DMY", "MDY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The context of a date, in order of precedence for `02/03/2022`.

    Attributes:
        order: the order that the caller requests.
        language: the BCP 47 tag of the language.
        country: the ISO 3166 code of the country.
        url_day: the date in the URL of the page.
        fetched_at: the time of fetching in RFC 3339: an upper bound for dates of publication.
    """

    order: Order | None = None
    language: str | None = None
    country: str | None = None
    url_day: str | None = None
    fetched_at: str | None = None

    @property
    def primary(self) -> str:
        """Return the primary language subtag, or an empty string."""
        return (self.language or "").partition("-")[0]

    @property
    def fetched_day(self) -> date | None:
        """Return the day of `fetched_at` if it has one between 1990 and 2100."""
        fetched_at = self.fetched_at or ""
        is_day = len(fetched_at) >= len("2022-02-02") and "1990" < fetched_at < "2100"
        return date.fromisoformat(fetched_at[:10]) if is_day else None


def parse(value: str | float | None, hints: Hints | None = None, *, latest: bool = False) -> Instant:
    """Parse a date.

    Args:
        value: a string in any format, a Unix time in seconds or milliseconds, or None.
        hints: the context.
        latest: whether the date of modification is wanted if the string also has a date of publication.

    Returns:
        The date with its precision, the source of its zone, and the raw string if it differs. If the format is unknown
        or the date is more than two days after `fetched_at`, only the raw string.

    >>> parse("2022-02-02 14:05 +0300")
    Instant(value='2022-02-02T14:05:00+03:00', precision='minute', zone='given', raw='2022-02-02 14:05 +0300')
    >>> parse("Publié le 3 mars 2021 à 07h12").value, parse("May").raw
    ('2021-03-03T07:12:00', 'May')
    >>> parse("02/03/2022", Hints(language="de")).value, parse("02/03/2022", Hints(language="en")).ambiguous
    ('2022-03-02', True)
    """
    hints = hints or Hints()
    if value is None or value == "":
        return Instant()
    raw = str(value)
    if isinstance(value, (int, float)):
        instant = machine.parse_unix_time(value)
    else:
        instant = _parse_string(value.strip(), hints, latest=latest)
    if not instant or not instant.value or _is_implausible(instant.value, hints):
        return Instant(raw=raw)
    return replace(instant, raw=None if instant.value == raw else raw)


def is_mostly_date(text: str, max_other_words: int) -> bool:
    """Return whether a text has a full date and few other words, or the label of a publication.

    >>> is_mostly_date("Ann Lee, 2 February 2022", 2), is_mostly_date("It has been open since 2 February 2022", 2)
    (True, False)
    """
    date_symbols, day = _find_full_date(text)
    is_short = date_symbols.count("x") <= max_other_words or labels.PUBLISHED in date_symbols
    return is_short and day is not None


def is_publication(text: str) -> bool:
    """Return whether a text has a full date and the label of a publication.

    >>> is_publication("Published on 2 February 2022"), is_publication("2 February 2022")
    (True, False)
    """
    date_symbols, day = _find_full_date(text)
    return labels.PUBLISHED in date_symbols and day is not None


def is_update(text: str) -> bool:
    """Return whether a text has a full date and only the label of an update before it.

    >>> is_update("Last updated on 2 February 2022"), is_update("2 February 2022, updated 10:00")
    (True, False)
    """
    date_symbols, day = _find_full_date(text)
    return day is not None and labels.UPDATED in date_symbols[: day.start] and labels.PUBLISHED not in date_symbols


# A page asks several questions about the same text.
@bounded_cache
def _find_full_date(text: str) -> tuple[str, visible.Day | None]:
    """Return the symbols of a text and its date of publication, if it has a year."""
    date_symbols = symbols.to_symbols(words.fold_date(text[:_MAX_DATE_CHARS]))
    return date_symbols, visible.find_date(date_symbols, latest=False)


def _parse_string(value: str, hints: Hints, *, latest: bool) -> Instant | None:
    instant = machine.parse_machine_date(value)
    if instant:
        return instant
    folded = words.fold_date(value[:_MAX_DATE_CHARS])
    text = symbols.to_symbols(folded, hints.primary or None)
    day = visible.find_date(text, latest=latest)
    if not day:
        instant = _parse_relative(folded, text, hints)
        if instant:
            return instant
        day = visible.find_partial_date(text, hints.fetched_day)
    return _mark_other_month(_resolve(day, text, hints), day, folded, hints, latest=latest) if day else None


def _mark_other_month(instant: Instant, day: visible.Day, folded: str, hints: Hints, *, latest: bool) -> Instant:
    """Mark a date as ambiguous if its month is another one in another language: `5 listopada`."""
    language = symbols.other_month_language(folded, hints.primary)
    if not language:
        return instant
    text = symbols.to_symbols(folded, language)
    other = visible.find_date(text, latest=latest) or visible.find_partial_date(text, hints.fetched_day)
    return replace(instant, ambiguous=instant.ambiguous or not other or other.when != day.when)


def _is_implausible(value: str, hints: Hints) -> bool:
    """Return whether a date is a placeholder or too long after `fetched_at`."""
    fetched = hints.fetched_day
    return value.startswith(_PLACEHOLDERS) or bool(
        fetched and value[:10] > (fetched + visible.MAX_AFTER_FETCH).isoformat()
    )


def _resolve(day: visible.Day, text: str, hints: Hints) -> Instant:
    if day.month_only:
        return Instant(day.when.isoformat()[:7], "month")
    when, ambiguous = _choose_day(day, hints, text)
    part = f"{text[day.time_start : day.start]}·{text[max(day.end, day.time_start) : day.time_end]}"
    instant = _add_time(part, max(day.start - day.time_start, 0), when)
    return replace(instant, ambiguous=ambiguous)


def _add_time(text: str, position: int, when: date) -> Instant:
    """Combine a day with the time of day next to it, if there is one."""
    clock = find_time(text, position, when)
    if not clock:
        return Instant(when.isoformat(), "day")
    value = f"{when.isoformat()}T{clock.time}{clock.offset}"
    return Instant(value, "second" if clock.has_seconds else "minute", zone=clock.zone or "none")


def _choose_day(day: visible.Day, hints: Hints, text: str) -> tuple[date, bool]:
    """Choose between the readings of a date, and return whether it stays ambiguous.

    The evidence in order: the requested order, the weekday next to the date, language and country, the URL,
    `fetched_at`.
    """
    if day.year_first and not hints.order and _is_year_first(day.year_first, hints):
        return day.year_first, _may_be_fetched_year(day, day.year_first, hints)
    if not day.month_first:
        return day.when, False
    if hints.order:
        return (day.month_first if hints.order == "MDY" else day.when), False
    confirmed = _confirmed_day(day.when, day.month_first, visible.find_weekday(text, day), hints)
    if confirmed:
        return confirmed, False
    is_day_first = hints.primary not in _EITHER_ORDER_LANGUAGES - {""} or _DAY_FIRST_CLOCK.search(text)
    return (day.when if is_day_first else day.month_first), True


def _confirmed_day(day_first: date, month_first: date, weekday: int | None, hints: Hints) -> date | None:
    """Return the reading chosen by the first check that only one reading passes."""
    usual = {"MDY": month_first, "DMY": day_first}.get(_usual_order(hints) or "")
    checks: tuple[Callable[[date], bool], ...] = (
        lambda when: when.weekday() == weekday,
        lambda when: when == usual,
        lambda when: _matches_url(when, hints),
        lambda when: _is_before_fetch(when, hints),
    )
    for is_confirmed in checks:
        confirmed = [when for when in (day_first, month_first) if is_confirmed(when)]
        if len(confirmed) == 1:
            return confirmed[0]
    return None


def _is_year_first(when: date, hints: Hints) -> bool:
    is_possible = hints.fetched_day is None or _is_before_fetch(when, hints)
    return hints.primary in _YEAR_FIRST_LANGUAGES and is_possible


def _may_be_fetched_year(day: visible.Day, year_first: date, hints: Hints) -> bool:
    """Return whether the other reading is in the year of fetching, unlike this one."""
    fetched = hints.fetched_day
    return fetched is not None and day.when.year == fetched.year != year_first.year


def _usual_order(hints: Hints) -> Order | None:
    if hints.primary not in _EITHER_ORDER_LANGUAGES:
        return "DMY"
    if hints.country in _EITHER_ORDER_COUNTRIES:
        return None
    return "MDY" if hints.country in _MONTH_FIRST_COUNTRIES else "DMY"


def _matches_url(when: date, hints: Hints) -> bool:
    return bool(hints.url_day) and when.isoformat().startswith(hints.url_day or "")


def _is_before_fetch(when: date, hints: Hints) -> bool:
    """Return whether a date is not after the day of fetching, with the tolerance."""
    return bool(hints.fetched_day) and when <= (hints.fetched_day or when) + visible.MAX_AFTER_FETCH


def _parse_relative(folded: str, text: str, hints: Hints) -> Instant | None:
    fetched = hints.fetched_day
    if not fetched or labels.OTHER in text:
        return None
    found = relative.find_ago(folded)
    if found:
        ago, is_days = found
        return _subtract(hints.fetched_at or "", ago, is_days=is_days)
    days = relative.find_days_back(folded, text, fetched)
    return None if days is None else _add_time(text, 0, fetched - timedelta(days=days))


def _subtract(fetched_at: str, ago: timedelta, *, is_days: bool) -> Instant | None:
    """Subtract a time from `fetched_at`. Hours and minutes need a `fetched_at` with a time."""
    if is_days:
        return Instant((date.fromisoformat(fetched_at[:10]) - ago).isoformat(), "day")
    if "T" not in fetched_at:
        return None
    when = datetime.fromisoformat(fetched_at) - ago
    value = when.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return Instant(value, "minute", zone="given" if when.tzinfo else "none")
