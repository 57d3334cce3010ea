"""Seeds of the fuzzer: small inputs from the corpus and the test cases, and a dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from copydesk.encoding.charsets import CODECS
from fuzz.targets import LABELS

_ROOT = Path(__file__).parent.parent
_CASES = _ROOT / "tests" / "cases"
# Short texts keep an execution fast.
_MAX_TEXT_CHARS = 160

# The dictionary: strings that rules match.
TOKENS = (
    *"â€™ â€œ Ã© Ð¿Ñ€Ð¸ РїСЂРё Ïðèâåò ГЎ Ã¢â‚¬â„¢ 鈥檚 ΓÇÖ ï¿½ ï»¿ f¨¹r konularýnýn caf\ufffd don?t".split(" "),
    *r"&amp; &amp;amp; &lt;p&gt; &#8217; &#x92; &#xD800; &nbsp; \u2019 \ud83d\ude00 \xe2\x80\x99".split(" "),
    *"=E2=80=99 %E2%80%99 ﬁ … “ ’ — ｆ 가 ½ İ ß 🇩🇪 \U000e0001 \U0010ffff \ue000".split(" "),
    *"\u00a0/\u200b/\u200d/\u00ad/\ufeff/\u2028/\u0301/\u202e/\x85/\x92/\x00/\r\n\r\n".split("/"),
    "LONDON, Feb 2 (Reuters) - ",
    "МОСКВА, 2 фев. /ТАСС/. ",
    "新华社北京8月12日电 ",
    "Photo: Getty Images\n",
    "By Anna Bell and ",
    "Updated 2:05 PM ET, Wed February 2, 2022",
    "3 hours ago",
    "Read more\n",
    "Advertisement\n",
    " | The Courier",
    *"2024-03-05T09:30:00+01:00 02/03/2022 1e9 1e999 #tag, https://a.example/?utm_source=x#y xn-- %zz".split(" "),
    *"<p> </p> <br> </script> <!-- <![CDATA[ <title> <article> <html><body> <pre> <table><tr><td> <h1>".split(" "),
    *"<rss><channel> <item> <entry> <link> <pubDate> <content:encoded> <dc:creator> <!DOCTYPE <!ENTITY %x; ]>".split(
        " "
    ),
    "<script type=application/ld+json>",
    "<meta charset=gbk>",
    "<meta property=og:title content='",
    "<link rel=canonical href='",
    *r'{"@graph":[ "@type":"NewsArticle" "headline": "articleBody": "options":{ \ud800 "extra":{"'.split(" "),
)


def seeds(target: str) -> list[bytes]:
    """Return the seeds of a target, without duplicates."""
    return list(dict.fromkeys(_SEEDS[target]()))


def _articles() -> Iterator[dict[str, Any]]:
    for path in sorted((_ROOT / "tests" / "corpus").glob("*.json")):
        for raw in json.loads(path.read_text(encoding="utf-8"))[:1]:
            yield raw | {"text": raw["text"][:_MAX_TEXT_CHARS]}


def _documents() -> Iterator[Any]:
    yield json.loads((_ROOT / "examples" / "article.json").read_text(encoding="utf-8"))
    yield from _articles()
    for name, field in _FIELD_OF_TABLE.items():
        for case in json.loads((_CASES / f"{name}.json").read_text(encoding="utf-8")):
            for key in ("damaged", "raw", "text", "title", "declared", "html"):
                if key in case:
                    value = case[key]
                    yield {"text": "x", field: value} if field != "text" else {"text": value}
                    break
    yield {"text": "", "extra": {"a/b~": ["Ã©", {"": None}, 1e300, -1, True]}, "options": {"changes": "summary"}}
    yield {"content_base64": "Y2Fm6Q==", "content_type": "text/plain; charset=iso-8859-1", "declared_charset": "gbk"}
    yield {"text": "«Ã©» — x", "options": {"repair": "aggressive", "quotes": "plain", "normalization": "NFKC"}}
    yield {"txt": "x", "url": "example.com", "authors": [1], "published": 1709627400.5, "options": {"repair": "of"}}


# By table of test cases, the field that its cases go into.
_FIELD_OF_TABLE = {
    "repair": "text",
    "normalize": "text",
    "datelines": "text",
    "boilerplate": "text",
    "authors": "authors",
    "dates": "published",
    "tags": "tags",
    "titles": "title",
    "languages": "language",
    "pages": "html",
}


def _json_seeds() -> Iterator[bytes]:
    for document in _documents():
        yield json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    yield from (
        b"",
        b"null",
        b"[]",
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b'{"a":1,"a":2}',
        b"\xef\xbb\xbf{}",
        b'"\\ud800"',
    )
    yield from (
        b"[" * 70,
        b'{"text": "x",}',
        b'{"text": "\\ud83d\\ude00 \\ud800"}',
        b'{"extra": {"n": 123456789012345678901234}}',
    )


def _line_seeds() -> Iterator[bytes]:
    documents = list(_json_seeds())
    for start in range(0, len(documents), 5):
        yield b"\n".join(documents[start : start + 3]) + (b"\r\n\n" if start % 2 else b"")
    yield from (b"", b"\n\n", b"{broken\n{}", b'{"text":"x"}\x0b\n\x0c\n\x1c\n', b'{"text":"x"}\r{"text":"y"}')


def _byte_seeds() -> Iterator[bytes]:
    for i, raw in enumerate(_articles()):
        for label_index, label in enumerate(LABELS):
            codec = CODECS.get(label or "utf-8")
            if codec and label_index % 4 == i % 4:
                yield bytes((label_index, i % 20)) + raw["text"].encode(codec, "ignore")
    yield from (
        b"",
        b"\0",
        b"\0\0\xff\xfea\0b\0",
        b"\0\0\xfe\xff\0a\0b",
        b"\0\0\x89PNG\r\n\x1a\n",
        b"\0\0%PDF-1.4",
        b"\0\0~{<:~}",
    )


def _html_seeds() -> Iterator[bytes]:
    page = (_ROOT / "examples" / "page.html").read_bytes()
    yield from (b"\0\0" + page, b"\0\0" + page + b"\n")
    for case in json.loads((_CASES / "pages.json").read_text(encoding="utf-8")):
        if "html" in case:
            html = case["html"].encode("utf-8", "surrogatepass")
            yield bytes((1, len(html) % 20)) + html
            yield bytes((1, len(html) % 7)) + html + b" "


_RSS = """<rss version='2.0'><channel><title>The Courier</title><item><title>{title}</title><link>{url}</link>
<description>{text}</description><author>{author}</author><pubDate>{date}</pubDate></item></channel></rss>"""
_ATOM = """<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>{title}</title><link href='{url}'/>
<content type='html'>{text}</content><author><name>{author}</name></author><updated>{date}</updated></entry></feed>"""
_RDF = """<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item>
<title>{title}</title><link>{url}</link><description><![CDATA[<p>{text}]]></description></item></rdf:RDF>"""


def _feed_seeds() -> Iterator[bytes]:
    for i, raw in enumerate(_articles()):
        fields = {"text": raw["text"], "title": raw["title"], "url": raw["url"], "date": raw["published"]}
        author = raw["authors"][0] if raw["authors"] else ""
        for j, entry in enumerate((_RSS, _ATOM, _RDF)):
            xml = entry.format(author=author, **{name: escape(value) for name, value in fields.items()})
            label = LABELS[i % len(LABELS)]
            codec = CODECS.get(label or "utf-8") or "utf-8"
            yield bytes((i % len(LABELS), (4 * i + j) % 20)) + xml.encode(codec, "ignore")
            yield bytes((0, (i + j) % 20)) + f"<?xml version='1.0' encoding='{label}'?>{xml}".encode()
    yield from (b"", b"\0\0<rss>", b"\0\0<!DOCTYPE rss [<!ENTITY x '&x;'>]><rss><channel><item><title>&x;")


_SEEDS = {"feed": _feed_seeds, "json": _json_seeds, "lines": _line_seeds, "bytes": _byte_seeds, "html": _html_seeds}
