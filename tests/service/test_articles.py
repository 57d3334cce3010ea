from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import CleanArticle, RawArticle
from schemas.fields import StrictString, Strings
from tests.helpers.cases import corpus

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=10,
)
NAMES = ["id", "url", "title", "text", "authors", "published", "language", "tags", "extra", "options", "site_name"]


def test_the_clean_article_is_what_its_schema_promises(client: FlaskClient) -> None:
    for raw in corpus():
        answer = client.post("/v1/articles", json=raw)
        assert answer.status_code == 200
        document = answer.get_json()
        assert CleanArticle().validate(document) == {}
        assert document["text"] == raw["text"]
        assert document["id"] == raw["id"]
        assert document["published"] == raw["published"]
        assert (document["authors"], document["authors_raw"]) == (raw["authors"], [])


@given(ANYTHING)
def test_any_json_value_as_a_body_gets_an_answer_and_never_a_5xx(client: FlaskClient, value: object) -> None:
    for path in ("/v1/articles", "/v1/articles/batch", "/v1/text"):
        assert client.post(path, data=json.dumps(value), content_type="application/json").status_code in (200, 422)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.text())
def test_any_value_in_any_field_gets_an_error_at_the_field(
    client: FlaskClient, fields: dict[str, Any], text: str
) -> None:
    answer = client.post("/v1/articles", data=json.dumps({"text": text} | fields), content_type="application/json")
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert all(error["pointer"].split("/")[1] in [*fields, ""] for error in answer.get_json()["errors"])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": 42}, {"id": "42"}),
        ({"title": 1984}, {"title": "1984"}),
        ({"authors": "Anna Bell"}, {"authors": ["Anna Bell"]}),
        ({"authors": [None, " ", "Anna Bell"]}, {"authors": ["Anna Bell"]}),
        ({"authors": None, "tags": None, "url": None, "extra": None, "options": None}, {"authors": [], "url": None}),
        ({"tags": [2022, "5G"]}, {"tags": ["2022", "5G"]}),
        ({"published": 1709627400}, {"published": "2024-03-05T08:30:00Z", "published_precision": "second"}),
        ({"published": "gestern"}, {"published": None, "published_raw": "gestern"}),
        ({"site_name": "The Courier"}, {"source": "The Courier"}),
        (
            {"url": " https://пример.рф/новость?id=7&q=ü \n"},
            {"url": "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C?id=7&q=%C3%BC"},
        ),
        ({"url": "https://x.example/a b?q=a b\n c"}, {"url": "https://x.example/a%20b?q=a%20b%20c"}),
        ({"url": "https://user:pw@x.example/a"}, {"url": "https://x.example/a", "domain": "x.example"}),
        ({"url": "https://x.example/a", "image": "a b.jpg"}, {"image": "https://x.example/a%20b.jpg"}),
        ({"extra": {"score": 1.5, "lead": "cafÃ©"}}, {"extra": {"score": 1.5, "lead": "café"}}),
        ({"language": "en_US"}, {"language": {"tag": "und", "confidence": 0.0, "declared": "en-US", "raw": None}}),
        ({"text": "\ud83d\ude00 \ud83d"}, {"text": "😀 \ufffd"}),
        ({"options": {"repair": "off"}, "title": "cafÃ©"}, {"title": "cafÃ©"}),
    ],
    ids=str,
)
def test_what_can_mean_one_thing_only_is_accepted(
    client: FlaskClient, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    body = json.dumps({"text": "x"} | fields)
    document = client.post("/v1/articles", data=body, content_type="application/json").get_json()
    assert {name: document[name] for name in expected} == expected


BODIES = {"text", "html", "content_base64"}
BLANK = sorted(name for name, field in RawArticle().load_fields.items() if isinstance(field, (StrictString, Strings)))


@pytest.mark.parametrize("name", sorted({*BLANK} - BODIES - {"id"}))
@pytest.mark.parametrize("blank", ["", " \r\n\t\xa0"], ids=["empty", "blank"])
def test_a_blank_string_is_nothing(client: FlaskClient, name: str, blank: str) -> None:
    nothing = client.post("/v1/articles", json={"text": "It rains."}).get_json()
    assert client.post("/v1/articles", json={"text": "It rains.", name: blank}).get_json() == nothing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", " " * 10_001),
        ("url", "\n" * 8_193),
        ("url", "https://a.example/" + " " * 8_192),
        ("tags", " " * 10_001),
    ],
)
def test_too_long_value_is_rejected_even_if_mostly_blank(client: FlaskClient, name: str, value: str) -> None:
    [error] = client.post("/v1/articles", json={"text": "It rains.", name: value}).get_json()["errors"]
    assert error["pointer"].startswith(f"/{name}")
    assert error["detail"].startswith("Send at most")


