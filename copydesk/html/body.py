"""The text of a page: fast extraction first, and better methods for the few pages where it fails.

trafilatura has a fast and a full method. In `python -m bench.pages` they agree on nineteen pages of twenty, and full
extraction takes half as much time again. The fast method fails on two kinds of pages:

* It finds a teaser, a form or the lead instead of the article. So its result is compared with the prose of the page:
  the long texts outside of navigation, links and comments.
* It finds no article and returns the text of all elements as one line, or only their paragraphs. Short articles are
  affected, too.

Full extraction may be wrong, too: it may add comments or other articles. So its result is used only if it has more of
the words of the title and description, or much more text with as many of them, or if the text of the fast method is
short and a part of it.

If a text is one line after that, the elements of the page are rendered: the same text, with its paragraphs and without
headline, time and navigation.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from copydesk.html.fragment import TextRenderer
from copydesk.html.related import remove_related_links
from copydesk.transforms.characters import NOT_XML

# The time of trafilatura grows with the square of the number of elements. The largest articles have a fifth of these.
_MAX_ELEMENTS = 20_000
_MAX_ELEMENTS_OF_FULL_EXTRACTION = 8_000
# A longer text is prose: menus, captions and teasers have shorter ones.
_MIN_PROSE_CHARS = 61
# trafilatura takes only the paragraphs of an article that is shorter than about this, without its lists and headings.
_MIN_ARTICLE_CHARS = 300
# Below this share of the prose of the page, a text may not be the article. _MIN_PROSE_SHARE,
# _MAX_SHARE_IF_SUPPORT_IS_EQUAL and _SUPPORT_MARGIN were fitted on one half of the suites of `bench.pages`. They have
# the same effect on the other half, as do values close to them.
_MIN_PROSE_SHARE = 0.25
_MAX_SHARE_IF_SUPPORT_IS_EQUAL = 0.2
_SUPPORT_MARGIN = 0.15
# A line that has all words of the page has all words of its title, and a tiny text may be the description. A better
# text needs half as many.
_MAX_DESCRIPTION_SHARE = 0.1
_MIN_SUPPORT_SHARE = 0.5
_MAX_KEYWORDS = 60
# Shorter articles are teasers.
_MIN_SHARE_OF_LONGEST = 0.2
# trafilatura removes joiners and direction marks, which Persian needs. It turns all spaces into plain ones, although
# French needs others, and joins the lines of preformatted text. So these are replaced by letters of Linear A before,
# and restored after; spaces only between words.
_INVISIBLE, _SPACES, _PREFORMATTED = "\u200b\u200c\u200d\u200e\u200f", "\u00a0\u2009\u202f\u3000", "\n\t "
_PLACEHOLDERS = {character: chr(0x10600 + i) for i, character in enumerate(_INVISIBLE + _SPACES + _PREFORMATTED)}
_ORIGINALS = {ord(placeholder): character for character, placeholder in _PLACEHOLDERS.items()}
_PLACEHOLDER = re.compile(f"[{''.join(_PLACEHOLDERS.values())}]")
_PROTECTED = re.compile(rf"[{_INVISIBLE}]|(?<=\S)[{_SPACES}](?=\S)")
_PREFORMATTED_SPACE = re.compile(r"\n[\t ]*|[\t ]{2,}")
_PREFORMATTED_BREAK = _PLACEHOLDERS["\n"]
_PREFORMATTED_BLANKS = "".join(map(_PLACEHOLDERS.__getitem__, _PREFORMATTED)) + " "
# trafilatura's names of block elements, and their names in HTML. All its other elements are inline.
_HTML_NAMES = {
    "body": "div",
    "p": "p",
    "head": "h2",
    "quote": "blockquote",
    "list": "ul",
    "item": "li",
    "table": "table",
    "row": "tr",
    "cell": "td",
    "lb": "br",
}
# Words of the title: runs of letters; in scripts without spaces between words, characters.
_KEYWORD = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w{3,}")
_NOT_TEXT = frozenset(
    "script style noscript template textarea title option select button iframe object svg audio video canvas".split()
)
_CODE = ("style", "svg", "canvas", "object", "embed", "map", "template", "link")
_NOT_PROSE = _NOT_TEXT | frozenset("a aside nav footer form".split())
_NOT_ARTICLE = _NOT_TEXT | frozenset("aside nav footer form h1 time figure figcaption".split())
_NOT_ARTICLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|author|breadcrumbs?|byline|captions?|comments?|cookies?|date|meta|menu|nav|newsletter"
    r"|promo|related|share|sharing|sidebar|social|tags|timestamp)(?:$|[\s_-])",
    re.IGNORECASE,
)

# trafilatura logs what it cannot read. Here this is an error of the caller's page instead.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract_body(tree: HtmlElement, url: str | None, description: str) -> str:
    """Return the text of the article of a page, or an empty string.

    Args:
        tree: the page. It is changed.
        url: the URL of the page, if known.
        description: the title and the description.
    """
    remove_related_links(tree, url)
    _remove_code(tree)
    _protect_preformatted(tree)
    prose_chars = _count_prose(_protect_characters(tree))
    element_count = int(tree.xpath("count(//*)"))
    if element_count > _MAX_ELEMENTS:
        return ""
    text = _run_trafilatura(tree, url, fast=True)
    is_suspicious = _is_one_line(text) or len(text) < max(_MIN_ARTICLE_CHARS, _MIN_PROSE_SHARE * prose_chars)
    if is_suspicious and element_count <= _MAX_ELEMENTS_OF_FULL_EXTRACTION:
        full = _run_trafilatura(tree, url, fast=False)
        if _is_better(full, text, prose_chars, set(_keywords(description))):
            text = full
    if text and _is_one_line(text):
        text = _split_line(text, render_elements(tree))
    return text


def _remove_code(tree: HtmlElement) -> None:
    """Remove what trafilatura would copy several times and then remove, except for linked data."""
    for script in list(tree.iter("script")):
        if script.get("type") != "application/ld+json":
            script.drop_tree()
    etree.strip_elements(tree, *_CODE, with_tail=False)


def _is_one_line(text: str) -> bool:
    return "\n" not in text


def _is_better(full: str, fast: str, prose_chars: int, keywords: set[str]) -> bool:
    """Return whether the result of full extraction is better than a suspicious one of the fast method."""
    if not full or not fast:
        return bool(full)
    support, support_of_fast = _support(full, keywords), _support(fast, keywords)
    if _is_one_line(fast) or len(fast) < _MAX_DESCRIPTION_SHARE * prose_chars:
        return support >= _MIN_SUPPORT_SHARE * support_of_fast
    if support >= support_of_fast + _SUPPORT_MARGIN:
        return True
    if len(fast) < _MIN_ARTICLE_CHARS and len(fast) < len(full) and _has_all_lines(full, fast):
        return True
    is_small = len(fast) < _MAX_SHARE_IF_SUPPORT_IS_EQUAL * prose_chars
    return is_small and support >= support_of_fast - _SUPPORT_MARGIN


def _has_all_lines(text: str, lines: str) -> bool:
    return all(line in text for line in lines.split("\n"))


def _support(text: str, keywords: set[str]) -> float:
    """Return the share of the keywords that a text has."""
    return len(keywords.intersection(_KEYWORD.findall(text.lower()))) / len(keywords) if keywords else 0.0


def _keywords(description: str) -> Iterator[str]:
    return islice(dict.fromkeys(_KEYWORD.findall(description.lower())), _MAX_KEYWORDS)


def _split_line(line: str, rendered: str) -> str:
    """Return the rendered elements of the page if they are a part of the line, and the line otherwise."""
    paragraphs = [paragraph for paragraph in rendered.split("\n") if paragraph]
    is_part = all(" ".join(paragraph.split()) in line for paragraph in paragraphs)
    return rendered if paragraphs and is_part else line


def _run_trafilatura(tree: HtmlElement, url: str | None, *, fast: bool) -> str:
    try:
        document = trafilatura.bare_extraction(tree, url=url, fast=fast, include_comments=False, with_metadata=False)
    except (RecursionError, etree.LxmlError):
        return ""
    body = getattr(document, "body", None)
    return "" if body is None else _restore_characters(_render_body(body))


def _render_body(body: HtmlElement) -> str:
    renderer = TextRenderer()
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_block_of_code = element.tag == "code" and element.getparent() is body
        name = "pre" if is_block_of_code else _HTML_NAMES.get(element.tag)
        if name and (event == "start" or name != "br"):
            renderer.add_tag(name, is_end_tag=event == "end")
        renderer.add_text((element.text if event == "start" else element.tail) or "")
    return renderer.text()


def render_elements(tree: HtmlElement) -> str:
    """Return the text of the articles, or of the main element or body, without headline, time and navigation."""
    articles = [element for element in tree.iter("article") if next(element.iterancestors("article"), None) is None]
    for elements in (articles, islice(tree.iter("main"), 1), islice(tree.iter("body"), 1)):
        texts = list(map(_render_element, elements))
        longest = max(map(len, texts), default=0)
        if longest:
            long_texts = (text for text in texts if text and len(text) >= _MIN_SHARE_OF_LONGEST * longest)
            return _restore_characters("\n\n".join(long_texts))
    return ""


def _render_element(root: HtmlElement) -> str:
    renderer = TextRenderer()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element is not root and _is_not_article(element):
                walk.skip_subtree()
            else:
                renderer.add_tag(element.tag, is_end_tag=False)
                renderer.add_text(element.text or "")
        else:
            if element.tag != "br":
                renderer.add_tag(element.tag, is_end_tag=True)
            if element is not root:
                renderer.add_text(element.tail or "")
    return renderer.text()


def _is_not_article(element: HtmlElement) -> bool:
    return element.tag in _NOT_ARTICLE or bool(_NOT_ARTICLE_CLASS.search(element.get("class") or ""))


def _protect_preformatted(tree: HtmlElement) -> None:
    """Replace the line breaks and indents of preformatted text by placeholders."""
    for block in tree.iter("pre"):
        if next(block.iterancestors("pre"), None) is not None:
            continue
        for element in block.iter():
            element.text = _replace_space(element.text)
            if element is not block:
                element.tail = _replace_space(element.tail)


def _replace_space(text: str | None) -> str | None:
    return _PREFORMATTED_SPACE.sub(_replace_match, NOT_XML.sub("", text)) if text else text


def _replace_match(match: re.Match[str]) -> str:
    return "".join(map(_PLACEHOLDERS.__getitem__, match[0]))


def _restore_characters(text: str) -> str:
    """Replace the placeholders by their characters. Preformatted text loses the blank lines around it."""
    if not _PLACEHOLDER.search(text):
        return text
    if _PREFORMATTED_BREAK in text:
        text = "\n".join(map(_strip_blank_lines, text.split("\n")))
    return text.translate(_ORIGINALS)


def _strip_blank_lines(line: str) -> str:
    line = line.rstrip(_PREFORMATTED_BLANKS)
    blanks = line[: len(line) - len(line.lstrip(_PREFORMATTED_BLANKS))]
    return line[blanks.rfind(_PREFORMATTED_BREAK) + 1 :]


def _protect_characters(tree: HtmlElement) -> list[tuple[HtmlElement, int]]:
    """Replace the characters that trafilatura would remove by placeholders.

    Returns:
        The long texts of the page: the element of each, and its length.
    """
    long_texts = []
    for element in tree.iter():
        text, tail = element.text, element.tail
        if text:
            if len(text) >= _MIN_PROSE_CHARS:
                long_texts.append((element, len(text.strip())))
            if not text.isascii() and _PROTECTED.search(text):
                element.text = _replace_characters(text)
        if tail:
            if len(tail) >= _MIN_PROSE_CHARS:
                long_texts.append((element.getparent(), len(tail.strip())))
            if not tail.isascii() and _PROTECTED.search(tail):
                element.tail = _replace_characters(tail)
    return long_texts


def _replace_characters(text: str) -> str:
    # The parser accepts controls as character references, but lxml does not allow setting them.
    return _PROTECTED.sub(_replace_match, NOT_XML.sub("", text))


def _count_prose(long_texts: Iterable[tuple[HtmlElement, int]]) -> int:
    """Return the number of characters of the long texts outside of navigation, links and comments."""
    is_prose: dict[HtmlElement, bool] = {}
    total = 0
    for element, chars in long_texts:
        if chars < _MIN_PROSE_CHARS:
            continue
        if element not in is_prose:
            is_prose[element] = _is_prose(element)
        total += chars if is_prose[element] else 0
    return total


def _is_prose(element: HtmlElement) -> bool:
    """Return whether an element and its ancestors are not navigation, links or comments."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in _NOT_PROSE or "omment" in f"{ancestor.get('class')} {ancestor.get('id')}":
            return False
    return True


__all__ = ["extract_body", "render_elements"]
