"""The title of a page: of JSON-LD, OpenGraph, microdata or `<title>`, or its headline.

The sources are ordered by how often they were measured to be right (`python -m bench.pages`). The first title counts,
unless it is only the name of the site or of a section. It is then compared with the other ones, because a page repeats
its title with the name of the site, with a topic in front, or cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from copydesk.html import meta_names
from copydesk.html.element_text import MAX_VALUE_CHARS
from copydesk.html.sources import Sources
from copydesk.metadata import titles
from copydesk.transforms.folding import fold_to_letters

_SITE_NAME_SEPARATOR = re.compile(r"\s*(?:[|｜ㅣ–—·•«»›]|[-:_]\s)")
# A topic is before a colon.
_SITE_NAME_SEPARATOR_AFTER_SUBHEADLINE = re.compile(r"\s*(?:[|｜ㅣ–—·•«»›]|[-_]\s)")
_PAGE_TITLE_SEPARATOR = re.compile(r"(\s+[|–—»›-]\s+|[｜ㅣ])")
_BARS, _DASHES = "|｜ㅣ", "–—-"
_HEADLINE_END = re.compile(r"\s+[|–—»›-]\s|\s*[｜ㅣ:：(]")
_TOPIC = re.compile(r".*\S\s*[:：]\s*|[\d./ -]+\s[|–—-]\s")
_ELLIPSIS_AT_END = re.compile(r"\s*(?:…|\.\.\.)\Z")

# A shorter part of a title is not the title without the name of the site.
_MIN_BARE_TITLE_CHARS = 11
_MIN_HEADLINE_WORDS = 3
_NOT_TITLES = frozenset(["undefined", "null"])


def choose_title(sources: Sources, site: titles.Site) -> str | None:
    """Return the title of a page.

    Args:
        sources: the metadata of the page.
        site: the name of the site and the URL of the page.
    """
    headlines = sources.json_ld_values("headline")
    candidates = [
        *_names_of_described(sources, headlines),
        *headlines,
        *sources.meta_values(meta_names.TITLE[:1]),
        *sources.microdata_values("headline"),
        *sources.meta_values(meta_names.TITLE[1:]),
        *(headline for headline in sources.headlines if _agrees(headline, sources.title)),
        *sources.json_ld_values("name", pages=False),
        sources.title,
        *sources.headlines,
    ]
    possible = [text for text in dict.fromkeys(candidates) if _may_be_title(text, site.name)]
    specific = [text for text in possible if not titles.is_label(text, site)] or possible
    if not specific:
        return next(filter(None, (sources.title, *sources.subheadlines)), None)
    title = _complete_title(specific[0], [*specific[1:], *sources.headlines], sources, _SITE_NAME_SEPARATOR)
    if title in headlines:
        return _without_topic(title, sources.meta_values(meta_names.TITLE[:1]))
    subheadlines = filter(_has_words, sources.subheadlines)
    title = _complete_title(title, subheadlines, sources, _SITE_NAME_SEPARATOR_AFTER_SUBHEADLINE)
    title = _headline_beside_site(title, sources) or _headline_inside(title, sources) or title
    return _without_topic(title, sources.headlines)


def _names_of_described(sources: Sources, headlines: list[str]) -> list[str]:
    """Return the names of JSON-LD if its headline is a description instead, and the page shows a name as its headline.

    Without any heading and title, a headline in lower case is a description.
    """
    shown = [*sources.headlines, sources.title]
    names = sources.json_ld_values("name", pages=False) if headlines else []
    if not any(shown):
        return [name for name in names if headlines[0][0].islower() and not name[0].islower()]
    if any(_agrees(headline, " ".join(shown)) for headline in headlines):
        return []
    folded = set(map(fold_to_letters, sources.headlines))
    return [name for name in names if fold_to_letters(name) in folded]


def _headline_beside_site(title: str, sources: Sources) -> str | None:
    """Return the headline in the page's title if the chosen title is only the name of the site there."""
    parts = _PAGE_TITLE_SEPARATOR.split(sources.title)
    if len(parts) == 1 or title != _site_in_page_title(parts):
        return None
    other = parts[0] if title == parts[-1] else parts[-1]
    return (
        other if fold_to_letters(other) in map(fold_to_letters, (*sources.headlines, *sources.subheadlines)) else None
    )


def _site_in_page_title(parts: list[str]) -> str | None:
    """Return the name of the site in the parts of a page's title and the separators between them.

    It is last after a bar. After a dash it is last, and before `»` it is first, if it is the shorter part.
    """
    first, separator, last = parts[0], parts[1].strip(), parts[-1]
    if separator in _BARS:
        return last
    is_last = separator in _DASHES
    site, headline = (last, first) if is_last else (first, last)
    return site if len(site.split()) < len(headline.split()) else None


def _headline_inside(title: str, sources: Sources) -> str | None:
    """Return the headline that is a part of a title and starts the page's title."""
    for headline in sources.headlines:
        rest = sources.title.removeprefix(headline)
        starts_page_title = rest != sources.title and (not rest or _HEADLINE_END.match(rest))
        if starts_page_title and headline in title and len(headline.split()) >= _MIN_HEADLINE_WORDS:
            return headline
    return None


def _without_topic(title: str, headlines: Iterable[str]) -> str:
    """Return the headline of a title that is `Topic: Headline` or `3/1/2024 | Headline`, or else the title."""
    for headline in headlines:
        topic = title.removesuffix(headline)
        if topic != title and len(headline.split()) >= _MIN_HEADLINE_WORDS and _TOPIC.fullmatch(topic):
            return headline
    return title


def _has_words(text: str) -> bool:
    """Return whether a text may be a headline, and is not a single word or an identifier."""
    return " " in text or not text.isascii()


def _agrees(headline: str, title: str) -> bool:
    """Return whether the title of a page contains a headline, or most of its words."""
    if fold_to_letters(headline) in fold_to_letters(title):
        return True
    words = headline.casefold().split()
    return 2 * len(set(words).intersection(title.casefold().split())) > len(words)


def _may_be_title(text: str, site_name: str | None) -> bool:
    folded = fold_to_letters(text)
    return (
        bool(folded)
        and len(text) <= MAX_VALUE_CHARS
        and folded != fold_to_letters(site_name or "")
        and folded not in _NOT_TITLES
    )


def _complete_title(title: str, others: Iterable[str], sources: Sources, separator: re.Pattern[str]) -> str:
    """Return the complete form of a title that was cut off, or the title without the name of the site.

    A title that is also a headline has no name of the site.
    """
    # An attribute ends at an unescaped quote.
    if sources.title.startswith(title) and sources.title[len(title) :].lstrip()[:1] == '"':
        return sources.title
    if ellipsis := _ELLIPSIS_AT_END.search(title):
        start = title[: ellipsis.start()]
        return next((other for other in others if len(other) > len(title) and other.startswith(start)), title)
    if title in sources.headlines:
        return title
    without_site_name = [
        other
        for other in others
        if len(other) >= _MIN_BARE_TITLE_CHARS and title.startswith(other) and separator.match(title, len(other))
    ]
    return max(without_site_name, key=len, default=title)
