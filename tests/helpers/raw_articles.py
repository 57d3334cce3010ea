"""Strategies for raw articles of any content, and clean articles as raw ones again."""

from __future__ import annotations

from html import escape
from typing import Any

from hypothesis import strategies as st

import copydesk

_PROSE = (
    *("It rains.", "Use the", "for bold", "to end it", "HTML tag", "said the mayor", "Anna Bell", "and", "The Courier"),
    *(
        "Le café est fermé.",
        "Мост закрыт.",
        "橋は閉鎖された。",
        "Zwei  Wörter",
        "“Fine”",
        " - ",
        " | ",
        ", ",
        ";",
        "#",
        '"',
    ),
)
_TAG_NAMES = ("p", "b", "i", "div", "script", "pre", "li", "h2", "a", "br", "td", "body", "svg", "rss")
_TAGS = (
    *(f"<{slash}{name}>" for name in _TAG_NAMES for slash in ("", "/")),
    *("<img src=x onerror=alert(1)>", "<a href='https://a.example/x'>", "<!-- c -->", "<![CDATA[", "]]>", "<", "x < y"),
    *("<!doctype html>", "<svg onload=alert(1)>", '<rss version="2.0"><channel>', "＜p＞"),
)
_ENTITIES = ("&amp;", "&lt;", "&gt;", "&#8217;", "&amp;lt;", "&#x3c;", "&nbsp;", "&eacute;", "&acirc;&euro;&trade;")
_ESCAPES = ("\\u2019", "\\u003cp\\u003e", "%E2%80%99", "%3Cb%3E", "=E2=80=99", "<U+2019>", "_x003c_", "\\xe2\\x80\\x99")
_SIGNS = ("\u200b", "\u00ad", "\ufeff", "\x93", "\ufffd", "\t", "\r\n", "\u2028", "\x00", "\ud83d\ude00", "e\u0301")
_BOILERPLATE = ("Advertisement", "Read more: Bridge closed", "Share this", "Photo: Anna Bell/HW", "© 2024 The Courier")
_DATELINES = (
    "LONDON, March 5 (Reuters) - ",
    "PARIS (AP) — ",
    "МОСКВА, 5 марта. /ТАСС/. ",
    "HARBOUR CITY, March 5. /HW/. ",
)
_DATES = ("March 5, 2024 9:30 AM ET", "5 mars 2024 à 07h12", "2024-03-05", "02/03/2022", "yesterday", "some day", "0")
_LANGUAGES = ("en", "English", "de_DE.UTF-8", "klingon", "iw", "<b>en</b>")
_URLS = (
    *("https://news.example/2024/03/05/a?utm_source=x&id=7", "www.courier.example/a", "HTTP://Faß.de/ü?q=a b"),
    *(
        "http://[::1]:8080/a",
        "https://user:pw@x.example:444/",
        "//cdn.example/1.jpg",
        "https://a.example/" + "ü" * 3000,
    ),
    *(
        "https://x.example:99999/",
        "story.html",
        "http://localhost",
        "https://a.example/&lt;b&gt;",
        "https://例え.jp/道",
    ),
)
_IMAGES = (
    *_URLS,
    "/a b.jpg",
    "javascript:alert(1)",
    "data:image/svg+xml,<svg>",
    "file:///etc/passwd",
    "mailto:a@b.example",
)
_SEPARATORS = ("", " ", "  ", "\n", "\n\n", " \n")

HOSTILE_URLS = (
    *("javascript:alert(2)", "JavaScript:alert(2)", "java\tscript:alert(2)", "vbscript:x", "file:///etc/passwd"),
    *("data:image/svg+xml,<svg onload=alert(1)>", "data:text/html;base64,PHA+", "ftp://a.example/b", "about:blank"),
)
"""URLs that no field of a clean article may have."""


def _damage(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def _element(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>"


_markup = st.one_of(st.sampled_from(_TAGS), st.builds(_element, st.sampled_from(_TAG_NAMES), st.sampled_from(_PROSE)))
_parts = st.one_of(
    st.sampled_from((*_PROSE, *_BOILERPLATE, *_DATELINES, *_DATES, *_URLS)),
    st.sampled_from((*_ENTITIES, *_ESCAPES, *_SIGNS)),
    _markup,
    _markup.map(escape),
    _markup.map(lambda text: escape(escape(text))),
    st.sampled_from(_PROSE).map(_damage),
    st.text(max_size=4),
)


def _join(parts: list[tuple[str, str]]) -> str:
    return "".join(part + separator for part, separator in parts)


def texts(max_parts: int) -> st.SearchStrategy[str]:
    """Texts of markup, escaped markup, references, damage, URLs, dates, boilerplate, datelines and white space."""
    return st.lists(st.tuples(_parts, st.sampled_from(_SEPARATORS)), max_size=max_parts).map(_join)


def raw_articles() -> st.SearchStrategy[dict[str, Any]]:
    """Raw articles with any of the fields."""
    lines, lists, dates = texts(4), st.lists(texts(3), max_size=3), st.one_of(st.sampled_from(_DATES), texts(3))
    optional: dict[str, st.SearchStrategy[Any]] = {
        **dict.fromkeys(("title", "subtitle", "source", "section"), lines),
        **dict.fromkeys(("authors", "tags"), lists),
        **dict.fromkeys(("published", "modified", "fetched_at"), dates),
        **dict.fromkeys(("url", "canonical_url"), st.sampled_from(_URLS)),
        "image": st.sampled_from(_IMAGES),
        "language": st.sampled_from(_LANGUAGES),
        "extra": st.dictionaries(st.sampled_from(("a/b", "~", "", "ключ", "<b>")), lines, max_size=3),
    }
    bodies = st.one_of(st.fixed_dictionaries({"text": texts(8)}), st.fixed_dictionaries({"html": texts(8)}))
    return st.builds(lambda body, fields: body | fields, bodies, st.fixed_dictionaries({}, optional=optional))


def as_raw(article: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of a clean article as a raw one."""
    return copydesk.map_record(article)
