"""Metrics and request logs have the documented values and no content of requests."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry

from copydesk import api_keys
from copydesk.settings import Settings
from svc.app import create_app
from svc.observability import metrics
from svc.observability.logging import formatter

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

PRIVATE = "Russiaâ€™s envoy is called Rumpelstiltskin."
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Whole(FlaskClient):
    """A client that reads and closes responses, as a server does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True} | kwargs)


def client_of(settings: Settings) -> FlaskClient:
    app = create_app(settings)
    app.test_client_class = Whole
    return app.test_client()


@pytest.fixture
def client() -> FlaskClient:
    return client_of(Settings())


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Collect the formatted lines of the log."""
    lines: list[str] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Collecting()
    handler.setFormatter(formatter(readable=False))
    logger = logging.getLogger("copydesk")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def read_metrics() -> dict[str, float]:
    """Return all metrics by name and labels."""
    samples = re.findall(r"^([a-z_]+(?:\{.*\})?) ([0-9.e+-]+)$", metrics.render().decode(), re.MULTILINE)
    return {name: float(value) for name, value in samples}


def counted(before: dict[str, float], name: str) -> float:
    return read_metrics().get(name, 0) - before.get(name, 0)


def test_a_request_is_one_line_of_json_with_what_it_came_to(client: FlaskClient, lines: list[str]) -> None:
    headers = {"X-Request-ID": "crawl-7", "Traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    client.post("/v1/articles?changes=none", json={"text": PRIVATE}, headers=headers)
    assert len(lines) == 1
    line: dict[str, Any] = json.loads(lines[0])
    assert (line["event"], line["level"]) == ("request", "info")
    assert (line["request_id"], line["trace_id"]) == ("crawl-7", TRACE)
    assert (line["method"], line["route"], line["status"]) == ("POST", "/v1/articles", 200)
    # Counted regardless of the `changes` option.
    assert (line["articles"], line["changes"], line["problems"]) == (1, {"mojibake": 1}, {})
    assert line["characters"] == len(PRIVATE) - 2
    assert line["duration_ms"] >= line["queue_ms"] >= 0
    assert line["cpu_ms"] > 0


def test_a_batch_is_one_line_too_when_all_of_it_has_left(client: FlaskClient, lines: list[str]) -> None:
    body = b'{"text": "One."}\n{broken\n{"title": "no text"}\n{"text": "Two."}\n'
    client.post("/v1/articles/batch", data=body, content_type="application/x-ndjson")
    (line,) = map(json.loads, lines)
    assert (line["articles"], line["problems"]) == (2, {"malformed-json": 1, "validation-failed": 1})


@pytest.mark.parametrize(
    "sent", ["00-" + "0" * 32 + "-00f067aa0ba902b7-01", "junk", "ff-" + TRACE + "-" + "1" * 16 + "-01"]
)
def test_a_traceparent_that_is_none_is_not_believed(client: FlaskClient, lines: list[str], sent: str) -> None:
    client.post("/v1/text", json={"text": "x"}, headers={"Traceparent": sent})
    assert "trace_id" not in json.loads(lines[0])


def test_no_line_holds_text_a_key_or_an_address_in_full(tmp_path: Path, lines: list[str]) -> None:
    key = api_keys.generate_key()
    path = tmp_path / "keys.txt"
    path.write_text(api_keys.format_line("crawler", key))
    client = client_of(Settings(api_keys_file=path))
    for authorization in (f"Bearer {key}", "Bearer wrong-key-of-mine"):
        for body in (json.dumps({"text": PRIVATE, "url": "https://secret.example/x"}), f'{{"{PRIVATE}": 1}}', PRIVATE):
            client.post(
                "/v1/articles",
                data=body.encode(),
                content_type="application/json",
                headers={"Authorization": authorization},
                environ_base={"REMOTE_ADDR": "198.51.100.77"},
            )
    assert len(lines) == 6
    everything = "".join(lines)
    for secret in ("Rumpelstiltskin", "secret.example", key, "wrong-key-of-mine", "198.51.100.77"):
        assert secret not in everything
    assert '"key": "crawler"' in everything
    assert '"client": "198.51.100.0/24"' in everything


@pytest.mark.parametrize(
    "sent",
    [
        'x","level":"error","event":"forged',
        'x"}{"event":"forged"}',
        "x\\n{forged}",
        "x\x1b[31mforged",
        "x\u2028forged",
        "forged" * 100,
    ],
)
def test_no_header_or_path_writes_into_the_log(client: FlaskClient, lines: list[str], sent: str) -> None:
    in_header = sent.encode().decode("latin-1")
    headers = {"X-Request-ID": in_header, "Traceparent": in_header, "User-Agent": in_header, "Authorization": in_header}
    client.post(f"/v1/text/{sent}", json={"text": "x"}, headers=headers)
    client.post("/v1/text", json={"text": "x"}, headers=headers, query_string={sent: sent})
    assert [json.loads(line)["event"] for line in lines] == ["request"] * 2
    assert "forged" not in "".join(lines)
    assert "\n" not in "".join(lines)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.1.2.3", "203.0.113.9", "203.0.113.0/24"),
        ("10.1.2.3", "192.0.2.66, 203.0.113.9, 10.9.9.9", "203.0.113.0/24"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.0/24"),
        ("10.1.2.3", "", "10.1.2.0/24"),
        ("10.1.2.3", "not an address", "unknown"),
        ("2001:db8:1:2::3", "", "2001:db8:1::/48"),
    ],
)
def test_only_proxies_that_are_listed_are_believed(peer: str, forwarded: str, client: str, lines: list[str]) -> None:
    listening = client_of(Settings(trusted_proxies=("10.0.0.0/8",)))
    listening.get("/v1/limits", headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": peer})
    assert json.loads(lines[0])["client"] == client


def test_probes_and_unsampled_requests_are_not_logged(lines: list[str]) -> None:
    sampled = client_of(Settings(log_sample_rate=0.1))
    for number in range(400):
        sampled.get("/v1/limits", headers={"X-Request-ID": f"request-{number}"})
        sampled.get("/livez")
    drawn = {json.loads(line)["request_id"] for line in lines}
    assert 10 <= len(drawn) == len(lines) <= 100
    again = client_of(Settings(log_sample_rate=0.1))
    lines.clear()
    for number in range(400):
        again.get("/v1/limits", headers={"X-Request-ID": f"request-{number}"})
    assert {json.loads(line)["request_id"] for line in lines} == drawn


def test_our_own_failures_always_have_a_line(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("copydesk.cleaning.clean_text", fail)
    client_of(Settings(log_sample_rate=0)).post("/v1/text", json={"text": "x"})
    assert [json.loads(line)["event"] for line in lines][1:] == ["request"]
    assert "Traceback" in json.loads(lines[0])["exception"]


def test_metrics_count_what_was_done(client: FlaskClient) -> None:
    before = read_metrics()
    client.post("/v1/articles?changes=none", json={"text": "Russiaâ€™s envoy spoke on Tuesday of the harbour."})
    client.post("/v1/articles/batch", json={"articles": [{"text": "One."}, {}, {"text": "cafÃ©"}]})
    client.post("/v1/text", data=b"{", content_type="application/json")
    client.open("/v1/text", method="BREW")
    assert counted(before, "copydesk_articles_total") == 3
    assert counted(before, 'copydesk_changes_total{kind="mojibake"}') == 2
    assert counted(before, 'copydesk_charset_repairs_total{actual="utf-8",decoded_as="windows-1252"}') == 2
    assert counted(before, 'copydesk_languages_total{language="en"}') == 1
    assert counted(before, 'copydesk_problems_total{type="validation-failed"}') == 1
    assert counted(before, 'copydesk_problems_total{type="malformed-json"}') == 1
    assert counted(before, 'copydesk_http_requests_total{method="POST",route="/v1/text",status="400"}') == 1
    assert counted(before, 'copydesk_http_requests_total{method="other",route="none",status="405"}') == 1
    assert counted(before, "copydesk_batch_articles_sum") == 3
    assert counted(before, "copydesk_queue_wait_seconds_count") == 3
    assert counted(before, "copydesk_http_requests_in_flight") == 0


def test_what_is_shed_is_counted_by_its_reason(app: Flask) -> None:
    before = read_metrics()
    slot = app.extensions["copydesk-gate"].single_slot
    slot.acquire()
    app.test_client().post("/v1/text", json={"text": "x"})
    slot.release()
    assert counted(before, 'copydesk_requests_rejected_total{reason="queue_timeout"}') == 1
    assert counted(before, 'copydesk_problems_total{type="overloaded"}') == 1


def test_no_caller_makes_up_labels(client: FlaskClient) -> None:
    for path in ("/made-up-1", "/made-up-2"):
        client.open(path, method="MADEUP")
    assert "made" not in metrics.render().decode().lower().replace("changes made", "")
    pairs = {metrics.charset_pair_labels((f"true-{number}", "x")) for number in range(200)}
    assert len(pairs) <= 51
    assert ("other", "other") in pairs


def test_a_metrics_file_that_is_still_empty_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created = tmp_path / "counter_1.db"
    created.touch()
    # The worker goes on while the collector waits.
    monkeypatch.setattr("time.sleep", lambda _: created.write_bytes(bytes(4096)))
    collector = metrics.WorkersCollector(CollectorRegistry(), str(tmp_path))  # type: ignore[no-untyped-call]
    assert list(collector.collect()) == []
    assert created.stat().st_size == 4096