@pytest.mark.parametrize(
    ("own", "url"), [({}, "b"), ({"url": None}, "b"), ({"url": " "}, "b"), ({"url": "https://a.example/a"}, "a")]
)
def test_url_in_the_query_is_the_default_of_the_article(
    client: FlaskClient, own: dict[str, str | None], url: str
) -> None:
    answer = client.post("/v1/articles?url=https://a.example/b", json={"text": "It rains."} | own)
    assert answer.get_json()["url"] == f"https://a.example/{url}"


@pytest.mark.parametrize(
    ("document", "expected", "warnings"),
    [
        ({"url": "www.courier.example/a"}, {"url": "https://www.courier.example/a"}, ["url-scheme-assumed"]),
        ({"url": "courier.org:8080"}, {"url": "https://courier.org:8080/"}, ["url-scheme-assumed"]),
        ({"url": "//courier.org/a"}, {"url": "https://courier.org/a"}, ["url-scheme-assumed"]),
        ({"url": "story.html"}, {"url": None}, ["url-invalid"]),
        ({"url": "README.md"}, {"url": None}, ["url-invalid"]),
        ({"url": "<https://courier.org/a>"}, {"url": "https://courier.org/a"}, []),
        ({"url": "‘https://courier.org/a’"}, {"url": "https://courier.org/a"}, []),
        ({"url": "`https://courier.org`"}, {"url": "https://courier.org/"}, []),
        ({"url": "(https://courier.org/a_(b))"}, {"url": "https://courier.org/a_(b)"}, []),
        ({"url": r"https:\/\/courier.org\/a"}, {"url": "https://courier.org/a"}, []),
        ({"url": r"https:\\courier.org\a"}, {"url": "https://courier.org/a"}, []),
        ({"url": "http://https://courier.org/a"}, {"url": "https://courier.org/a"}, []),
        (
            {"url": "https://courier.org/a", "canonical_url": "courier.org/b"},
            {"canonical_url": "https://courier.org/b"},
            ["url-scheme-assumed"],
        ),
        (
            {"url": "courier.org/a", "image": "//cdn.example/1.jpg"},
            {"image": "https://cdn.example/1.jpg"},
            ["url-scheme-assumed"],
        ),
    ],
)
def test_url_without_a_scheme_is_a_warning(
    client: FlaskClient, document: dict[str, str], expected: dict[str, str | None], warnings: list[str]
) -> None:
    article = client.post("/v1/articles", json={"text": "It rains."} | document).get_json()
    assert {name: article[name] for name in expected} == expected
    assert [warning["code"] for warning in article["warnings"]] == warnings


def test_page_with_a_url_without_a_scheme_is_read(client: FlaskClient) -> None:
    page = "<html><head><link rel=canonical href='/b'></head><body><article><p>It rains.</p></article></body></html>"
    answer = client.post("/v1/articles?url=www.courier.org/a", data=page, content_type="text/html")
    assert answer.get_json()["canonical_url"] == "https://www.courier.org/b"


