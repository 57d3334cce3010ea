"""Responses are sent in parts, each within the socket timeout."""

from __future__ import annotations

import json
from typing import Any

import pytest

from copydesk.settings import Settings
from svc.app import create_app
from svc.http.sending import PART_BYTES
from svc.probes import PROBE_PATHS

TEXT = "It rains in the hills. " * 9_000
BATCH = json.dumps({"articles": [{"text": TEXT}, {"text": "x"}]}).encode()


class Connection:
    """The socket of a connection, as gunicorn passes it."""

    timeout: float | None = None

    def settimeout(self, seconds: float) -> None:
        self.timeout = seconds


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/articles", json.dumps({"text": TEXT}).encode()), ("/v1/articles/batch", BATCH)]
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_response_is_sent_in_parts_with_a_timeout(path: str, body: bytes, encoding: str) -> None:
    connection: Any = Connection()
    app = create_app(Settings(socket_timeout=7))
    answer = app.test_client().post(
        path,
        data=body,
        content_type="application/json",
        headers={"Accept-Encoding": encoding},
        environ_overrides={"gunicorn.socket": connection},
    )
    assert answer.status_code == 200
    parts = list(answer.iter_encoded())
    assert max(map(len, parts)) <= PART_BYTES
    assert connection.timeout == 7
    if path == "/v1/articles":
        assert answer.content_length == sum(map(len, parts))
    if encoding == "identity":
        assert TEXT.strip() in b"".join(parts).decode()
        assert len(parts) > 3
    answer.close()


@pytest.mark.parametrize("path", PROBE_PATHS)
def test_clients_of_probes_have_one_second_to_read(path: str) -> None:
    """Probes have few threads: clients that do not read would block all of them."""
    connection: Any = Connection()
    client = create_app(Settings(socket_timeout=7)).test_client()
    client.get(path, environ_overrides={"gunicorn.socket": connection})
    assert connection.timeout == 1
