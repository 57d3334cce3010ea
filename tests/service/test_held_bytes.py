"""The places and bytes that requests hold: bounded, counted, and returned when the response is closed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest
from flask import Response

from copydesk import pipeline
from copydesk.settings import Settings
from svc.app import create_app
from svc.http import admission, responses
from svc.http.admission import MAX_BATCHES, MAX_PLACES, Claim, Gate
from svc.observability import metrics

if TYPE_CHECKING:
    from flask import Flask

NDJSON = "application/x-ndjson"
JSON = "application/json"
FEED = b"<rss><channel><title>News</title>%s</channel></rss>" % (b"<item><title>Rain in the hills</title></item>" * 3)
LIMITS = {"max_body_bytes": 6_000, "max_decompressed_bytes": 20_000, "max_batch_bytes": 30_000}


def small_app(**settings: Any) -> Flask:
    return create_app(Settings(**(LIMITS | {"max_held_bytes": 64_000} | settings)))


def gate(app: Flask) -> Gate:
    app_gate: Gate = app.extensions["copydesk-gate"]
    return app_gate


def others(app: Flask, size: int, *, is_batch: bool = False) -> Claim:
    """Return the claim of another request that holds bytes."""
    claim = Claim(gate(app), is_batch=is_batch)
    claim.set_bytes(size)
    return claim


def start(app: Flask, path: str, body: bytes, content_type: str, **headers: str) -> Any:
    """Send a request and return the response before it is read and closed."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().post(path, data=body, content_type=content_type, headers=given)


def post(app: Flask, path: str, body: bytes, content_type: str, **headers: str) -> Any:
    """Send a request and return the response after it was read and closed."""
    answer = start(app, path, body, content_type, **headers)
    answer.get_data()
    answer.close()
    return answer


def rejections(reason: str) -> float:
    return metric(f'copydesk_requests_rejected_total{{reason="{reason}"}}')


def metric(name: str) -> float:
    rendered = metrics.render().decode().splitlines()
    return next((float(line.rpartition(" ")[2]) for line in rendered if line.startswith(f"{name} ")), 0.0)


def lines(count: int) -> bytes:
    return b'{"text": "It rains."}\n' * count


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("/v1/articles", b'{"text": "' + b"It rains. " * 500 + b'"}', JSON),
        ("/v1/text", b"It rains. " * 500, "text/plain"),
        ("/v1/articles/batch", b'{"articles": [' + b'{"text": "It rains."},' * 200 + b"1]}", JSON),
    ],
)
def test_a_body_that_does_not_fit_is_rejected_while_inflating(path: str, body: bytes, content_type: str) -> None:
    """A retry succeeds once the other request is done."""
    app = small_app()
    other, before = others(app, 59_500), rejections("body_bytes")
    answer = post(app, path, gzip.compress(body), content_type, Content_Encoding="gzip")
    assert (answer.status_code, answer.get_json()["type"]) == (503, "urn:copydesk:problem:overloaded")
    assert answer.headers["Retry-After"] == "1"
    assert rejections("body_bytes") == before + 1
    assert gate(app).held_bytes == 59_500
    other.release()
    answer = post(app, path, gzip.compress(body), content_type, Content_Encoding="gzip")
    assert answer.status_code == 200
    assert (gate(app).held_bytes, gate(app).places) == (0, 0)


def test_a_compressed_batch_of_lines_is_held_compressed() -> None:
    app = small_app()
    sent = gzip.compress(lines(1_000))
    answer = start(app, "/v1/articles/batch", sent, NDJSON, Content_Encoding="gzip")
    assert gate(app).held_bytes == len(sent) < 1_000
    assert answer.get_data().count(b'"article"') == 1_000
    answer.close()
    assert gate(app).held_bytes == 0


def test_batches_leave_room_for_the_largest_single_request() -> None:
    app = small_app()
    with_batches = others(app, 37_000, is_batch=True)
    assert post(app, "/v1/articles/batch", lines(50), NDJSON).status_code == 503
    body = gzip.compress(b'{"text": "' + b"It rains. " * 1_900 + b'"}')
    assert post(app, "/v1/articles", body, JSON, Content_Encoding="gzip").status_code == 200
    with_batches.release()
    assert post(app, "/v1/articles/batch", lines(50), NDJSON).status_code == 200


