"""Tags in texts that should be plain: markup to read, or tags that a text mentions.

Feeds and scrapers escape HTML once too often: `&lt;p&gt;It rains.&lt;/p&gt;` is markup, and `Use &lt;b&gt; for bold` is
prose. Both readings of a text must be the same when its clean form is cleaned again. Therefore:

* a text is read as HTML if its escaped tags form HTML as a whole: blocks around most of it, or inline elements that
  touch their words, as in `the &lt;i&gt;Courier&lt;/i&gt;`,
* escaped tags that may be either, such as a block or a script in the middle of prose, stay escaped,
* a decoded page or fragment may contain tags as text. If they look like markup, they are escaped again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from copydesk.article import ArticleWarning
from copydesk.html.fragment import render_text
from copydesk.html.other_kinds import feed_type
from copydesk.html.sniff import (
    HIDDEN_ELEMENTS,
    INLINE_ELEMENTS,
    TOKEN,
    VOID_ELEMENTS,
    frames_text,
    is_markup,
    known_tags,
    tag_name,
)
from copydesk.transforms.entities import unescape_html

HTML_IN_TEXT = ArticleWarning("html-in-text", "text", "The text contains HTML and was parsed as HTML.")

# HTML may be escaped several times, and escaped HTML may contain more of it. Real text has one or two layers.
_MAX_LAYERS = 4
_ESCAPED_TAG = re.compile(r"&(?:amp;|#0*38;|#x0*26;)*(?:lt|#0*60|#x0*3c)(?![a-z0-9])", re.IGNORECASE)
# A tag with an attribute, even without its end.
_OPEN_TAG = re.compile(r"<[a-z][a-z0-9]*[\s/][^<>]*=", re.IGNORECASE)
# What is around a word within a sentence.
_BEFORE_WORD = re.compile(r"[^\W_][,:;]? \Z")
_AFTER_WORD = re.compile("[ .,:;!?)]")
_TITLE_TAG = re.compile(r"</?title(?=[\s/>])[^<>]*>", re.IGNORECASE)
_HIDDEN_TAG = re.compile(rf"</?(?:{HIDDEN_ELEMENTS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")


def read_plain_text(text: str) -> str:
    r"""Return a text without markup, literal or escaped. A text that is plain stays.

    >>> read_plain_text("&lt;p&gt;It rains.&lt;/p&gt;"), read_plain_text("Use &lt;b&gt; for bold")
    ('It rains.', 'Use &lt;b&gt; for bold')
    >>> read_plain_text("To write a paragraph, begin it as here:\n<p>It rains.</p>")
    'To write a paragraph, begin it as here:\n&lt;p&gt;It rains.&lt;/p&gt;'
    """
    if "<" not in text and "&" not in text:
        return text
    for _ in range(_MAX_LAYERS):
        if is_markup(text):
            text = render_text(text) if _is_surely_markup(text) else _escape_tags(text)
        elif html := find_escaped_html(text):
            text = render_text(html)
        else:
            return _break_tags(text) if feed_type(text) else text
    return _break_tags(text) if is_markup(text) or find_escaped_html(text) or feed_type(text) else text


def read_field(text: str) -> str:
    """Return the value of a field without markup: as `read_plain_text`, but its own tags are always read.

    The contents of a title element are text. Those of other hidden elements are, if there is no other text.

    >>> read_field("<b>Rain</b> &amp; <br> wind"), read_field("a < b"), read_field("<title>Rain</title>")
    ('Rain & wind', 'a < b', 'Rain')
    """
    if "<" not in text and "&" not in text:
        return text
    html = text if is_markup(text) else _find_escaped(text, _starts_with_title)
    plain = read_plain_text(_render_field(html) if html else text)
    return text if plain == text else " ".join(plain.split())


def find_escaped_html(text: str) -> str | None:
    """Return the HTML of a text whose tags are escaped; None if it has none, or may be prose about them.

    >>> find_escaped_html("It &amp;lt;b&amp;gt;rains&amp;lt;/b&amp;gt;."), find_escaped_html("5 &lt; 6")
    ('It <b>rains</b>.', None)
    """
    return _find_escaped(text, _is_surely_markup)


def _find_escaped(text: str, is_wanted: Callable[[str], bool]) -> str | None:
    """Return the HTML of a text whose tags are escaped, if it is HTML that is wanted."""
    if not _ESCAPED_TAG.search(text) or known_tags(text):
        return None
    for _ in range(_MAX_LAYERS):
        decoded = unescape(text)
        if decoded == text:
            return None
        if is_markup(decoded) and is_wanted(decoded):
            return decoded
        text = decoded
    text = unescape_html(text)
    return text if is_markup(text) and is_wanted(text) else None


def _starts_with_title(html: str) -> bool:
    return _TITLE_TAG.match(html.lstrip()) is not None


def _render_field(html: str) -> str:
    html = _TITLE_TAG.sub(" ", html)
    return render_text(html) or render_text(_HIDDEN_TAG.sub(" ", html))


def has_live_tags(text: str) -> bool:
    """Return whether a text looks like HTML or a feed, or has a tag that is more than a name in angle brackets.

    >>> has_live_tags("Use <b> for bold"), has_live_tags("a <b>word</b>"), has_live_tags("<img src=x onerror=alert(1)>")
    (False, True, True)
    """
    return (
        is_markup(text)
        or feed_type(text) is not None
        or _OPEN_TAG.search(text) is not None
        or any(tag["hidden"] or (tag["attributes"] or "").strip("/ ") for tag in known_tags(text))
    )


def _is_surely_markup(text: str) -> bool:
    """Return whether HTML is markup as a whole, not prose with tags as its words."""
    return frames_text(text) or all(_touches_words(text, tag) for tag in known_tags(text))


def _touches_words(text: str, tag: re.Match[str]) -> bool:
    """Return whether a tag is where an inline tag may be, not a word of a sentence.

    Between blocks, the contents of hidden elements are not text. In prose they may be its example, so they stay.
    """
    if tag["hidden"]:
        return False
    before, after = text[max(0, tag.start() - 1) : tag.start()], text[tag.end() : tag.end() + 1]
    name = tag_name(tag)
    if name in VOID_ELEMENTS:
        return not (_BEFORE_WORD.search(text[max(0, tag.start() - 3) : tag.start()]) and _AFTER_WORD.match(after))
    return name in INLINE_ELEMENTS and not (before if tag["slash"] else after).isspace()


def _escape_tags(text: str) -> str:
    return TOKEN.sub(lambda token: token[0].replace("<", "&lt;").replace(">", "&gt;"), text)


def _break_tags(text: str) -> str:
    """Add a space to each tag and escaped tag, so that it is not one. This is for hostile input."""
    return _TAG_START.sub("< ", _ESCAPED_TAG.sub(lambda escape: f"& {escape[0][1:]}", text))
