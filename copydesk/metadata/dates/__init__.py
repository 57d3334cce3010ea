"""Dates: RFC 3339 out of what scrapers send, exactly as precise as it was.

Nothing is ever invented: a day gets no midnight, a time no zone, and what can't be read is kept as it came. Read are
the dates of machines (ISO 8601, RFC 2822, Unix time) and those that pages show, in some seventy languages. Relative
ones (`3 hours ago`) count from the time of fetching, never from a clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from copydesk.article import Instant
from copydesk.metadata.dates import clock, machine, relative, visible, wording, words

# A date is a short thing; what is longer is prose with a date in it, and its beginning is enough.
_LONGEST = 200
# What databases, .NET and a Unix time of 0 write where there is no date.
_NOTHING = ("0001-01-01", "1969-12-31", "1970-01-01")
# Zones and clocks that are wrong: so far may a date lie after the fetching.
_SLACK = timedelta(days=2)

# Whose pages write 02/03/2022 for the third of February. English ones do either, unless the country is known.
_MONTH_FIRST = frozenset({"US", "PH", "FM", "PW", "GU", "PR"})
_EITHER_LANGUAGE = frozenset({"", "en", "fil", "zh", "ja", "ko"})
# Whose pages write 24.03.05 for the fifth of March.
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu"})
_EITHER_COUNTRY = frozenset({"CA", None})
# The clock of 24 hours and Greenwich go with the day first: a guess, and told as one.
_DAY_FIRST_CLOCK = re.compile(rf"(?<![\d.:])(?:1[3-9]|2[0-3]):\d\d|[{wording.GREENWICH}]")

Order = Literal["DMY", "MDY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of the page, in the order in which it settles whether `02/03/2022` is in February or March.

    `order` is what the caller says; `language` a BCP 47 tag and `country` an ISO 3166 code; `url_day` the date in the
    page's address; `fetched_at` the time of fetching in RFC 3339, after which nothing can have been published.
    """

    order: Order | None = None
    language: str | None = None
    country: str | None = None
    url_day: str | None = None
    fetched_at: str | None = None

    @property
    def primary(self) -> str:
        """Return the primary language, or an empty string."""
        return (self.language or "").partition("-")[0]

    @property
    def fetched_day(self) -> date | None:
        """Return the day of the fetching, if it is known to the day and in the age of the web."""
        known = self.fetched_at or ""
        is_day = len(known) >= len("2022-02-02") and "1990" < known < "2100"
        return date.fromisoformat(known[:10]) if is_day else None


