"""Fixtures of the tests of generated clients: their environment, a service with keys, and a later version of it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from copydesk import api_keys
from tests.helpers.paths import OFFLINE
from tests.helpers.server import running

# The programs run in the environment of the generators.
collect_ignore = ["programs"]

# Not of the connection, but of the message.
_HEADERS = ("Content-Type", "Authorization", "Accept", "X-Request-ID", "Content-Location")


@dataclass(frozen=True)
class Service:
    """A running service, and a key for it."""

    port: int
    key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def generators() -> Path:
    """Return the directory of the environment with the generators."""
    if "CLIENT_GENERATORS" not in os.environ:
        pytest.skip("The generators of clients have their own environment: make test-clients")
    return Path(os.environ["CLIENT_GENERATORS"])


def run(generators: Path, directory: Path, program: str | Path, *arguments: str | Path) -> str:
    """Run a program of the environment in a directory, and return its output.

    Args:
        generators: the environment.
        directory: the working directory.
        program: the path of the program below the environment.
        arguments: its arguments.
    """
    completed = subprocess.run(
        [generators / program, *arguments],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": str(OFFLINE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    key, key_file = api_keys.generate_key(), tmp_path_factory.mktemp("keys") / "keys"
    key_file.write_text(api_keys.format_line("clients", key) + "\n", encoding="ascii")
    with running(COPYDESK_API_KEYS_FILE=str(key_file)) as server:
        yield Service(server.port, key)


@pytest.fixture(scope="session")
def later_service(service: Service) -> Iterator[Service]:
    """Run what a later version may be: the service, with a field in every object, and changes of a new kind."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._forward()

        def do_POST(self) -> None:
            self._forward()

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = HTTPConnection("127.0.0.1", service.port, timeout=20)
            headers = {name: value for name in _HEADERS if (value := self.headers.get(name)) is not None}
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            content, media_type = response.read(), response.headers["Content-Type"]
            connection.close()
            if "json" in media_type and self.path != "/openapi.json":
                content = json.dumps(_add_fields(json.loads(content))).encode()
            self.send_response(response.status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Service(server.server_address[1], service.key)
        server.shutdown()
        thread.join()


def _add_fields(value: Any) -> Any:
    if isinstance(value, list):
        return [_add_fields(item) for item in value]
    if isinstance(value, dict):
        # `extra` belongs to the caller.
        fields = {name: item if name == "extra" else _add_fields(item) for name, item in value.items()}
        if fields.get("changes"):
            fields["changes"].append({"field": "text", "kind": "kind-added-later", "count": 1})
        return fields | {"added_later": {"with": ["any", None, 1.5]}}
    return value
