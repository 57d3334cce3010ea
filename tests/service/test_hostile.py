"""Hostile bodies: rejected early with the name of the field, never an internal error."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from schemas import Options as OptionsSchema
from schemas import RawArticle
from svc.observability import metrics

if TYPE_CHECKING:
    from flask.testing import FlaskClient

TEXT = {"text": "The rain went on all night."}


def sent(client: FlaskClient, **fields: Any) -> tuple[int, Any]:
    answer = client.post("/v1/articles", json=TEXT | fields)
    return answer.status_code, answer.get_json()


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"a": [1] * 50_001}, "50,000 values"),
        ({str(at): 1 for at in range(50_001)}, "50,000 values"),
        ({"a": ["x"] * 10_001}, "10,000 strings"),
        ({"a": ["x" * 500_000] * 3}, "1,000,000 characters"),
        ({"k" * 1_001: 1}, "1,000 characters"),
        ({"k" * 999: [1] * 11_000}, "shorter keys"),
        ({"k\ud800": 1}, "surrogates"),
        ({"a": [{"k\ud800": 1}]}, "surrogates"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_carried_along_has_bounds(client: FlaskClient, extra: object, message: str) -> None:
    status, answer = sent(client, extra=extra)
    assert status == 422
    assert [(error["pointer"], message in error["detail"]) for error in answer["errors"]] == [("/extra", True)]


def test_extra_within_its_limits_is_returned_unchanged(client: FlaskClient) -> None:
    extra = {"numbers": [1] * 20_000, "k" * 1_000: "x" * 100_000, "deep": [[[["é", {"a": None}]]]]}
    status, answer = sent(client, extra=extra)
    assert (status, answer["extra"]) == (200, extra)


@pytest.mark.parametrize("field", ["authors", "tags"])
@pytest.mark.parametrize(
    ("items", "message"),
    [(["x" * 9_999] * 11, "100,000 characters"), ([1] * 500_000, "1,000 items")],
    ids=["long", "many"],
)
def test_lists_have_bounds_of_items_and_of_all_their_text(
    client: FlaskClient, field: str, items: list[object], message: str
) -> None:
    status, answer = sent(client, **{field: items})
    assert status == 422
    assert [(error["pointer"], message in error["detail"]) for error in answer["errors"]] == [(f"/{field}", True)]


def test_only_the_first_unknown_fields_and_options_are_named(client: FlaskClient) -> None:
    many = {f"k{at}": 1 for at in range(200_000)}
    for fields in (many, {"options": many}, {"x" * 1_000_000: 1}):
        status, answer = sent(client, **fields)
        assert status == 422
        assert 1 <= len(answer["errors"]) <= 100


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[" * 3_000_000, 413),
        ("[" + "1," * 2_500_000 + "1]", 413),
        ("[" * 900 + "]" * 900, 400),
        ("[" + "[]," * 400_000 + "1e999]", 400),
        ("[" + ("[" * 30 + "]" * 30 + ",") * 9_000 + "[" * 65 + "]" * 65 + "]", 400),
        ('{"text": ' + "9" * 1_000_000 + "}", 400),
        ('{"text": 1.' + "9" * 1_000_000 + "}", 422),
        ('{"text": 1e999}', 400),
        ("{" + '"a": 1, ' * 500_000 + '"a": 1}', 400),
        ('{"text": "' + "\\\\" * 1_000_000, 400),
    ],
    ids=lambda value: str(value)[:20],
)
def test_json_made_to_cost_is_refused(client: FlaskClient, body: str, status: int) -> None:
    assert client.post("/v1/articles", data=body, content_type="application/json").status_code == status


def test_commas_and_brackets_in_a_text_are_no_values(client: FlaskClient) -> None:
    body = json.dumps({"text": '"[a], ' * 900_000})
    assert client.post("/v1/articles", data=body, content_type="application/json").get_json()["limit"] == 1_000_000


def test_an_answer_comes_for_each_coding_made_to_cost(client: FlaskClient) -> None:
    def posted(data: bytes, coding: str = "gzip") -> int:
        headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
        return client.post("/v1/articles", data=data, headers=headers).status_code

    whole = json.dumps(TEXT).encode()
    member = gzip.compress(b"")
    assert posted(b"".join(gzip.compress(bytes([byte])) for byte in whole)) == 200
    assert posted(gzip.compress(whole) + member * 3_000) == 200
    assert posted(member * 300_000) == 400
    assert posted(gzip.compress(b" " * 40_000_000)) == 413
    assert posted(zlib.compress(b" " * 40_000_000), "deflate") == 413
    assert posted(gzip.compress(whole) + b"\0" * 100_000) == 200
    assert posted(gzip.compress(whole) + b"\0" * 100_000 + b"x") == 400
    assert posted(gzip.compress(whole)[:-9]) == 400


def test_what_is_too_large_inflated_is_told_so_in_a_sentence(client: FlaskClient) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = client.post("/v1/articles", data=gzip.compress(b" " * 40_000_000), headers=headers)
    assert answer.get_json()["detail"] == "The body exceeds 16777216 bytes when decompressed."


@pytest.mark.parametrize(
    "form", ["x;" * 50_000, "text/html; " + "a=b; " * 20_000, "text/html; charset=" + "x" * 90_000]
)
def test_a_huge_content_type_is_no_fault_of_ours(client: FlaskClient, form: str) -> None:
    assert client.post("/v1/articles", data=b"<p>x</p>", headers={"Content-Type": form}).status_code < 500


def test_thousands_of_forms_and_parameters_are_no_fault_of_ours(client: FlaskClient) -> None:
    headers = {"Accept": ", ".join(f"a/b{at};q=0.{at}" for at in range(5_000))}
    assert client.post("/v1/articles", json=TEXT, headers=headers).status_code == 406
    query = "&".join(f"k{at}=1" for at in range(20_000))
    assert client.post(f"/v1/articles?{query}", json=TEXT).status_code == 422
    assert client.post("/v1/articles?" + "changes=none&" * 20_000, json=TEXT).status_code == 422


# Each is one value of JSON, of every type and at the edges of each.
VALUES = (
    *("null", "true", "false", "0", "-1", "1.5", "1e308", "-0.0", "9007199254740993", '""', '" "', '"x"', '"\\ud800"'),
    *(
        "[]",
        "{}",
        "[null]",
        "[1]",
        '["x"]',
        "[[]]",
        "[{}]",
        '[["x"]]',
        '[[["x"]]]',
        '{"x":null}',
        '{"x":[]}',
        '{"":{}}',
    ),
    *('"\\u0000"', '"true"', '"1"', '["x",1,null,{}]', '{"text":"x"}'),
)
FIELDS = sorted(RawArticle().load_fields)
OPTIONS = sorted(OptionsSchema().load_fields)


@pytest.mark.parametrize("field", FIELDS)
def test_each_type_in_each_field_is_cleaned_or_named(client: FlaskClient, field: str) -> None:
    for value in VALUES:
        text = "" if field in ("text", "html", "content_base64") else '"text":"x",'
        answer = client.post("/v1/articles", data=f'{{{text}"{field}":{value}}}', content_type="application/json")
        assert answer.status_code in (200, 413, 422), value
        if "errors" in answer.get_json():
            pointers = {error["pointer"].split("/")[1] for error in answer.get_json()["errors"]}
            # An article with a blank body has no text.
            assert pointers <= {field, "text"}, value


@pytest.mark.parametrize("option", OPTIONS)
def test_each_type_in_each_option_is_taken_or_named(client: FlaskClient, option: str) -> None:
    for value in VALUES:
        body = f'{{"text":"x","options":{{"{option}":{value}}}}}'
        answer = client.post("/v1/text", data=body, content_type="application/json")
        assert answer.status_code in (200, 422), value
        if answer.status_code == 422:
            [error] = answer.get_json()["errors"]
            assert error["pointer"].startswith(f"/options/{option}"), value


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"\0", b"{", b"}", b"[", b'"', b'{"text"', b'{"text":', b'{"text":"x"', b'{"text":"x"}}', b"nul"),
        *(b"NaN", b'{"text":NaN}', b'{"text":Infinity}', b'{"text":-Infinity}', b'{"text":+1}', b'{"text":.5}'),
        *(b'{"text":1.}', b'{"text":01}', b'{"text":0x1}', b'{"text":1e}', b'{"text":-}', b'{"text":True}', b"{'a':1}"),
        *(b'{text:"x"}', b'{"text":"x",}', b'["x",]', b'{,"text":"x"}', b'{"text":"x"}//', b'/**/{"text":"x"}'),
        *(b'{"text":"a\nb"}', b'{"text":"a\0b"}', b'{"text":"\\x41"}', b'{"text":"\\u12"}', b'{"text":"\\ud8"}'),
        *(b'{"text":"x","text":"y"}', b'{"text":"x","te\\u0078t":"y"}', b'{"text":"\xff"}', b'{"text":"\xed\xa0\x80"}'),
        *(b'{"text":"\xc0\x80"}', '{"text":"x"}'.encode("utf-16"), '{"text":"x"}'.encode("utf-32-le"), b"\xef\xbb\xbf"),
        *(b'{"text":"x"}\xa0', b'\x0b{"text":"x"}', b'{"text":"x"}\n{"text":"y"}', b'{"text":"x"} x', b"<a/>"),
    ],
    ids=lambda body: repr(body)[2:22],
)
def test_a_document_that_is_not_strict_json_is_malformed(client: FlaskClient, body: bytes) -> None:
    for path in ("/v1/articles", "/v1/articles/batch", "/v1/text"):
        answer = client.post(path, data=body, content_type="application/json")
        assert (answer.status_code, answer.get_json()["type"]) == (400, "urn:copydesk:problem:malformed-json")


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", gzip.compress(b" " * 1_000_000) * 1_000, 413),
        ("gzip", gzip.compress(b"") * 150_000, 400),
        ("gzip", gzip.compress(gzip.compress(json.dumps(TEXT).encode())), 400),
        ("gzip", gzip.compress(json.dumps(TEXT).encode())[:-8] + bytes(8), 400),
        ("gzip", gzip.compress(json.dumps(TEXT).encode())[:20], 400),
        ("deflate", zlib.compress(json.dumps(TEXT).encode())[:-4] + bytes(4), 400),
        ("br", b"\x8b\x02\x80x\x03", 415),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\0", 415),
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}")), 415),
    ],
    ids=["1 GB", "members", "nested", "bad CRC", "truncated", "bad Adler", "br", "zstd", "twice"],
)
def test_a_hostile_coding_is_rejected(client: FlaskClient, coding: str, body: bytes, status: int) -> None:
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
    start = time.process_time()
    assert client.post("/v1/articles", data=body, headers=headers).status_code == status
    assert time.process_time() - start < 2


ENTITIES = {
    "external": '<!ENTITY x SYSTEM "file:///etc/passwd">',
    "of a parameter": '<!ENTITY % y SYSTEM "file:///etc/passwd"> %y; <!ENTITY x "&y;">',
    "nested": '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    + '<!ENTITY x "&a9;">',
    "of itself": '<!ENTITY x "&y;"><!ENTITY y "&x;">',
}


@pytest.mark.parametrize("name", ENTITIES)
@pytest.mark.parametrize("kind", ["text/html", "application/xhtml+xml"])
def test_entities_of_a_page_are_not_expanded(client: FlaskClient, name: str, kind: str) -> None:
    page = (
        f"<?xml version='1.0'?><!DOCTYPE html [{ENTITIES[name]}]><html xmlns='http://www.w3.org/1999/xhtml'><head>"
        "<title>Rain</title></head><body><p>It rains &x; on the harbour, and the ferry stays.</p></body></html>"
    )
    start = time.process_time()
    article = client.post("/v1/articles", data=page.encode(), content_type=kind).get_json()
    assert time.process_time() - start < 2
    assert "on the harbour, and the ferry stays." in article["text"]
    assert "root:" not in article["text"]
    assert "hahahaha" not in article["text"]


def test_made_up_names_add_no_metrics(client: FlaskClient) -> None:
    def series() -> int:
        return sum(not line.startswith(b"#") for line in metrics.render().splitlines())

    def send(number: int) -> None:
        client.open(f"/made-up-{number}", method=f"MADE{number}").close()
        client.get(f"/static/made-up-{number}").close()
        client.post("/v1/text", data=b"x", content_type=f"made/up-{number}").close()
        client.post("/v1/articles", json=TEXT | {"language": f"x-made{number}", "source": f"Made {number}"}).close()
        client.post("/v1/articles", json=TEXT | {f"made{number}": 1}).close()

    send(0)
    before = series()
    for number in range(1, 60):
        send(number)
    assert series() == before


@pytest.mark.parametrize("path", ["/static/", "/docs/", "/", "/v1/"])
@pytest.mark.parametrize(
    "name",
    [
        *("../settings.py", "..%2fsettings.py", "%2e%2e/settings.py", "%2e%2e%2fsettings.py", "..\\settings.py"),
        *("..%5csettings.py", "..%252fsettings.py", "....//settings.py", ".%00./settings.py", "index.html%00.css"),
        *("/etc/passwd", "%2fetc%2fpasswd", "..%c0%afsettings.py", "..;/settings.py", "page.css/../../settings.py"),
        *("./", ".", "..", "%2e%2e", "file:%2f%2f%2fetc%2fpasswd"),
    ],
)
def test_no_path_leads_out_of_the_files(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(path + name)
    assert answer.status_code in (200, 308, 404)
    assert b"root:" not in answer.data
    if answer.status_code == 200:
        assert answer.mimetype == "text/html"
