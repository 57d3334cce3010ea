"""Visible bylines: the elements near the headline that name the authors.

A page also names the authors of other articles, of comments and of pictures. So an element counts only if it is close
to the headline, is not part of such a block, and names a person. These elements are examined, nearest first:

* elements that the page marks: a class or id with `author` or `byline`, the element `<author>`, `rel=author`,
* links to the page of an author: `/author/anna-bell`,
* short texts that start with “by” and a full name.

If none of them names a person, the first marked element of the page does, wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html.element_text import byline_text
from copydesk.html.headlines import find_headline
from copydesk.metadata import authors

_MAX_MARKED_ELEMENTS = 40
_MAX_ELEMENTS_BEFORE_HEADLINE = 30
_MAX_ELEMENTS_AFTER_HEADLINE = 100
_MAX_BYLINE_CHARS = 150
_MAX_PLAIN_BYLINE_CHARS = 80
_MAX_SEPARATOR_CHARS = 12
_BAR = " | "
_MAX_ANCESTORS = 10
_MAX_TEASER_LEVELS = 4
_MAX_TEASER_ELEMENTS = 60
_MAX_AUTHORS = 20
_MAX_INNER_ELEMENTS = 60

_MAX_PLAIN_BYLINE_CHILDREN = 4
_HEADLINE_TAGS = frozenset(["h1", "title"])
_PLAIN_TAGS = frozenset("address b cite div em font h2 h3 h4 h5 h6 i li p small span strong td".split())
_MARKING_ATTRIBUTES = ("class", "id", "data-testid", "data-qa")
_MARK = re.compile(
    r"author(?!i[tz])|by-?line|byliner|auteur|autor(?!i[sz]|it)|writer|user-?name|contributor|journalist|posted-?by"
    r"|submitted|redakteur|redacteur|verfasser|skribent|forfatter|yazar|kirjoittaja",
    re.IGNORECASE,
)
_DESK_MARK = re.compile(r"(?:^|[\s_-])(?:byline|author)(?:[_-]*names?)?(?:$|\s)", re.IGNORECASE)
_OTHER_MARK = re.compile(
    r"comment|copyright|(?<![a-z])bio(?![a-z])|biograph|related|avatar|image|photo|picture|social|share|follow|descri"
    r"|modif|count|more|button|icon|newsletter|quote|logged|account",
    re.IGNORECASE,
)
# Before the headline, the name of a user is that of the reader.
_USER_NAME = re.compile(r"user-?name", re.IGNORECASE)
# The path of the page of an author, and paths that other pages share.
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:[ei]n|[aei]?s?)?|auteurs?|autrices?|redakteure?|contributors?|journalists?|journalistes?"
    r"|reporters?|columnists?|writers?|newsteam|yazar(?:lar)?|skribent|forfatter|avtor|author-[^/?#]+)/+[^/?#]{2,}",
    re.IGNORECASE,
)
_PERSON_PATH = re.compile(r"/(?:by|profiles?|users?|members?|staff|editors?|u)/+[^/?#]{2,}", re.IGNORECASE)
_OTHER_PATH = re.compile(r"log-?(?:in|out)|sign-?(?:in|up)|regist|licen[sc]e", re.IGNORECASE)
_OTHER_BLOCK_TAGS = frozenset("nav figure figcaption blockquote form button select script style".split())
_OTHER_BLOCK = re.compile(
    r"comment|review|rating|testimonial|related|recommend|respond|disqus"
    r"|(?<!post[-_])(?<!entry[-_])(?<!article[-_])footer(?!row)"
    r"|promo(?!ted)|newsletter|most-?read|popular|trending|sponsor|advert"
    r"|menu|breadcrumb|carousel|slider|caption|widget-area|latest|recent",
    re.IGNORECASE,
)
_MARKED_ELEMENTS = (
    "(//*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@id, 'uthor') or @rel='author' "
    f"or self::author])[position() <= {_MAX_MARKED_ELEMENTS}]"
)
_HEADINGS_WITH_LINKS = (
    "boolean(.//*[self::h2 or self::h3 or self::h4]//a[@href] | .//a[@href]//*[self::h2 or self::h3 or self::h4])"
)


def find_byline(tree: HtmlElement, title: str) -> list[str]:
    """Return the texts that name the authors of the article; none if there is no byline.

    Args:
        tree: the page.
        title: the title of the page, which the headline agrees with.
    """
    headline = find_headline(tree, title)
    near: list[HtmlElement] = []
    if headline is not None:
        near += islice(_iterate_after(headline), _MAX_ELEMENTS_AFTER_HEADLINE)
        preceding = islice(_iterate_before(headline), _MAX_ELEMENTS_BEFORE_HEADLINE)
        near += (element for element in preceding if not _USER_NAME.search(_marks_of(element)))
    if byline := _first_byline(near, headline):
        return byline
    marked = tree.xpath(_MARKED_ELEMENTS)
    return _first_byline(marked, headline) or _first_desk([*near, *marked], headline)


def _first_byline(elements: list[HtmlElement], headline: HtmlElement | None) -> list[str]:
    return next(filter(None, (_read_byline(element, headline) for element in elements)), [])


def _iterate_after(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that start after an element ends, in their order."""
    for node in (element, *element.iterancestors()):
        for sibling in node.itersiblings():
            yield from sibling.iter("*")


