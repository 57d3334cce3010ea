"""Links to other articles between the paragraphs of a page."""

from __future__ import annotations

import time

import pytest
from lxml.html import document_fromstring  # type: ignore[import-untyped]

from copydesk.html.extract import extract_page
from copydesk.html.related import remove_related_links

URL = "https://courier.example/news/bridge-closed"
PARAGRAPHS = (
    "The council said on Monday that the bridge over the river would stay closed until the end of the month.",
    "Nobody was hurt when the water rose by two metres in the night, and the fire brigade closed the road.",
    "Engineers will look at the damaged piers again next week and will then say when it can be opened.",
    "Until then all traffic goes by the northern ring road, which has room for it except in the morning.",
    "The oldest of the piers was built before the railway came, and nobody knows how deep its base is.",
)
HEADLINE = "Two thousand homes without power after the storm"
OTHER = "/news/homes-without-power"


def text(block: str, url: str | None = URL, head: str = "") -> str:
    """Return the text of an article with a block in the middle."""
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<article><h1>Bridge closed after flood</h1>{first}{block}{''.join(rest)}</article>"
    return extract_page(f"<html><head><title>Bridge closed</title>{head}</head><body>{body}</body></html>", url).text


@pytest.mark.parametrize(
    "label", ["Read more: ", "Lesen Sie auch: ", "MIRA: ", "Relacionado | ", "Les også – ", "続き："]
)
@pytest.mark.parametrize(
    "template", ["<p>{}</p>", "<p><strong>{}</strong></p>", "<div>{}</div>", "<h3>{}</h3><div>20 comments</div>"]
)
def test_a_link_after_a_label_goes_in_any_language(label: str, template: str) -> None:
    found = text(template.format(f"{label}<a href='{OTHER}'>{HEADLINE}</a>"))
    assert HEADLINE not in found
    assert all(paragraph in found for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "block",
    [
        f"<p><a href='{OTHER}'>{HEADLINE}</a></p>",
        f"<p><b><a href='https://www.courier.example{OTHER}'>{HEADLINE}</a></b></p>",
        f"<p>[<a href='{OTHER}'>Read: {HEADLINE}</a>]</p>",
        f"<p><a href='{OTHER}'>{HEADLINE}</a></p><p><a href='/news/3'>Why the river rose so fast this winter</a></p>",
    ],
)
def test_a_headline_between_paragraphs_goes(block: str) -> None:
    assert text(block).split("\n\n")[-5:] == list(PARAGRAPHS)


def test_the_site_is_known_from_the_page() -> None:
    block = f"<p>Read more: <a href='https://m.courier.example{OTHER}'>{HEADLINE}</a></p>"
    assert HEADLINE not in text(block, None, f"<link rel='canonical' href='{URL}'>")
    assert HEADLINE in text(block, None)


@pytest.mark.parametrize(
    "block",
    [
        f"<p>Source: <a href='https://weather.example/report'>{HEADLINE}</a></p>",
        f"<p>The report: <a href='/files/report.pdf'>{HEADLINE}</a></p>",
        f"<p>Contact: <a href='mailto:desk@courier.example'>{HEADLINE}</a></p>",
        f"<p>Below: <a href='#notes'>{HEADLINE}</a></p>",
        f"<p>The storm came on Friday. <a href='{OTHER}'>{HEADLINE}</a></p>",
        f"<p>Read more: <a href='{OTHER}'>{HEADLINE}</a>, as we wrote on Friday.</p>",
        f"<p><a href='{OTHER}'>{HEADLINE}.</a></p>",
        f"<h2><a href='{OTHER}'>{HEADLINE}</a></h2>",
        f"<h2>Part one: <a href='{OTHER}'>{HEADLINE}</a></h2>",
        f"<p>Both: <a href='{OTHER}'>{HEADLINE}</a> <a href='/news/3'>{HEADLINE}</a></p>",
        f"<p>Read more: <a href='http://['>{HEADLINE}</a></p>",
    ],
)
def test_a_link_that_is_a_part_of_the_text_stays(block: str) -> None:
    assert HEADLINE in text(block)


@pytest.mark.parametrize("tag", ["p", "div"])
def test_a_list_of_different_labels_stays(tag: str) -> None:
    titles = {f"{place} place": f"The long road to the harbour, part {place}" for place in ("First", "Second", "Third")}
    block = "".join(
        f"<{tag}><b>{label}:</b> <a href='/films/{label[0]}'>{title}</a></{tag}>" for label, title in titles.items()
    )
    found = text(block)
    assert all(title in found for title in titles.values())


def test_links_after_the_same_label_go() -> None:
    block = "".join(f"<p>Read more: <a href='/news/{number}'>{HEADLINE}</a></p>" for number in range(3))
    assert text(block).split("\n\n")[-5:] == list(PARAGRAPHS)


def test_a_review_of_other_articles_keeps_its_links() -> None:
    """Links and paragraphs alternate."""
    titles = [f"{number} homes without power after the storm" for number in range(4)]
    entries = "".join(f"<p><a href='/n/{i}'>{titles[i]}</a></p><p>{PARAGRAPHS[i]}</p>" for i in range(4))
    page = (
        f"<html><head><title>The week</title></head><body><article><h1>The week</h1>{entries}</article></body></html>"
    )
    assert all(title in extract_page(page, URL).text for title in titles)


@pytest.mark.parametrize("heading", ["", f"<h2><a href='{OTHER}'>{HEADLINE}</a></h2>"])
def test_nested_links_before_a_long_text_take_linear_time(heading: str) -> None:
    tree = document_fromstring(f"{heading}<p>" + "<span><a href='/n'>" * 120 + "a long text " * 200_000)
    start = time.process_time()
    remove_related_links(tree, URL)
    assert time.process_time() - start < 0.5
