"""Dates in the visible text of a page, for pages without a date of publication in their metadata.

A date near the headline is that of the article in nearly all cases. So the places are, most trusted first: the headline
and the elements around it, elements with a class for dates, a text with a label such as `Published`, the only `<time>`,
the values of scripts, and the only date of the page. A place counts only if its dates agree in the day, except for the
first two. A text is a date only if it has few other words. The date of an update is not one of publication.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice, takewhile

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.metadata import dates

# The headline's date is among this number of elements in it, after it, or before it.
_MAX_ELEMENTS_IN_HEADLINE, _MAX_ELEMENTS_AFTER_HEADLINE, _MAX_ELEMENTS_BEFORE_HEADLINE = 10, 60, 12
_MIN_DATE_CHARS, _MAX_DATE_CHARS = 6, 79
_MAX_NAME_CHARS = 200
# A text with more other words than these, and without a label, is prose. More words lose precision, fewer lose dates.
_MAX_OTHER_WORDS, _MAX_OTHER_WORDS_OF_SURE_DATE = 4, 2
_MAX_OTHER_WORDS_OF_ONLY_DATE = 1
_MAX_CLASS_ELEMENTS = 50
_MAX_TIMES = 100
_MAX_TEXTS = 200
_MAX_ELEMENTS = 20_000
_MAX_SCRIPT_CHARS = 1_000_000
_MAX_SCRIPT_DATES = 50
_MAX_TEXT_NODES = 20

# The date of a paragraph that starts with it: `2.2.2022 – The bridge is open.`
_BEFORE_DASH = re.compile(r".{6,30}?(?= [-–—|] )")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)|\d ?[-./] ?\d\d(?!\d)|[\u0660-\u0669\u06f0-\u06f9\u0966-\u09ef]{2}")
_SKIPPED_TAGS = frozenset("nav footer aside script style noscript select option form button textarea title".split())
# A part of the page with other contents than the article. The date of a teaser in the menu is not that of the article.
_OTHER_ARTICLE = re.compile(
    r"comment|kommentar|related|sidebar|teaser|reply|replies|similar|recommend|popular|trending|archive|calendar|disqus",
    re.IGNORECASE,
)
# Parts that are another article or comments for sure. Sites call the elements of the article itself `teaser`, too.
_SURELY_OTHER = re.compile(r"(?<![a-z])(?:comments|comment-?list|sidebar|related)(?![a-z])", re.IGNORECASE)
_OTHER_PART = re.compile(rf"{_OTHER_ARTICLE.pattern}|footer|widget|\bnav|menu|carousel|copyright", re.IGNORECASE)
_OTHER_CLASS = re.compile(r"comment|copy|foot|form|bio|related|widget|card|modif|update", re.IGNORECASE)
_CLASS_ELEMENTS = "(//body//*[{}])[position() <= {}]".format(
    " or ".join(f"contains(@class, '{part}')" for part in ("date", "Date", "time", "ublish", "osted", "meta")),
    _MAX_CLASS_ELEMENTS,
)
_SCRIPT_DATE = re.compile(
    r"""["']?\b(?:date_?published|(?:first_?)?published_?(?:at|on|date|time)?|publish_?(?:date|time)|pub_?date"""
    r"""|publication_?date)["']?\s{0,9}[:=]\s{0,9}["']?([0-9][^"',}<\n]{7,39})""",
    re.IGNORECASE,
)


class _OtherParts:
    """The parts of a page with other contents than the article."""

    def __init__(self, around: Collection[HtmlElement], names: re.Pattern[str], tags: Collection[str] = ()) -> None:
        """Set what makes an element another part.

        Args:
            around: the elements around the headline: they have the article, whatever their names.
            names: a pattern of the classes and ids of other parts.
            tags: the tags of other parts.
        """
        self._names = names
        self._tags = tags
        self._has: dict[HtmlElement, bool] = dict.fromkeys(around, False)

    def __contains__(self, element: HtmlElement) -> bool:
        """Return whether an element or one around it is another part."""
        path = list(takewhile(lambda ancestor: ancestor not in self._has, chain([element], element.iterancestors())))
        above = path[-1].getparent() if path else element
        result = self._has.get(above, False)
        for inner in reversed(path):
            result = inner.tag != "body" and (result or self._is_other(inner))
            self._has[inner] = result
        return result

    def _is_other(self, element: HtmlElement) -> bool:
        names = (element.get("class") or "")[:_MAX_NAME_CHARS], (element.get("id") or "")[:_MAX_NAME_CHARS]
        return element.tag in self._tags or any(map(self._names.search, names))


def find_near_headline(headline: HtmlElement) -> Iterator[str]:
    """Yield the dates near a headline that have few other words and are not those of updates."""
    other_parts = _OtherParts(frozenset(headline.iterancestors()), _OTHER_PART, _SKIPPED_TAGS)
    for text in _near_headline(headline, other_parts, _MAX_OTHER_WORDS_OF_SURE_DATE):
        if not dates.is_update(text):
            yield text


