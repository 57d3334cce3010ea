from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.errors import UnreadableContent
from copydesk.html.extract import extract_page
from copydesk.html.fragment import render_text
from copydesk.html.page import Page
from copydesk.html.sniff import is_markup, is_page, max_depth
from tests.helpers.cases import cases

MANY = 250_000
SENTENCE = "The harbour wall gave way at noon, and nobody was hurt, said the mayor of the town. "
HEAD = "<!DOCTYPE html><html><head><title>Harbour wall gives way</title></head><body>"
ATTRIBUTES = " ".join(f"a{number}=b" for number in range(100_000))

REFUSED = {
    "50,000 nested divs": "<div>" * 50_000,
    "nested under svg": "<svg>" + "<div>" * 50_000,
    "hidden behind a textarea": "<textarea><script></textarea>" + "<div>" * 50_000,
    "hidden behind a CDATA section": "<![CDATA[>" + "<div>" * 50_000,
    "end tags that end nothing": "<div></b>" * 30_000,
    "too many elements deep down": "<table>" * 240 + f"<p>{SENTENCE}</p>" * 10_000,
    "too many elements": "<ul>" + "<li><a href=x>link</a></li>" * 50_000,
    "100,000 attributes": f"<p {ATTRIBUTES}>x",
    "100,000 attributes without blanks": "<p " + ATTRIBUTES.replace("=b ", '=""') + ">x",
    "attributes behind a quote": f'<p ="><p {ATTRIBUTES}>x">',
    "attributes behind a comment": f"<!--><p {ATTRIBUTES}>-->",
}
ANSWERED = {
    "2,000 paragraphs": f"<p>{SENTENCE}</p>" * 2_000,
    "21,000 links": "<p>" + "<a href='x'>link to it</a> " * 21_000,
    "21,000 divs side by side": "<div>some text</div>" * 21_000,
    "1,900 divs, one in the other": "<div>" * 1_900 + SENTENCE * 5,
    "250 kB of <": "<" * MANY,
    "a comment that never ends": "<!--" + "x" * MANY,
    "a script that never ends": "<script>" + "x" * MANY,
    "scripts that hardly end": "<script>" + "</script " * 30_000,
    "250,000 &": "&" * MANY,
    "250 kB on one line": "word " * (MANY // 5),
    "NUL bytes": "<p>a\0b</p>" + "\0" * MANY,
    "lone surrogates": "<p>a\ud800b\udfff</p>" * 1_000,
    "bylines in bylines": "<div class='author date'>x " * 1_900,
    "microdata in microdata": "<div itemscope itemprop=author>x " * 1_900,
}
# Browsers differ in these; here they only have to be fast.
EITHER = {
    "250 kB of <a": "<a" * (MANY // 2),
    "quotes that never close": "<p a='" + '<p a="' * 30_000,
    "50,000 links": "<a href='x'>link to it</a> " * 50_000,
    "50,000 divs side by side": "<div>some text</div>" * 50_000,
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Ignore the warnings that trafilatura logs, as the service does."""
    logging.getLogger("trafilatura").disabled = True
    yield
    logging.getLogger("trafilatura").disabled = False


def article(body: str) -> str:
    return (
        f"{HEAD}<nav><a href='/'>Home</a></nav><article><h1>Harbour wall gives way</h1>{body}</article></body></html>"
    )


@pytest.mark.parametrize("case", [case for case in cases("pages") if case.values[0]["kind"] == "fragment"])
def test_a_fragment_becomes_lines_and_paragraphs(case: dict[str, Any]) -> None:
    assert render_text(case["html"]) == case["expect"]


@pytest.mark.parametrize("case", [case for case in cases("pages") if case.values[0]["kind"] == "markup"])
def test_markup_is_distinguished_from_prose_with_angle_brackets(case: dict[str, Any]) -> None:
    assert is_markup(case["html"]) is case["expect"]


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<!doctype html><p>x", True),
        ("\ufeff\n<HTML lang=en><body>x", True),
        ("<body class='a'>x</body>", True),
        ("<p>one</p><header>two</header>", False),
        ("<!-- <html> --><p>one</p>", False),
        ("<script>document.write('<body>')</script><p>one</p>", False),
        ("text &lt;html&gt;", False),
    ],
)
def test_a_whole_page_is_distinguished_from_a_fragment(html: str, *, whole: bool) -> None:
    assert is_page(html) is whole


def test_body_separates_paragraphs_by_blank_lines() -> None:
    """Items of a list are separated by single line breaks."""
    page = extract_page(
        article(
            f"<p>{SENTENCE}</p><p>{SENTENCE * 3}</p><ul><li>first item</li><li>second item</li></ul><p>{SENTENCE}</p>"
        )
    )
    once = SENTENCE.strip()
    assert page.text.split("\n\n")[-4:] == [once, (SENTENCE * 3).strip(), "first item\nsecond item", once]
    assert "Home" not in page.text


def test_joiners_and_spaces_that_have_work_to_do_come_through() -> None:
    persian, french = "این کتاب‌ها را می‌خواهم. " * 12, "Vraiment\u00a0? Il a dit\u202f: «\u00a0oui\u00a0». " * 12
    page = extract_page(article(f"<p>{persian}</p><p>{french}</p>"))
    assert page.text.endswith(f"{persian.strip()}\n\n{french.strip()}")


def test_metadata_and_body_come_together() -> None:
    linked = '{"@type": "NewsArticle", "headline": "Harbour wall gives way", "author": {"name": "Ann Lee"}}'
    page = extract_page(
        article(f'<script type="application/ld+json">{linked}</script><p>{SENTENCE * 4}</p>'), "https://wire.example/1"
    )
    assert isinstance(page, Page)
    assert (page.title, page.authors, page.published) == ("Harbour wall gives way", ("Ann Lee",), None)


def test_a_page_without_a_visible_text_gives_that_of_its_json() -> None:
    linked = '{"@type": "NewsArticle", "headline": "x y z", "articleBody": "One.\\n\\nTwo &amp; three."}'
    assert (
        extract_page(f'{HEAD}<script type="application/ld+json">{linked}</script></body></html>').text
        == "One.\n\nTwo & three."
    )


def test_text_too_deep_for_the_parser_is_not_lost() -> None:
    assert SENTENCE.strip() in extract_page(HEAD + "<div>" * 1_000 + SENTENCE).text


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    extract_page(
        article(f"<img src='https://a.example/1.jpg'><iframe src='https://a.example'></iframe><p>{SENTENCE}</p>"),
        "https://a.example",
    )


@pytest.mark.parametrize("html", ["", "   ", "<!-- -->", "\0", "<frameset><frame></frameset>"])
def test_a_page_with_nothing_in_it_is_refused_in_words(html: str) -> None:
    with pytest.raises(UnreadableContent, match=r"page"):
        extract_page(html)


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_what_would_keep_a_parser_busy_is_refused(body: str) -> None:
    with pytest.raises(UnreadableContent, match=r"nested too deep|elements|attributes"):
        extract_page(f"{HEAD}{body}</body></html>")


@pytest.mark.parametrize("body", ANSWERED.values(), ids=ANSWERED.keys())
def test_hostile_pages_are_answered(body: str) -> None:
    assert extract_page(f"{HEAD}{body}</body></html>").title == "Harbour wall gives way"


@pytest.mark.parametrize("body", EITHER.values(), ids=EITHER.keys())
def test_hostile_pages_are_answered_or_refused(body: str) -> None:
    try:
        assert extract_page(f"{HEAD}{body}</body></html>").title == "Harbour wall gives way"
    except UnreadableContent as error:
        assert str(error)


@pytest.mark.parametrize(
    "body", [*REFUSED.values(), *ANSWERED.values(), *EITHER.values()], ids=[*REFUSED, *ANSWERED, *EITHER]
)
def test_what_needs_no_parser_is_done_with_any_string(body: str) -> None:
    # Quadratic time would take minutes at this size.
    body = body[:60_000]
    render_text(body)
    is_markup(body)
    is_page(body)
    max_depth(body)


@given(st.text(alphabet="<>/='\"!-[] &;#xpbdivlscrta\n\0\ud800", max_size=120))
def test_no_string_is_too_strange(text: str) -> None:
    assert isinstance(render_text(text), str)
    assert isinstance(is_markup(text), bool)
    assert isinstance(is_page(text), bool)
    assert max_depth(text) >= 0
    try:
        assert isinstance(extract_page(text).text, str)
    except UnreadableContent as error:
        assert str(error)


@given(st.lists(st.text(alphabet="abc é—x", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=5))
def test_what_a_fragment_says_has_no_markup_left(paragraphs: list[str]) -> None:
    text = render_text("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    assert render_text(text) == text