def test_responses_of_batches_leave_room_for_a_single_request() -> None:
    app = small_app(max_decompressed_bytes=100_000, max_held_bytes=506_000, socket_timeout=0.1)
    batches = [others(app, 1, is_batch=True) for _ in range(5)]
    for batch in batches[:4]:
        batch.wait_to_hold_item(b"x" * 90_000)
    with pytest.raises(BrokenPipeError):
        batches[4].wait_to_hold_item(b"x" * 90_000)
    body = gzip.compress(b'{"text": "' + b"It rains. " * 9_000 + b'"}')
    assert post(app, "/v1/articles", body, JSON, Content_Encoding="gzip").status_code == 200


def test_one_response_goes_on_while_bodies_of_batches_take_all() -> None:
    app = small_app(max_decompressed_bytes=200_000, max_held_bytes=400_000, socket_timeout=0.1)
    batches = [others(app, 97_000, is_batch=True) for _ in range(2)]
    for batch in batches:
        batch.wait_to_hold_item(b"x" * 90_000)
        batch.wait_to_hold_item(b"")
    batches[0].wait_to_hold_item(b"x" * 90_000)
    with pytest.raises(BrokenPipeError):
        batches[1].wait_to_hold_item(b"x" * 90_000)
    batches[0].release()
    batches[1].wait_to_hold_item(b"x" * 90_000)


def test_a_request_that_is_alone_always_fits() -> None:
    app = small_app(max_held_bytes=1)
    assert post(app, "/v1/articles", b'{"text": "It rains."}', JSON).status_code == 200
    assert post(app, "/v1/articles/batch", lines(50), NDJSON).get_data().count(b'"article"') == 50


def broken_gzip(app: Flask) -> None:
    body = gzip.compress(b"It rains. " * 900)[:-9]
    assert post(app, "/v1/text", body, "text/plain", Content_Encoding="gzip").status_code == 400


def invalid_article(app: Flask) -> None:
    assert post(app, "/v1/articles", b'{"autors": 1}', JSON).status_code == 422


def unread_batch(app: Flask) -> None:
    answer = start(app, "/v1/articles/batch", lines(900), NDJSON)
    next(iter(answer.response))
    assert gate(app).places == 1
    answer.close()


def unread_answer(app: Flask) -> None:
    start(app, "/v1/text", b"It rains. " * 100, "text/plain").close()


def feed(app: Flask) -> None:
    answer = start(app, "/v1/articles/batch", FEED, "application/rss+xml")
    assert gate(app).held_bytes > 0
    assert answer.get_data().count(b'"article"') == 3
    answer.close()


