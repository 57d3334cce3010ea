"""The metadata of a page: JSON-LD, OpenGraph, `<meta>`, microdata and visible bylines and dates, in order of trust.

A page states the same value several times, not always in the same way. For each field the sources are ordered by how
often they were measured to be right (`python -m bench.pages`), and the first value is used. There are two exceptions;
`copydesk.html.page_dates` has those of dates:

* a title that repeats another one with the name of the site after it is replaced by the shorter one,
* a placeholder such as “admin”, or the name of the site, is only an author if the page names no person.

Values are raw, except that entities are decoded, because some pages escape them twice. Values that cannot
describe an article are rejected: the year 1, the name of the site as title, the URL of a profile as author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html import meta_names
from copydesk.html.page import Page
from copydesk.html.page_dates import find_modified, find_published
from copydesk.html.sources import (
    MAX_VALUE_CHARS,
    Sources,
    collect_sources,
    element_text,
    find_visible_bylines,
)

_SITE_NAME_SEPARATOR = re.compile(r"\s*(?:[|｜–—·•«»]|[-:_]\s)")
_ELLIPSIS_AT_END = re.compile(r"\s*(?:…|\.\.\.)\Z")
_URL_OR_HANDLE = re.compile(r"(?:https?:)?//|www\.|@\w+\Z", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)

_MAX_SUBTITLE_CHARS = 600
_MAX_SITE_NAME_CHARS = 100
_MAX_AUTHOR_CHARS = 300
_MAX_AUTHOR_LINKS = 5
# A shorter part of a title is not the title without the name of the site.
_MIN_BARE_TITLE_CHARS = 11
_MAX_HEADINGS = 30
_NOT_TITLES = frozenset(["undefined", "null"])


def read_metadata(tree: HtmlElement, url: str | None = None) -> Page:
    """Read the metadata of a parsed page.

    Args:
        tree: the page. It is not changed.
        url: the URL of the page. If JSON-LD has several articles, the one with this URL is used.

    Returns:
        The fields of the article, raw. The text is the `articleBody` of JSON-LD, or empty.

    >>> from lxml.html import document_fromstring
    >>> tree = document_fromstring('<meta property="og:title" content="Rain &amp;amp; wind"><h1>Rain</h1>')
    >>> page = read_metadata(tree)
    >>> page.title, page.authors
    ('Rain & wind', ())
    """
    sources = collect_sources(tree, url)
    site_name = _site_name(sources)
    canonical_urls = [
        sources.links.get("canonical", ""),
        *sources.meta_values(["og:url"]),
        *sources.json_ld_values("url"),
    ]
    languages = [
        *sources.json_ld_values("inLanguage"),
        *_element_languages(tree),
        *sources.meta_values(meta_names.LANGUAGE),
    ]
    sections = [
        *sources.json_ld_values("articleSection"),
        *sources.meta_values(meta_names.SECTION),
        *sources.microdata_values("articlesection"),
    ]
    published, published_source = find_published(sources, _headline_element(sources), url)
    return Page(
        text=_first(sources.json_ld.find_texts("articleBody", pages=False)) or "",
        title=_title(sources, site_name),
        subtitle=_subtitle(sources),
        authors=tuple(_authors(sources, site_name)),
        published=published,
        published_source=published_source,
        modified=find_modified(sources),
        language=_first(languages),
        canonical_url=_resolve(tree, _first(canonical_urls)),
        source=site_name,
        section=_first(sections),
        tags=tuple(_tags(sources)),
        image=_resolve(tree, _image(sources)),
    )


def _element_languages(tree: HtmlElement) -> Iterator[str]:
    """Yield the languages of the root and of the body."""
    for element in (tree, tree.find("body")):
        if element is not None:
            yield element.get("lang") or element.get("xml:lang") or ""


def _resolve(tree: HtmlElement, url: str | None) -> str | None:
    """Resolve a relative URL against the `<base>` of the page, if any."""
    base = tree.find(".//base[@href]")
    if base is None or url is None:
        return url
    try:
        return urljoin(str(base.get("href")), url)
    except ValueError:  # an invalid URL; a later stage warns about it
        return url


def _first(texts: Iterable[str]) -> str | None:
    return next(filter(None, texts), None)


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _site_name(sources: Sources) -> str | None:
    """Return the name of the site; a domain only if there is no other name."""
    candidates = [
        *sources.meta_values(meta_names.SITE[:1]),
        *sources.json_ld_values("publisher"),
        *sources.meta_values(meta_names.SITE[1:]),
    ]
    site_names = [name for name in candidates if len(name) <= _MAX_SITE_NAME_CHARS and not _URL_OR_HANDLE.match(name)]
    return _first(name for name in site_names if not _DOMAIN.fullmatch(name)) or _first(site_names)


def _title(sources: Sources, site_name: str | None) -> str | None:
    """Return the title: of JSON-LD, of OpenGraph and similar, or the headline that agrees with the page's title."""
    candidates = [
        *sources.json_ld_values("headline"),
        *sources.meta_values(meta_names.TITLE[:1]),
        *sources.microdata_values("headline"),
        *sources.meta_values(meta_names.TITLE[1:]),
        *(headline for headline in sources.headlines if _agrees(headline, sources.title)),
        *sources.json_ld_values("name", pages=False),
        sources.title,
        *sources.headlines,
    ]
    titles = [text for text in candidates if _may_be_title(text, site_name)]
    return _complete_title(titles[0], [*titles[1:], *sources.headlines]) if titles else _first([sources.title])


