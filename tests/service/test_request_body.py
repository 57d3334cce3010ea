"""Pages and texts as raw bytes."""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.settings import Settings
from svc.app import create_app
from tests.helpers.cases import corpus

if TYPE_CHECKING:
    from flask.testing import FlaskClient

RUSSIAN = next(article for article in corpus() if article["language"] == "ru")


def in_koi8(text: str) -> str:
    """Return the characters of a text that all Cyrillic charsets have."""
    return re.sub(" +", " ", text.encode("koi8-r", "ignore").decode("koi8-r"))


TITLE, TEXT = in_koi8(RUSSIAN["title"]), in_koi8(RUSSIAN["text"])
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def page(charset: str | None = None) -> str:
    """Return a page of a newspaper with everything around its article."""
    head = f'<meta charset="{charset}">' if charset else ""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT.split("\n\n"))
    linked = json.dumps(
        {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-03-05T09:30:00+03:00"},
        ensure_ascii=False,
    )
    return (
        f'<!doctype html><html lang="ru"><head>{head}<title>{TITLE} | Вестник</title>'
        f'<meta property="og:site_name" content="Вестник"><link rel="canonical" href="/2024/most">'
        f'<script type="application/ld+json">{linked}</script></head>'
        f"<body><nav><ul><li>Главная</li><li>Спорт</li></ul></nav>"
        f"<article><h1>{TITLE}</h1>{paragraphs}</article><footer>© Вестник</footer></body></html>"
    )


@pytest.mark.parametrize(
    ("charset", "content_type", "source"),
    [
        ("utf-8", "text/html", "utf-8"),
        ("utf-8", "text/html; charset=windows-1251", "utf-8"),
        ("windows-1251", "text/html; charset=windows-1251", "header"),
        ("koi8-r", "text/html", "meta"),
        ("windows-1251", "application/octet-stream", "meta"),
        ("utf-16", "text/html", "bom"),
    ],
)
def test_a_page_in_any_charset_becomes_its_article(
    client: FlaskClient, charset: str, content_type: str, source: str
) -> None:
    data = page(charset).encode(charset)
    answer = client.post(
        "/v1/articles?url=https://vestnik.example/most?utm_source=x", data=data, content_type=content_type
    )
    assert answer.status_code == 200
    article = answer.get_json()
    assert article["title"] == TITLE
    assert article["text"] == TEXT
    assert article["published"] == "2024-03-05T09:30:00+03:00"
    assert (article["source"], article["language"]["declared"]) == ("Вестник", "ru")
    assert (article["url"], article["canonical_url"]) == (
        "https://vestnik.example/most",
        "https://vestnik.example/2024/most",
    )
    assert article["encoding"]["source"] == source
    overruled = [warning["detail"] for warning in article["warnings"] if warning["code"] == "charset-overruled"]
    assert len(overruled) == (1 if content_type.endswith("1251") and charset == "utf-8" else 0)


def test_unknown_charset_is_named_as_such(client: FlaskClient) -> None:
    answer = client.post("/v1/articles", data=TEXT.encode("windows-1251"), content_type="text/plain; charset=foo")
    details = [each["detail"] for each in answer.get_json()["warnings"] if each["code"] == "charset-overruled"]
    assert details == ["'foo' is an unknown charset; the bytes are read as windows-1251."]


def test_the_same_page_may_come_in_json_in_bytes_or_as_html(client: FlaskClient) -> None:
    data = base64.b64encode(page().encode("windows-1251")).decode()
    known = {"url": "https://vestnik.example/most"}
    as_bytes = {"content_base64": data, "content_type": "text/html; charset=windows-1251"} | known
    answers = client.post("/v1/articles/batch", json={"articles": [as_bytes, {"html": page()} | known]}).get_json()
    one, two = (item["article"] for item in answers["articles"])
    assert one["encoding"]["name"] == "windows-1251"
    assert two["encoding"] is None
    assert one | {"encoding": None} == two


def test_fields_of_the_request_override_the_page(client: FlaskClient) -> None:
    """A warning has the value of the page."""
    stated = {"html": page(), "title": "Другой заголовок", "published": "2024-03-01", "language": "ru-RU"}
    article = client.post("/v1/articles", json=stated).get_json()
    assert (article["title"], article["published"]) == ("Другой заголовок", "2024-03-01")
    disagreeing = [warning["field"] for warning in article["warnings"] if warning["code"] == "page-disagrees"]
    assert disagreeing == ["title", "published"]


@pytest.mark.parametrize(
    ("date", "url", "stated", "code"),
    [
        ("<p>3 March 2024</p>", "https://wire.example/a", {}, "date-from-text"),
        ("", "https://wire.example/2024/03/03/a", {}, "date-from-url"),
        ("<meta name=date content=2024-03-03>", "https://wire.example/2024/03/03/a", {}, None),
        ("<p>9 May 2021</p>", "https://wire.example/a", {"published": "2024-03-03"}, None),
    ],
)
def test_a_date_outside_the_metadata_is_marked(
    client: FlaskClient, date: str, url: str, stated: dict[str, str], code: str | None
) -> None:
    """The field of the caller needs no mark, and a visible date does not contradict it."""
    html = f"<html><title>Rain over the harbour</title>{date}<h1>Rain over the harbour</h1><p>It rains all day.</p>"
    article = client.post("/v1/articles", json={"html": html, "url": url, **stated}).get_json()
    assert article["published"] == "2024-03-03"
    warnings = [warning["code"] for warning in article["warnings"] if warning["field"] == "published"]
    assert warnings == [code] * (code is not None)


def test_what_a_page_says_of_several_is_told_in_words(client: FlaskClient) -> None:
    html = page().replace(
        "</head>", '<meta name="author" content="Anna Bell"><meta name="author" content="Max Müller"></head>'
    )
    article = client.post("/v1/articles", json={"html": html, "authors": ["Zoé Hartley"]}).get_json()
    [detail] = [warning["detail"] for warning in article["warnings"] if warning["field"] == "authors"]
    assert "“" in detail
    assert "(" not in detail


def test_a_page_whose_own_database_was_damaged_is_repaired(client: FlaskClient) -> None:
    damaged = page().encode().decode("windows-1252", "replace").replace("\ufffd", "")
    text = "Russiaâ€™s envoy said on Tuesday that the talks would go on, and cafÃ© owners agreed with him."
    html = f"<html><head><title>Envoyâ€™s answer</title></head><body><article><p>{text}</p></article></body></html>"
    article = client.post("/v1/articles", data=html.encode(), content_type="text/html").get_json()
    assert article["text"].startswith("Russia’s envoy")
    assert article["title"] == "Envoy’s answer"
    assert client.post("/v1/articles", data=damaged.encode(), content_type="text/html").status_code == 200


@pytest.mark.parametrize("field", ["text", "html"])
def test_a_piece_of_html_becomes_lines(client: FlaskClient, field: str) -> None:
    html = "<p>It rains.<br>It pours &amp; storms.</p><ul><li>One</li><li>Two</li></ul><script>alert(1)</script>"
    article = client.post("/v1/articles", json={field: html}).get_json()
    assert article["text"] == "It rains.\nIt pours & storms.\n\nOne\nTwo"
    assert [warning["code"] for warning in article["warnings"]] == (["html-in-text"] if field == "text" else [])


def test_blank_text_is_ignored_if_there_is_a_page(client: FlaskClient) -> None:
    """HTML in the text field is parsed, too."""
    blank = client.post("/v1/articles", json={"text": " ", "html": "<p>The story.</p>"}).get_json()
    assert blank["text"] == "The story."
    both = client.post("/v1/articles", json={"text": "<p>One</p><p>Two</p>", "html": page()}).get_json()
    assert (both["text"], both["title"]) == ("One\n\nTwo", TITLE)


def test_a_strange_content_type_is_no_fault_of_ours(client: FlaskClient) -> None:
    document = {"content_base64": "PHA+eDwvcD4=", "content_type": "text/html; charset=\ud83d"}
    assert client.post("/v1/articles", data=json.dumps(document), content_type="application/json").status_code == 200


def test_plain_text_in_any_charset(client: FlaskClient) -> None:
    article = client.post("/v1/text", data=TEXT.encode("koi8-r"), content_type="text/plain").get_json()
    assert article["text"] == TEXT
    assert article["encoding"] == {
        "name": "koi8-r",
        "source": "detected",
        "declared": None,
        "confidence": article["encoding"]["confidence"],
    }
    bare = client.post(
        "/v1/text",
        data="naïve".encode("latin-1"),
        content_type="text/plain; charset=latin1",
        headers={"Accept": "text/plain"},
    )
    assert bare.get_data(as_text=True) == "naïve"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("Ёж".encode("windows-1251"), ["charset-uncertain"]),
        ("Мост закрыт из-за паводка.".encode("windows-1251"), []),
        ("Le café fermé.".encode() + b"\x80", ["bytes-lost", "characters-missing"]),
    ],
)
def test_uncertain_charset_has_a_warning(client: FlaskClient, data: bytes, codes: list[str]) -> None:
    article = client.post("/v1/text", data=data, content_type="text/plain").get_json()
    assert [warning["code"] for warning in article["warnings"]] == codes
    assert (article["encoding"]["confidence"] < 0.5) == (codes[:1] == ["charset-uncertain"])