def find_visible_dates(tree: HtmlElement, headline: HtmlElement | None) -> Iterator[Iterable[str]]:
    """Yield the dates of each place after `find_near_headline`, the most trusted place first.

    Args:
        tree: the page.
        headline: the element with the headline, if any.
    """
    around = frozenset() if headline is None else frozenset(headline.iterancestors())
    other_parts = _OtherParts(around, _OTHER_PART, _SKIPPED_TAGS)
    other_articles = _OtherParts(around, _OTHER_ARTICLE)
    near = [] if headline is None else list(_near_headline(headline, other_parts, _MAX_OTHER_WORDS))
    yield _in_classes(tree, _OtherParts(around, _SURELY_OTHER))
    yield [text for text in near if not dates.is_update(text)]
    all_texts = list(_all_texts(tree))
    published = [pair for pair in all_texts if dates.is_publication(pair[1])]
    yield _only_day(text for element, text in published if element not in other_articles)
    yield _only_day(_times(tree, other_parts))
    yield _only_day(_script_dates(tree))
    only = [pair for pair in all_texts if _is_date(pair[1], _MAX_OTHER_WORDS_OF_ONLY_DATE)]
    only = [(element, text) for element, text in only if not dates.is_update(text)]
    yield _only_day(text for element, text in only if element not in other_parts)


def _near_headline(headline: HtmlElement, other_parts: _OtherParts, max_other_words: int) -> Iterator[str]:
    inside = islice(headline.iterdescendants(), _MAX_ELEMENTS_IN_HEADLINE)
    following = headline.xpath(f"following::*[position() <= {_MAX_ELEMENTS_AFTER_HEADLINE}]")
    preceding = headline.xpath(f"preceding::*[position() <= {_MAX_ELEMENTS_BEFORE_HEADLINE}]")
    for element in chain(inside, following, reversed(preceding)):
        for text in _texts(element):
            if _is_date(text, max_other_words) and element not in other_parts:
                yield text


def _in_classes(tree: HtmlElement, other_parts: _OtherParts) -> Iterator[str]:
    for element in tree.xpath(_CLASS_ELEMENTS):
        if not _OTHER_CLASS.search(element.get("class", "")) and element not in other_parts:
            for text in (_spaced_text(element), element.get("title") or ""):
                if _may_be_date(text) and not dates.is_update(text):
                    yield text


def _all_texts(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the texts of the page that may be dates, with their elements."""
    body = tree.find("body")
    elements = islice((tree if body is None else body).iter(), _MAX_ELEMENTS)
    texts = ((element, text) for element in elements for text in _texts(element) if _may_be_date(text))
    return islice(texts, _MAX_TEXTS)


def _times(tree: HtmlElement, other_parts: _OtherParts) -> Iterator[str]:
    for time in islice(tree.iter("time"), _MAX_TIMES):
        if time not in other_parts:
            yield (time.get("datetime") or "").strip() or _spaced_text(time)


def _script_dates(tree: HtmlElement) -> Iterator[str]:
    chars = 0
    for script in tree.iter("script"):
        text = (script.text or "")[: _MAX_SCRIPT_CHARS - chars]
        chars += len(text)
        for match in islice(_SCRIPT_DATE.finditer(text), _MAX_SCRIPT_DATES):
            yield match[1].strip()


def _only_day(texts: Iterable[str]) -> list[str]:
    """Return texts whose dates agree in the day, or nothing."""
    days = {
        text: value[:10] for text in texts if (value := dates.parse(text).value) and len(value) >= len("2022-02-02")
    }
    return list(days) if len(set(days.values())) == 1 else []


def _texts(element: HtmlElement) -> Iterator[str]:
    """Yield the texts with a year of an element and after it, and what is before a dash in them."""
    if not isinstance(element.tag, str) or element.tag in _SKIPPED_TAGS:
        return
    text = _spaced_text(element) if len(element) else _fold_blanks(element.text)
    if len(text) > _MAX_DATE_CHARS:
        text = _fold_blanks(element.text)
    for part in (text, _fold_blanks(element.tail)):
        if part and _YEAR.search(part):
            yield part
            if start := _BEFORE_DASH.match(part):
                yield start[0]


def _spaced_text(element: HtmlElement | None) -> str:
    """Return the start of the text of an element, with blanks between its parts. It is longer if no date is so long."""
    if element is None:
        return ""
    parts: list[str] = []
    chars = 0
    for part in islice(element.itertext(), _MAX_TEXT_NODES):
        if folded := _fold_blanks(part):
            parts.append(folded)
            chars += len(folded)
            if chars > _MAX_DATE_CHARS:
                break
    return " ".join(parts)


def _fold_blanks(text: str | None) -> str:
    """Return the start of a text with single blanks. Longer ones than a date stay longer."""
    return " ".join(text[: 2 * _MAX_DATE_CHARS].split()) if text else ""


def _is_date(text: str, max_other_words: int) -> bool:
    return _may_be_date(text) and dates.is_mostly_date(text, max_other_words)


def _may_be_date(text: str) -> bool:
    return _MIN_DATE_CHARS <= len(text) <= _MAX_DATE_CHARS and bool(_YEAR.search(text))
