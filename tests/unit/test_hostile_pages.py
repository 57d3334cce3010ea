"""Hostile pages. The tests check the rejections, and count function calls."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from copydesk.errors import UnreadableContent
from copydesk.html import linked_data
from copydesk.html.extract import extract_page
from copydesk.html.sniff import has_too_many_attributes, is_markup, is_too_large
from copydesk.ingest import Content, build_article
from tests.helpers.hostile_pages import PAGES

if TYPE_CHECKING:
    from types import CodeType, FrameType


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read_or_refused_and_nothing_else(name: str) -> None:
    data = PAGES[name](8_000)
    try:
        article = build_article({}, content=Content(data, "text/html"))
    except UnreadableContent as error:
        assert str(error)
    else:
        assert isinstance(article.text, str)


def linked(document: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(document)}</script><title>Rain</title><p>It rains.</p>'


def calls(work: object) -> int:
    """Count the calls of our own functions."""
    count = 0

    def seen(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        code: CodeType = frame.f_code
        count += event == "call" and "/copydesk/" in code.co_filename

    sys.setprofile(seen)
    try:
        work()  # type: ignore[operator]
    finally:
        sys.setprofile(None)
    return count


def test_nodes_with_mutual_references_do_not_explode() -> None:
    graph: list[object] = [{"@id": "b", "name": ["x"] * 100}, {"@id": "a", "name": [{"@id": "b"}] * 100}]
    graph += [
        {"@type": "Article", "url": "https://x.example/", "datePublished": [{"@id": "a"}] * 100} for _ in range(200)
    ]
    data = linked_data.parse_linked_data([json.dumps({"@graph": graph})], ["https://x.example/"])
    assert len(data.find_all_texts("datePublished")) < 10_000
    assert calls(lambda: data.find_all_texts("datePublished")) < 50_000


def test_blanks_before_linked_data_are_looked_at_once() -> None:
    assert linked_data.parse_linked_data(
        [" " * 1_900_000 + '<!-- {"@type": "Article", "headline": "Rain"} -->'], []
    ).find_texts("headline")


@pytest.mark.parametrize("depth", [10, 500, *range(900, 1_000, 7), 5_000])
def test_node_with_a_deeply_nested_id_is_harmless(depth: int) -> None:
    block = '{"@type": "Article", "author": {"@id": ' + "[" * depth + "]" * depth + "}}"
    html = f'<script type="application/ld+json">{block}</script><title>Rain</title><p>It rains.</p>'
    assert extract_page(html).title == "Rain"


def test_too_long_attribute_is_skipped_and_the_page_parsed() -> None:
    html = f'<article class="{"date " * 100_000}"><h1>Rain</h1>' + "<p>The rain went on all night.</p>" * 5
    assert extract_page(f"<html><body>{html}</article></body></html>").text.startswith("Rain\n\nThe rain")


def test_attributes_are_counted_over_the_whole_page() -> None:
    crowd = "<p " + "".join(f"a{at} " for at in range(250)) + ">x"
    assert has_too_many_attributes(crowd * 900)
    assert not has_too_many_attributes(crowd * 700)
    with pytest.raises(UnreadableContent, match="200,000"):
        build_article({"html": ""}, html="<html><body>" + crowd * 900)


@pytest.mark.parametrize("piece", ["<p>x", "<b>x</b>", "<br>", "<x y=z>"])
@pytest.mark.parametrize("before", ["<!doctype html>", "<!--<html>-->", ""])
def test_too_many_elements_are_rejected_before_parsing(piece: str, before: str) -> None:
    html = before + piece * 300_000

    def refused() -> None:
        with pytest.raises(UnreadableContent, match="40,000 elements"):
            build_article({}, html=html)

    assert calls(refused) < 100


def test_a_text_of_too_many_tags_is_refused_as_a_page_is() -> None:
    with pytest.raises(UnreadableContent, match="40,000 elements"):
        build_article({"text": "<p>x</p>" * 45_000})


def test_a_text_larger_than_any_page_is_no_page() -> None:
    assert is_too_large("x" * 10_485_761)
    assert not is_markup("<p>x</p>" + "x" * 10_485_760)


def test_article_of_a_page_with_many_elements_is_extracted() -> None:
    html = "<nav>Home</nav><article><h1>Rain</h1>" + "<p>The rain went on.</p>" * 20_500 + "</article>"
    text = extract_page(f"<html><body>{html}</body></html>").text
    assert "Home" not in text
    assert text.count("The rain went on.") == 20_500


def test_a_million_bare_brackets_are_text() -> None:
    assert (
        build_article({}, content=Content(b"<html><body>" + b"< " * 1_000_000, "text/html")).text.count("<")
        == 1_000_000
    )


@pytest.mark.parametrize("size", [10, 999_999, 1_000_000, 1_000_001, 2_000_003])
def test_utf_8_with_a_stray_byte_is_utf_8_wherever_it_is_cut(size: int) -> None:
    data = "é€😀".encode() * (size // 9 + 5) + b"\xe9"
    assert build_article({}, content=Content(b"x" * (size % 9) + data, "text/plain")).text.endswith("é€😀\ufffd")
