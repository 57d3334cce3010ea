"""Pages that are made to cost: deterministic builders of hostile HTML of about n bytes, by name.

Each repeats one thing that some parser or pattern may have to look at again and again: what has to be climbed, closed,
compared, or searched to the end of the page. Growth from size to size tells what is worse than linear.
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


def _repeated(piece: str, *, before: str = "", after: str = "") -> Page:
    """Return a builder of pages whose article is one piece again and again."""
    return lambda size: _page(before + _times(piece, size) + after)


def _in_head(piece: str) -> Page:
    """Return a builder of pages with one piece again and again in the head, each with a number for `{}`."""

    def build(size: int) -> bytes:
        pieces = (
            piece.replace("{}", str(at)) for at in range(max(1, size // len(piece.encode("utf-8", "surrogatepass"))))
        )
        return _page(f"<p>{_PROSE * 10}</p>", head="".join(pieces))

    return build


def _linked(inner: Callable[[int], str]) -> Page:
    """Return a builder of pages with one block of JSON-LD."""
    return lambda size: _page(
        f"<p>{_PROSE * 10}</p>", head=f'<script type="application/ld+json">{inner(size)}</script>'
    )


def _attribute(value: str) -> Page:
    """Return a builder of pages where one attribute's value is huge."""
    return lambda size: _page(f'<p class="{_times(value, size)}">{_PROSE * 10}</p>')