def _iterate_before(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that end before an element starts, last one first."""
    for node in (element, *element.iterancestors()):
        stack = [(sibling, False) for sibling in node.itersiblings("*", preceding=True)][::-1]
        while stack:
            inner, is_entered = stack.pop()
            if is_entered or not len(inner):
                yield inner
            else:
                stack += [(inner, True), *((child, False) for child in inner.iterchildren("*"))]


def _read_byline(element: HtmlElement, headline: HtmlElement | None) -> list[str]:
    """Return the texts of a byline that names people; none if the element is not a byline of the article."""
    if element.tag in _OTHER_BLOCK_TAGS or element.tag in _HEADLINE_TAGS:
        return []
    is_marked = _is_marked(element)
    text = _byline_of(element, is_marked=is_marked)
    if not text or _is_in_other_block(element, headline):
        return []
    return _select_names([*_inner_bylines(element, text), *_following_bylines(element)]) if is_marked else [text]


def _byline_of(element: HtmlElement, *, is_marked: bool) -> str | None:
    """Return the text of an element if it names people, without a “by” before a single word."""
    may_be_plain = element.tag in _PLAIN_TAGS and len(element) <= _MAX_PLAIN_BYLINE_CHILDREN
    if not is_marked and not may_be_plain and element.tag != "a":
        return None
    max_chars = _MAX_BYLINE_CHARS if is_marked else _MAX_PLAIN_BYLINE_CHARS
    text = byline_text(element, max_chars)
    if not 1 < len(text) <= max_chars:
        return None
    if is_marked:
        by, _, name = text.partition(" ")
        text = name if name and " " not in name and authors.means_by(by) else text
        return text if authors.names_people([text]) else None
    if element.tag == "a":
        if not _links_to_person(element):
            return None
        is_alone = len(byline_text(element.getparent(), _MAX_PLAIN_BYLINE_CHARS)) <= _MAX_PLAIN_BYLINE_CHARS
        return text if is_alone and _is_full_name(text) else None
    return text if authors.is_plain_byline(text) else None


def _links_to_person(link: HtmlElement) -> bool:
    address = link.get("href") or ""
    return _PERSON_PATH.search(address) is not None and not _OTHER_PATH.search(address)


def _inner_bylines(element: HtmlElement, text: str) -> list[str]:
    """Return the texts of the marked elements inside a byline if they name all people of its text, or else the text."""
    inner: list[str] = []
    outer: HtmlElement | None = None
    for descendant in islice(element.iterdescendants(), _MAX_INNER_ELEMENTS):
        is_inside_last = outer is not None and outer in descendant.iterancestors()
        inner_text = _byline_of(descendant, is_marked=True) if not is_inside_last and _is_marked(descendant) else None
        if inner_text:
            inner.append(inner_text)
            outer = descendant
    names = {name.text for name in authors.parse(inner)}
    is_complete = all(name.text in names or not _is_full_name(name.text) for name in authors.parse([text]))
    return inner if inner and is_complete else [text]


def _following_bylines(element: HtmlElement) -> Iterator[str]:
    """Yield the texts of the elements next to a byline that are marked like it."""
    for sibling in islice(element.itersiblings(), _MAX_AUTHORS):
        if sibling.tag == element.tag and sibling.get("class") == element.get("class") and _is_marked(sibling):
            if text := _byline_of(sibling, is_marked=True):
                yield text
        elif len(byline_text(sibling, _MAX_SEPARATOR_CHARS)) > _MAX_SEPARATOR_CHARS:
            return


def _select_names(texts: list[str]) -> list[str]:
    """Return the parts of texts with a full name if any part has one, or else the texts."""
    parts = [part for text in texts for part in text.split(_BAR)]
    with_full_names = [part for part in parts if any(_is_full_name(name.text) for name in authors.parse([part]))]
    return with_full_names or texts


def _is_full_name(name: str) -> bool:
    return " " in name and authors.is_plain_name(name)


def _first_desk(elements: Iterable[HtmlElement], headline: HtmlElement | None) -> list[str]:
    """Return the first byline that names a desk or an agency, if any."""
    for element in elements:
        if _DESK_MARK.search(element.get("class") or "") and _is_marked(element):
            text = byline_text(element, _MAX_BYLINE_CHARS)
            is_short = 1 < len(text) <= _MAX_BYLINE_CHARS
            if is_short and authors.parse([text]) and not _is_in_other_block(element, headline):
                return [text]
    return []


def _is_marked(element: HtmlElement) -> bool:
    marks = _marks_of(element)
    if _OTHER_MARK.search(marks):
        return False
    if element.tag == "author" or "author" in (element.get("rel") or "").split() or _MARK.search(marks):
        return True
    address = element.get("href") or ""
    return element.tag == "a" and _AUTHOR_PATH.search(address) is not None and not _OTHER_PATH.search(address)


def _marks_of(element: HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in _MARKING_ATTRIBUTES)


def _is_in_other_block(element: HtmlElement, headline: HtmlElement | None) -> bool:
    """Return whether an element belongs to comments, a sidebar, a picture, or the teaser of another article."""
    around_headline = set(headline.iterancestors()) if headline is not None else set()
    for level, block in enumerate(islice(element.iterancestors(), _MAX_ANCESTORS)):
        if block in around_headline or block.tag == "body":
            return False
        marks = f"{block.get('class') or ''} {block.get('id') or ''}"
        if block.tag in _OTHER_BLOCK_TAGS or _OTHER_BLOCK.search(marks):
            return True
        if level < _MAX_TEASER_LEVELS and _is_teaser(block):
            return True
    return False


def _is_teaser(block: HtmlElement) -> bool:
    """Return whether a small block has a heading that is a link."""
    elements = list(islice(block.iter("*"), _MAX_TEASER_ELEMENTS + 1))
    return len(elements) <= _MAX_TEASER_ELEMENTS and bool(block.xpath(_HEADINGS_WITH_LINKS))
