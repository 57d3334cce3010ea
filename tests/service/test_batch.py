"""Batches: separate results in order, streamed, compressed on request."""

from __future__ import annotations

import gzip
import json
import weakref
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from copydesk import batch, pipeline, strict_json
from copydesk.settings import Settings
from svc.app import create_app
from tests.helpers.cases import corpus

if TYPE_CHECKING:
    from flask.testing import FlaskClient

NDJSON = "application/x-ndjson"
GOOD = {"id": "a", "text": "Russiaâ€™s envoy left."}


def post(
    client: FlaskClient,
    *lines: object,
    end: bytes = b"\n",
    query: str = "",
    headers: dict[str, str] | None = None,
) -> Any:
    data = end.join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return client.post(f"/v1/articles/batch{query}", data=data, content_type=NDJSON, headers=headers)


def items(answer: Any) -> list[Any]:
    assert (answer.status_code, answer.mimetype) == (200, NDJSON)
    return [json.loads(line) for line in answer.get_data().splitlines()]


def test_lines_are_cleaned_in_order_and_fail_separately(client: FlaskClient) -> None:
    results = items(post(client, GOOD, b"{broken", GOOD | {"autors": "x"}, b'{"text": "\xff"}', GOOD))
    assert [item["index"] for item in results] == [0, 1, 2, 3, 4]
    assert [item["article"]["text"] for item in (results[0], results[4])] == ["Russia’s envoy left."] * 2
    slugs = [item["problem"]["type"].rpartition(":")[2] for item in results[1:4]]
    assert slugs == ["malformed-json", "validation-failed", "malformed-json"]
    assert results[2]["problem"]["errors"][0]["pointer"] == "/autors"


@pytest.mark.parametrize("name", ["ndjson", "x-ndjson", "jsonl", "jsonlines", "x-jsonlines"])
def test_all_media_types_of_lines_are_accepted(client: FlaskClient, name: str) -> None:
    answer = client.post("/v1/articles/batch", data=json.dumps(GOOD), content_type=f"application/{name}")
    assert [item["index"] for item in items(answer)] == [0]


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/batch", "/v1/text"])
def test_lines_sent_as_json_name_the_media_type(client: FlaskClient, path: str) -> None:
    lines = f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n"
    detail = client.post(path, data=lines, content_type="application/json").get_json()["detail"]
    assert detail.startswith("Unexpected data after the end.")
    assert detail.endswith("Send NDJSON to /v1/articles/batch as application/x-ndjson.")
    for other in ('{"text": "x"} {', '{"text": "x"}}', "{broken\n}"):
        problem = client.post(path, data=other, content_type="application/json").get_json()
        assert (problem["status"], "NDJSON" in problem["detail"]) == (400, False)


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/batch"])
def test_array_in_place_of_a_batch_names_the_batch(client: FlaskClient, path: str) -> None:
    [error] = client.post(path, json=[GOOD]).get_json()["errors"]
    assert '`{"articles": […]}`' in error["detail"]


def test_blank_lines_are_skipped_and_any_line_end_will_do(client: FlaskClient) -> None:
    assert [item["index"] for item in items(post(client, GOOD, b"", b"  ", GOOD, end=b"\r\n"))] == [0, 1]
    assert items(post(client)) == []


def test_long_or_unreadable_line_is_a_problem_in_its_place() -> None:
    small = create_app(Settings(max_text_characters=30)).test_client()
    results = items(post(small, GOOD, {"text": "x" * 31}, {"content_base64": "iVBORw0KGgoAAAAAAAAA"}, GOOD))
    assert ["article" in item for item in results] == [True, False, False, True]


def test_options_of_a_line_override_those_of_the_query(client: FlaskClient) -> None:
    own = GOOD | {"options": {"changes": "summary"}}
    one, other = items(post(client, GOOD, own, query="?changes=none"))
    assert (one["article"]["changes"], len(other["article"]["changes"])) == ([], 1)


def test_json_and_ndjson_have_the_same_results(client: FlaskClient) -> None:
    """The Accept header selects the format."""
    articles = corpus()[:4]
    lines = items(post(client, *articles))
    document = client.post("/v1/articles/batch", json={"articles": articles})
    assert document.get_json()["articles"] == lines
    assert items(client.post("/v1/articles/batch", json={"articles": articles}, headers={"Accept": NDJSON})) == lines
    assert post(client, *articles, headers={"Accept": "application/json"}).get_json()["articles"] == lines


