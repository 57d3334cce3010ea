"""The dates of a page: of its metadata, its visible text and its URL.

Sources are ordered by trust, and the first date counts, with two exceptions. Of dates that may be the same instant, the
most precise one is used. If the metadata have several days, an instant on the day near the headline is used: it is what
readers see.

An instant in UTC may be on another day where it was published. If the page also has this day with the local time, the
instant gets the offset: 02:05Z and a visible `9:05 pm` of the day before are 21:05-05:00.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.article import Instant
from copydesk.html import meta_names
from copydesk.html.page import DateSource
from copydesk.html.sources import Sources, find_marked_times, find_times
from copydesk.html.visible_dates import find_near_headline, find_visible_dates
from copydesk.metadata import dates, urls

_UTC = ("Z", "+00:00", "-00:00")
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?(?![:\d])")
_MIN_DATE_CHARS, _MAX_DATE_CHARS = 4, 100
_MAX_DATES = 20
_DAY_CHARS = len("2022-02-02")
_MINUTE, _HALF_DAY = timedelta(minutes=1), timedelta(hours=12)
# The UTC offsets in use: those of whole hours, and the others.
_BROKEN_OFFSETS_H = (-9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, 13.75)
_UTC_OFFSETS = frozenset(timedelta(hours=hours) for hours in (*range(-12, 15), *_BROKEN_OFFSETS_H))


class _Date(NamedTuple):
    """A date of the page: raw and parsed."""

    text: str
    instant: Instant

    @property
    def value(self) -> str:
        return self.instant.value or ""

    @property
    def day(self) -> str:
        return self.value[:_DAY_CHARS]


def find_published(
    sources: Sources, headline: HtmlElement | None, url: str | None
) -> tuple[str | None, DateSource | None]:
    """Return the date of publication and its source: metadata, or else the visible text, or else the URL.

    Args:
        sources: the sources of the page.
        headline: the element with the headline, if any.
        url: the URL of the page, if known.
    """
    stated = _parse_dates(_published_dates(sources))
    times = _parse_dates(find_times(sources.tree, headline))
    if stated and _is_settled(stated, times):
        return _most_precise([*stated, *times]).text, "metadata"
    near = _parse_dates(find_near_headline(headline)) if headline is not None else []
    if stated:
        return _choose_stated(stated, near, times).text, "metadata"
    near += times
    visible = (_parse_dates(texts) for texts in find_visible_dates(sources.tree, headline))
    for place in (near, *visible):
        if place:
            return _localize(_most_precise(place), place).text, "text"
    page_urls = [url or "", sources.links.get("canonical", ""), *sources.meta_values(["og:url"])]
    for page_url in filter(None, page_urls):
        if day := urls.day(page_url):
            return day, "url"
    return None, None


def find_modified(sources: Sources) -> str | None:
    """Return the date of the last change in the metadata of a page."""
    modified = [
        *sources.json_ld.find_all_texts("dateModified"),
        *sources.meta_values(meta_names.MODIFIED),
        *sources.microdata_values("datemodified"),
    ]
    parsed = _parse_dates(modified)
    return _most_precise(parsed).text if parsed else None


def _published_dates(sources: Sources) -> Iterator[str]:
    yield from sources.json_ld.find_all_texts("datePublished")
    yield from sources.meta_values(meta_names.PUBLISHED)
    yield from sources.microdata_values("datepublished", "datecreated")
    yield from sources.json_ld.find_all_texts("dateCreated")
    yield from find_marked_times(sources.tree)


def _parse_dates(texts: Iterable[str]) -> list[_Date]:
    distinct = list(dict.fromkeys(text.strip() for text in texts))
    kept = [text for text in distinct if _MIN_DATE_CHARS <= len(text) <= _MAX_DATE_CHARS][:_MAX_DATES]
    return [_Date(text, instant) for text in kept if (instant := dates.parse(text)).value]


def _is_settled(stated: list[_Date], times: list[_Date]) -> bool:
    """Return whether the metadata have one day, and no date is in UTC, where the local day may be another one."""
    is_utc = any(date.value.endswith(_UTC) for date in (*stated, *times))
    return len({date.day for date in stated}) == 1 and not is_utc


def _choose_stated(stated: list[_Date], near: list[_Date], times: list[_Date]) -> _Date:
    """Return the best date of the metadata. If their days differ, an instant on the day near the headline."""
    best = _localize(_most_precise([*stated, *times]), [*stated, *near, *times])
    if not near or best.day == near[0].day:
        return best
    agreeing = [date for date in stated if date.day == near[0].day and _has_time(date.instant)]
    return _most_precise(agreeing) if agreeing else best


def _most_precise(parsed: list[_Date]) -> _Date:
    """Return the first date, or a more precise one that may be the same instant."""
    same = [date for date in parsed if _may_be_same(date.instant, parsed[0].instant)]
    return max(same, key=lambda date: _precision(date.instant))


def _precision(instant: Instant) -> tuple[bool, bool, bool]:
    """Return whether the time, its zone and its seconds are known, for comparison."""
    return _has_time(instant), _has_time(instant) and instant.zone == "given", instant.precision == "second"


def _has_time(instant: Instant) -> bool:
    """Return whether the time of day is known. Systems that only know the day write midnight."""
    return "T" in (instant.value or "") and not _MIDNIGHT.search(instant.value or "")


def _may_be_same(one: Instant, other: Instant) -> bool:
    """Return whether two dates may be the same instant.

    Instants must agree to the minute, times without a zone up to a UTC offset in use, and others in the day.
    """
    first, second = one.value or "", other.value or ""
    if not (_has_time(one) and _has_time(other)):
        return first[:_DAY_CHARS] == second[:_DAY_CHARS]
    if one.zone == other.zone == "given":
        return abs(datetime.fromisoformat(first) - datetime.fromisoformat(second)) < _MINUTE
    offset = _utc_clock(one) - _utc_clock(other)
    return (one.zone != "given" and offset in _UTC_OFFSETS) or (other.zone != "given" and -offset in _UTC_OFFSETS)


def _clock(instant: Instant) -> datetime:
    """Return the time that a clock without seconds shows."""
    return datetime.fromisoformat(instant.value or "").replace(tzinfo=None, second=0, microsecond=0)


def _utc_clock(instant: Instant) -> datetime:
    """Return the time that a clock in UTC shows, or the local time if the zone is not known."""
    offset = datetime.fromisoformat(instant.value or "").utcoffset() if instant.zone == "given" else None
    return _clock(instant) - (offset or timedelta())


def _localize(date: _Date, others: list[_Date]) -> _Date:
    """Return a date; an instant in UTC with an offset if another date shows that the local day is another one."""
    if date.instant.zone != "given" or not date.value.endswith(_UTC):
        return date
    offsets = (_find_offset(date.instant, other.instant) for other in others if other.day != date.day)
    offset = next(filter(None, offsets), None)
    if offset is None:
        return date
    text = datetime.fromisoformat(date.value).astimezone(timezone(offset)).isoformat()
    return _Date(text, dates.parse(text))


def _find_offset(instant: Instant, local: Instant) -> timedelta | None:
    """Return the UTC offset if another date is the same instant with an offset, or its local time without one.

    A day alone is its midnight: some programs store days as instants.
    """
    if len(local.value or "") < _DAY_CHARS:
        return None
    if local.zone == "given":
        when = datetime.fromisoformat(local.value or "")
        return when.utcoffset() if _has_time(local) and _may_be_same(local, instant) else None
    offset = _clock(local) - _clock(instant)
    # A difference of 12 hours is rather a 12-hour clock without "p.m.".
    return offset if offset in _UTC_OFFSETS and abs(offset) != _HALF_DAY else None
