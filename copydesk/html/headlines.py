"""The headline of a page: the heading that agrees with the title of the page."""

from __future__ import annotations

from itertools import islice

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html.element_text import element_text

_MAX_HEADINGS = 20


def find_headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """Return the heading that agrees with the title of the page: the best `<h1>`, or else the best `<h2>` or `<h3>`.

    If none agrees, the best `<h1>` is returned.

    Args:
        tree: the page.
        title: the title of the page.
    """
    words = set(title.casefold().split())

    def count_common(heading: HtmlElement) -> int:
        return len(words.intersection(_words(heading)))

    def find_best(*tags: str) -> HtmlElement | None:
        return max(islice(tree.iter(*tags), _MAX_HEADINGS), key=count_common, default=None)

    first, second = find_best("h1"), find_best("h2", "h3")
    agreeing = (one for one in (first, second) if one is not None and 2 * count_common(one) > len(_words(one)))
    return next(agreeing, first)


def _words(heading: HtmlElement) -> set[str]:
    return set(element_text(heading).casefold().split())
