"""Sending of responses: a client that does not read is cut off.

gunicorn sends each part of a response with one call. Without a timeout of the socket, that call waits as long as the
client reads a byte now and then, and the request holds its thread and memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

from copydesk.settings import Settings

from ..probes import PROBE_PATHS

# A client must read this many bytes within COPYDESK_SOCKET_TIMEOUT.
PART_BYTES = 1 << 16
# Probes have few threads (server/worker.py), and their clients are machines that read at once.
_PROBE_TIMEOUT_S = 1.0


def register(app: Flask, settings: Settings) -> None:
    """Limit the time to send each part of a response."""

    @app.after_request
    def _limit_time(response: Response) -> Response:
        if connection := request.environ.get("gunicorn.socket"):
            timeout = _PROBE_TIMEOUT_S if request.path in PROBE_PATHS else settings.socket_timeout
            connection.settimeout(timeout)  # of each `sendall`, from its start to its end
        if response.is_streamed:
            response.response = _split(response.iter_encoded())
        elif len(data := response.get_data()) > PART_BYTES:
            response.response = _split([data])
            response.content_length = len(data)
        return response


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), PART_BYTES):
            yield chunk[start : start + PART_BYTES]
