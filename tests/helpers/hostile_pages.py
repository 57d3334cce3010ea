"""Hostile pages: deterministic builders of expensive HTML of about a given number of bytes, by name.

Each repeats one construct that a parser or pattern may have to climb, close, compare or search to the end of the page.
If the cost grows faster than the size, something is worse than linear.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

_HEAD = "<!doctype html><html><head><title>Rain over the harbour</title>"
_BODY = "</head><body><article><h1>Rain over the harbour</h1>"
_END = "</article></body></html>"
_PROSE = "The rain went on all night, and the council closed the old bridge. "

Page = Callable[[int], bytes]
"""Builds a page of a size in bytes."""


def _repeat(piece: str, *, before: str = "", after: str = "") -> Page:
    """Return a builder of pages with a repeated piece in the article."""
    return lambda size: _build_page(before + _fill(piece, size) + after)


def _repeat_in_head(piece: str) -> Page:
    """Return a builder of pages with a repeated piece in the head. `{}` is replaced by a number."""

    def build(size: int) -> bytes:
        count = max(1, size // len(piece.encode("utf-8", "surrogatepass")))
        head = "".join(piece.replace("{}", str(i)) for i in range(count))
        return _build_page(f"<p>{_PROSE * 10}</p>", head=head)

    return build


def _linked_data(build_json: Callable[[int], str]) -> Page:
    """Return a builder of pages with one block of JSON-LD."""
    return lambda size: _build_page(
        f"<p>{_PROSE * 10}</p>", head=f'<script type="application/ld+json">{build_json(size)}</script>'
    )


def _attribute(value: str) -> Page:
    """Return a builder of pages with one attribute of repeated values."""
    return lambda size: _build_page(f'<p class="{_fill(value, size)}">{_PROSE * 10}</p>')


def _fill(piece: str, size: int) -> str:
    return piece * max(1, size // len(piece.encode("utf-8", "surrogatepass")))


def _build_page(body: str, *, head: str = "") -> bytes:
    return f"{_HEAD}{head}{_BODY}{body}{_END}".encode("utf-8", "surrogatepass")


def _noise(size: int) -> bytes:
    return Random(7).randbytes(size)


def _meta(name: str, value: str) -> Page:
    """Return a builder of pages with one `meta` element of repeated values."""
    return lambda size: _build_page(
        f"<p>{_PROSE * 10}</p>", head=f'<meta property="{name}" content="{_fill(value, size)}">'
    )


def _article_json(**fields: str) -> Callable[[int], str]:
    """Return a builder of JSON-LD with fields of repeated values."""
    return lambda size: json.dumps(
        {"@type": "NewsArticle", **{name: _fill(value, size // len(fields)) for name, value in fields.items()}}
    )


_IN_BODY: dict[str, Page] = {
    "paragraphs": _repeat("<p>"),
    "paragraphs of prose": _repeat(f"<p>{_PROSE * 2}</p>"),
    "paragraphs of a word": _repeat("<p>x</p>"),
    "nested div": _repeat("<div>"),
    "nested div of words": _repeat("<div>x "),
    "nested inline": _repeat("<b>"),
    "nested anchors": _repeat("<a href=x>x"),
    "nested font, closed by others": _repeat("<font><p>x</font>"),
    "misnested formatting": _repeat("<b><i><p>x</b></i>"),
    "nested tables": _repeat("<table><tr><td>x"),
    "table rows": _repeat("<tr><td>x<td>y", before="<table>"),
    "table cells": _repeat("<td>x", before="<table><tr>"),
    "words between rows": _repeat("x<tr>", before="<table>"),
    "nested lists": _repeat("<ul><li>x"),
    "list items": _repeat("<li>x", before="<ul>"),
    "list items of links": _repeat("<li><a href=/a>a</a></li>", before="<ul>"),
    "definitions": _repeat("<dt>x<dd>y", before="<dl>"),
    "breaks": _repeat("<br>"),
    "breaks and words": _repeat("x<br>", before="<p>"),
    "headings": _repeat("<h1>x</h1>"),
    "nested quotes": _repeat("<blockquote>x"),
    "preformatted": _repeat("<pre>x\n</pre>"),
    "empty inline": _repeat("<i></i>"),
    "spans of a word": _repeat("<span>x</span> "),
    "links": _repeat("<a href='/x'>x</a> "),
    "forms": _repeat("<form><input><select><option>x</select></form>"),
    "times": _repeat("<time datetime=2024-03-05>x</time>"),
    "dates by class": _repeat("<i class=date>5 March 2024</i>"),
    "dates in prose": _repeat("<p>5 March 2024 and x</p>"),
    "dates inside long classes": lambda size: _build_page(
        f"<div class='{_fill('a ', size // 300)}'>" * 150 + _fill("<p>5 March 2024</p>", size // 2)
    ),
    "dates of scripts": _repeat("published: '2024", before="<script>"),
    "bylines by class": _repeat("<i class=byline>Ann Lee</i>"),
    "microdata": _repeat("<i itemprop=author>x</i>"),
    "nested microdata": _repeat("<i itemscope itemprop=author>"),
    "articles": _repeat("<article><p>x</article>"),
    "comment sections": _repeat("<div class=comments><p>x</p></div>"),
    "templates": _repeat("<template><p>x</template>"),
    "unclosed templates": _repeat("<template>x"),
    "drawings": _repeat("<svg><path d=M0/></svg>"),
    "unclosed drawings": _repeat("<svg><g>"),
    "framesets": _repeat("<frameset><frame src=x>"),
    "scripts": _repeat("<script>x</script>"),
    "unclosed scripts": _repeat("<script>x"),
    "unclosed titles": _repeat("<title>x"),
    "bodies": _repeat("<body>x"),
    "bodies of attributes": lambda size: _build_page("".join(f"<body a{i}=b>" for i in range(size // 12))),
    "pages": _repeat("<html><head><body>x"),
    "attributes": lambda size: _build_page("<p " + "".join(f"a{i} " for i in range(size // 7)) + ">x"),
    "255 attributes each": lambda size: _build_page(
        ("<p " + "".join(f"a{i} " for i in range(250)) + ">x") * max(1, size // 1_150)
    ),
    "a huge attribute": _attribute("x"),
    "a huge class": _attribute("x "),
    "class of dates": _attribute("date "),
    "an unclosed attribute": _repeat("<a b='"),
    "unclosed tags": _repeat("<a "),
    "unclosed end tags": _repeat("</a "),
    "end tags": _repeat("</p>"),
    "end tags of nothing": _repeat("</x>"),
    "end tags within": _repeat("</b>x", before="<b>" * 250),
    "unknown elements": _repeat("<x-y>x</x-y>"),
    "elements of other names": lambda size: _build_page("".join(f"<x{i}>x</x{i}>" for i in range(size // 16))),
    "opening brackets": _repeat("<"),
    "closing brackets": _repeat(">"),
    "bracketed words": _repeat("a < b > c "),
    "instructions": _repeat("<?x y?>"),
    "declarations": _repeat("<!x>"),
    "comments": _repeat("<!-- x -->"),
    "unclosed comments": _repeat("<!-- x "),
    "comment ends": _repeat("--!>"),
    "dashes": _repeat("-", before="<!--"),
    "CDATA": _repeat("<![CDATA[x]]>"),
    "unclosed CDATA": _repeat("<![CDATA[x"),
    "brackets in CDATA": _repeat("]", before="<![CDATA["),
    "entities": _repeat("&amp;"),
    "unclosed entities": _repeat("&amp"),
    "unknown entities": _repeat("&x;"),
    "numbers as entities": _repeat("&#x20AC;"),
    "a huge entity": _repeat("9", before="&#"),
    "ampersands": _repeat("&"),
    "twice escaped": _repeat("&amp;lt;p&amp;gt;x"),
    "NUL": _repeat("\0x"),
    "one text": _repeat(_PROSE),
    "one paragraph": _repeat(_PROSE, before="<p>"),
    "one word": _repeat("x"),
    "one blank": _repeat(" ", before="<p>x", after="x"),
    "lines": _repeat("x\n"),
    "blank lines": _repeat("\n", before="<p>x", after="x"),
    "lines of blanks": _repeat("\n \n x", before="<p>"),
    "joiners": _repeat("x\u200d", before="<p>"),
    "surrogates": _repeat("\ud800", before="<p>"),
    "Han": _repeat("大雨下了一夜。", before="<p>"),
    "mojibake": _repeat("Itâ€™s rain. ", before="<p>"),
    "bars": _repeat("x | ", before="<p>"),
    "repeated lines": _repeat("<p>The same line again and again, says somebody.</p>"),
}

_OF_HEAD: dict[str, Page] = {
    "metas": _repeat_in_head("<meta name=author content='Ann Lee'>"),
    "metas of other names": _repeat_in_head("<meta name=n{} content=x>"),
    "meta tags": _repeat_in_head("<meta property=article:tag content='tag {}'>"),
    "meta dates": _repeat_in_head("<meta name=date content='2024-03-05 {}'>"),
    "meta without an end": _repeat_in_head("<meta {}"),
    "metas without a charset": _repeat_in_head("<meta x{}='charset '"),
    "link relations": _repeat_in_head("<link rel=r{} href=x>"),
    "a link of relations": lambda size: _build_page("<p>x", head=f"<link rel='{_fill('a ', size)}' href=x>"),
    "bases": _repeat_in_head("<base href=x{}>"),
    "blocks of JSON-LD": _repeat_in_head(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"{}"}</script>'
    ),
    "broken blocks": _repeat_in_head('<script type="application/ld+json">{"headline":"x</script>'),
    "blocks of the graph": _repeat_in_head(
        '<script type="application/ld+json">{"@graph":[{"@id":"a{}","x":1}]}</script>'
    ),
    "head titles": _repeat_in_head("<title>x{}</title>"),
    "title of bars": lambda size: _build_page("<p>x", head=f"<title>{_fill('x | ', size)}</title>"),
    "description": _meta("og:description", "x "),
    "a huge title": _meta("og:title", "x | "),
    "a huge author": _meta("author", "By A and "),
    "a huge keyword": _meta("keywords", "a, "),
    "a huge date": _meta("date", "2024 "),
    "a huge address": _meta("og:url", "https://x/"),
    "a huge address, escaped": _meta("og:url", "%41"),
    "a huge image": _meta("og:image", "../"),
    "an image of data": _meta("og:image", "data:image/svg+xml,%3Csvg%3E"),
    "an address of a script": _meta("og:url", "javascript:"),
    "canonical scripts": _repeat_in_head("<link rel=canonical href='javascript:alert({})'>"),
    "a huge language": _meta("language", "en-"),
    "XML declarations": lambda size: _fill("<?xml version='1.0'?>", size).encode() + _build_page("x"),
    "blanks before": lambda size: b" " * size + _build_page("x"),
}

_OF_JSON: dict[str, Page] = {
    "JSON of brackets": _linked_data(lambda size: _fill("[", size)),
    "JSON of braces": _linked_data(lambda size: _fill('{"a":', size)),
    "JSON of commas": _linked_data(lambda size: "{" + _fill(" ,", size)),
    "JSON of blanks": _linked_data(lambda size: "{," + _fill(" ", size)),
    "JSON of backslashes": _linked_data(lambda size: '{"headline": "' + _fill("\\", size)),
    "JSON of quotes": _linked_data(lambda size: '{"headline": ' + _fill('"', size)),
    "JSON of keys": _linked_data(lambda size: _fill('"headline":', size)),
    "JSON of unclosed headlines": _linked_data(lambda size: _fill('"headline": "\\x', size)),
    "JSON of comments": _linked_data(lambda size: _fill("/*<!--*/", size)),
    "JSON of slashes": _linked_data(lambda size: _fill("//", size)),
    "JSON of blanks in front": _linked_data(lambda size: _fill(" ", size) + "x"),
    "JSON of digits": _linked_data(lambda size: '{"headline": ' + _fill("9", size) + "}"),
    "JSON of infinity": _linked_data(lambda size: '{"headline": [' + _fill("1e999,", size) + "1]}"),
    "JSON of nodes": _linked_data(lambda size: "[" + _fill('{"@type":"Article","url":"x"},', size) + "{}]"),
    "JSON of nodes that nest": _linked_data(lambda size: _fill('{"@graph":[', min(size, 9_000)) + "1"),
    "JSON of names": _linked_data(
        lambda size: json.dumps(
            {"@type": "Article", "author": [{"name": [{"name": ["x"] * 99}] * 99}] * min(99, size // 1_000 + 1)}
        )
    ),
    "JSON of authors": _linked_data(
        lambda size: json.dumps({"@type": "Article", "author": [{"name": "Ann Lee"}] * (size // 20)})
    ),
    "JSON of types": _linked_data(lambda size: json.dumps([{"@type": _fill("Article", size)}])),
    "JSON of a headline": _linked_data(_article_json(headline="x - ")),
    "JSON of a body": _linked_data(_article_json(articleBody="<p>x ")),
    "JSON of addresses": _linked_data(_article_json(url="//x/")),
    "JSON of entities": _linked_data(lambda size: _fill("&quot;", size)),
}

_OF_BYTES: dict[str, Page] = {
    "noise": _noise,
    "noise in a page": lambda size: _build_page("") + bytes(byte | 0x80 for byte in _noise(size)),
    "one high byte": lambda size: _build_page("") + b"\xff" * size,
    "ASCII, then one byte": lambda size: _build_page(_fill(_PROSE, size)) + b"\xe9",
    "ASCII and high by turns": lambda size: _build_page("") + b"a\xe9" * (size // 2),
    "UTF-16 without a mark": lambda size: _build_page(_fill(_PROSE, size // 2)).decode().encode("utf-16-le"),
    "big-endian UTF-16 without a mark": lambda size: _build_page(_fill(_PROSE, size // 2)).decode().encode("utf-16-be"),
    "UTF-32 without a mark": lambda size: _build_page(_fill(_PROSE, size // 4)).decode().encode("utf-32-le"),
    "escapes of ISO-2022": lambda size: _build_page("") + b"\x1b$B" * (size // 3),
    "lead bytes": lambda size: _build_page("") + b"\xe2" * size,
    "overlong": lambda size: _build_page("") + b"\xc0\x80" * (size // 2),
    "stray bytes in UTF-8": lambda size: _build_page(_fill("é", size)) + b"\xe9",
    "Shift_JIS": lambda size: _build_page("") + "雨が降り続いた。".encode("shift_jis") * (size // 16),
    "GBK": lambda size: _build_page("") + "大雨下了一夜。".encode("gbk") * (size // 14),
    "windows-1251": lambda size: _build_page("") + "Дождь шёл всю ночь. ".encode("cp1251") * (size // 20),
}

PAGES: dict[str, Page] = _IN_BODY | _OF_HEAD | _OF_JSON | _OF_BYTES
