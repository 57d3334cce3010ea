"""Pages that are not articles: the warning `page-not-article`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from copydesk import clean_page

if TYPE_CHECKING:
    from flask.testing import FlaskClient

STORY = (
    "<p>The ferry stopped at the old bridge on Tuesday, and all passengers went ashore.</p>"
    "<p>The captain blamed the river, which had risen by two metres since Monday night.</p>"
)
LONG_STORY = STORY + (
    "<p>Nobody was hurt, and the fire brigade closed the road along the quay until the morning.</p>"
    "<p>Engineers will look at the piers next week. They will then say when it can open again.</p>"
    "<p>The oldest of the piers was built before the railway came to the town.</p>"
)
COOKIE_STORY = (
    "<p>Sites must ask before they store cookies, a court ruled. Passengers can reject tracking as easily as they "
    "accept it.</p><p>Partners of the ferry fear for their privacy and their income.</p>"
)
POEM = (
    "<p>The tide comes in at half past nine<br>The boats are rocking in a line<br>"
    "The gulls are calling from the quay<br>And all the ropes are pulling free</p>"
)
BYLINE = '<meta name="author" content="Anna Bell"><meta property="article:published_time" content="2024-03-05T09:30Z">'


def page(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def reason(client: FlaskClient, html: str) -> str | None:
    """Return the end of the warning's sentence."""
    article = client.post("/v1/articles", data=html.encode(), content_type="text/html").get_json()
    details = [warning["detail"] for warning in article["warnings"] if warning["code"] == "page-not-article"]
    assert len(details) <= 1
    return details[0].removeprefix("The page is not an article but ").rstrip(".") if details else None


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("403 Forbidden", "<h1>403 Forbidden</h1><hr>webserver/1.2"),
        ("Error 404 | The Ferry", "<p>Let us take you back to the harbour.</p>"),
        ("The Ferry – Fehler 503", f"<p>Bald wieder da.</p>{STORY}"),
        ("Cette page n’existe pas – Le Bac", "<p>Revenez au port.</p>"),
        ("La página que buscas no existe", "<p>Vuelve al puerto.</p>"),
        ("Oops! Page not found", STORY),
        ("Error 404: Page not found | The Ferry", LONG_STORY),
        ("The Ferry – Seite nicht gefunden", LONG_STORY),
        ("Доступ к сайту ограничен", "<p>Попробуйте позже.</p>"),
        ("ページが存在しません | フェリー", "<p>港に戻ります。</p>"),
        ("The Ferry", "<h1>Service Unavailable</h1><p>Please come back later.</p>"),
        ("The Ferry", "<p>You don't have permission to access /harbour on this server.</p><p>Reference 17</p>"),
    ],
)
def test_error_page_has_a_warning(client: FlaskClient, title: str, body: str) -> None:
    assert reason(client, page(title, body)) == "an error page"


@pytest.mark.parametrize(
    "text",
    [
        "The Ferry needs you to enable JavaScript to sail.",
        "Ohne JavaScript fährt die Fähre nicht.",
        "Veuillez activer JavaScript pour monter à bord.",
        "Включите JavaScript, чтобы подняться на борт.",
        "乗船するにはJavaScriptを有効にしてください。",
        "Wezesha JavaScript ili kupanda feri.",
    ],
)
@pytest.mark.parametrize("element", ["noscript", "p"])
def test_notice_about_javascript_has_a_warning(client: FlaskClient, text: str, element: str) -> None:
    body = f'<div id="app"></div><{element}>{text}</{element}><script src="a.js"></script>'
    assert reason(client, page("The Ferry", body)) == "a notice that JavaScript is required"


def test_shell_with_metadata_has_a_warning(client: FlaskClient) -> None:
    notice = page("Ferry stops", "<noscript>Please enable JavaScript.</noscript>", BYLINE)
    assert reason(client, notice) == "a notice that JavaScript is required"
    assert reason(client, page("Ferry stops", '<div id="app"></div>', BYLINE)) == "an empty shell"