def parse(value: str | float | None, hints: Hints | None = None, *, latest: bool = False) -> Instant:
    """Read a date.

    Args:
        value: a string in any form, a number as Unix time in seconds or milliseconds, or nothing.
        hints: what is known of the page.
        latest: of two dates in one string take that of the last change, not that of publication.

    Returns:
        The date, how precise it is, where its zone is from, and the string if it was another; or, if it can't be read
        or lies more than two days after the fetching, only the string.

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
    found = machine.unix(value) if isinstance(value, (int, float)) else _read(value.strip(), hints, latest=latest)
    if not found or not found.value or _impossible(found.value, hints):
        return Instant(raw=raw)
    return replace(found, raw=None if found.value == raw else raw)


def _read(value: str, hints: Hints, *, latest: bool) -> Instant | None:
    found = machine.read(value)
    if found:
        return found
    folded = words.fold(value[:_LONGEST])
    signs = wording.signs(folded, hints.primary or None)
    day = visible.complete(signs, latest=latest)
    if day:
        return _doubted(_dated(day, signs, hints), day, folded, hints, latest=latest)
    found = _relative(folded, signs, hints)
    if found:
        return found
    day = visible.partial(signs, hints.fetched_day)
    return _doubted(_dated(day, signs, hints), day, folded, hints, latest=latest) if day else None


def _doubted(found: Instant, day: visible.Day, folded: str, hints: Hints, *, latest: bool) -> Instant:
    """Mark as ambiguous what is another month elsewhere: `5 listopada`, which only the language settles."""
    elsewhere = wording.other_month(folded, hints.primary)
    if not elsewhere:
        return found
    signs = wording.signs(folded, elsewhere)
    other = visible.complete(signs, latest=latest) or visible.partial(signs, hints.fetched_day)
    return replace(found, ambiguous=found.ambiguous or not other or other.when != day.when)


def _impossible(value: str, hints: Hints) -> bool:
    """Tell what stands for "no date" or lies too far after the fetching."""
    fetched = hints.fetched_day
    return value.startswith(_NOTHING) or bool(fetched and value[:10] > (fetched + _SLACK).isoformat())


def _dated(day: visible.Day, signs: str, hints: Hints) -> Instant:
    if day.month_only:
        return Instant(day.when.isoformat()[:7], "month")
    when, ambiguous = _settled(day, hints, signs)
    found = _at_time(f"{signs[: day.start]}·{signs[day.end :]}", day.start, when)
    return replace(found, ambiguous=ambiguous)


def _at_time(signs: str, at: int, when: date) -> Instant:
    """Join a day with the time of day that stands beside it, if one does."""
    time = clock.read(signs, at, when)
    if not time:
        return Instant(when.isoformat(), "day")
    value = f"{when.isoformat()}T{time.time}{time.offset}"
    return Instant(value, "second" if time.to_the_second else "minute", zone=time.zone or "none")


def _settled(day: visible.Day, hints: Hints, signs: str) -> tuple[date, bool]:
    """Decide between the days that a date may be.

    By the caller, by the weekday beside it, by language and country, by the address, by the time of fetching.
    """
    month_first = day.other
    if day.year_first and not hints.order and _puts_year_first(day.year_first, hints):
        fetched = hints.fetched_day
        return day.year_first, bool(fetched and day.when.year == fetched.year != day.year_first.year)
    if not month_first:
        return day.when, False
    if hints.order:
        return (month_first if hints.order == "MDY" else day.when), False
    usual = {"MDY": month_first, "DMY": day.when}.get(_usual_order(hints) or "")
    weekday = visible.weekday(signs, day)
    proofs: tuple[Callable[[date], bool], ...] = (
        lambda when: when.weekday() == weekday,
        lambda when: when == usual,
        lambda when: _near_address(when, hints),
        lambda when: _not_after_fetching(when, hints),
    )
    for fits in proofs:
        fitting = [when for when in (day.when, month_first) if fits(when)]
        if len(fitting) == 1:
            return fitting[0], False
    day_first = hints.primary not in _EITHER_LANGUAGE - {""} or _DAY_FIRST_CLOCK.search(signs)
    return (day.when if day_first else month_first), True


def _puts_year_first(when: date, hints: Hints) -> bool:
    return hints.primary in _YEAR_FIRST and (hints.fetched_day is None or _not_after_fetching(when, hints))


def _usual_order(hints: Hints) -> Order | None:
    if hints.primary not in _EITHER_LANGUAGE:
        return "DMY"
    if hints.country in _EITHER_COUNTRY:
        return None
    return "MDY" if hints.country in _MONTH_FIRST else "DMY"


def _near_address(when: date, hints: Hints) -> bool:
    return bool(hints.url_day) and when.isoformat().startswith(hints.url_day or "")


def _not_after_fetching(when: date, hints: Hints) -> bool:
    return bool(hints.fetched_day) and when <= (hints.fetched_day or when) + _SLACK


def _relative(folded: str, signs: str, hints: Hints) -> Instant | None:
    fetched = hints.fetched_day
    if not fetched:
        return None
    ago = relative.ago_in(folded)
    if ago:
        return _before(hints.fetched_at or "", *ago)
    back = relative.days_back(folded, signs, fetched)
    return None if back is None else _at_time(signs, 0, fetched - timedelta(days=back))


def _before(fetched: str, unit: str, number: int) -> Instant | None:
    """Count back from the fetching; hours and minutes only from a fetching known to the minute."""
    if unit == "day":
        return Instant((date.fromisoformat(fetched[:10]) - timedelta(days=number)).isoformat(), "day")
    if "T" not in fetched:
        return None
    when = datetime.fromisoformat(fetched) - timedelta(**{f"{unit}s": number})
    value = when.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return Instant(value, "minute", zone="given" if when.tzinfo else "none")