def test_internal_error_in_one_article_is_a_problem_there(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = pipeline.clean

    def faulty(article: Any, *more: Any, **named: Any) -> Any:
        if article.id == "bad":
            raise ZeroDivisionError
        return clean(article, *more, **named)

    monkeypatch.setattr(pipeline, "clean", faulty)
    results = items(post(client, GOOD, GOOD | {"id": "bad"}, GOOD))
    assert ["article" in item for item in results] == [True, False, True]
    assert results[1]["problem"]["status"] == 500


def test_nothing_is_cleaned_for_a_client_that_has_gone(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned: list[Any] = []
    clean = pipeline.clean

    def counted(article: Any, *more: Any, **named: Any) -> Any:
        cleaned.append(article)
        return clean(article, *more, **named)

    monkeypatch.setattr(pipeline, "clean", counted)
    answer = post(client, *[GOOD | {"text": "A sentence of the story. " * 400}] * 50)
    pieces = iter(answer.response)
    next(pieces)
    answer.close()
    assert 0 < len(cleaned) < 20


def test_more_bytes_than_the_bound_are_refused_inflated_ones_too() -> None:
    small = create_app(Settings(max_batch_bytes=1_000)).test_client()
    assert post(small, *[GOOD] * 30).status_code == 413
    data = gzip.compress(b"\n" * 1_001)
    answer = small.post("/v1/articles/batch", data=data, content_type=NDJSON, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.get_json()["limit"]) == (413, 1_000)


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("line", [b"0\n", b"\n", b" \r\n", b'{"text": "x"}\n'], ids=["bad", "blank", "spaces", "good"])
def test_too_many_lines_are_a_413_with_the_limit(line: bytes, compress: Callable[[bytes], bytes]) -> None:
    small = create_app(Settings(max_batch_lines=20)).test_client()
    headers = {} if compress is bytes else {"Content-Encoding": "gzip"}

    def send(body: bytes) -> Any:
        return small.post("/v1/articles/batch", data=compress(body), content_type=NDJSON, headers=headers)

    assert send(line * 20).status_code == 200
    assert send(line * 19 + b"[]").status_code == 200
    for body in (line * 21, line * 20 + b"[]", line * 100_000):
        answer = send(body)
        assert (answer.status_code, answer.get_json()["limit"], answer.get_json()["unit"]) == (413, 20, "lines")


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_line_over_the_limit_of_a_document_fails_alone(compress: Callable[[bytes], bytes]) -> None:
    """The limit counts bytes before they are decoded, wherever chunks of the body end."""
    small = create_app(Settings(max_body_bytes=100_000)).test_client()
    fits, too_long = ({"text": "Rain.", "extra": {"a": "x" * size}} for size in (99_960, 99_975))
    body = b"\n".join(
        json.dumps(line).encode() for line in (GOOD, fits, too_long, GOOD, too_long | {"b": "x" * 200_000})
    )
    headers = {} if compress is bytes else {"Content-Encoding": "gzip"}
    results = items(small.post("/v1/articles/batch", data=compress(body), content_type=NDJSON, headers=headers))
    assert ["article" in item for item in results] == [True, True, False, True, False]
    problem = results[2]["problem"]
    assert (problem["status"], problem["limit"], problem["unit"]) == (413, 100_000, "bytes")


def test_titles_share_suffixes_of_the_first_lines_only(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_MAX_TITLE_LINES", 3)
    page = {"url": "https://wire.example/a", "text": "It rains."}

    def titles(count: int, name: str) -> list[Any]:
        return [page | {"title": f"Story {i} of the day - {name}"} for i in range(count)]

    shared = items(post(client, *titles(3, "Velvet Mornings"), *titles(3, "Amber Evenings")))
    assert shared[0]["article"]["title"] == "Story 0 of the day"
    assert shared[5]["article"]["title"] == "Story 2 of the day - Amber Evenings"


def test_documents_are_not_kept_parsed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parsed document takes many times its size, and a response takes as long as its client reads."""

    class Document(dict[str, Any]):
        """A document that can be referenced weakly."""

    alive: list[weakref.ref[Document]] = []
    loads = strict_json.loads

    def tracked(data: bytes, max_depth: int) -> Any:
        document: Any = loads(data, max_depth)
        if "articles" in document:
            return document
        alive.append(weakref.ref(made := Document(document)))
        return made

    monkeypatch.setattr(strict_json, "loads", tracked)
    large = GOOD | {"extra": {"a": "x" * 70_000}}
    for answer in (
        post(client, *[large] * 5),
        client.post("/v1/articles/batch", json={"articles": [large] * 5}),
    ):
        alive.clear()
        for _ in answer.response:
            assert [reference for reference in alive if reference()] == []
        assert len(alive) > 2
        answer.close()


def test_what_is_neither_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/articles/batch", data=b"x", content_type="text/plain")
    assert answer.status_code == 415
    assert NDJSON in answer.get_json()["detail"]


def test_answers_are_compressed_for_those_who_ask(client: FlaskClient) -> None:
    articles = corpus()[:3]
    answer = post(client, *articles, headers={"Accept-Encoding": "gzip, deflate"})
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(gzip.decompress(answer.get_data()).splitlines()) == 3
    single = client.post("/v1/articles", json=articles[0], headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(single.get_data()))["text"] == articles[0]["text"]
    assert "Content-Encoding" not in post(client, *articles, headers={"Accept-Encoding": "gzip;q=0, br"}).headers
    assert "Content-Encoding" not in client.get("/livez", headers={"Accept-Encoding": "gzip"}).headers


def test_a_compressed_stream_can_be_read_as_it_comes(client: FlaskClient) -> None:
    answer = post(
        client, *[GOOD | {"text": "A sentence of the story. " * 400}] * 30, headers={"Accept-Encoding": "gzip"}
    )
    first = next(iter(answer.response))
    lines = zlib.decompressobj(31).decompress(first).splitlines()
    assert json.loads(lines[0])["index"] == 0
    answer.close()
