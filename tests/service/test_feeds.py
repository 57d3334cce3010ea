"""Feeds: refused as one article, cleaned as a batch with an article per entry."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from copydesk import CleanArticle, clean_feed
from copydesk.html.feed import Feed
from copydesk.settings import Settings
from svc.app import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from copydesk.article import Json

RSS = "application/rss+xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)
ITEM = """<item>
<title>Ferry stops &amp;amp; waits</title><link>https://ferry.example/a?x=1&amp;utm_source=feed</link>
<guid isPermaLink="false">ferry-1</guid><dc:creator>Anna Bell</dc:creator><category>Ferries</category>
<pubDate>Tue, 05 Mar 2024 09:30:00 GMT</pubDate><description>A teaser.</description>
<media:content url="https://ferry.example/a.jpg" medium="image"/>
<content:encoded><![CDATA[<p>The ferry stops at the cafÃ©.</p><p>Fish & chips are sold.</p>]]></content:encoded>
</item>"""
ATOM = """<?xml version="1.0"?><!-- made by hand --><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"
xml:base="https://bote.example/b/"><title>Der Bote</title><author><name>Max Müller</name></author>
<entry><id>urn:bote:1</id><title type="html">Fisch &amp;amp; &lt;em&gt;Brot&lt;/em&gt;</title>
<link rel="self" href="https://bote.example/feed"/><link href="fisch.html"/><updated>2024-03-06T07:00:00Z</updated>
<published>2024-03-05T09:30:00+01:00</published><category term="food" label="Essen"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Der Fisch ist da.</p>
<p>Das Brot auch.</p></div></content></entry>
<entry><id>urn:bote:2</id><title>Zweiter</title><author><name>Anna Bell</name></author><summary>x &lt; y</summary>
</entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://old.example/"><title>Old News</title><items><rdf:Seq/></items><dc:language>fr</dc:language>
</channel><item rdf:about="https://old.example/1"><title>Pluie</title><description>Il pleut.</description>
<dc:date>2024-03-05</dc:date></item></rdf:RDF>"""


def rss(*items: str, head: str = "<language>en-gb</language>") -> str:
    channel = f"<channel><title>The Ferry</title><image><title>Logo</title></image>{head}{''.join(items)}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {NAMESPACES}>{channel}</rss>'


def item(body: str, title: str = "T") -> str:
    return f"<item><title>{title}</title>{body}</item>"


def clean(client: FlaskClient, feed: str | bytes, media_type: str = RSS, query: str = "") -> list[dict[str, Any]]:
    data = feed.encode() if isinstance(feed, str) else feed
    answer = client.post(f"/v1/articles/batch{query}", data=data, content_type=media_type)
    assert answer.status_code == 200, answer.get_data()
    items: list[dict[str, Any]] = answer.get_json()["articles"]
    return items


def text_of(client: FlaskClient, body: str) -> str:
    text: str = clean(client, rss(item(body)))[0]["article"]["text"]
    return text


@pytest.mark.parametrize(
    "media_type", [RSS, "application/xml", "text/xml", "text/html", "text/plain", "application/octet-stream"]
)
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/text"])
@pytest.mark.parametrize(
    ("feed", "kind"), [(rss(ITEM), "rss"), (ATOM, "atom"), (RDF, "rss")], ids=["rss", "atom", "rdf"]
)
def test_feed_as_one_article_is_refused_with_a_hint(
    client: FlaskClient, feed: str, kind: str, path: str, media_type: str
) -> None:
    answer = client.post(path, data=feed.encode(), content_type=media_type)
    assert answer.status_code == 422
    [error] = answer.get_json()["errors"]
    assert error["pointer"] == ""
    assert f"/v1/articles/batch as application/{kind}+xml" in error["detail"]


@pytest.mark.parametrize("name", ["text", "html", "content_base64"])
def test_feed_in_a_field_is_refused_with_its_pointer(client: FlaskClient, name: str) -> None:
    value = b64encode(ATOM.encode()).decode() if name == "content_base64" else ATOM
    [error] = client.post("/v1/articles", json={name: value}).get_json()["errors"]
    assert error["pointer"] == f"/{name}"
    answer = client.post("/v1/articles/batch", json={"articles": [{"text": "x"}, {name: value}]}).get_json()
    assert answer["articles"][1]["problem"]["errors"][0]["pointer"] == f"/articles/1/{name}"


@pytest.mark.parametrize(
    "text",
    ["<rss> is the root of a feed.", "The <feed> element has entries.", '<rdf:RDF xmlns:rdf="x"><item/></rdf:RDF>'],
)
def test_text_about_feeds_is_not_a_feed(client: FlaskClient, text: str) -> None:
    assert client.post("/v1/articles", json={"text": text}).status_code == 200


def test_rss_entry_becomes_an_article_with_its_metadata(client: FlaskClient) -> None:
    [result] = clean(client, rss(ITEM))
    expected = {
        "id": "ferry-1",
        "url": "https://ferry.example/a?x=1",
        "title": "Ferry stops & waits",
        "text": "The ferry stops at the café.\n\nFish & chips are sold.",
        "authors": ["Anna Bell"],
        "published": "2024-03-05T09:30:00Z",
        "tags": ["Ferries"],
        "source": "The Ferry",
        "image": "https://ferry.example/a.jpg",
    }
    article = result["article"]
    assert {name: article[name] for name in expected} == expected
    assert article["language"]["declared"] == "en-GB"
    assert article["encoding"]["name"] == "utf-8"
    assert ("text", "mojibake") in {(change["field"], change["kind"]) for change in article["changes"]}


def test_atom_entry_becomes_an_article_with_its_metadata(client: FlaskClient) -> None:
    first, second = (result["article"] for result in clean(client, ATOM, "application/atom+xml"))
    expected = {
        "id": "urn:bote:1",
        "url": "https://bote.example/b/fisch.html",
        "title": "Fisch & Brot",
        "text": "Der Fisch ist da.\n\nDas Brot auch.",
        "authors": ["Max Müller"],
        "published": "2024-03-05T09:30:00+01:00",
        "modified": "2024-03-06T07:00:00Z",
        "tags": ["Essen"],
        "source": "Der Bote",
    }
    assert {name: first[name] for name in expected} == expected
    assert first["language"]["declared"] == "de"
    assert (second["authors"], second["text"], second["published"]) == (["Anna Bell"], "x < y", None)


def test_rdf_entry_becomes_an_article_with_its_metadata(client: FlaskClient) -> None:
    [result] = clean(client, RDF, "application/rdf+xml")
    article = result["article"]
    assert (article["url"], article["title"], article["text"]) == ("https://old.example/1", "Pluie", "Il pleut.")
    assert (article["published"], article["source"]) == ("2024-03-05", "Old News")
    assert article["language"]["declared"] == "fr"


def test_options_of_the_query_apply_to_all_entries(client: FlaskClient) -> None:
    assert clean(client, rss(ITEM), query="?changes=none")[0]["article"]["changes"] == []


def test_entries_as_ndjson_are_the_same(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/articles/batch",
        data=rss(ITEM, ITEM).encode(),
        content_type=RSS,
        headers={"Accept": "application/x-ndjson"},
    )
    assert answer.mimetype == "application/x-ndjson"
    assert len(answer.get_data().splitlines()) == 2


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<description>Caf&eacute; &nbsp;&amp; bar &mdash; open</description>", "Café & bar — open"),
        ("<description>Fish & chips &c; R&D at AT&T</description>", "Fish & chips &c; R&D at AT&T"),
        ("<description>It is &unknown; here</description>", "It is &unknown; here"),
        ("<description>One<br>two<p>three</description>", "One\ntwo\n\nthree"),
        ("<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>", "One.\n\nTwo."),
        ("<description>&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;</description>", "One."),
        ("<description>if a < b, use List&lt;String&gt;</description>", "if a < b, use List<String>"),
        ("<description><![CDATA[a &lt; b & <b>c</b>]]></description>", "a < b & c"),
        ("<description>\x0b\x00It rains.</description>", "It rains."),
        ("<description>Rain &#xD83D;&#xDE00; and &#55357;&#56832;</description>", "Rain 😀 and 😀"),
        ("<description><![CDATA[<p>Rain &#xd83d;&#xde00;&#33;</p>]]></description>", "Rain 😀!"),
        ("<description>It &#xDE00;&#xD83D;rains&#1;&#xFFFE;&#x110000;&#33;</description>", "It rains!"),
        (
            "<content:encoded>&lt;img src='x.jpg'&gt;</content:encoded><description>Only here.</description>",
            "Only here.",
        ),
        ("<undeclared:tag>x</undeclared:tag><description>It rains.", "It rains."),
        ("", ""),
    ],
    ids=str,
)
def test_broken_xml_is_recovered(client: FlaskClient, body: str, text: str) -> None:
    assert text_of(client, body) == text


@pytest.mark.parametrize(
    "broken",
    [
        "<item><title>Open",
        "<item><title>Open</title><description>x<b><i></description>",
        "<item><title>Open</description></item>",
        "<item></item>",
        "<item><title><![CDATA[Open]></title></item>]]></title></item>",
        "<item><title>" + "x" * 10_001 + "</title></item>",
        "<item>" + "<a>" * 5_000 + "</item>",
        "<item><title>Open</title><description>" + "&a;" * 400_000 + "</description></item>",
    ],
    ids=range(8),
)
def test_a_broken_entry_does_not_harm_its_neighbours(client: FlaskClient, broken: str) -> None:
    whole = clean(client, rss(ITEM))[0]["article"]
    results = clean(client, rss(ITEM, broken, ITEM))
    assert len(results) == 3
    assert [results[index].get("article") for index in (0, 2)] == [whole, whole]


@pytest.mark.parametrize("literal", ["<!-- x -->", "<!--", "<![CDATA["])
@pytest.mark.parametrize("parent", ["item", "media:group", "channel", "rss"])
def test_entity_after_a_literal_in_an_attribute_is_skipped(client: FlaskClient, literal: str, parent: str) -> None:
    end = {"<!--": "-->", "<![CDATA[": "]]>"}.get(literal, "")
    feed = rss(ITEM.replace("</item>", "<media:group></media:group></item>"))
    feed = re.sub(rf"<{parent}[^>]*>", rf'\g<0><a x="{literal}"/>&foo;<a x="{end}"/>', feed)
    assert clean(client, feed)[0]["article"]["authors"] == ["Anna Bell"]


@pytest.mark.parametrize("prefix", ["ns1", "a.b-c", "atom10"])
def test_entries_with_the_prefix_of_the_root_are_read(client: FlaskClient, prefix: str) -> None:
    tags = re.sub(r"<(/?)(?=feed|entry|id|title|author|name|link|updated|published|content)", rf"<\1{prefix}:", ATOM)
    feed = tags.replace("xmlns=", f"xmlns:{prefix}=", 1)
    assert clean(client, feed, "application/atom+xml")[0] == clean(client, ATOM, "application/atom+xml")[0]


def test_surrogate_in_the_root_of_a_feed_is_removed() -> None:
    [result] = clean_feed('<rss x="\ud83d"><channel><item><title>T</title></item></channel></rss>')
    assert isinstance(result, CleanArticle)
    assert result.title == "T"


@pytest.mark.parametrize("following", ["", "<!-- a comment -->"])
def test_comment_without_an_end_does_not_hide_entries(client: FlaskClient, following: str) -> None:
    open_comment = item("<description>It rains. <!-- It pours.</description><pubDate>2024-03-05</pubDate>")
    first, second = clean(client, rss(open_comment, following, ITEM))
    assert first["article"]["text"].split() == ["It", "rains.", "It", "pours."]
    assert first["article"]["published"] == "2024-03-05"
    assert second["article"]["title"] == "Ferry stops & waits"


def test_entry_in_a_comment_is_skipped(client: FlaskClient) -> None:
    [result] = clean(client, rss(f"<!-- - <b> {item('It pours.')} -- -->", ITEM))
    assert result["article"]["title"] == "Ferry stops & waits"


def test_title_of_feed_with_surrogate_references_is_read(client: FlaskClient) -> None:
    feed = rss(ITEM).replace("The Ferry", "The &#xD83D;&#xDE00; Ferry &#xD83D;")
    assert clean(client, feed)[0]["article"]["source"] == "The 😀 Ferry"


def test_unexpected_error_of_an_entry_is_its_problem(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Feed, "read_entry", fail_on_second)
    results = clean(client, rss(item("One."), item("Two."), item("Three.")))
    assert [result["problem"]["status"] if "problem" in result else 200 for result in results] == [200, 500, 200]


def fail_on_second(_: Feed, index: int) -> dict[str, Json]:
    if index == 1:
        raise ValueError("An invented bug.")
    return {"text": "It rains."}


def test_entry_without_text_and_title_is_a_problem(client: FlaskClient) -> None:
    _, empty = clean(client, rss(ITEM, "<item><link>https://x.example/</link></item>"))
    assert (empty["index"], empty["problem"]["type"]) == (1, "urn:copydesk:problem:unreadable-content")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("windows-1251", "windows-1251"), ("utf-8", "windows-1251"), ("utf-16", "utf-16"), ("utf-8", "koi8-r")],
)
def test_the_bytes_overrule_the_declared_encoding(client: FlaskClient, encoding: str, declared: str) -> None:
    text = "Паром остановился у старого моста, и пассажиры вышли на берег."
    feed = rss(item(f"<description>{text}</description>")).replace('encoding="utf-8"', f'encoding="{declared}"')
    article = clean(client, feed.encode(encoding))[0]["article"]
    assert article["text"] == text
    codes = {warning["code"] for warning in article["warnings"]}
    assert ("charset-overruled" in codes) == (encoding == "utf-8")


def test_external_and_nested_entities_are_not_expanded(client: FlaskClient) -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY file SYSTEM "file:///etc/passwd">]>'
    feed = rss(item("<description>&a; &b; &file;</description>")).replace("<rss", f"{doctype}<rss", 1)
    assert clean(client, feed)[0]["article"]["text"] == "&a; &b; &file;"


@pytest.mark.parametrize(
    "declarations",
    ['<!ENTITY x "]">', "<!ENTITY x ']>'>", "<!-- don't ]> --><!ENTITY x 'y'>", "", '<!ENTITY % x "a"> %x;'],
)
def test_feed_with_a_doctype_is_recognized(client: FlaskClient, declarations: str) -> None:
    feed = rss(ITEM).replace("<rss", f"<!DOCTYPE rss [{declarations}]><rss", 1)
    assert clean(client, feed) == clean(client, rss(ITEM))


@pytest.mark.parametrize("part", ["<!--", "'", '"', "<", "<!ENTITY x '", "<!-- -->"])
def test_hostile_doctype_takes_linear_time(client: FlaskClient, part: str) -> None:
    start = time.process_time()
    client.post("/v1/articles/batch", data=f"<!DOCTYPE rss [{part * 100_000}".encode(), content_type=RSS)
    assert time.process_time() - start < 5


def test_a_document_that_is_not_a_feed_is_refused(client: FlaskClient) -> None:
    for data in (b"", b"<p>It rains.</p>", b"<urlset><url/></urlset>", b"\x89PNG\r\n\x1a\n\0\0\0"):
        answer = client.post("/v1/articles/batch", data=data, content_type="text/xml")
        assert answer.status_code == 422
        assert answer.get_json()["type"] == "urn:copydesk:problem:unreadable-content"


def test_the_limit_of_a_batch_counts_entries(client: FlaskClient) -> None:
    small = create_app(Settings(max_batch_articles=2)).test_client()
    assert len(clean(small, rss(ITEM, ITEM))) == 2
    answer = small.post("/v1/articles/batch", data=rss(ITEM, ITEM, ITEM).encode(), content_type=RSS)
    assert (answer.status_code, answer.get_json()["limit"], answer.get_json()["unit"]) == (413, 2, "articles")
    assert clean(client, rss()) == []


def cpu_seconds(client: FlaskClient, feed: str) -> float:
    """Return the CPU time of a feed, in seconds."""
    start = time.process_time()
    client.post("/v1/articles/batch", data=feed.encode(), content_type=RSS)
    return time.process_time() - start


@pytest.mark.parametrize(
    "part",
    [
        "&",
        "<",
        "&a;",
        "<a>",
        "<title>",
        "<title>x<b>",
        "<![CDATA[",
        "<!--",
        "<!-- -",
        "<!--<-",
        "<item>",
        "</item",
        "<x y=1 ",
        "<description><br>",
    ],
)
def test_hostile_feeds_take_linear_time(client: FlaskClient, part: str) -> None:
    feed = rss(f"<item><title>T</title>{part * (1_000_000 // len(part))}")
    assert cpu_seconds(client, feed) < 5


@pytest.mark.parametrize("part", ["a@", "a@b (", "a@b ", " "])
def test_hostile_authors_take_linear_time(client: FlaskClient, part: str) -> None:
    feed = rss(item(f"<author>x{part * (60_000 // len(part))}x</author>"))
    assert cpu_seconds(client, feed) < 5


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("anna@ferry.example (Anna Bell)", "Anna Bell"),
        (" anna.bell@ferry.example(Anna Bell) ", "Anna Bell"),
        ("Anna Bell", "Anna Bell"),
    ],
)
def test_author_of_rss_is_the_name_in_parentheses(client: FlaskClient, author: str, name: str) -> None:
    [result] = clean(client, rss(item(f"<author>{author}</author>")))
    assert result["article"]["authors"] == [name]


def test_many_names_of_titles_take_linear_time(client: FlaskClient) -> None:
    feed = rss(item("".join(f"<p{number}:title>" for number in range(60_000))))
    assert cpu_seconds(client, feed) < 3


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ('{"text": "It rains."}', "as application/json"),
        ('{"articles": [{"text": "It rains."}]}', "/v1/articles/batch as application/json"),
        ('[{"text": "It rains."}]', "/v1/articles/batch as application/json"),
        ('{"text": "It rains."}\n{"text": "It pours."}\n', "/v1/articles/batch as application/x-ndjson"),
    ],
    ids=["article", "batch", "list", "lines"],
)
@pytest.mark.parametrize("media_type", ["text/html", "application/octet-stream"])
def test_json_as_a_page_is_refused_with_a_hint(client: FlaskClient, data: str, hint: str, media_type: str) -> None:
    answer = client.post("/v1/articles", data=data.encode(), content_type=media_type)
    assert answer.status_code == 422
    assert hint in answer.get_json()["errors"][0]["detail"]
    [error] = client.post("/v1/articles", json={"html": data}).get_json()["errors"]
    assert (error["pointer"], hint in error["detail"]) == ("/html", True)


@pytest.mark.parametrize("text", ["[1] A footnote.", "{sic}", "{curly} and [square]", "[]", "{}x"])
def test_text_in_brackets_is_not_json(client: FlaskClient, text: str) -> None:
    answer = client.post("/v1/articles", data=text.encode(), content_type="application/octet-stream")
    assert answer.get_json()["text"] == text


def test_json_as_plain_text_stays_text(client: FlaskClient) -> None:
    assert client.post("/v1/articles", data=b'{"a": 1}', content_type="text/plain").get_json()["text"] == '{"a": 1}'
