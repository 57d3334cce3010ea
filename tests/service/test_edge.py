"""Common to all paths: limits, media types, problems, and response headers."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from copydesk import cleaning
from copydesk.pipeline import STAGES
from copydesk.settings import Settings
from svc.app import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

JSON = "application/json"


@pytest.fixture
def small() -> FlaskClient:
    return create_app(Settings(max_body_bytes=1000, max_text_characters=100, max_batch_articles=2)).test_client()


def test_plain_text_is_cleaned_and_returned_plain_on_request(client: FlaskClient) -> None:
    body = {"text": "Russiaâ€™s  envoy"}
    document = client.post("/v1/text", json=body).get_json()
    assert document["text"] == "Russia’s envoy"
    assert [change["kind"] for change in document["changes"]] == ["mojibake", "whitespace"]
    bare = client.post("/v1/text", json=body, headers={"Accept": "text/plain"})
    assert (bare.mimetype, bare.get_data(as_text=True)) == ("text/plain", "Russia’s envoy")


@pytest.mark.parametrize("size", [1001, 5000, 100_000])
def test_a_body_over_the_limit_is_refused_and_never_cut(small: FlaskClient, size: int) -> None:
    answer = small.post("/v1/text", data=b" " * size, content_type=JSON)
    assert answer.status_code == 413
    assert (answer.get_json()["limit"], answer.get_json()["unit"]) == (1000, "bytes")


def test_chunked_body_is_read_up_to_the_limit(small: FlaskClient) -> None:
    def send(data: bytes) -> int:
        environ = {"wsgi.input": io.BytesIO(data), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        return small.post("/v1/text", content_type=JSON, environ_overrides=environ).status_code

    assert send(b'{"text":"x"}'.ljust(5000)) == 413
    assert send(b'{"text":"x"}'.ljust(1000)) == 200


def test_a_body_shorter_than_announced_is_refused(client: FlaskClient) -> None:
    environ = {"wsgi.input": io.BytesIO(b'{"text":"x"}'), "CONTENT_LENGTH": "50"}
    answer = client.post("/v1/text", content_type=JSON, environ_overrides=environ)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "urn:copydesk:problem:incomplete-body")


def test_rejection_of_a_large_text_or_batch_has_the_limit(small: FlaskClient) -> None:
    assert small.post("/v1/text", json={"text": "x" * 100}).status_code == 200
    text = small.post("/v1/text", json={"text": "x" * 101})
    assert (text.status_code, text.get_json()["limit"], text.get_json()["unit"]) == (413, 100, "characters")
    batch = small.post("/v1/articles/batch", json={"articles": [{}] * 3})
    assert (batch.status_code, batch.get_json()["limit"], batch.get_json()["unit"]) == (413, 2, "articles")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
        ({"Content-Type": "application/json; charset=iso-8859-1"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 415),
        ({"Content-Type": JSON, "Content-Encoding": "br"}, 415),
        ({"Content-Type": JSON, "Accept": "image/png"}, 406),
        ({"Content-Type": JSON, "Accept": "application/*;q=0.5, image/png"}, 200),
        ({"Content-Type": JSON, "Accept": "*/*"}, 200),
        ({"Content-Type": JSON, "Accept": "application/json; charset=utf-8"}, 200),
        ({"Content-Type": JSON, "Accept": 'text/html, application/json;charset="UTF-8";q=0.9'}, 200),
        ({"Content-Type": JSON, "Accept": "application/json;q=0"}, 406),
        ({"Content-Type": JSON, "Accept": "application/json;charset=utf-8;q=0, text/html"}, 406),
        ({"Content-Type": JSON, "Content-Encoding": ""}, 200),
        ({"Content-Type": JSON, "Content-Encoding": " "}, 200),
    ],
    ids=str,
)
def test_media_types_are_negotiated(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/v1/articles", data=b'{"text":"x"}', headers=headers)
    assert answer.status_code == status
    assert answer.mimetype == (JSON if status == 200 else "application/problem+json")


def test_paths_and_methods_that_are_not_there_are_problems_too(client: FlaskClient) -> None:
    missing = client.get("/nowhere")
    assert (missing.status_code, missing.get_json()["type"]) == (404, "urn:copydesk:problem:not-found")
    assert client.post("/v1/text/").status_code == 404
    wrong = client.get("/v1/articles")
    assert (wrong.status_code, wrong.get_json()["type"]) == (405, "urn:copydesk:problem:method-not-allowed")
    assert "POST" in wrong.headers["Allow"]


def test_malformed_json_is_a_problem_with_its_place(client: FlaskClient) -> None:
    answer = client.post("/v1/articles", data=b'{"text": "x",\n "text": "y"}', content_type=JSON)
    assert answer.status_code == 400
    assert (answer.get_json()["line"], answer.get_json()["column"]) == (2, 2)
    assert client.post("/v1/articles", data=b"[" * 100_000, content_type=JSON).status_code == 400


def test_internal_error_is_in_the_log_but_not_in_the_response(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(cleaning, "clean_text", fail)
    with caplog.at_level(logging.ERROR, "copydesk"):
        answer = app.test_client().post("/v1/text", json={"text": "x"}, headers={"X-Request-ID": "find-me"})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, "find-me")
    assert b"secret" not in answer.data
    assert "find-me" in caplog.text
    assert "the secret inside" in caplog.text


@pytest.mark.parametrize("path", ["/livez", "/nowhere", "/v1/limits"])
def test_every_answer_carries_its_id_and_where_the_time_went(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert re.fullmatch(r"total;dur=[0-9.]+", answer.headers["Server-Timing"])
    assert client.get(path, headers={"X-Request-ID": "crawl-7/42"}).headers["X-Request-ID"] == "crawl-7/42"


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "naïve", "<script>"])
def test_an_id_that_is_not_sane_is_replaced(client: FlaskClient, given: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"])


def test_the_work_is_timed_by_its_parts(client: FlaskClient) -> None:
    timing = client.post("/v1/articles", json={"text": "x"}).headers["Server-Timing"]
    parts = [part.partition(";")[0] for part in timing.split(", ")]
    assert parts == ["receive", "queue", "read", "ingest", *STAGES, "report", "clean", "write", "total"]


@pytest.mark.parametrize("body", [{"json": {"text": "x"}}, {"data": "x", "content_type": "text/plain"}])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/text"])
def test_the_stages_are_parts_of_cleaning(client: FlaskClient, path: str, body: dict[str, Any]) -> None:
    parts = (part.split(";dur=") for part in client.post(path, **body).headers["Server-Timing"].split(", "))
    took = {name: float(duration) for name, duration in parts}
    assert 0 < sum(took[stage] for stage in ("ingest", *STAGES, "report")) <= took["clean"] + 0.01 * len(took)


def test_operators_and_clients_can_ask_how_it_is(client: FlaskClient) -> None:
    assert client.get("/livez").get_json()["status"] == "alive"
    assert client.get("/readyz").get_json()["status"] == "ready"
    assert client.get("/v1/limits").get_json() == Settings().limits()


def test_the_contract_is_served_as_it_was_written(client: FlaskClient) -> None:
    as_yaml, as_json = client.get("/openapi.yaml"), client.get("/openapi.json")
    assert (as_yaml.mimetype, as_json.mimetype) == ("application/yaml", JSON)
    assert yaml.safe_load(as_yaml.data) == as_json.get_json()


def test_the_strings_of_extra_count_as_text(small: FlaskClient) -> None:
    answer = small.post("/v1/articles", json={"text": "x" * 60, "extra": {"a": ["y" * 20, {"b": "z" * 21}]}})
    problem = answer.get_json()
    assert answer.status_code == 413
    assert (problem["limit"], problem["unit"]) == (100, "characters")
    assert problem["detail"] == "The text and the strings of `extra` have 101 characters; the limit is 100."


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/v1/text", "application/json; charset=utf-8", JSON),
        ("/v1/text", "text/plain; charset=utf-8", "text/plain"),
        ("/v1/text", "text/plain;format=flowed;q=0.2, application/json;v=1;q=0.3", JSON),
        ("/v1/articles/batch", "application/json; charset=utf-8", JSON),
        ("/v1/articles/batch", "application/x-ndjson; charset=utf-8", "application/x-ndjson"),
        ("/v1/articles/batch", "application/json;q=0.1;x=1, application/x-ndjson;y=2", "application/x-ndjson"),
    ],
)
def test_parameters_of_accept_do_not_matter(client: FlaskClient, path: str, accept: str, expected: str) -> None:
    body = {"articles": [{"text": "x"}]} if path.endswith("batch") else {"text": "x"}
    answer = client.post(path, json=body, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, expected)


def test_too_little_memory_is_an_overload(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cleaning, "clean_text", fail)
    answer = app.test_client().post("/v1/text", json={"text": "x"})
    assert (answer.status_code, answer.get_json()["type"]) == (503, "urn:copydesk:problem:overloaded")
    assert answer.headers["Retry-After"] == "1"
