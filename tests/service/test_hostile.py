"""Hostile bodies: rejected early with the name of the field, never an internal error."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest

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
