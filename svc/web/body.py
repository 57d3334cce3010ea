"""The body: read within bounds, refused when it is not what it says, parsed strictly.

Werkzeug's own limit cuts a chunked body off silently (1,000 of 5,000 bytes, and status 200), so the bytes are read
here, one more than allowed, to know that there was more.
"""

from __future__ import annotations

import zlib

from flask import Request, current_app
from gunicorn.http.errors import ParseException

from svc import strict_json
from svc.core.arrival import HTML, PLAIN, Content
from svc.core.article import Json
from svc.errors import IncompleteBody, MalformedCoding, OverLimit, SlowBody, UnsupportedMedia
from svc.settings import Settings
from svc.web.answer import JSON, NDJSON

CONTENTS = (*sorted(HTML), PLAIN, "application/octet-stream")

# How zlib is told of each coding's header.
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
# Who compresses piece by piece may write a member a piece. Each copies what was fed to it and is not its own: so they
# are fed by mouthfuls.
_MOST_MEMBERS, _MOUTHFUL = 100_000, 4_096


def settings() -> Settings:
    """Return the settings of the application that is serving."""
    found: Settings = current_app.config["COPYDESK"]
    return found


def expect(request: Request, *types: str) -> str:
    """Return the type of a body, one of those that the path takes.

    Raises:
        UnsupportedMedia: it is another; or JSON in another charset than UTF-8, which it never is.
    """
    if request.mimetype not in types:
        sent = f"not {request.mimetype}" if request.mimetype else "and say so in Content-Type"
        raise UnsupportedMedia(f"Send {', '.join(types[:-1])} or {types[-1]}, {sent}.")
    charset = request.mimetype_params.get("charset", "utf-8")
    if request.mimetype in (JSON, NDJSON) and charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia("Send JSON in UTF-8: it has no other charset.")
    return request.mimetype


def receive(request: Request, *, lines: bool = False) -> bytes:
    """Read a request's body, whole and inflated. This waits for the network, so nobody waits for it.

    A batch of lines is read whole, too, before the first answer is given: clients that write and read at once are rare,
    and those that don't would wait for us as we for them.

    Args:
        request: the request.
        lines: whether the bounds are those of a batch as NDJSON.

    Raises:
        UnsupportedMedia: it is coded in a way that is not taken here.
        OverLimit: it is larger than the service takes, as it came or inflated.
        IncompleteBody: it ended early, or its chunks are none.
        SlowBody: it stopped coming.
        MalformedCoding: it can't be inflated.
    """
    most, inflated = settings().max_body_bytes, settings().max_inflated_bytes
    if lines:
        most = inflated = settings().max_batch_bytes
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", *_WINDOWS):
        raise UnsupportedMedia("Send the body as it is, or with Content-Encoding: gzip or deflate.")
    data = _read(request, most)
    return data if coding == "identity" else _inflated(data, coding, inflated)


def parsed(data: bytes) -> Json:
    """Parse a body as JSON.

    Raises:
        MalformedJSON: it is not strict JSON.
    """
    return strict_json.loads(data, settings().max_json_depth)


def as_content(request: Request, data: bytes) -> Content:
    """Take a body as a page or a text, in whatever charset its header names."""
    return Content(data, request.mimetype, request.mimetype_params.get("charset"))


def _inflated(data: bytes, coding: str, most: int) -> bytes:
    """Inflate within a bound: no more than a byte beyond it is ever made, whatever the body would become."""
    # Many send deflate without the zlib header that RFC 9110 asks for.
    raw = coding == "deflate" and (data[:1] != b"\x78" or int.from_bytes(data[:2]) % 31 != 0)
    window, parts, size, at = -zlib.MAX_WBITS if raw else _WINDOWS[coding], [], 0, 0
    if not data:
        return b""
    try:
        for _ in range(_MOST_MEMBERS):
            inflater = zlib.decompressobj(window)
            while not inflater.eof and at < len(data):
                parts.append(inflater.decompress(data[at : at + _MOUTHFUL], most + 1 - size))
                at += _MOUTHFUL
                size += len(parts[-1])
                _check_size(size, most, " when inflated")
            at = min(at, len(data)) - len(inflater.unused_data)
            if not inflater.eof:
                raise IncompleteBody("The compressed body ends early.")
            if at == len(data):
                return b"".join(parts)
    except zlib.error as error:
        raise MalformedCoding(f"This is no {coding}.") from error
    raise MalformedCoding(f"Send {coding} of at most {_MOST_MEMBERS:,} members.")


def _read(request: Request, most: int) -> bytes:
    announced = request.content_length
    if announced is not None:
        _check_size(announced, most)
        data = _come(request, announced)
        if len(data) < announced:
            raise IncompleteBody(f"The body ended after {len(data)} of {announced} bytes.")
        return data
    # Without a length, only a server that marks the end of the input (chunked bodies) may be read from.
    if not request.environ.get("wsgi.input_terminated"):
        return b""
    data = _come(request, most + 1)
    _check_size(len(data), most)
    return data


def _come(request: Request, most: int) -> bytes:
    try:
        data: bytes = request.environ["wsgi.input"].read(most)
    except (BlockingIOError, TimeoutError) as error:  # svc/gunicorn_conf.py bounds the wait on a socket
        raise SlowBody(f"Nothing more came for {settings().socket_timeout:g} seconds.") from error
    except ParseException as error:
        raise IncompleteBody("What came is no chunk of a body, as Transfer-Encoding: chunked has them.") from error
    except OSError as error:  # the connection's, or gunicorn's for one that ends within a chunk
        raise IncompleteBody("The client went away before all of the body had come.") from error
    return data


def _check_size(size: int, most: int, inflated: str = "") -> None:
    if size > most:
        raise OverLimit(f"Send a body of at most {most} bytes{inflated}.", limit=most, unit="bytes")
