"""The places where a page has metadata: meta elements, links, JSON-LD, microdata, headlines, times, bylines.

This module collects values, within limits. `copydesk.html.metadata` chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html.element_text import byline_text, clean_value, element_text
from copydesk.html.linked_data import LinkedData, parse_linked_data
from copydesk.metadata import dates

_MAX_VALUES_PER_NAME = 100
_MAX_TIMES = 100
_MAX_HEADLINES = 20
_MAX_TITLES = 5
_MAX_NAMES = 10
_MAX_MICRODATA_ELEMENTS = 1000
# A time belongs to the headline if it is among this number of elements after it.
_MAX_ELEMENTS_AFTER_HEADLINE = 80
_MAX_LABEL_CHARS = 30

_PROPERTIES = frozenset(
    "articlesection author creator datecreated datemodified datepublished headline keywords".split()
)
_OTHER_TYPE = re.compile(r"Comment|WebSite|Organization|Event|Product|Rating|Image|Video|Breadcrumb|Person|\breview\b")
_PUBLICATION_PROPERTIES = frozenset(["pubdate", "datepublished", "datecreated"])
# An item of another type, such as the author, may be around the time of the article.
_OTHER_TIME_TYPE = re.compile(r"Comment|Event|Product|Rating|Image|Video")
_DUBLIN_CORE = re.compile(r"\A(dc|dcterms):")
_MICRODATA_ELEMENTS = f"(//*[@itemprop and not(self::meta)])[position() <= {_MAX_MICRODATA_ELEMENTS}]"


@dataclass(frozen=True, slots=True)
class Sources:
    """The metadata of a page by source.

    Attributes:
        metas: the contents of meta elements, by name in lower case.
        microdata: the values of microdata, by property in lower case.
        json_ld: the JSON-LD.
        links: the URLs of link elements, by relation.
        headlines: the texts of the `<h1>`.
        subheadlines: the texts of the `<h2>` and `<h3>`.
        title: the text of `<title>`.
        tree: the page.
    """

    metas: dict[str, list[str]]
    microdata: dict[str, list[str]]
    json_ld: LinkedData
    links: dict[str, str]
    headlines: list[str]
    subheadlines: list[str]
    title: str
    tree: HtmlElement

    def meta_values(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the values of meta elements with these names, in this order."""
        for name in names:
            yield from filter(None, map(clean_value, self.metas.get(name, ())))

    def microdata_values(self, *names: str) -> Iterator[str]:
        """Yield the values of microdata with these properties."""
        for name in names:
            yield from filter(None, map(clean_value, self.microdata.get(name, ())))

    def json_ld_values(self, *keys: str, pages: bool = True) -> list[str]:
        """Return the values of the first of these keys of JSON-LD that has any."""
        return list(filter(None, map(clean_value, self.json_ld.find_texts(*keys, pages=pages))))


