"""The body: read within bounds, refused when it is not what it says, parsed strictly.

Werkzeug's own limit cuts a chunked body off silently (1,000 of 5,000 bytes, and status 200), so the bytes are read
here, one more than allowed, to know that there was more.
"""

from __future__ import annotations

from flask import Request, current_app

from svc import strict_json
from svc.core.article import Json
from svc.errors import IncompleteBody, OverLimit, UnsupportedMedia
from svc.settings import Settings


def settings() -> Settings:
    """Return the settings of the application that is serving."""
    found: Settings = current_app.config["COPYDESK"]
    return found


def read_json(request: Request) -> Json:
    """Read a request's body as JSON.

    Raises:
        UnsupportedMedia: it is of another type, charset or coding.
        OverLimit: it is larger than the service takes.
        IncompleteBody: it ended early.
        MalformedJSON: it is not strict JSON.
    """
    _expect_json(request)
    return strict_json.loads(read(request), settings().max_json_depth)


def read(request: Request) -> bytes:
    """Read a request's body, whole, or raise OverLimit or IncompleteBody."""
    most, announced = settings().max_body_bytes, request.content_length
    if announced is not None:
        _check_size(announced, most)
        data: bytes = request.environ["wsgi.input"].read(announced)
        if len(data) < announced:
            raise IncompleteBody(f"The body ended after {len(data)} of {announced} bytes.")
        return data
    # Without a length, only a server that marks the end of the input (chunked bodies) may be read from.
    if not request.environ.get("wsgi.input_terminated"):
        return b""
    data = request.environ["wsgi.input"].read(most + 1)
    _check_size(len(data), most)
    return data


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise OverLimit(f"Send a body of at most {most} bytes.", limit=most, unit="bytes")


def _expect_json(request: Request) -> None:
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding != "identity":
        raise UnsupportedMedia("Send the body as it is, without a Content-Encoding.")
    if request.mimetype != "application/json":
        sent = f"not {request.mimetype}" if request.mimetype else "and say so in Content-Type"
        raise UnsupportedMedia(f"Send application/json, {sent}.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia("Send JSON in UTF-8: it has no other charset.")
