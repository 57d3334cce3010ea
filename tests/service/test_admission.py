"""Admission: one article at a time, in FIFO order; rejections have a reason."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from copydesk.settings import Settings
from svc.app import create_app
from svc.http.admission import MAX_SMALL_BYTES, FairLock, Gate

if TYPE_CHECKING:
    from flask import Flask

BATCH = {"articles": [{"text": "One."}, {"text": "Two."}]}


@pytest.fixture
def busy() -> Flask:
    """Return an application with its slots in use."""
    app = create_app(Settings(queue_timeout=0.05))
    gate(app).single_slot.acquire()
    gate(app).batch_slot.acquire()
    return app


def gate(app: Flask) -> Gate:
    app_gate: Gate = app.extensions["copydesk-gate"]
    return app_gate


def is_idle(app: Flask) -> bool:
    """Return whether no request holds anything."""
    slots = (gate(app).single_slot, gate(app).batch_slot, gate(app).large_slot)
    are_free = [slot.acquire(0) for slot in slots]
    for slot in slots:
        slot.release()
    return all(are_free) and (gate(app).places, gate(app).held_bytes) == (0, 0)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/v1/articles", {"json": {"text": "x"}}),
        ("/v1/articles", {"data": b"<p>x</p>", "content_type": "text/html"}),
        ("/v1/text", {"json": {"text": "x"}}),
        ("/v1/articles/batch", {"json": BATCH}),
        ("/v1/articles/batch", {"data": b'{"text":"x"}', "content_type": "application/x-ndjson"}),
    ],
    ids=["article", "page", "text", "batch", "ndjson"],
)
def test_all_cleaning_is_rejected_while_the_cpu_is_busy(busy: Flask, path: str, sent: dict[str, Any]) -> None:
    """All endpoints that clean wait for the same slot. A rejection is a problem with Retry-After."""
    answer = busy.test_client().post(path, **sent)
    assert (answer.status_code, answer.get_json()["type"]) == (503, "urn:copydesk:problem:overloaded")
    assert answer.headers["Retry-After"] == "1"
    assert "Retry after 1 second" in answer.get_json()["detail"]
    gate(busy).single_slot.release()
    gate(busy).batch_slot.release()
    assert busy.test_client().post(path, **sent).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/v1/limits", "/openapi.yaml"])
def test_probes_and_metrics_never_wait(busy: Flask, path: str) -> None:
    assert busy.test_client().get(path).status_code == 200


def test_a_refusal_costs_nothing_that_was_not_asked_for(busy: Flask) -> None:
    refused = busy.test_client().post("/v1/text", data=b"not json", content_type="application/json")
    assert refused.status_code == 503
    assert busy.test_client().post("/v1/text", data=b"x", content_type="image/png").status_code == 415


def test_slot_is_free_after_invalid_and_failed_articles() -> None:
    app = create_app(Settings())
    client = app.test_client()
    for body in (b"{broken", b"[]", b'{"text": 1}', b'{"text": "x"}'):
        client.post("/v1/articles", data=body, content_type="application/json", buffered=True)
    assert is_idle(app)


def test_a_batch_whose_client_left_leaves_the_door_free() -> None:
    app = create_app(Settings())
    answer = app.test_client().post("/v1/articles/batch", json=BATCH, buffered=False)
    next(iter(answer.iter_encoded()))
    answer.close()
    assert is_idle(app)


def test_single_requests_do_not_wait_for_a_batch() -> None:
    """Neither while a batch makes an article, nor while others wait for their turn; and the other way round."""
    app = create_app(Settings(queue_timeout=0))
    gate(app).batch_slot.acquire()
    assert app.test_client().post("/v1/articles", json={"text": "x"}).status_code == 200
    gate(app).batch_slot.release()
    gate(app).single_slot.acquire()
    assert app.test_client().post("/v1/articles/batch", json=BATCH).status_code == 200


def test_batches_take_turns_for_each_article() -> None:
    """Lines are read in the turn of their article, so that other batches need not wait for a whole batch."""
    app = create_app(Settings())
    line = b'{"text": "x", "extra": {"a": "%s"}}\n' % (b"x" * 70_000)
    answers = [
        app.test_client().post("/v1/articles/batch", data=line * 5, content_type="application/x-ndjson")
        for _ in range(2)
    ]
    responses = [iter(answer.response) for answer in answers]
    for _ in range(3):
        for response in responses:
            assert next(response)
            assert gate(app).batch_slot.acquire(0)
            gate(app).batch_slot.release()
    for answer in answers:
        answer.close()


def test_large_bodies_are_parsed_one_at_a_time() -> None:
    """Small ones are cleaned meanwhile, and a large batch takes turns with a large single request."""
    app = create_app(Settings(queue_timeout=0.05))
    large = {"text": "x", "html": "<p>x</p>" + " " * MAX_SMALL_BYTES}
    gate(app).large_slot.acquire()
    for path, document in (("/v1/articles", large), ("/v1/articles/batch", {"articles": [large]})):
        assert app.test_client().post(path, json=document).status_code == 503
    assert app.test_client().post("/v1/articles", json={"text": "x"}).status_code == 200
    gate(app).large_slot.release()
    answer = app.test_client().post("/v1/articles/batch", json={"articles": [large]})
    assert gate(app).large_slot.acquire(0)
    gate(app).large_slot.release()
    assert answer.status_code == 200
    assert app.test_client().post("/v1/articles", json=large | {"text": ""}).status_code == 200


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/json"])
def test_small_items_of_large_batches_take_no_large_turn(content_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a JSON body is parsed as a whole. So large single requests do not wait for each item of batches."""
    app, large_turns = create_app(Settings()), []
    item = b'{"text": "x", "extra": {"a": "%s"}}' % (b"x" * 20_000)
    items = [item] * (MAX_SMALL_BYTES // 20_000 + 1)
    body = b"\n".join(items) if content_type.endswith("ndjson") else b'{"articles": [%s]}' % b",".join(items)
    answer = app.test_client().post("/v1/articles/batch", data=body, content_type=content_type)
    monkeypatch.setattr(gate(app).large_slot, "acquire", lambda: large_turns.append(1))
    monkeypatch.setattr(gate(app).large_slot, "release", lambda: None)
    assert answer.get_data().count(b'"article"') == len(items)
    answer.close()
    assert not large_turns


def test_small_lines_do_not_wait_for_a_large_document() -> None:
    """A large line waits, and so does its batch."""
    app = create_app(Settings(queue_timeout=0.05))
    gate(app).large_slot.acquire()
    line = b'{"text": "x", "extra": {"a": "%s"}}\n'
    small, large = line % (b"x" * 20_000) * (MAX_SMALL_BYTES // 20_000 + 1), line % (b"x" * MAX_SMALL_BYTES)
    for body, status in ((small, 200), (small + large + small, 503)):
        answer = app.test_client().post("/v1/articles/batch", data=body, content_type="application/x-ndjson")
        assert answer.status_code == status
        answer.close()


def test_compressed_bodies_are_decompressed_in_turns() -> None:
    app = create_app(Settings(queue_timeout=0.05))
    body, headers = gzip.compress(b'{"text": "x"}'), {"Content-Encoding": "gzip"}
    requests = [("/v1/articles", "application/json"), ("/v1/articles/batch", "application/x-ndjson")]
    for is_batch, (path, content_type) in enumerate(requests):
        slot = gate(app).decompression_slots[bool(is_batch)]
        slot.acquire()
        assert app.test_client().post(path, data=body, content_type=content_type, headers=headers).status_code == 503
        slot.release()
        assert app.test_client().post(path, data=body, content_type=content_type, headers=headers).status_code == 200


def test_the_slot_is_handed_over_in_the_order_of_asking() -> None:
    slot, served = FairLock(), []
    slot.acquire()

    def ask(number: int) -> Callable[[], None]:
        def wait() -> None:
            slot.acquire()
            served.append(number)
            slot.release()

        return wait

    threads = [threading.Thread(target=ask(number)) for number in range(20)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while slot.waiting < waiting:
            time.sleep(0.001)
    slot.release()
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_who_takes_turns_does_not_starve_who_waits() -> None:
    slot, turns = FairLock(), []
    slot.acquire()

    def come_once() -> None:
        slot.acquire()
        turns.append("single")
        slot.release()

    single = threading.Thread(target=come_once)
    single.start()
    while not slot.waiting:
        time.sleep(0.001)
    for _ in range(3):  # as a batch does between its articles
        slot.release()
        slot.acquire()
        turns.append("batch")
    slot.release()
    single.join()
    assert turns[0] == "single"


def test_who_gives_up_is_not_waited_for() -> None:
    slot = FairLock()
    slot.acquire()
    assert not slot.acquire(0.01)
    assert slot.waiting == 0
    slot.release()
    assert slot.acquire(0)


def test_lock_excludes_threads_that_wait_or_time_out() -> None:
    """Threads that wait or time out never hold the lock at the same time, and never leave it locked."""
    slot, inside, most = FairLock(), [0], [0]

    @contextmanager
    def counted() -> Iterator[None]:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        yield
        inside[0] -= 1

    def come_and_go(patience: float) -> None:
        for _ in range(200):
            if slot.acquire(patience):
                with counted():
                    time.sleep(0)
                slot.release()

    threads = [threading.Thread(target=come_and_go, args=(patience,)) for patience in (0, 0.0001, 0.001, 5) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], slot.waiting, slot.acquire(0)) == (1, 0, True)