def _times(piece: str, size: int) -> str:
    return piece * max(1, size // len(piece.encode("utf-8", "surrogatepass")))


def _page(body: str, *, head: str = "") -> bytes:
    return f"{_HEAD}{head}{_BODY}{body}{_END}".encode("utf-8", "surrogatepass")


def _noise(size: int) -> bytes:
    return Random(7).randbytes(size)


def _meta(name: str, value: str) -> Page:
    """Return a builder of pages where one meta element's content is huge."""
    return lambda size: _page(f"<p>{_PROSE * 10}</p>", head=f'<meta property="{name}" content="{_times(value, size)}">')


def _article_of(**fields: str) -> Callable[[int], str]:
    """Return a maker of JSON-LD whose given fields are huge."""
    return lambda size: json.dumps(
        {"@type": "NewsArticle", **{name: _times(value, size // len(fields)) for name, value in fields.items()}}
    )


_IN_BODY: dict[str, Page] = {
    "paragraphs": _repeated("<p>"),
    "paragraphs of prose": _repeated(f"<p>{_PROSE * 2}</p>"),
    "paragraphs of a word": _repeated("<p>x</p>"),
    "nested div": _repeated("<div>"),
    "nested div of words": _repeated("<div>x "),
    "nested inline": _repeated("<b>"),
    "nested anchors": _repeated("<a href=x>x"),
    "nested font, closed by others": _repeated("<font><p>x</font>"),
    "misnested formatting": _repeated("<b><i><p>x</b></i>"),
    "nested tables": _repeated("<table><tr><td>x"),
    "table rows": _repeated("<tr><td>x<td>y", before="<table>"),
    "table cells": _repeated("<td>x", before="<table><tr>"),
    "words between rows": _repeated("x<tr>", before="<table>"),
    "nested lists": _repeated("<ul><li>x"),
    "list items": _repeated("<li>x", before="<ul>"),
    "list items of links": _repeated("<li><a href=/a>a</a></li>", before="<ul>"),
    "definitions": _repeated("<dt>x<dd>y", before="<dl>"),
    "breaks": _repeated("<br>"),
    "breaks and words": _repeated("x<br>", before="<p>"),
    "headings": _repeated("<h1>x</h1>"),
    "nested quotes": _repeated("<blockquote>x"),
    "preformatted": _repeated("<pre>x\n</pre>"),
    "empty inline": _repeated("<i></i>"),
    "spans of a word": _repeated("<span>x</span> "),
    "links": _repeated("<a href='/x'>x</a> "),
    "forms": _repeated("<form><input><select><option>x</select></form>"),
    "times": _repeated("<time datetime=2024-03-05>x</time>"),
    "dates by class": _repeated("<i class=date>5 March 2024</i>"),
    "bylines by class": _repeated("<i class=byline>Ann Lee</i>"),
    "microdata": _repeated("<i itemprop=author>x</i>"),
    "nested microdata": _repeated("<i itemscope itemprop=author>"),
    "articles": _repeated("<article><p>x</article>"),
    "comment sections": _repeated("<div class=comments><p>x</p></div>"),
    "templates": _repeated("<template><p>x</template>"),
    "unclosed templates": _repeated("<template>x"),
    "drawings": _repeated("<svg><path d=M0/></svg>"),
    "unclosed drawings": _repeated("<svg><g>"),
    "framesets": _repeated("<frameset><frame src=x>"),
    "scripts": _repeated("<script>x</script>"),
    "unclosed scripts": _repeated("<script>x"),
    "unclosed titles": _repeated("<title>x"),
    "bodies": _repeated("<body>x"),
    "bodies of attributes": lambda size: _page("".join(f"<body a{at}=b>" for at in range(size // 12))),
    "pages": _repeated("<html><head><body>x"),
    "attributes": lambda size: _page("<p " + "".join(f"a{at} " for at in range(size // 7)) + ">x"),
    "255 attributes each": lambda size: _page(
        ("<p " + "".join(f"a{at} " for at in range(250)) + ">x") * max(1, size // 1_150)
    ),
    "a huge attribute": _attribute("x"),
    "a huge class": _attribute("x "),
    "class of dates": _attribute("date "),
    "an unclosed attribute": _repeated("<a b='"),
    "unclosed tags": _repeated("<a "),
    "unclosed end tags": _repeated("</a "),
    "end tags": _repeated("</p>"),
    "end tags of nothing": _repeated("</x>"),
    "end tags within": _repeated("</b>x", before="<b>" * 250),
    "unknown elements": _repeated("<x-y>x</x-y>"),
    "elements of other names": lambda size: _page("".join(f"<x{at}>x</x{at}>" for at in range(size // 16))),
    "opening brackets": _repeated("<"),
    "closing brackets": _repeated(">"),
    "bracketed words": _repeated("a < b > c "),
    "instructions": _repeated("<?x y?>"),
    "declarations": _repeated("<!x>"),
    "comments": _repeated("<!-- x -->"),
    "unclosed comments": _repeated("<!-- x "),
    "comment ends": _repeated("--!>"),
    "dashes": _repeated("-", before="<!--"),
    "CDATA": _repeated("<![CDATA[x]]>"),
    "unclosed CDATA": _repeated("<![CDATA[x"),
    "brackets in CDATA": _repeated("]", before="<![CDATA["),
    "entities": _repeated("&amp;"),
    "unclosed entities": _repeated("&amp"),
    "unknown entities": _repeated("&x;"),
    "numbers as entities": _repeated("&#x20AC;"),
    "a huge entity": _repeated("9", before="&#"),
    "ampersands": _repeated("&"),
    "twice escaped": _repeated("&amp;lt;p&amp;gt;x"),
    "NUL": _repeated("\0x"),
    "one text": _repeated(_PROSE),
    "one paragraph": _repeated(_PROSE, before="<p>"),
    "one word": _repeated("x"),
    "one blank": _repeated(" ", before="<p>x", after="x"),
    "lines": _repeated("x\n"),
    "blank lines": _repeated("\n", before="<p>x", after="x"),
    "lines of blanks": _repeated("\n \n x", before="<p>"),
    "joiners": _repeated("x\u200d", before="<p>"),
    "surrogates": _repeated("\ud800", before="<p>"),
    "Han": _repeated("大雨下了一夜。", before="<p>"),
    "mojibake": _repeated("Itâ€™s rain. ", before="<p>"),
    "bars": _repeated("x | ", before="<p>"),
    "repeated lines": _repeated("<p>The same line again and again, says somebody.</p>"),
}

_OF_HEAD: dict[str, Page] = {
    "metas": _in_head("<meta name=author content='Ann Lee'>"),
    "metas of other names": _in_head("<meta name=n{} content=x>"),
    "meta tags": _in_head("<meta property=article:tag content='tag {}'>"),
    "meta dates": _in_head("<meta name=date content='2024-03-05 {}'>"),
    "meta without an end": _in_head("<meta {}"),
    "metas without a charset": _in_head("<meta x{}='charset '"),
    "link relations": _in_head("<link rel=r{} href=x>"),
    "a link of relations": lambda size: _page("<p>x", head=f"<link rel='{_times('a ', size)}' href=x>"),
    "bases": _in_head("<base href=x{}>"),
    "blocks of JSON-LD": _in_head(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"{}"}</script>'
    ),
    "broken blocks": _in_head('<script type="application/ld+json">{"headline":"x</script>'),
    "blocks of the graph": _in_head('<script type="application/ld+json">{"@graph":[{"@id":"a{}","x":1}]}</script>'),
    "head titles": _in_head("<title>x{}</title>"),
    "title of bars": lambda size: _page("<p>x", head=f"<title>{_times('x | ', size)}</title>"),
    "description": _meta("og:description", "x "),
    "a huge title": _meta("og:title", "x | "),
    "a huge author": _meta("author", "By A and "),
    "a huge keyword": _meta("keywords", "a, "),
    "a huge date": _meta("date", "2024 "),
    "a huge address": _meta("og:url", "https://x/"),
    "a huge address, escaped": _meta("og:url", "%41"),
    "a huge image": _meta("og:image", "../"),
    "a huge language": _meta("language", "en-"),
    "XML declarations": lambda size: _times("<?xml version='1.0'?>", size).encode() + _page("x"),
    "blanks before": lambda size: b" " * size + _page("x"),
}

_OF_JSON: dict[str, Page] = {
    "JSON of brackets": _linked(lambda size: _times("[", size)),
    "JSON of braces": _linked(lambda size: _times('{"a":', size)),
    "JSON of commas": _linked(lambda size: "{" + _times(" ,", size)),
    "JSON of blanks": _linked(lambda size: "{," + _times(" ", size)),
    "JSON of backslashes": _linked(lambda size: '{"headline": "' + _times("\\", size)),
    "JSON of quotes": _linked(lambda size: '{"headline": ' + _times('"', size)),
    "JSON of keys": _linked(lambda size: _times('"headline":', size)),
    "JSON of unclosed headlines": _linked(lambda size: _times('"headline": "\\x', size)),
    "JSON of comments": _linked(lambda size: _times("/*<!--*/", size)),
    "JSON of slashes": _linked(lambda size: _times("//", size)),
    "JSON of blanks in front": _linked(lambda size: _times(" ", size) + "x"),
    "JSON of digits": _linked(lambda size: '{"headline": ' + _times("9", size) + "}"),
    "JSON of infinity": _linked(lambda size: '{"headline": [' + _times("1e999,", size) + "1]}"),
    "JSON of nodes": _linked(lambda size: "[" + _times('{"@type":"Article","url":"x"},', size) + "{}]"),
    "JSON of nodes that nest": _linked(lambda size: _times('{"@graph":[', min(size, 9_000)) + "1"),
    "JSON of names": _linked(
        lambda size: json.dumps(
            {"@type": "Article", "author": [{"name": [{"name": ["x"] * 99}] * 99}] * min(99, size // 1_000 + 1)}
        )
    ),
    "JSON of authors": _linked(
        lambda size: json.dumps({"@type": "Article", "author": [{"name": "Ann Lee"}] * (size // 20)})
    ),
    "JSON of types": _linked(lambda size: json.dumps([{"@type": _times("Article", size)}])),
    "JSON of a headline": _linked(_article_of(headline="x - ")),
    "JSON of a body": _linked(_article_of(articleBody="<p>x ")),
    "JSON of addresses": _linked(_article_of(url="//x/")),
    "JSON of entities": _linked(lambda size: _times("&quot;", size)),
}

_OF_BYTES: dict[str, Page] = {
    "noise": _noise,
    "noise in a page": lambda size: _page("") + bytes(byte | 0x80 for byte in _noise(size)),
    "one high byte": lambda size: _page("") + b"\xff" * size,
    "ASCII, then one byte": lambda size: _page(_times(_PROSE, size)) + b"\xe9",
    "ASCII and high by turns": lambda size: _page("") + b"a\xe9" * (size // 2),
    "UTF-16 without a mark": lambda size: _page(_times(_PROSE, size // 2)).decode().encode("utf-16-le"),
    "big-endian UTF-16 without a mark": lambda size: _page(_times(_PROSE, size // 2)).decode().encode("utf-16-be"),
    "UTF-32 without a mark": lambda size: _page(_times(_PROSE, size // 4)).decode().encode("utf-32-le"),
    "escapes of ISO-2022": lambda size: _page("") + b"\x1b$B" * (size // 3),
    "lead bytes": lambda size: _page("") + b"\xe2" * size,
    "overlong": lambda size: _page("") + b"\xc0\x80" * (size // 2),
    "stray bytes in UTF-8": lambda size: _page(_times("é", size)) + b"\xe9",
    "Shift_JIS": lambda size: _page("") + "雨が降り続いた。".encode("shift_jis") * (size // 16),
    "GBK": lambda size: _page("") + "大雨下了一夜。".encode("gbk") * (size // 14),
    "windows-1251": lambda size: _page("") + "Дождь шёл всю ночь. ".encode("cp1251") * (size // 20),
}

PAGES: dict[str, Page] = _IN_BODY | _OF_HEAD | _OF_JSON | _OF_BYTES