def test_bytes_that_mean_nothing_are_counted_and_never_raise(client: FlaskClient) -> None:
    data = TEXT.encode() + b"\xd0"
    article = client.post("/v1/text", data=data, content_type="text/plain").get_json()
    assert article["text"].endswith("\ufffd")
    assert [warning["code"] for warning in article["warnings"]] == ["bytes-lost", "characters-missing"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "slug"),
    [
        (PNG, "text/html", 422, "unreadable-content"),
        (b"%PDF-1.7\n" + b"x" * 99, "text/plain", 422, "unreadable-content"),
        (gzip.compress(b"x" * 99), "application/octet-stream", 422, "unreadable-content"),
        (bytes(range(32)) * 20, "application/octet-stream", 422, "unreadable-content"),
        (b"<html><body>" + b"<div>" * 3_000 + b"x", "text/html", 422, "unreadable-content"),
        (b"<html><body></body></html>", "text/html", 422, "unreadable-content"),
        (PNG, "image/png", 415, "unsupported-media-type"),
        (b"x" * 3_001, "text/plain", 413, "limit-exceeded"),
    ],
    ids=["PNG as HTML", "PDF", "gzip", "controls", "deep HTML", "empty page", "PNG", "too long"],
)
def test_what_is_no_article_is_refused_in_words(body: bytes, content_type: str, status: int, slug: str) -> None:
    small = create_app(Settings(max_text_characters=3_000, max_body_bytes=20_000)).test_client()
    answer = small.post("/v1/articles", data=body, content_type=content_type)
    assert (answer.status_code, answer.get_json()["type"].rpartition(":")[2]) == (status, slug)


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"title": "x"}, "/text"),
        ({"html": "<p>x", "content_base64": "eA=="}, "/content_base64"),
        ({"text": "x", "content_type": "text/html"}, "/content_type"),
        ({"content_base64": "!"}, "/content_base64"),
    ],
)
def test_a_body_is_sent_once_and_whole(client: FlaskClient, document: dict[str, str], pointer: str) -> None:
    answer = client.post("/v1/articles", json=document)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_the_address_of_a_page_is_checked_like_any_field(client: FlaskClient) -> None:
    answer = client.post("/v1/articles?url=nowhere", data=page().encode(), content_type="text/html")
    assert answer.get_json()["errors"][0]["parameter"] == "url"
    located = {"Content-Location": "https://vestnik.example/most"}
    answer = client.post("/v1/articles", data=page().encode(), content_type="text/html", headers=located)
    assert answer.get_json()["domain"] == "vestnik.example"


