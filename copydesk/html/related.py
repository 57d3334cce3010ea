"""Removal of the links to other articles between the paragraphs of a page.

Two kinds of blocks are removed, in any language. Both contain only one link, with the words of a headline, to a page of
the same site:

* a short label before the link (`Read more: …`, `MIRA: …`, `Zum Thema | …`),
* nothing else, between paragraphs of prose.

The danger is a link that is a part of the text: a source, a contact, the heading of a section, the entries of a list or
of a review of other articles. So links to other sites, to files and within the page stay, and items of lists; and
headings if prose follows. Links after labels stay if the block beside them has another label. Links without a label
stay if they end as sentences do, or if there are more than half as many as paragraphs.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

_MIN_HEADLINE_CHARS = 15
_MIN_HEADLINE_CHARS_WITHOUT_LABEL = 25
# A link is between paragraphs of prose if the elements beside it have so much text.
_MIN_PROSE_CHARS = 300
_MAX_LINKS_PER_PARAGRAPH = 0.5
_MAX_INLINE_DEPTH = 5
_INLINE = frozenset("b em font i span strong u".split())
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_BLOCKS = _HEADINGS | {"p", "div", "span"}
_NESTED_BLOCKS = ("p", "li", "div", "table", "ul", "br", "h2", "h3")
_LABEL = re.compile(r"\W{0,5}[^\W\d][^.!?\d]{0,38}[:：|»>–-]\s*\W?")
_SENTENCE_END = re.compile(r"[.!?。！？…:;][\"”»’')\]]*$")
_BRACKETS = "[]() \t\n"
_FILES = (".pdf", ".jpg", ".jpeg", ".png", ".zip", ".mp3", ".mp4", ".doc", ".docx")
_OWN_URLS = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
_MOBILE = ("www.", "m.", "amp.")


def remove_related_links(tree: HtmlElement, url: str | None) -> None:
    """Remove the links to other articles between the paragraphs of a page.

    Args:
        tree: the page. It is changed.
        url: the URL of the page, if known.
    """
    hosts = {host for own in (url, *islice(tree.xpath(_OWN_URLS), 2)) if (host := _host(own))}
    labels: dict[HtmlElement, str] = {}
    plain: dict[HtmlElement, list[HtmlElement]] = {}
    for link in list(tree.iter("a")):
        block = _block_of(link) if _may_be_related(link) else None
        if block is None or not _is_on_site(link.get("href") or "", hosts):
            continue
        headline = _text(link)
        if len(headline) < _MIN_HEADLINE_CHARS:
            continue
        label, _, rest = _text(block).partition(headline)
        if rest.strip(_BRACKETS):
            continue
        if _LABEL.fullmatch(label):
            labels[block] = label.strip()
        elif not label.strip(_BRACKETS) and block.tag in _HEADINGS | {"p"} and _is_headline(headline):
            plain.setdefault(block.getparent(), []).append(block)
    for block in [block for block in labels if not _is_heading_of_prose(block) and not _is_in_list(block, labels)]:
        block.drop_tree()
    for parent, blocks in plain.items():
        _remove_between_prose(parent, blocks)


def _is_heading_of_prose(block: HtmlElement) -> bool:
    following = block.getnext()
    return block.tag in _HEADINGS and following is not None and following.tag == "p" and _prose_chars(following) > 0


def _is_in_list(block: HtmlElement, labels: dict[HtmlElement, str]) -> bool:
    """Return whether a block is beside others with labels, and none of these labels is its own."""
    beside = {labels[other] for other in (block.getprevious(), block.getnext()) if other in labels}
    return bool(beside) and labels[block] not in beside


def _remove_between_prose(parent: HtmlElement, blocks: list[HtmlElement]) -> None:
    prose = {child: _prose_chars(child) for child in parent.iterchildren("p")}
    count = sum(chars > 0 for chars in prose.values())
    if sum(prose.values()) < _MIN_PROSE_CHARS or len(blocks) > _MAX_LINKS_PER_PARAGRAPH * count:
        return
    for block in blocks:
        if not _is_heading_of_prose(block):
            block.drop_tree()


def _is_headline(text: str) -> bool:
    return len(text) >= _MIN_HEADLINE_CHARS_WITHOUT_LABEL and not _SENTENCE_END.search(text)


def _may_be_related(link: HtmlElement) -> bool:
    """Return whether a link ends a block or inline element."""
    parent = link.getparent()
    is_in_block = parent is not None and (parent.tag in _BLOCKS or parent.tag in _INLINE)
    return is_in_block and not (link.tail or "").strip(_BRACKETS)


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _block_of(link: HtmlElement) -> HtmlElement | None:
    """Return the block whose only link this is, and that has no other block in it."""
    block = link.getparent()
    for _ in range(_MAX_INLINE_DEPTH):
        if block is None or block.tag not in _INLINE or not _is_only_link(block):
            break
        block = block.getparent()
    if block is None or block.getparent() is None or block.tag not in _BLOCKS or not _is_only_link(block):
        return None
    return None if any(element is not block for element in block.iter(*_NESTED_BLOCKS)) else block


def _is_only_link(block: HtmlElement) -> bool:
    return len(list(islice(block.iter("a"), 2))) == 1


def _prose_chars(paragraph: HtmlElement) -> int:
    """Return the number of characters of a paragraph outside of its links."""
    outer_links = (link for link in paragraph.iter("a") if next(link.iterancestors("a"), None) is None)
    return max(0, len(_text(paragraph)) - sum(map(len, map(_text, outer_links))))


def _is_on_site(href: str, hosts: set[str]) -> bool:
    """Return whether a link leads to another page of the site."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if not (parts.netloc or parts.path or parts.query) or parts.path.lower().endswith(_FILES):
        return False
    return parts.scheme in {"", "http", "https"} and (not parts.netloc or _host(href) in hosts)


def _host(url: str | None) -> str:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    prefix = next(filter(host.startswith, _MOBILE), "")
    return host.removeprefix(prefix)


__all__ = ["remove_related_links"]
