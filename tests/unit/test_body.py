"""The text of a page."""

from __future__ import annotations

import pytest

import copydesk
from copydesk.html.extract import extract_page
from tests.helpers.paths import ROOT

SENTENCES = (
    "The council said on Monday that the bridge over the river would stay closed until the end of the month.",
    "Nobody was hurt when the water rose by two metres in the night, and the fire brigade closed the road.",
    "Engineers will look at the damaged piers again next week and will then say when it can be opened.",
    "Until then all traffic goes by the northern ring road, which has room for it except in the morning.",
)
EXAMPLES = {
    "bridge": "The river rose by two metres in the night, and the council closed the old bridge.\n\n"
    "“Nobody was hurt,” said the mayor.",
    "envoy": "The island’s envoy said on Tuesday that the talks would not go on.\n\n"
    "“We do not agree with such an approach,” he told reporters at the café of the city hall.",
    "mayor": "Мэр города сообщил журналистам, что уходит в отставку.",
}


def page(body: str, title: str = "Bridge closed after flood") -> str:
    return f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>{body}</body></html>'


def text(body: str) -> str:
    return extract_page(page(body)).text


@pytest.mark.parametrize("name", ["bridge", "envoy", "mayor"])
def test_pages_of_the_example_site_have_only_their_paragraphs(name: str) -> None:
    data = (ROOT / "examples" / "site" / f"{name}.html").read_bytes()
    assert copydesk.clean_page(data).text == EXAMPLES[name]


@pytest.mark.parametrize("container", ["article", "main", "div", "section"])
def test_a_short_page_keeps_its_paragraphs(container: str) -> None:
    """Five paragraphs under 250 characters, without headline and date."""
    paragraphs = [f"{word} it." for word in ("We saw", "They knew", "She heard", "He felt", "I missed")]
    body = "<h1>Bridge closed after flood</h1><time>5 March 2024</time>" + "".join(f"<p>{p}</p>" for p in paragraphs)
    assert text(f"<{container}>{body}</{container}>") == "\n\n".join(paragraphs)


def test_a_short_page_keeps_its_list() -> None:
    items = [
        f"{word} for the people who live near the old bridge." for word in ("Water", "Bread", "Beds in the school")
    ]
    body = f"<p>{SENTENCES[3]}</p><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul><p>Nothing else is known.</p>"
    assert text(f"<div class='article'><h1>Bridge closed after flood</h1>{body}</div>").split("\n\n")[-3:] == [
        SENTENCES[3],
        "\n".join(items),
        "Nothing else is known.",
    ]


def test_headings_after_short_paragraphs_stay() -> None:
    body = "<div><p>The water fell.</p><p>The road is dry.</p></div><h2>The bridge</h2><h2>The school</h2>"
    assert text(body) == "The water fell.\n\nThe road is dry.\n\nThe bridge\n\nThe school"


@pytest.mark.parametrize(("start", "end"), [("<td>", "</td>"), ("<div class='article'>", "</div>"), ("<center>", "")])
def test_lines_divided_by_br_are_not_one_line(start: str, end: str) -> None:
    body = f"<nav><a href='/'>Home</a></nav>{start}{'<br>'.join(SENTENCES)}{end}"
    assert text(body) == "\n".join(SENTENCES)


def test_two_br_divide_paragraphs() -> None:
    assert text(f"<div>{'<br><br>'.join(SENTENCES * 2)}</div>").split("\n\n")[:4] == list(SENTENCES)


def test_an_article_that_ads_divide_is_whole() -> None:
    """The fast method of trafilatura takes the first part of it."""
    paragraphs = [f"Pier {number} stands. {sentence}" for number in range(6) for sentence in SENTENCES]
    parts = ["".join(f"<p>{paragraph}</p>" for paragraph in paragraphs[i : i + 4]) for i in range(0, 24, 4)]
    body = "<div class='ad'><span>Advertisement</span></div>".join(
        f"<div class='article__content'>{part}</div>" for part in parts
    )
    html = page(f"<article><h1>Bridge closed after flood</h1>{body}</article>")
    assert copydesk.clean_page(html).text == "\n\n".join(paragraphs)


PROGRAM = "def cross(bridge):\n    if bridge.open:\n\n        walk()\n    return bridge"


@pytest.mark.parametrize(
    "block",
    [
        f"<pre>{PROGRAM}</pre>",
        f"<pre>\n{PROGRAM}\n</pre>",
        f"<pre><code>{PROGRAM}\n</code></pre>",
        f"<div class='highlight'><pre><span>def</span>{PROGRAM[3:]}</pre></div>",
        f"<pre class='verse'>{PROGRAM}</pre>".replace("\n", "\r\n"),
    ],
)
@pytest.mark.parametrize("paragraphs", [1, 4])
def test_preformatted_text_keeps_its_lines(block: str, paragraphs: int) -> None:
    body = [f"<p>{sentence} {sentence[:30]}.</p>" for sentence in SENTENCES[:paragraphs]]
    found = text(f"<article><h1>Bridge closed after flood</h1>{body[0]}{block}{''.join(body[1:])}</article>")
    assert PROGRAM in found.split("\n\n", 1)[1]


def test_the_description_is_not_taken_for_the_article() -> None:
    """It has all words of the description, of course; half of them are enough for the article."""
    description = (
        "Rafael Ortega explains how volunteers rescued thirty families and which schools closed. Also: when trains "
        "return, what insurers promise, why forecasters warned nobody before the catastrophe struck Lindenau, and why "
        "officials at Saturday's emergency session downtown expect further evacuations."
    )
    start = f"{description.partition(' Also')[0]} Insurers promise what trains return, officials expect evacuations."
    paragraphs = [f"{i}: {start}" for i in range(40)]
    lead = f"<div class='teaser'><div class='article__content'><p>{description}</p><p>By our staff</p></div></div>"
    body = f"{lead}<div id='text'>{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}</div>"
    head = f'<title>Volunteers rescued thirty families</title><meta name="description" content="{description}">'
    found = extract_page(f"<html><head>{head}</head><body>{body}</body></html>").text
    assert found.split("\n\n") == paragraphs
