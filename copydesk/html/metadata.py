"""The metadata of a page: JSON-LD, OpenGraph, `<meta>`, microdata and visible bylines and dates, in order of trust.

A page states the same value several times, not always in the same way. For each field the sources are ordered by how
often they were measured to be right (`python -m bench.pages`), and the first value is used. There are exceptions:

* the title is compared with the other ones (`copydesk.html.titles`),
* dates are compared with each other (`copydesk.html.page_dates`),
* a placeholder such as “admin”, or the name of the site, is only an author if the page names no person.

Values are raw, except that entities are decoded, because some pages escape them twice. Values that cannot
describe an article are rejected: the year 1, the URL of a profile as author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html import meta_names
from copydesk.html.bylines import find_byline
from copydesk.html.headlines import find_headline
from copydesk.html.page import Page
from copydesk.html.page_dates import find_modified, find_published
from copydesk.html.sources import Sources, collect_sources
from copydesk.html.titles import choose_title
from copydesk.metadata import authors, titles, urls
from copydesk.transforms.folding import fold_to_letters

_URL_OR_HANDLE = re.compile(r"(?:https?:)?//|www\.|@\w+\Z", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_AUTHOR_SEPARATOR = re.compile(r"\s[|–—/-]\s")

# Any relative URL can be resolved against it.
_ANY_PAGE = "https://page.invalid/"
_MAX_SUBTITLE_CHARS = 600
_MAX_SITE_NAME_CHARS = 100
_MAX_AUTHOR_CHARS = 300
_MIN_PUBLISHER_CHARS = 4


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
    published, published_source = find_published(sources, find_headline(tree, sources.title), url)
    return Page(
        text=_first(sources.json_ld.find_texts("articleBody", pages=False)) or "",
        title=choose_title(sources, titles.Site(site_name, url or _first_url(canonical_urls))),
        subtitle=_subtitle(sources),
        authors=tuple(_authors(sources, site_name)),
        published=published,
        published_source=published_source,
        headline=_first(sources.headlines),
        modified=find_modified(sources),
        language=_first(languages),
        canonical_url=_resolve(tree, _first_url(canonical_urls)),
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


def _first_url(candidates: Iterable[str]) -> str | None:
    """Return the first URL of http or https or relative one, or else the first value, for a warning."""
    found = list(filter(None, candidates))
    return next((url for url in found if urls.resolve(url, _ANY_PAGE)), None) or _first(found)


def _site_name(sources: Sources) -> str | None:
    """Return the name of the site; a domain only if there is no other name."""
    candidates = [
        *sources.meta_values(meta_names.SITE[:1]),
        *sources.json_ld_values("publisher"),
        *sources.meta_values(meta_names.SITE[1:]),
    ]
    site_names = [name for name in candidates if len(name) <= _MAX_SITE_NAME_CHARS and not _URL_OR_HANDLE.match(name)]
    return _first(name for name in site_names if not _DOMAIN.fullmatch(name)) or _first(site_names)


def _subtitle(sources: Sources) -> str | None:
    descriptions = [*sources.json_ld_values("description", pages=False), *sources.meta_values(meta_names.SUBTITLE)]
    return _first(text for text in descriptions if len(text) <= _MAX_SUBTITLE_CHARS)


def _authors(sources: Sources, site_name: str | None) -> list[str]:
    """Return the people of the first source that names any, or else the byline of the page, or else desks."""
    site = {fold_to_letters(site_name or "")}
    publishers = sources.meta_values(meta_names.PUBLISHER)
    organizations = site.union(map(fold_to_letters, (*sources.json_ld.find_organizations(), *publishers)))
    desks: list[str] = []
    for texts in _iterate_authors(sources):
        listed = list(filter(_may_be_author, dict.fromkeys(texts)))
        people = list(filter(None, (_without_placeholders(text, organizations) for text in listed)))
        if authors.names_people(people):
            return _complete_name(people, sources)
        desks = desks or [text for text in listed if not _is_placeholder(text, site)] or listed
    byline = find_byline(sources.tree, sources.title)
    return byline if not desks or any(" " in name.text for name in _people(byline)) else desks


def _iterate_authors(sources: Sources) -> Iterator[list[str]]:
    yield sources.json_ld_values("author", "creator")
    for name in meta_names.AUTHOR:
        yield list(sources.meta_values([name]))
    yield list(sources.microdata_values("author", "creator"))


def _people(texts: list[str]) -> tuple[authors.Name, ...]:
    return authors.parse(texts) if authors.names_people(texts) else ()


def _complete_name(people: list[str], sources: Sources) -> list[str]:
    """Return the byline of the page if it completes a user name or a given name: `abell` by `Anna Bell`."""
    if len(people) > 1 or " " in people[0].strip() or not people[0].isascii():
        return people
    byline = find_byline(sources.tree, sources.title)
    names = authors.parse(byline)
    is_completed = len(names) == 1 and _abbreviates(fold_to_letters(people[0]), names[0].text.split())
    return byline if is_completed else people


def _abbreviates(user_name: str, words: list[str]) -> bool:
    """Return whether a folded user name consists of the words of a name, or of its initial and surname."""
    given, *_, surname = map(fold_to_letters, words) if len(words) > 1 else ("", "")
    return bool(surname) and user_name in (given, surname, given + surname, surname + given, given[:1] + surname)


def _may_be_author(text: str) -> bool:
    return 1 < len(text) <= _MAX_AUTHOR_CHARS and not _URL_OR_HANDLE.match(text) and any(map(str.isalpha, text))


def _without_placeholders(text: str, organizations: set[str]) -> str:
    """Return the parts between bars and dashes that are not placeholders: `Anna Bell` of `Site - Anna Bell`."""
    if _is_placeholder(text, organizations):
        return ""
    parts = _AUTHOR_SEPARATOR.split(text)
    rest = [part for part in parts if not _is_placeholder(part, organizations)]
    return " | ".join(rest) if 0 < len(rest) < len(parts) else text


def _is_placeholder(text: str, organizations: set[str]) -> bool:
    """Return whether a text names no author: “admin”, the site, or a publisher with its legal form or a year.

    A person may have the name of a part of the publisher: `Anna Bell` of `Anna Bell Media`.
    """
    folded = fold_to_letters(text)
    may_be_part = len(folded) >= _MIN_PUBLISHER_CHARS and not authors.is_full_name(text)
    is_publisher = may_be_part and any(folded in name for name in organizations)
    return text.casefold() in meta_names.PLACEHOLDER_AUTHORS or folded in organizations or is_publisher


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
    return _first_url(candidates)
