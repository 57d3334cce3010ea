"""A clean article is valid input, and cleaning it again changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk import contract, pipeline
from copydesk.article import Article
from copydesk.changes.plan import replay
from copydesk.errors import ValidationFailed
from tests.helpers.raw_articles import HOSTILE_URLS, as_raw, raw_articles

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LINES = ("title", "subtitle", "source", "section")
# The text of a long enough page, so that its metadata is read.
BODY = "<body><article><p>It rained in the city all night, and the old bridge over the river is closed.</p></article>"


def clean(client: FlaskClient, raw: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = client.post(f"/v1/articles?{query}", data=json.dumps(raw), content_type="application/json")
    assert answer.status_code == 200, answer.get_json()
    article: dict[str, Any] = answer.get_json()
    return article


def check_clean(client: FlaskClient, article: dict[str, Any], query: str = "") -> None:
    """Check that an article stays as it is."""
    raw = as_raw(article)
    assert as_raw(clean(client, raw, query)) == raw
    for url in filter(None, map(raw.get, ("url", "canonical_url", "image"))):
        assert url.lower().startswith(("http://", "https://"))


def value(client: FlaskClient, name: str, sent: str) -> str | None:
    """Return the clean value of a field, or of the only item of a list."""
    article = clean(client, {"text": "It rains.", name: sent})
    check_clean(client, article)
    found = article[name]
    return ", ".join(found) if isinstance(found, list) else found


@settings(max_examples=150, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    raw=raw_articles(),
    query=st.sampled_from(["", "boilerplate=keep", "extract_metadata=false", "repair=safe", "normalization=NFKC"]),
)
def test_cleaning_any_clean_article_changes_nothing(client: FlaskClient, raw: dict[str, Any], query: str) -> None:
    answer = client.post(f"/v1/articles?{query}", data=json.dumps(raw), content_type="application/json")
    # A text that is a feed or a page without text is an error.
    assert answer.status_code in (200, 422), answer.get_json()
    if answer.status_code == 200:
        check_clean(client, answer.get_json(), query)


@pytest.mark.parametrize("name", [*LINES, "text", "tags"])
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("&lt;p&gt;It pours.  Again.&lt;/p&gt;", "It pours. Again."),
        ("&amp;lt;p&amp;gt;It pours&amp;lt;/p&amp;gt;", "It pours"),
        ("The &#60;i&#62;Blue Door&#60;/i&#62; closes", "The Blue Door closes"),
        ("It pours&lt;br /&gt;again", "It pours again"),
        ("It <b>pours</b> again", "It pours again"),
        ("It pours. &lt;br&gt; Again.", "It pours. Again."),
        ("&lt;p&gt;It pours.&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;", "It pours."),
        ("Write &lt;b&gt;bold&lt;/b&gt; and stop", "Write bold and stop"),
        ("Use &lt;b&gt; for bold", "Use <b> for bold"),
        ("If 5 &lt; 6 &amp; 7 &gt; 6", "If 5 < 6 & 7 > 6"),
        ("A list List&lt;String&gt; is", "A list List<String> is"),
    ],
)
def test_escaped_html_is_read_and_prose_stays(client: FlaskClient, name: str, sent: str, expected: str) -> None:
    found = value(client, name, sent)
    assert found is not None
    assert found.replace("\n", " ").rstrip(".") == expected.rstrip(".")


@pytest.mark.parametrize("name", [*LINES, "text"])
@pytest.mark.parametrize(
    "sent",
    [
        "Type &lt;script&gt;alert(1)&lt;/script&gt; into the box",
        "Use &lt;b&gt; for bold and &lt;/b&gt; after it",
        "Here is an &lt;img src=x onerror=alert(1) as an example",
        "A page with &lt;svg onload=alert(1)&gt; in it is unsafe",
        "To begin a paragraph put this before it: &lt;p&gt;It&lt;/p&gt;",
        "The code:&lt;script&gt;alert(1)&lt;/script&gt; is bad.",
        "&lt;script&gt;alert(1)&lt;/script&gt;It pours",
        "It pours &lt;button&gt;Share&lt;/button&gt;",
        "The rest of &lt;title&gt;Bridge closed&lt;/title&gt; after flood",
        "Send me &lt;img src=x&gt; please",
        "Send me: &lt;img src=x&gt; please",
        "Send me &lt;img src=x&gt;, please",
    ],
)
def test_escaped_tags_that_may_be_code_stay_escaped(client: FlaskClient, name: str, sent: str) -> None:
    assert value(client, name, sent) == sent


@pytest.mark.parametrize("name", [*LINES, "tags"])
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("<title>Bridge closed</title>", "Bridge closed"),
        ('<title data-x="1">Fish &amp; chips</title>\n', "Fish & chips"),
        ("<title>Bridge closed</title> after <b>flood</b>", "Bridge closed after flood"),
        ("&lt;title&gt;Bridge closed&lt;/title&gt;", "Bridge closed"),
        ("&amp;lt;title&amp;gt;Bridge closed&amp;lt;/title&amp;gt; after flood", "Bridge closed after flood"),
        ("<button>Bridge closed</button>", "Bridge closed"),
        ("<p><noscript><b>Bridge</b> closed</noscript></p>", "Bridge closed"),
        ("<svg viewBox='0 0 1 1'><title>Bridge closed</title></svg>", "Bridge closed"),
        ("<button>Share</button> Bridge closed", "Bridge closed"),
    ],
)
def test_field_whose_text_is_hidden_keeps_it(client: FlaskClient, name: str, sent: str, expected: str) -> None:
    assert value(client, name, sent) == expected


@pytest.mark.parametrize("body", ["html", "text"])
def test_code_in_html_is_text_and_not_read_as_html(client: FlaskClient, body: str) -> None:
    lesson = "<p>A lesson begins with one sentence of prose that explains the example.</p>"
    article = clean(client, {body: f"{lesson}<pre>&lt;p&gt;It&lt;/p&gt;</pre>"})
    assert article["text"].endswith("\n\n&lt;p&gt;It&lt;/p&gt;")
    check_clean(client, article)


@pytest.mark.parametrize("sent", ["&lt;p&gt;It pours.&lt;/p&gt;", "&lt;img src=x onerror=alert(1)&gt;"])
def test_no_tag_is_made_in_extra_or_in_a_bare_text(client: FlaskClient, sent: str) -> None:
    assert clean(client, {"text": "x", "extra": {"a": sent}})["extra"] == {"a": sent}
    assert client.post("/v1/text", json={"text": sent}).get_json()["text"] == sent


def test_tags_that_other_repairs_make_are_read(client: FlaskClient) -> None:
    article = clean(client, {"text": "＜p＞It pours.＜/p＞", "title": "＜b＞Rain＜/b＞"}, "normalization=NFKC")
    assert (article["text"], article["title"]) == ("It pours.", "Rain")
    assert "html-in-text" in [warning["code"] for warning in article["warnings"]]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("＜p＞The cafÃ© is closed.＜/p＞", "The café is closed."),
        ("<p>＜p＞It pours.＜/p＞</p>", "It pours."),
        ("Advertisement\n\n" * 9 + "&lt;p&gt;It pours.&lt;/p&gt;", "It pours."),
    ],
)
def test_text_read_after_repairs_has_all_changes(client: FlaskClient, sent: str, expected: str) -> None:
    answer = client.post("/v1/articles?normalization=NFKC", json={"text": sent})
    article = answer.get_json()
    assert article["text"] == expected
    assert [warning["code"] for warning in article["warnings"]] == ["html-in-text"]
    stated = sent.removeprefix("<p>").removesuffix("</p>")
    for change in article["changes"]:
        assert stated[change["original_start"] : change["original_end"]] == change["before"]
        assert replay(change["plan"], change["before"]) == change["after"]
    assert article["changes"]
    parts = [part.partition(";")[0] for part in answer.headers["Server-Timing"].split(", ")]
    assert len(parts) == len(set(parts))


def test_markup_layers_without_end_leave_no_tag(client: FlaskClient) -> None:
    text = "x"
    for _ in range(12):
        text = f"&lt;p&gt;{text.replace('&', '&amp;')}&lt;/p&gt;"
    check_clean(client, clean(client, {"text": text, "title": text}))
    check_clean(client, clean(client, {"text": "<" * 50 + "p>It rains.</p>" * 50}))


@pytest.mark.parametrize("name", [*LINES, "authors", "tags"])
def test_value_that_is_blank_when_clean_is_missing(client: FlaskClient, name: str) -> None:
    assert value(client, name, "\x00&nbsp;\u00ad") in (None, "")


@pytest.mark.parametrize("url", [url for url in HOSTILE_URLS if "\t" not in url])
@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("canonical_url", '<link rel="canonical" href="{}">'),
        ("canonical_url", '<meta property="og:url" content="{}">'),
        ("canonical_url", '<script type="application/ld+json">{{"@type": "NewsArticle", "url": "{}"}}</script>'),
        ("image", '<meta property="og:image" content="{}">'),
        ("image", '<script type="application/ld+json">{{"@type": "NewsArticle", "image": ["{}"]}}</script>'),
    ],
)
def test_url_of_another_scheme_in_a_page_is_a_warning(client: FlaskClient, name: str, head: str, url: str) -> None:
    page = f"<!doctype html><html><head><title>Rain</title>{head.format(url)}</head>{BODY}"
    article = clean(client, {"html": page, "url": "https://news.example/a"})
    assert article[name] is None
    [detail] = [each["detail"] for each in article["warnings"] if each["code"] == "url-invalid"]
    assert url.partition(":")[2] in detail
    check_clean(client, article)


def test_good_url_of_a_page_is_used_instead_of_a_bad_one(client: FlaskClient) -> None:
    head = (
        '<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="https://news.example/b">'
        '<meta property="og:image" content="data:,x"><meta name="twitter:image" content="/flood.jpg">'
    )
    article = clean(client, {"html": f"<html><head>{head}</head>{BODY}", "url": "https://news.example/a"})
    assert (article["canonical_url"], article["image"]) == ("https://news.example/b", "https://news.example/flood.jpg")
    assert article["warnings"] == []


@pytest.mark.parametrize("query", ["", "extract_metadata=false"])
@pytest.mark.parametrize("url", [*HOSTILE_URLS, "/flood.jpg", "https://x.example:99999/", "data:," + "A" * 8000])
def test_image_of_another_scheme_is_a_warning(client: FlaskClient, url: str, query: str) -> None:
    article = clean(client, {"text": "x", "image": url}, query)
    assert article["image"] is None
    [warning] = [each for each in article["warnings"] if each["code"] == "url-invalid"]
    assert warning["field"] == "image"
    assert url[-9:] in warning["detail"] or len(warning["detail"]) < len(url) / 4


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "/a"])
def test_page_url_of_another_scheme_is_an_error(client: FlaskClient, url: str) -> None:
    for name in ("url", "canonical_url"):
        answer = client.post("/v1/articles", json={"text": "x", name: url})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"/{name}"]


@pytest.mark.parametrize("name", ["url", "canonical_url", "image"])
def test_url_that_is_too_long_when_normal_is_a_warning(client: FlaskClient, name: str) -> None:
    article = clean(client, {"text": "x", name: "https://a.example/" + "雨" * 8000})
    assert article[name] is None
    assert [warning["field"] for warning in article["warnings"]] == [name]
    check_clean(client, article)


@pytest.mark.parametrize("name", LINES)
def test_value_that_normalization_makes_too_long_is_an_error(client: FlaskClient, name: str) -> None:
    raw = {"text": "x", name: "\ufdfa" * 1000}
    answer = client.post("/v1/articles?normalization=NFKC", json=raw)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"/{name}"]
    check_clean(client, clean(client, raw))


def test_value_that_is_invalid_when_clean_is_an_error() -> None:
    article = replace(pipeline.clean(Article(text="x")), url="/a")
    with pytest.raises(ValidationFailed) as failure:
        contract.check_clean_article(article, "/articles/1")
    detail = "Invalid when it is clean: Send an absolute URL of http or https, or a host with a dot."
    assert failure.value.errors == [{"pointer": "/articles/1/url", "detail": detail}]


def test_text_that_normalization_makes_too_long_is_an_error(client: FlaskClient) -> None:
    raw = {"text": "\ufdfa" * 60_000}
    answer = client.post("/v1/articles?normalization=NFKC", json=raw)
    assert (answer.status_code, answer.get_json()["limit"]) == (413, 1_000_000)
    check_clean(client, clean(client, raw))


def test_more_tags_than_a_raw_article_may_have_are_cut(client: FlaskClient) -> None:
    article = clean(client, {"text": "x", "tags": ",".join(f"t{number}" for number in range(1700))})
    assert len(article["tags"]) == 1000
    assert [warning["code"] for warning in article["warnings"]] == ["list-cut"]
    check_clean(client, article)


def test_value_of_a_page_beyond_its_limit_is_cut(client: FlaskClient) -> None:
    article = clean(client, {"html": f'<html lang="{"e" * 300}"><head><title>Rain</title></head>{BODY}'})
    assert [warning["field"] for warning in article["warnings"]] == ["language"]
    check_clean(client, article)