def failure_of_a_view(app: Flask) -> None:
    app.view_functions["text.clean_text"] = lambda: str(1 // 0)
    assert post(app, "/v1/text", b"x", "text/plain").status_code == 500


@pytest.mark.parametrize(
    "use",
    [broken_gzip, invalid_article, unread_batch, unread_answer, feed, failure_of_a_view],
    ids=lambda f: f.__name__,
)
def test_everything_is_returned_once(use: Callable[[Flask], None]) -> None:
    app = small_app()
    other = others(app, 100)
    use(app)
    assert (gate(app).held_bytes, gate(app).places) == (100, 0)
    other.release()
    other.release()
    assert gate(app).held_bytes == 0


def test_batches_have_half_of_the_places() -> None:
    app, before = small_app(), rejections("batches_full")
    waiting = [Claim(gate(app), is_batch=True) for _ in range(MAX_BATCHES)]
    for batch in waiting:
        batch.take_place()
    answer = post(app, "/v1/articles/batch", lines(1), NDJSON)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert rejections("batches_full") == before + 1
    assert post(app, "/v1/articles", b'{"text": "It rains."}', JSON).status_code == 200
    waiting.pop().release()
    assert post(app, "/v1/articles/batch", lines(1), NDJSON).status_code == 200


def test_requests_beyond_the_places_are_rejected() -> None:
    app = small_app()
    claims = [Claim(gate(app), is_batch=False) for _ in range(MAX_PLACES)]
    for claim in claims:
        claim.take_place()
    before = rejections("queue_full")
    assert post(app, "/v1/text", b"x", "text/plain").status_code == 503
    assert post(app, "/v1/articles/batch", lines(1), NDJSON).status_code == 503
    assert rejections("queue_full") == before + 2
    assert app.test_client().get("/livez").status_code == 200
    claims.pop().release()
    assert post(app, "/v1/text", b"x", "text/plain").status_code == 200


def test_a_batch_holds_its_place_until_its_response_is_closed() -> None:
    app = small_app()
    answer = start(app, "/v1/articles/batch", lines(3), NDJSON)
    assert len(list(answer.response)) > 0
    assert gate(app).places == 1
    answer.close()
    assert gate(app).places == 0


def test_large_items_of_a_response_wait_until_others_have_left(caplog: pytest.LogCaptureFixture) -> None:
    """If those do not end, the response is cut off. A batch without others continues."""
    app = small_app(max_batch_bytes=900_000, max_body_bytes=200_000, max_held_bytes=200_000, socket_timeout=0.3)
    sizes = (70_000, 90_000, 130_000, 150_000)
    body = b"".join(b'{"text": "It rains.", "extra": {"a": "%s"}}\n' % (b"x" * size) for size in sizes)
    answer = start(app, "/v1/articles/batch", gzip.compress(body), NDJSON, Content_Encoding="gzip")
    response = iter(answer.response)
    next(response)
    Timer(0.1, others(app, 120_000).release).start()
    assert any(b'"index":1,' in part for part in response)
    before, other = rejections("body_bytes"), others(app, 80_000)
    with pytest.raises(BrokenPipeError):
        list(response)
    assert "response cut off: too many bytes of other responses in memory" in caplog.messages
    answer.close()
    assert (rejections("body_bytes"), gate(app).held_bytes, gate(app).places) == (before + 1, 80_000, 0)
    other.release()
    answer = post(app, "/v1/articles/batch", gzip.compress(body), NDJSON, Content_Encoding="gzip")
    assert answer.get_data().count(b'"article"') == 4


def test_batches_whose_clients_read_are_not_cut_off() -> None:
    """A batch returns the bytes of an item that has left before it waits for its turn."""
    app = small_app(max_batch_bytes=900_000, max_body_bytes=200_000, max_held_bytes=250_000, socket_timeout=5)
    body = gzip.compress(b'{"text": "It rains.", "extra": {"a": "%s"}}\n' % (b"x" * 130_000) * 6)

    def clean(_: int) -> bytes:
        data: bytes = post(app, "/v1/articles/batch", body, NDJSON, Content_Encoding="gzip").get_data()
        return data

    with ThreadPoolExecutor(2) as clients:
        assert [data.count(b'"article"') for data in clients.map(clean, range(2))] == [6, 6]
    assert gate(app).held_bytes == 0


class Item(bytes):
    """An item of a response that is counted while it is in memory."""

    in_memory = 0

    def __init__(self, _: object) -> None:
        Item.in_memory += 1

    def __del__(self) -> None:
        Item.in_memory -= 1


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("mimetype", [JSON, NDJSON])
def test_a_large_item_is_in_memory_once(mimetype: str, encoding: str) -> None:
    """It leaves in small chunks, and is gone when the next one is made."""
    app = small_app()
    counts = []

    def make_item(_: int) -> bytes:
        counts.append(Item.in_memory)
        return Item(b"x" * 1_000_000)

    @app.get("/items")
    def respond() -> Response:
        return responses.stream_response(admission.interleave(map(make_item, range(3)), 0), mimetype)

    answer = app.test_client().get("/items", headers={"Accept-Encoding": encoding})
    assert max(map(len, answer.response)) < 200_000
    answer.close()
    assert [*counts, Item.in_memory] == [0, 0, 0, 0]
    assert gate(app).held_bytes == 0


def test_responses_that_are_dropped_return_what_they_held() -> None:
    app = small_app()
    for _ in range(MAX_PLACES + 1):
        assert start(app, "/v1/text", b"It rains.", "text/plain").status_code == 200
        assert start(app, "/v1/articles/batch", lines(2), NDJSON).status_code == 200


def test_held_bytes_are_a_metric() -> None:
    app = small_app()
    before = metric("copydesk_body_bytes_held")
    other = others(app, 1_234)
    assert metric("copydesk_body_bytes_held") == before + 1_234
    other.release()
    assert metric("copydesk_body_bytes_held") == before


def test_memory_error_is_a_503_and_leaves_the_service_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app, before = small_app(), rejections("memory")
    clean = pipeline.clean

    def fail(article: Any, *more: Any, **named: Any) -> Any:
        if "flood" in article.text:
            raise MemoryError
        return clean(article, *more, **named)

    monkeypatch.setattr(pipeline, "clean", fail)
    answer = post(app, "/v1/articles", b'{"text": "A flood."}', JSON)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    items = post(app, "/v1/articles/batch", lines(1) + b'{"text": "A flood."}\n' + lines(1), NDJSON).get_data()
    problems = [json.loads(item).get("problem", {}).get("type") for item in items.splitlines()]
    assert problems == [None, "urn:copydesk:problem:overloaded", None]
    assert rejections("memory") == before + 2
    assert (gate(app).held_bytes, gate(app).places) == (0, 0)
