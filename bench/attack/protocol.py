"""Requests at the edges of HTTP, and invalid settings: each has one right outcome."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator

from bench.attack.target import Check, attacked, equals, get, post, send
from tests.helpers.server import Server, free_port, start

_BODY = b'{"text":"It rains."}'
_HEAD = b"POST /v1/text HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
_LENGTH = b"Content-Length: 20\r\n"
# By name: a request, and its status.
_REQUESTS: dict[str, tuple[bytes, int]] = {
    "Accept with a parameter": (post("/v1/text", _BODY, Accept="application/json; charset=utf-8"), 200),
    "Accept with quality and parameter": (post("/v1/text", _BODY, Accept="application/json;q=0.5;charset=utf-8"), 200),
    "Accept of NDJSON with a parameter": (
        post("/v1/articles/batch", _BODY, "application/x-ndjson", Accept="application/x-ndjson; charset=utf-8"),
        200,
    ),
    "Accept of another type": (post("/v1/text", _BODY, Accept="image/png"), 406),
    "no Host": (_HEAD + _LENGTH + b"\r\n" + _BODY, 400),
    "no Host in HTTP/1.0": (_HEAD.replace(b"1.1", b"1.0") + _LENGTH + b"\r\n" + _BODY, 200),
    "Transfer-Encoding: gzip, chunked": (
        _HEAD + b"Host: bench\r\nTransfer-Encoding: gzip, chunked\r\n\r\n14\r\n" + _BODY + b"\r\n0\r\n\r\n",
        501,
    ),
    "empty Content-Encoding": (post("/v1/text", _BODY, Content_Encoding=""), 200),
    "gzip with zero padding": (post("/v1/text", gzip.compress(_BODY) + bytes(512), Content_Encoding="gzip"), 200),
    "gzip with other padding": (post("/v1/text", gzip.compress(_BODY) + b"\1" * 9, Content_Encoding="gzip"), 400),
    "an empty line before a request": (b"\r\n" + post("/v1/text", _BODY), 200),
}
_SETTINGS = {"port 99999": "127.0.0.1:99999", "port 0x50": "127.0.0.1:0x50", "no port": "127.0.0.1"}


def edges_of_http() -> Iterator[Check]:
    """Send requests that an RFC decides."""
    with attacked() as target:
        for name, (request, status) in _REQUESTS.items():
            yield equals(name, send(target.port, request).status, status)
        yield equals("ids of others in lines of malformed requests", _foreign_ids(target.server), 0)


def _foreign_ids(server: Server) -> int:
    """Return how many lines about malformed requests have the id of another request."""
    for i in range(50):
        send(server.port, get("/v1/limits", X_Request_ID=f"other-{i}"))
        send(server.port, b"GARBAGE\r\n\r\n")
    malformed = [line for line in server.lines() if "malformed" in line["event"]]
    return sum("other-" in json.dumps(line) for line in malformed) if malformed else -1


def invalid_settings() -> Iterator[Check]:
    """Start the service with an address that is invalid or in use. The error is one line that names the setting."""
    for name, bind in _SETTINGS.items():
        yield from _check_error(name, bind)
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        yield from _check_error("a used port", f"127.0.0.1:{taken.getsockname()[1]}")


def _check_error(name: str, bind: str) -> Iterator[Check]:
    process = start({"COPYDESK_BIND": bind})
    _, error = process.communicate(timeout=60)
    yield equals(f"{name}: exit status", process.returncode, 1)
    is_one_line = error.count("\n") == 1 and "COPYDESK_BIND" in error
    yield Check(f"{name}: error", f"{error.count(chr(10))} lines", "1 line that names COPYDESK_BIND", is_one_line)