def test_page_without_the_html_extra_is_a_501(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The problem names the extra. HTML fragments are parsed without it."""
    monkeypatch.delattr("copydesk.html.extract", raising=False)
    monkeypatch.setitem(sys.modules, "copydesk.html.extract", None)
    answer = client.post("/v1/articles", data=page().encode(), content_type="text/html")
    assert answer.status_code == 501
    assert "copydesk[html]" in answer.get_json()["detail"]
    assert client.post("/v1/articles", json={"html": "<p>It rains.</p>"}).get_json()["text"] == "It rains."


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("x-gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
    ],
)
def test_a_body_may_be_compressed(client: FlaskClient, coding: str, compress: Any) -> None:
    data = json.dumps({"text": "Russiaâ€™s envoy"}).encode()
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
    assert client.post("/v1/text", data=compress(data), headers=headers).get_json()["text"] == "Russia’s envoy"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(b'{"text": "x"}') + b"\0", 200),
        (gzip.compress(b'{"text":') + gzip.compress(b' "x"}') + bytes(10_000), 200),
        (gzip.compress(b'{"text": "x"}') + b"\0\0x", 400),
        (gzip.compress(b'{"text": "x"}') + b"\0" + gzip.compress(b""), 400),
        (bytes(100), 400),
    ],
    ids=["one", "members", "garbage", "member", "zeros only"],
)
def test_zeros_after_gzip_are_padding(client: FlaskClient, body: bytes, status: int) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert client.post("/v1/text", data=body, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (gzip.compress(b" " * 50_000_000, 1), 413, "limit-exceeded"),
        (gzip.compress(b"{}")[:-4], 400, "incomplete-body"),
        (b"{}", 400, "invalid-content-encoding"),
    ],
    ids=["bomb", "incomplete", "not gzip"],
)
def test_a_bomb_and_what_is_no_gzip_are_refused(client: FlaskClient, body: bytes, status: int, slug: str) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = client.post("/v1/text", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["type"].rpartition(":")[2]) == (status, slug)
    if status == 413:
        assert answer.get_json()["limit"] == Settings().max_decompressed_bytes