def test_blank_strings_count_as_missing(client: FlaskClient) -> None:
    """This holds for all fields at once, and for fields that exclude each other."""
    blank = dict.fromkeys({*BLANK} - BODIES - {"id"}, "")
    article = client.post("/v1/articles", json={"text": "It rains."} | blank | {"site_name": "The Courier"}).get_json()
    assert (article["source"], article["changes"], article["warnings"]) == ("The Courier", [], [])


def test_an_id_comes_back_as_it_came_however_blank(client: FlaskClient) -> None:
    assert client.post("/v1/articles", json={"text": "It rains.", "id": " "}).get_json()["id"] == " "


@pytest.mark.parametrize(
    ("name", "address", "message"),
    [
        ("url", "/a", "or a host with a dot"),
        ("url", "ftp://x.example/a", "or a host with a dot"),
        ("url", "desk@x.example", "or a host with a dot"),
        ("url", "https://", "with a host"),
        ("url", "https://two words.example/", "with a host"),
        ("url", "https://x.example:port/", "a number as its port"),
        ("url", "https://x.example/\x00", "without control characters"),
        ("image", "/a\x7f.jpg", "without control characters"),
    ],
)
def test_what_is_said_of_an_address_is_true(client: FlaskClient, name: str, address: str, message: str) -> None:
    (error,) = client.post("/v1/articles", json={"text": "x", name: address}).get_json()["errors"]
    assert message in error["detail"]


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"content": "x"}, ["/content", "/text"]),
        ({"url": "/a"}, ["/url", "/text"]),
        ({"text": 5}, ["/text"]),
        ({"content_base64": "x"}, ["/content_base64"]),
        ({"url": "/a", "html": "x", "content_base64": ""}, ["/url", "/content_base64"]),
        ([], [""]),
    ],
    ids=str,
)
def test_all_that_is_wrong_is_named_at_once(client: FlaskClient, document: object, pointers: list[str]) -> None:
    answer = client.post("/v1/articles", json=document)
    assert sorted(error["pointer"] for error in answer.get_json()["errors"]) == sorted(pointers)


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"url": "/a"}, ["/url"]),
        ({"url": "javascript:alert(1)", "title": ["a"]}, ["/url", "/title"]),
        ({"text": None}, ["/text"]),
        ({"text": ["a", "b"]}, ["/text"]),
        ({"text": 5}, ["/text"]),
        ({"id": 1.5}, ["/id"]),
        ({"id": "\ud83d"}, ["/id"]),
        ({"authors": ["a", {"name": "b"}]}, ["/authors/1"]),
        ({"tags": {"a": 1}}, ["/tags"]),
        ({"published": True}, ["/published"]),
        ({"extra": []}, ["/extra"]),
        ({"extra": {"a": [{"\ud83d": 1}]}}, ["/extra"]),
        ({"titel": "a"}, ["/titel"]),
        ({"a/b~c": 1}, ["/a~1b~0c"]),
        ({"source": "a", "site_name": "a"}, ["/site_name"]),
        (
            {"options": {"repair": "yes", "quotes": 1, "nosuch": 1}},
            ["/options/repair", "/options/quotes", "/options/nosuch"],
        ),
        ({"options": {"detect_language": 1}}, ["/options/detect_language"]),
        ({"options": []}, ["/options"]),
        ({"title": "x" * 10_001}, ["/title"]),
    ],
    ids=lambda value: str(value)[:60].encode("ascii", "replace").decode(),
)
def test_what_is_wrong_is_refused_by_its_pointer(
    client: FlaskClient, fields: dict[str, Any], pointers: list[str]
) -> None:
    answer = client.post("/v1/articles", data=json.dumps({"text": "x"} | fields), content_type="application/json")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert [error["pointer"] for error in answer.get_json()["errors"]] == pointers


def test_an_unknown_field_is_told_of_the_nearest_known_one(client: FlaskClient) -> None:
    (error,) = client.post("/v1/articles", json={"text": "x", "autors": "a"}).get_json()["errors"]
    assert "authors" in error["detail"]
    assert "extra" in error["detail"]