@pytest.mark.parametrize(
    "paragraphs",
    [
        "We use cookies, and so do our 70 partners, to store personal data. Accept all or reject all.",
        "Wir und unsere Partner setzen Cookies ein. Mit Ihrer Zustimmung verarbeiten wir personenbezogene Daten.",
        "Nos partenaires et nous utilisons des cookies. Acceptez ou refusez ; voir la politique de confidentialité.",
        "Nosotros y nuestros socios usamos cookies para tratar datos personales. ¿Acepta? Puede rechazar.",
        "Мы и наши партнеры храним файлы cookie. Вы согласны? Политика конфиденциальности. Принять",
    ],
)
def test_request_for_consent_has_a_warning(client: FlaskClient, paragraphs: str) -> None:
    assert reason(client, page("The Ferry", f"<div><h2>Welcome aboard</h2><p>{paragraphs}</p></div>")) == (
        "a request for consent"
    )


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("Just a moment...", "<p>The harbour is near.</p>", "a check of the browser"),
        ("The Ferry", "<p>Please confirm that you are human.</p>", "a check of the browser"),
        ("Robot or human?", "<p>Tick the box to come aboard.</p>", "a check of the browser"),
        ("Log in | The Ferry", "<p>Name and password, please.</p>", "a login page"),
        ("Index of /ferries", "<pre>a.html b.html</pre>", "a placeholder"),
        ("The Ferry", "<ul><li>Home</li><li>Ferries</li><li>Log book</li></ul>", "an empty shell"),
        ("The Ferry", "<p>Home Ferries Log book Contact Help</p>", "an empty shell"),
        ("The Ferry", '<div id="root"></div>', "an empty shell"),
    ],
)
def test_other_page_without_an_article_has_a_warning(client: FlaskClient, title: str, body: str, expected: str) -> None:
    assert reason(client, page(title, body)) == expected


@pytest.mark.parametrize(
    ("title", "body", "head"),
    [
        ("Ferry stops", STORY, ""),
        ("Access denied", STORY, BYLINE),
        ("404 passengers went ashore", STORY, ""),
        ("Page not found: a ferry without a logbook", STORY * 25, ""),
        ("How to enable JavaScript", STORY + "<p>Then enable JavaScript in the menu of the ferry's browser.</p>", ""),
        ("Cookies", "<p>The ferry's cook accepts no partner. His cookies are baked at sea, and sold on land.</p>", ""),
        ("Rain", "<p>It rains.</p>", ""),
        ("雨", "<p>川の水位は月曜日の夜から二メートル上がり、古い橋で船が止まった</p>", ""),
        ("Tide", POEM, ""),
        ("Ferry stops", STORY + "<noscript>Please enable JavaScript.</noscript><p>We use cookies.</p>", BYLINE),
        ("Court rules on consent", COOKIE_STORY, ""),
    ],
)
def test_article_has_no_warning(client: FlaskClient, title: str, body: str, head: str) -> None:
    assert reason(client, page(title, f"<article>{body}</article>", head)) is None


@pytest.mark.parametrize(
    "title",
    [
        "Forbidden: Life behind the quay",
        "Login: how thieves stole the logbook",
        "Coming soon: a new harbour",
        "Access denied: sailors barred from the stadium",
        "Cabin No. 404: What the captain says",
        "Cabin No. 404. A ghost story",
        "Error! The ferry takes the wrong river",
        "Robots check ferry passengers",
    ],
)
def test_article_with_a_phrase_in_its_title_has_no_warning(client: FlaskClient, title: str) -> None:
    assert reason(client, page(title, f"<article><h1>{title}</h1>{LONG_STORY}</article>")) is None


def test_article_with_a_number_in_its_title_has_no_warning(client: FlaskClient) -> None:
    assert reason(client, page("Cabin No. 404. A ghost story", STORY)) is None


def test_page_of_metadata_needs_no_text_beside_a_text(client: FlaskClient) -> None:
    document = {"text": "It rains at the harbour.", "html": page("Rain", '<div id="root"></div>', BYLINE)}
    assert client.post("/v1/articles", json=document).get_json()["warnings"] == []
    document["html"] = page("403 Forbidden", "<h1>403 Forbidden</h1>")
    [warning] = client.post("/v1/articles", json=document).get_json()["warnings"]
    assert warning["code"] == "page-not-article"


@pytest.mark.parametrize("place", ["p", "h1", "time"])
def test_lone_surrogates_are_no_error(place: str) -> None:
    """A text that was decoded elsewhere may have them."""
    article = clean_page(f"<html><body><{place}>\ud812</{place}><p>")
    assert "page-not-article" in [warning.code for warning in article.warnings]


@pytest.mark.parametrize("part", ["- ", "! ", "cookie ", "404 ", "a\n", "page ", "x" + " " * 1000, "we use cookies "])
def test_hostile_titles_and_texts_take_linear_time(client: FlaskClient, part: str) -> None:
    long = part * (500_000 // len(part))
    start = time.process_time()
    reason(client, page(long, f"<pre>{long}</pre>"))
    assert time.process_time() - start < 5
