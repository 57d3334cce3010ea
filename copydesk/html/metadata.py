"""The metadata of a page: JSON-LD, OpenGraph, `<meta>`, microdata and a little of what is seen, in the order of trust.

A page says the same thing five times over, and not always the same way. For each field the sources stand in the order
in which they were measured to be right, and the first that says anything wins, with three exceptions. A title that
repeats another and has the site's name behind it gives way to the bare one. Of dates that mean the same day the most
precise wins. And “admin”, or the paper itself, gives way to a person.

All is returned as the page says it, except that entities are read (one page in twenty-five escapes them twice). What is
said of no article is refused: the year 1, the site's name as a title, the address of a profile as an author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.article import Instant
from copydesk.html.names import (
    AUTHOR,
    IMAGE,
    LANGUAGE,
    MODIFIED,
    NOBODY,
    PUBLISHED,
    SECTION,
    SITE,
    SUBTITLE,
    TAGS,
    TITLE,
)
from copydesk.html.sources import LONGEST, Sources, gather, seen_bylines, seen_dates, text_of, times
from copydesk.metadata import dates

_SEPARATOR = re.compile(r"\s*(?:[|｜–—·•«»]|[-:_]\s)")
_CUT_OFF = re.compile(r"\s*(?:…|\.\.\.)\Z")
_ADDRESS = re.compile(r"(?:https?:)?//|www\.|@\w+\Z", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?(?![:\d])")

_LONGEST_SUBTITLE, _MOST_DATES = 600, 20
# Offsets are in quarters of an hour, and two of them may be so far apart.
_MINUTE, _QUARTER, _OFFSET = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of its article, raw; `body` is the text that JSON-LD gives."""

    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    language: str | None
    canonical_url: str | None
    source: str | None
    section: str | None
    tags: tuple[str, ...]
    image: str | None
    body: str | None


def read(tree: HtmlElement, url: str | None = None) -> Metadata:
    """Read the metadata of a parsed page.

    Args:
        tree: the page; it is not changed.
        url: its address: of several articles in the JSON-LD the one with this address is meant.

    >>> from lxml.html import document_fromstring
    >>> page = read(document_fromstring('<meta property="og:title" content="Rain &amp;amp; wind"><h1>Rain</h1>'))
    >>> page.title, page.authors
    ('Rain & wind', ())
    """
    page = gather(tree, url)
    source = _source(page)
    canonical = [page.links.get("canonical", ""), *page.told(["og:url"]), *page.linked_lines("url")]
    return Metadata(
        title=_title(page, source),
        subtitle=_subtitle(page),
        authors=tuple(_authors(page, source)),
        published=_instant(_published(page)) or _instant(seen_dates(tree)),
        modified=_instant(_modified(page)),
        language=_first([*page.linked_lines("inLanguage"), tree.get("lang") or "", *page.told(LANGUAGE)]),
        canonical_url=_based(tree, _first(canonical)),
        source=source,
        section=_first([*page.linked_lines("articleSection"), *page.told(SECTION), *page.itemised("articlesection")]),
        tags=tuple(_tags(page)),
        image=_based(tree, _image(page)),
        body=_first(page.linked.texts("articleBody", pages=False)),
    )


def _based(tree: HtmlElement, address: str | None) -> str | None:
    """Resolve a relative address against the page's own base, where it states one."""
    base = tree.find(".//base[@href]")
    if base is None or address is None:
        return address
    try:
        return urljoin(str(base.get("href")), address)
    except ValueError:  # no address at all: told when it is read
        return address


def _first(texts: Iterable[str]) -> str | None:
    return next(filter(None, texts), None)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _source(page: Sources) -> str | None:
    """Return the site's name; a bare domain only if nothing better is known."""
    names = [*page.told(SITE[:1]), *page.linked_lines("publisher"), *page.told(SITE[1:])]
    names = [name for name in names if len(name) <= 100 and not _ADDRESS.match(name)]
    return _first(name for name in names if not _DOMAIN.fullmatch(name)) or _first(names)


def _title(page: Sources, source: str | None) -> str | None:
    """Choose: JSON-LD, then OpenGraph and its kin, then the headline that the page's title agrees with."""
    agreed = [text for text in page.headlines if _is_akin(text, page.title)]
    told = [*page.linked_lines("headline"), *page.told(TITLE[:1]), *page.itemised("headline"), *page.told(TITLE[1:])]
    rest = [*agreed, *page.linked_lines("name", pages=False), page.title, *page.headlines]
    titles = [text for text in (*told, *rest) if _is_title(text, source)]
    return _whole(titles[0], [*titles[1:], *page.headlines]) if titles else _first([page.title])