@pytest.mark.parametrize(
    ("path", "body", "hint"),
    [
        ("/v1/articles", {"body": "x"}, "Did you mean `text`?"),
        ("/v1/articles", {"content": "x"}, "Did you mean `text`?"),
        ("/v1/articles", {"datePublished": "x"}, "Did you mean `published`?"),
        ("/v1/articles", {"articles": []}, "Send many articles to /v1/articles/batch."),
        ("/v1/articles", {"options": {"repiar": "off"}}, "Unknown option. Did you mean `repair`?"),
        ("/v1/articles?repiar=off", {"text": "x"}, "Unknown option. Did you mean `repair`?"),
        (
            "/v1/articles/batch?url=https://x.example",
            {"articles": []},
            "The URL is a field of the article.",
        ),
        ("/v1/articles/batch", {"text": "x"}, "Send a single article to /v1/articles."),
        ("/v1/text", {"content": "x"}, "Did you mean `text`?"),
    ],
)
def test_an_unknown_name_is_told_what_was_meant_by_it(
    client: FlaskClient, path: str, body: dict[str, Any], hint: str
) -> None:
    errors = client.post(path, json=body).get_json()["errors"]
    assert any(error["detail"].startswith("Unknown ") and hint in error["detail"] for error in errors)


def test_unknown_fields_are_told_in_the_order_in_which_they_came(client: FlaskClient) -> None:
    names = [f"x{n * 7 % 30}" for n in range(30)]
    body = json.dumps({"text": "x"} | dict.fromkeys(names, 1))
    errors = client.post("/v1/articles", data=body, content_type="application/json").get_json()["errors"]
    assert [error["pointer"][1:] for error in errors] == names


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/articles", {"text": "x", "options": {"repair": None}}),
        ("/v1/articles", {"text": "x", "options": {"detect_language": None}}),
        ("/v1/articles/batch", {"articles": None}),
    ],
    ids=str,
)
def test_what_is_null_and_may_not_be_is_told_what_to_send(client: FlaskClient, path: str, body: dict[str, Any]) -> None:
    (error,) = client.post(path, json=body).get_json()["errors"]
    assert error["detail"].startswith("Send ")


def test_of_ten_thousand_wrong_fields_a_hundred_are_told(client: FlaskClient) -> None:
    answer = client.post("/v1/articles", json={"text": "x"} | {f"x{n}": 1 for n in range(10_000)})
    assert len(answer.get_json()["errors"]) == 100
    assert answer.get_json()["detail"].startswith("100 or more fields ")


def test_options_in_the_query_are_defaults_for_those_in_the_body(client: FlaskClient) -> None:
    body = {"text": "“cafÃ©”", "options": {"repair": "standard"}}
    document = client.post("/v1/articles?repair=off&quotes=plain&changes=none", json=body).get_json()
    assert (document["text"], document["changes"]) == ('"café"', [])


@pytest.mark.parametrize("query", ["repair=yes", "nosuch=1", "repair=off&repair=off", "detect_language=1"])
def test_an_option_in_the_query_that_is_wrong_is_named(client: FlaskClient, query: str) -> None:
    answer = client.post(f"/v1/articles?{query}", json={"text": "x"})
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.get_json()["errors"]] == [query.split("=", maxsplit=1)[0]]


def test_one_bad_article_never_costs_a_batch_its_neighbours(client: FlaskClient) -> None:
    articles = [{"text": "cafÃ©"}, None, {"text": "x", "url": "no"}, {"text": "ü", "options": {"changes": "full"}}]
    answer = client.post("/v1/articles/batch", json={"articles": articles, "options": {"changes": "none"}})
    assert answer.status_code == 200
    items = answer.get_json()["articles"]
    assert [item["index"] for item in items] == [0, 1, 2, 3]
    assert items[0]["article"]["text"] == "café"
    assert items[0]["article"]["changes"] == []
    assert items[1]["problem"]["errors"][0]["pointer"] == "/articles/1"
    assert items[2]["problem"]["errors"][0]["pointer"] == "/articles/2/url"
    assert items[3]["article"]["text"] == "ü"