def _agrees(headline: str, title: str) -> bool:
    """Return whether the title of a page contains a headline, or most of its words."""
    if _fold(headline) in _fold(title):
        return True
    words = headline.casefold().split()
    return 2 * len(set(words).intersection(title.casefold().split())) > len(words)


def _may_be_title(text: str, site_name: str | None) -> bool:
    folded = _fold(text)
    return (
        bool(folded) and len(text) <= MAX_VALUE_CHARS and folded != _fold(site_name or "") and folded not in _NOT_TITLES
    )


def _complete_title(title: str, others: list[str]) -> str:
    """Return the complete form of a title that was cut off, or the title without the name of the site."""
    if ellipsis := _ELLIPSIS_AT_END.search(title):
        start = title[: ellipsis.start()]
        return next((other for other in others if len(other) > len(title) and other.startswith(start)), title)
    without_site_name = [
        other
        for other in others
        if len(other) >= _MIN_BARE_TITLE_CHARS
        and title.startswith(other)
        and _SITE_NAME_SEPARATOR.match(title, len(other))
    ]
    return max(without_site_name, key=len, default=title)


def _subtitle(sources: Sources) -> str | None:
    descriptions = [*sources.json_ld_values("description", pages=False), *sources.meta_values(meta_names.SUBTITLE)]
    return _first(text for text in descriptions if len(text) <= _MAX_SUBTITLE_CHARS)


def _authors(sources: Sources, site_name: str | None) -> list[str]:
    """Return the people of the first source that names any, else the placeholders of the first source."""
    links = sources.tree.xpath(f"(//a[@rel='author'])[position() <= {_MAX_AUTHOR_LINKS}]")
    candidates = [
        sources.json_ld_values("author", "creator"),
        *(list(sources.meta_values([name])) for name in meta_names.AUTHOR),
        list(sources.microdata_values("author", "creator")),
        list(map(element_text, links)),
        list(find_visible_bylines(sources.tree))[:1],
    ]
    authors_by_source = [
        authors for texts in candidates if (authors := list(filter(_may_be_author, dict.fromkeys(texts))))
    ]
    people = ([text for text in texts if not _is_placeholder(text, site_name)] for texts in authors_by_source)
    return next(filter(None, people), authors_by_source[0] if authors_by_source else [])


def _may_be_author(text: str) -> bool:
    return 1 < len(text) <= _MAX_AUTHOR_CHARS and not _URL_OR_HANDLE.match(text) and any(map(str.isalpha, text))


def _is_placeholder(text: str, site_name: str | None) -> bool:
    return text.casefold() in meta_names.PLACEHOLDER_AUTHORS or _fold(text) == _fold(site_name or "")


def _tags(sources: Sources) -> list[str]:
    """Return the tags of the first source that has any, without repeats."""
    candidates = [
        sources.json_ld_values("keywords"),
        *(list(sources.meta_values([name])) for name in meta_names.TAGS),
        list(sources.microdata_values("keywords")),
    ]
    return list(dict.fromkeys(next(filter(None, candidates), [])))


def _image(sources: Sources) -> str | None:
    candidates = [
        *sources.meta_values(meta_names.IMAGE[:3]),
        *sources.json_ld_values("image"),
        *sources.meta_values(meta_names.IMAGE[3:]),
        sources.links.get("image_src", ""),
    ]
    return _first(candidates)


def _headline_element(sources: Sources) -> HtmlElement | None:
    """Return the first heading that agrees with the title of the page, or else the first `<h1>`."""
    headings = list(islice(sources.tree.iter("h1", "h2", "h3"), _MAX_HEADINGS))
    headings = [(heading, text) for heading in headings if (text := element_text(heading))]
    first = [heading for heading, text in headings if heading.tag == "h1"]
    agreeing = [heading for heading, text in headings if _agrees(text, sources.title)]
    chosen = [heading for heading in agreeing if heading.tag == "h1"] or agreeing or first
    return chosen[0] if chosen else None