def _is_akin(headline: str, title: str) -> bool:
    """Tell whether a page's title holds the headline, or most of its words."""
    words = headline.casefold().split()
    return _folded(headline) in _folded(title) or 2 * len(set(words).intersection(title.casefold().split())) > len(
        words
    )


def _is_title(text: str, source: str | None) -> bool:
    folded = _folded(text)
    return bool(folded) and len(text) <= LONGEST and folded not in {_folded(source or ""), "undefined", "null"}


def _whole(title: str, others: list[str]) -> str:
    """Prefer to a title that was cut off the whole one, and to one with a site's name behind it the bare one."""
    if cut := _CUT_OFF.search(title):
        begun = title[: cut.start()]
        return next((other for other in others if len(other) > len(title) and other.startswith(begun)), title)
    bare = [
        other for other in others if len(other) > 10 and title.startswith(other) and _SEPARATOR.match(title, len(other))
    ]
    return max(bare, key=len, default=title)


def _subtitle(page: Sources) -> str | None:
    found = [*page.linked_lines("description", pages=False), *page.told(SUBTITLE)]
    return _first(text for text in found if len(text) <= _LONGEST_SUBTITLE)


def _authors(page: Sources, source: str | None) -> list[str]:
    """Return the people of the first source that names any; if none does, whom the first source names."""
    found = [
        page.linked_lines("author", "creator"),
        *(list(page.told([name])) for name in AUTHOR),
        list(page.itemised("author", "creator")),
        [text_of(link) for link in page.tree.xpath("(//a[@rel='author'])[position() <= 5]")],
        list(seen_bylines(page.tree))[:1],
    ]
    named = [kept for texts in found if (kept := [text for text in dict.fromkeys(texts) if _may_be_author(text)])]
    people = ([text for text in texts if not _is_nobody(text, source)] for texts in named)
    return next(filter(None, people), named[0] if named else [])


def _may_be_author(text: str) -> bool:
    return 1 < len(text) <= 300 and not _ADDRESS.match(text) and any(map(str.isalpha, text))


def _is_nobody(text: str, source: str | None) -> bool:
    return text.casefold() in NOBODY or _folded(text) == _folded(source or "")


def _tags(page: Sources) -> list[str]:
    """Return the tags of the first source that has any, each once."""
    found = [
        page.linked_lines("keywords"),
        *(list(page.told([name])) for name in TAGS),
        list(page.itemised("keywords")),
    ]
    return list(dict.fromkeys(next(filter(None, found), [])))


def _image(page: Sources) -> str | None:
    return _first(
        [*page.told(IMAGE[:3]), *page.linked_lines("image"), *page.told(IMAGE[3:]), page.links.get("image_src", "")]
    )


def _published(page: Sources) -> Iterator[str]:
    yield from page.linked.all_texts("datePublished")
    yield from page.told(PUBLISHED)
    yield from page.itemised("datepublished", "datecreated")
    yield from page.linked.all_texts("dateCreated")
    yield from times(page.tree)


def _modified(page: Sources) -> Iterator[str]:
    yield from page.linked.all_texts("dateModified")
    yield from page.told(MODIFIED)
    yield from page.itemised("datemodified")


def _instant(found: Iterable[str]) -> str | None:
    """Choose the first date that can be read, or one of the same day that says more."""
    read = [(text, when) for text in _distinct(found) if (when := dates.parse(text)).value]
    if not read:
        return None
    first = read[0][1]
    alike = [(text, when) for text, when in read if _is_same(when, first)]
    return max(alike, key=lambda pair: _worth(pair[1]))[0]


def _distinct(found: Iterable[str]) -> list[str]:
    texts = dict.fromkeys(text.strip() for text in found)
    return [text for text in texts if 4 <= len(text) <= 100][:_MOST_DATES]


def _worth(when: Instant) -> tuple[bool, bool, bool]:
    """Weigh how much is known: a time, its zone, its seconds."""
    return _is_timed(when), _is_timed(when) and when.zone == "given", when.precision == "second"


def _is_timed(when: Instant) -> bool:
    """Tell whether a time of day is known. Midnight is what systems write who know the day only."""
    return "T" in (when.value or "") and not _MIDNIGHT.search(when.value or "")


def _is_same(one: Instant, other: Instant) -> bool:
    """Tell whether two dates may mean the same: instants to the minute, times but for an offset, else the day."""
    first, second = one.value or "", other.value or ""
    if not (_is_timed(one) and _is_timed(other)):
        return first[:10] == second[:10]
    zoned = one.zone == other.zone == "given"
    times = [datetime.fromisoformat(value) for value in (first, second)]
    apart = abs(times[0] - times[1] if zoned else times[0].replace(tzinfo=None) - times[1].replace(tzinfo=None))
    return apart < _MINUTE if zoned else apart < _OFFSET and apart % _QUARTER < _MINUTE
