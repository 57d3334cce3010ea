"""Where a page keeps its metadata: meta elements, links, JSON-LD, microdata, headlines, times, bylines.

Only gathering is done here, and all of it is bounded; `copydesk.html.metadata` weighs what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html import linked_data
from copydesk.html.linked_data import LinkedData

# Longer is a text, whatever the page calls it.
LONGEST = 1_000
_MOST = 100
# So many elements after the headline a time still belongs to it.
_NEAR = 80

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = re.compile(r"</?(?:a|b|br|em|i|mark|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*+)?/?>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_PROPERTIES = frozenset(
    "articlesection author creator datecreated datemodified datepublished headline keywords".split()
)
_OTHER_THING = re.compile(r"Comment|WebSite|Organization|Event|Product|Rating|Image|Video|Breadcrumb|Person")
_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author)(?:[_-]*names?)?(?:$|\s)", re.IGNORECASE)
_OTHER_PART = re.compile(r"comment|copy|foot|form|bio|related|widget|card|modif|update", re.IGNORECASE)
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d:\d\d")
_DATES = "(//body//*[{}])[position() <= 50]".format(
    " or ".join(f"contains(@class, '{kind}')" for kind in ("date", "Date", "time", "ublish", "osted", "meta"))
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a page says, and where: meta elements and microdata by lower-case name, links by relation."""

    metas: dict[str, list[str]]
    items: dict[str, list[str]]
    linked: LinkedData
    links: dict[str, str]
    headlines: list[str]
    title: str
    tree: HtmlElement

    def told(self, names: Iterable[str]) -> Iterator[str]:
        """Yield what meta elements say under these names, in this order."""
        for name in names:
            yield from filter(None, map(line, self.metas.get(name, ())))

    def itemised(self, *names: str) -> Iterator[str]:
        """Yield what microdata says under these names."""
        for name in names:
            yield from filter(None, map(line, self.items.get(name, ())))

    def linked_lines(self, *keys: str, pages: bool = True) -> list[str]:
        """Return what JSON-LD says under the first of these keys that says anything."""
        return list(filter(None, map(line, self.linked.texts(*keys, pages=pages))))


def gather(tree: HtmlElement, url: str | None) -> Sources:
    """Gather what a parsed page with this address says of itself."""
    metas, links = _metas(tree), _links(tree)
    scripts = [script.text or "" for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    addresses = [url or "", links.get("canonical", ""), *metas.get("og:url", [])]
    return Sources(
        metas=metas,
        items=_microdata(tree),
        linked=linked_data.read(scripts, filter(None, addresses)),
        links=links,
        headlines=[text for h1 in islice(tree.iter("h1"), 20) if (text := text_of(h1))],
        title=next((text for title in islice(tree.iter("title"), 5) if (text := text_of(title))), ""),
        tree=tree,
    )


def line(text: str) -> str:
    """Return a text on one line, entities read up to twice and tags taken out; nothing if it is too long.

    >>> line("Fish &amp;amp; <em>chips</em> "), line("AT&T &copy")
    ('Fish & chips', 'AT&T &copy')
    """
    if len(text) > 5 * LONGEST:
        return ""
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    if "<" in text:
        text = _TAG.sub("", text)
    return _SPACES.sub(" ", text).strip()


def text_of(element: HtmlElement) -> str:
    """Return the text inside an element on one line, as far as a line may go."""
    return line("".join(islice(element.itertext(), _MOST))[: 2 * LONGEST])


def times(tree: HtmlElement) -> Iterator[str]:
    """Yield the times that belong to the article: those marked as such, else the first soon after the headline."""
    found = [time for time in islice(tree.iter("time"), _MOST) if "pubdate" in time.attrib or time.get("itemprop")]
    if not found and (h1 := next(tree.iter("h1"), None)) is not None:
        found = [element for element in islice(_following(h1), _NEAR) if element.tag == "time"][:1]
    if not found:
        found = [time for article in islice(tree.iter("article"), 1) for time in islice(article.iter("time"), 1)]
    for time in found:
        if "modif" not in (time.get("itemprop") or "").lower():
            yield (time.get("datetime") or "").strip() or text_of(time)


def seen_bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts that the page's design calls a byline or author, those of comments and dates excepted."""
    for element in tree.xpath("(//*[contains(@class, 'uthor') or contains(@class, 'yline')])[position() <= 20]"):
        kind, text = element.get("class", ""), text_of(element)
        if _BYLINE.search(kind) and not _OTHER_PART.search(kind) and 1 < len(text) < 100 and not _DATED.search(text):
            yield text


def seen_dates(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts with a year in them that the page's design calls a date, or what goes with one."""
    for element in tree.xpath(_DATES):
        if (
            not _OTHER_PART.search(element.get("class", ""))
            and len(text := text_of(element)) < 80
            and _DATED.search(text)
        ):
            yield text


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    yield from islice(element.iter("time"), 1)
    yield from element.xpath("following::*[position() <= 80]")


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = meta.get("content") or ""
        for name in {(meta.get(key) or "").strip().lower() for key in ("property", "name", "itemprop", "http-equiv")}:
            if name and content and len(known := metas.setdefault(name, [])) < _MOST:
                known.append(content)
    return metas


def _links(tree: HtmlElement) -> dict[str, str]:
    links: dict[str, str] = {}
    for link in tree.iter("link"):
        for relation in (link.get("rel") or "").lower().split():
            links.setdefault(relation, (link.get("href") or "").strip())
    return links


def _microdata(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the properties of the article, or of no named thing, that elements other than meta give."""
    items: dict[str, list[str]] = {}
    for element in tree.xpath("(//*[@itemprop and not(self::meta)])[position() <= 1000]"):
        for name in _PROPERTIES.intersection(element.get("itemprop", "").lower().split()):
            if len(known := items.setdefault(name, [])) < _MOST and not _OTHER_THING.search(_scope(element)):
                known.append(element.get("content") or element.get("datetime") or _named(element))
    return items


def _scope(element: HtmlElement) -> str:
    """Return the type of the thing that an element is a property of."""
    scopes = (scope for scope in element.iterancestors() if "itemscope" in scope.attrib)
    return next((scope.get("itemtype") or "" for scope in scopes), "")


def _named(element: HtmlElement) -> str:
    """Return the name inside an author, or all the text of what is a mere string."""
    names = element.xpath("(.//*[@itemprop='name'])[1]") if "itemscope" in element.attrib else []
    return text_of(names[0] if names else element) or (names[0].get("content") or "" if names else "")
