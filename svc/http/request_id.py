"""Request ids: every response has an `X-Request-ID`, and the log lines of the request have it, too."""

from __future__ import annotations

import re
import uuid

from flask import Flask, Response, g, request

from ..observability import logging

# Short and printable, so that an id cannot forge a log line or a header.
_VALID_ID = re.compile(r"[A-Za-z0-9._~:/+=@-]{1,128}")

# W3C Trace Context: version, trace, parent, flags. Later versions may append more.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")


def register(app: Flask) -> None:
    """Give every request an id."""
    app.before_request(_assign)
    app.after_request(_add_header)


def _assign() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _VALID_ID.fullmatch(given) else uuid.uuid4().hex
    trace = _TRACEPARENT.fullmatch(request.headers.get("Traceparent", ""))
    logging.bind({"request_id": g.request_id} | ({"trace_id": trace[1]} if trace else {}))


def _add_header(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    return response