def collect_sources(tree: HtmlElement, url: str | None) -> Sources:
    """Collect the metadata of a parsed page.

    Args:
        tree: the page.
        url: the URL of the page, if known.
    """
    metas, links = _collect_metas(tree), _collect_links(tree)
    scripts = [script.text or "" for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    urls = [url or "", links.get("canonical", ""), *metas.get("og:url", [])]
    titles = map(element_text, islice(tree.iter("title"), _MAX_TITLES))
    return Sources(
        metas=metas,
        microdata=_collect_microdata(tree),
        json_ld=parse_linked_data(scripts, filter(None, urls)),
        links=links,
        headlines=list(filter(None, map(element_text, islice(tree.iter("h1"), _MAX_HEADLINES)))),
        subheadlines=list(filter(None, map(element_text, islice(tree.iter("h2", "h3"), _MAX_HEADLINES)))),
        title=next(filter(None, titles), ""),
        tree=tree,
    )


def find_marked_times(tree: HtmlElement) -> Iterator[str]:
    """Yield the times that are marked as publication, unless they belong to a comment, an event or another item."""
    for time in islice(tree.iter("time"), _MAX_TIMES):
        properties = frozenset((time.get("itemprop") or "").lower().split())
        is_marked = "pubdate" in time.attrib or not properties.isdisjoint(_PUBLICATION_PROPERTIES)
        if is_marked and "datemodified" not in properties and not _OTHER_TIME_TYPE.search(_item_type(time)):
            yield _time_of(time)


def find_times(tree: HtmlElement, headline: HtmlElement | None) -> Iterator[str]:
    """Yield the first time soon after the headline, or else that of the first article. Times of updates do not count.

    Args:
        tree: the page.
        headline: the element with the headline, if any.
    """
    near = [] if headline is None else islice(_iterate_from(headline), _MAX_ELEMENTS_AFTER_HEADLINE)
    times = [element for element in near if element.tag == "time" and _may_be_publication(element)][:1]
    first_article = islice(tree.iter("article"), 1)
    times = times or [time for article in first_article for time in islice(article.iter("time"), 1)]
    yield from map(_time_of, filter(_may_be_publication, times))


def _may_be_publication(time: HtmlElement) -> bool:
    """Return whether a time has no label of an update and does not belong to another item.

    Its class does not show that: blogs write `updated` for dates of publication, too.
    """
    text = f"{_label_of(time)[-_MAX_LABEL_CHARS:]} {element_text(time)} {time.get('datetime') or ''}"
    return not dates.is_update(text) and not _OTHER_TIME_TYPE.search(_item_type(time))


def _label_of(element: HtmlElement) -> str:
    """Return the text right before an element in its parent."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return (previous.tail or "").strip() or element_text(previous)
    return (parent.text or "") if parent is not None else ""


def _time_of(time: HtmlElement) -> str:
    return (time.get("datetime") or "").strip() or element_text(time)


def _iterate_from(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the first time in an element, and the elements after it."""
    yield from islice(element.iter("time"), 1)
    yield from element.xpath(f"following::*[position() <= {_MAX_ELEMENTS_AFTER_HEADLINE}]")


def _collect_metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = meta.get("content") or ""
        for name in _meta_names(meta):
            if name and content and len(values := metas.setdefault(name, [])) < _MAX_VALUES_PER_NAME:
                values.append(content)
    return metas


def _meta_names(meta: HtmlElement) -> set[str]:
    """Return the names of a meta element in lower case. RDFa separates several by blanks, and writes `dc:title`."""
    names = {(meta.get(key) or "").strip().lower() for key in ("name", "itemprop", "http-equiv")}
    names.update((meta.get("property") or "").lower().split()[:_MAX_NAMES])
    return {_DUBLIN_CORE.sub(r"\1.", name) for name in names}


def _collect_links(tree: HtmlElement) -> dict[str, str]:
    links: dict[str, str] = {}
    for link in tree.iter("link"):
        for relation in (link.get("rel") or "").lower().split():
            links.setdefault(relation, (link.get("href") or "").strip())
    return links


def _collect_microdata(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the properties of the article, or of items without a type, in elements other than meta."""
    microdata: dict[str, list[str]] = {}
    for element in tree.xpath(_MICRODATA_ELEMENTS):
        for name in _PROPERTIES.intersection(element.get("itemprop", "").lower().split()):
            values = microdata.setdefault(name, [])
            if len(values) < _MAX_VALUES_PER_NAME and not _OTHER_TYPE.search(_item_type(element)):
                is_author = name in ("author", "creator")
                text = _item_name(element, byline_text if is_author else element_text)
                values.append(element.get("content") or element.get("datetime") or text)
    return microdata


def _item_type(element: HtmlElement) -> str:
    """Return the type of the item that an element is a property of, and the property that the item is itself."""
    scopes = (scope for scope in element.iterancestors() if "itemscope" in scope.attrib)
    return next((f"{scope.get('itemtype') or ''} {scope.get('itemprop') or ''}" for scope in scopes), "")


def _item_name(element: HtmlElement, read: Callable[[HtmlElement], str]) -> str:
    """Return the name of an item, or the text of a plain property."""
    names = element.xpath("(.//*[@itemprop='name'])[1]") if "itemscope" in element.attrib else []
    if not names:
        return read(element)
    return read(names[0]) or names[0].get("content") or ""
