"""API keys, and CORS."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from copydesk import api_keys
from copydesk.settings import Settings
from svc.app import create_app
from svc.http.auth import REQUIRES_KEY
from svc.observability import metrics
from tests.helpers.metrics import value_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

KEY = api_keys.generate_key()
OPEN = {"/livez", "/readyz", "/v1/limits", "/openapi.yaml", "/openapi.json", "/", "/docs"}
# The files of the pages.
FILES = {"/static/<name>", "/docs/<name>"}


@pytest.fixture
def locked(tmp_path: Path) -> FlaskClient:
    path = tmp_path / "keys.txt"
    path.write_text(api_keys.format_line("crawler", KEY))
    return create_app(Settings(api_keys_file=path)).test_client()


def test_every_route_says_whether_it_needs_a_key(app: Flask) -> None:
    declared = {
        rule.rule: getattr(app.view_functions[rule.endpoint], REQUIRES_KEY, None) for rule in app.url_map.iter_rules()
    }
    assert None not in declared.values()
    assert {rule for rule, needed in declared.items() if not needed} == OPEN | FILES


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/batch", "/v1/text", "/metrics"])
@pytest.mark.parametrize(
    "sent",
    [None, "", "Bearer", "Bearer wrong", f"Basic {KEY}", KEY, f"Bearer {api_keys.hash_key(KEY)}"],
    ids=["none", "empty", "scheme only", "wrong key", "wrong scheme", "key without a scheme", "hash of the key"],
)
def test_without_a_known_key_there_is_nothing_to_be_had(locked: FlaskClient, path: str, sent: str | None) -> None:
    method = "GET" if path == "/metrics" else "POST"
    headers = {} if sent is None else {"Authorization": sent}
    answer = locked.open(path, method=method, json={"text": "x"} if method == "POST" else None, headers=headers)
    assert (answer.status_code, answer.get_json()["type"]) == (401, "urn:copydesk:problem:unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="copydesk"')
    assert KEY not in answer.get_data(as_text=True)


def test_a_known_key_opens_all_doors(locked: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    assert locked.post("/v1/text", json={"text": "x"}, headers=headers).status_code == 200
    assert locked.get("/metrics", headers=headers).status_code == 200
    assert locked.post("/v1/text", json={"text": "x"}, headers={"Authorization": f"bearer  {KEY}"}).status_code == 200


def test_readiness_is_degraded_by_a_bad_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.txt"
    path.write_text(api_keys.format_line("crawler", KEY))
    client = create_app(Settings(api_keys_file=path, api_keys_grace_period=1)).test_client()
    headers = {"Authorization": f"Bearer {KEY}"}

    def ask() -> tuple[int, str, int]:
        ready = client.get("/readyz")
        problem_or_status = ready.get_json().get("status") if ready.status_code == 200 else ready.get_json()["type"]
        return (
            ready.status_code,
            problem_or_status,
            client.post("/v1/text", json={"text": "x"}, headers=headers).status_code,
        )

    assert ask() == (200, "ready", 200)
    path.write_text("no line of a key file")
    assert ask() == (200, "degraded", 200)
    time.sleep(1.1)
    assert ask() == (503, "urn:copydesk:problem:api-keys-unavailable", 401)
    assert value_of(metrics.API_KEYS_DEGRADED) == 1
    path.unlink()
    assert ask() == (200, "degraded", 401)
    path.write_text(api_keys.format_line("crawler", KEY))
    assert ask() == (200, "ready", 200)
    assert value_of(metrics.API_KEYS_DEGRADED) == 0


def test_public_routes_need_no_key_and_unknown_ones_are_404(locked: FlaskClient) -> None:
    assert {locked.get(path).status_code for path in OPEN} == {200}
    assert locked.get("/nowhere").status_code == 404
    assert locked.get("/v1/text").status_code == 405


def test_no_other_site_may_read_an_answer_unless_it_is_listed(client: FlaskClient) -> None:
    answer = client.get("/livez", headers={"Origin": "https://desk.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_listed_origin_may_ask_beforehand_and_read_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "keys.txt"
    path.write_text(api_keys.format_line("page", KEY))
    shared = create_app(Settings(cors_origins=("https://desk.example",), api_keys_file=path)).test_client()
    asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"}
    before = shared.options("/v1/text", headers=asked)
    assert (before.status_code, before.headers["Access-Control-Allow-Origin"]) == (200, "https://desk.example")
    assert "Authorization" in before.headers["Access-Control-Allow-Headers"]
    answer = shared.post("/v1/text", json={"text": "x"}, headers=asked | {"Authorization": f"Bearer {KEY}"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://desk.example"
    assert "Origin" in answer.vary
    for other in ("https://desk.example.evil.example", "http://desk.example", "https://sub.desk.example", "null"):
        assert "Access-Control-Allow-Origin" not in shared.get("/livez", headers={"Origin": other}).headers
    assert "Origin" in shared.get("/livez").vary


@pytest.mark.parametrize("path", ["/livez", "/nowhere", "/openapi.json"])
def test_every_answer_tells_browsers_to_do_nothing_with_it(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
