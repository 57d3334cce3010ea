"""Request bodies: reading within limits, decompression, strict parsing.

Werkzeug's own limit truncates a chunked body silently. So the bytes are read here, one more than the limit, to detect
a body that is too large.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from flask import Request, current_app
from gunicorn.http.errors import ParseException

from copydesk import strict_json
from copydesk.article import Json
from copydesk.errors import LimitExceeded, MalformedJSON
from copydesk.html.other_kinds import feed_type_of_bytes, json_kind
from copydesk.ingest import HTML, PLAIN, Content, feed_error
from copydesk.settings import Settings

from ..errors import IncompleteBody, InvalidContentEncoding, RequestTimeout, UnsupportedMediaType
from .admission import claim, decompression_slot
from .responses import JSON, NDJSON

CONTENT_TYPES = (*sorted(HTML), PLAIN, "application/octet-stream")
NDJSON_TYPES = (NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines")
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")

# zlib's `wbits` for the header of each content encoding.
_WBITS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
# Some clients write one gzip member per chunk. A decompressor copies the input beyond its member, so that it is fed
# small chunks.
_MAX_MEMBERS, _INFLATE_CHUNK_BYTES = 100_000, 4_096
# The parts that a body is decompressed and divided into, and those that it is read in.
_CHUNK_BYTES, _READ_BYTES = 1 << 16, 1 << 18


@dataclass(frozen=True, slots=True)
class Lines:
    """A body of lines.

    Attributes:
        chunks: returns the body in chunks, which are decompressed while they are read.
        max_line_bytes: the size of the longest line.
    """

    chunks: Callable[[], Iterator[bytes]]
    max_line_bytes: int


def current_settings() -> Settings:
    """Return the settings of the application."""
    settings: Settings = current_app.config["COPYDESK"]
    return settings


def require_content_type(request: Request, *media_types: str) -> str:
    """Return the media type of the body.

    Raises:
        UnsupportedMediaType: it is not one of `media_types`, or it is JSON in another charset than UTF-8.
    """
    if request.mimetype not in media_types:
        given = f"Unsupported Content-Type {request.mimetype}" if request.mimetype else "Missing Content-Type"
        raise UnsupportedMediaType(f"{given}; supported: {', '.join(media_types)}.")
    charset = request.mimetype_params.get("charset", "utf-8")
    if request.mimetype in (JSON, *NDJSON_TYPES) and charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"Unsupported charset {charset!r}: JSON must be UTF-8.")
    return request.mimetype


def require_one_article(request: Request) -> bool:
    """Check the media type of a body with one article or text, and return whether it is JSON.

    Raises:
        UnreadableContent: the body is a feed.
        UnsupportedMediaType: it has another unsupported type.
    """
    if request.mimetype in FEED_TYPES and (feed := feed_type_of_bytes(read_body(request))):
        raise feed_error(feed, "")
    return require_content_type(request, JSON, *CONTENT_TYPES) == JSON


def read_body(request: Request) -> bytes:
    """Read and decompress a request's body. This waits for the network, so that it must not hold the CPU slot.

    The bytes are held by the claim of the request, as sent and decompressed, while they come.

    Raises:
        UnsupportedMediaType: the Content-Encoding is not supported.
        LimitExceeded: the body is too large, as sent or decompressed.
        IncompleteBody: the body ended early, or its chunked encoding is malformed.
        RequestTimeout: the client stopped sending.
        InvalidContentEncoding: the body cannot be decompressed.
        Overloaded: the process holds too many bytes, or others are decompressed for too long.
    """
    settings = current_settings()
    encoding = _content_encoding(request)
    data = _read(request, settings.max_body_bytes)
    if encoding == "identity":
        return data
    body = BytesIO()
    with decompression_slot(is_batch=claim().is_batch):
        for chunk in _decompress(data, encoding, settings.max_decompressed_bytes):
            claim().add_bytes(len(chunk))
            body.write(chunk)
    claim().set_bytes(body.tell())
    return body.getvalue()


def read_lines(request: Request) -> Lines:
    """Read a body of lines and check its size. A compressed body is kept as it was sent.

    A batch of lines is read completely before the response starts: most clients send everything before they read.

    Raises:
        LimitExceeded: the body is too large, as sent or decompressed, or has too many lines.
        ProblemError: see `read_body`.
    """
    settings = current_settings()
    encoding = _content_encoding(request)
    data = _read(request, settings.max_batch_bytes)
    if encoding == "identity":
        chunks = partial(_split, data)
        return Lines(chunks, _check_lines(chunks(), settings.max_batch_lines))
    chunks = partial(_decompress, data, encoding, settings.max_batch_bytes)
    with decompression_slot(is_batch=True):
        return Lines(chunks, _check_lines(chunks(), settings.max_batch_lines))


def parse_json(data: bytes) -> Json:
    """Parse a body as JSON.

    Raises:
        MalformedJSON: it is not strict JSON. The error of NDJSON says where to send it.
    """
    try:
        return strict_json.loads(data, current_settings().max_json_depth)
    except MalformedJSON as error:
        if json_kind(data.decode("utf-8", "replace")) != "lines":
            raise
        detail = f"{error.detail} Send NDJSON to /v1/articles/batch as {NDJSON}."
        raise MalformedJSON(detail, **error.members) from error


def as_content(request: Request, data: bytes) -> Content:
    """Return a body as a page or text, with the charset of its header."""
    return Content(data, request.mimetype, request.mimetype_params.get("charset"))


def _content_encoding(request: Request) -> str:
    encoding = request.headers.get("Content-Encoding", "").strip().lower() or "identity"
    if encoding not in ("identity", *_WBITS):
        raise UnsupportedMediaType("Unsupported Content-Encoding; supported: gzip, deflate, identity.")
    return encoding


def _decompress(data: bytes, encoding: str, max_bytes: int) -> Iterator[bytes]:
    """Yield decompressed chunks, up to a limit of all their bytes."""
    # Many clients send deflate without the zlib header that RFC 9110 requires.
    is_raw = encoding == "deflate" and (data[:1] != b"\x78" or int.from_bytes(data[:2]) % 31 != 0)
    wbits, size, offset = -zlib.MAX_WBITS if is_raw else _WBITS[encoding], 0, 0
    if not data:
        return
    try:
        for _ in range(_MAX_MEMBERS):
            decompressor, chunk = zlib.decompressobj(wbits), b""
            # A full chunk may leave more output of the same input.
            while not decompressor.eof and (offset < len(data) or len(chunk) == _CHUNK_BYTES):
                rest = decompressor.unconsumed_tail
                if not rest:
                    rest = data[offset : offset + _INFLATE_CHUNK_BYTES]
                    offset += len(rest)
                chunk = decompressor.decompress(rest, _CHUNK_BYTES)
                size += len(chunk)
                _check_size(size, max_bytes, " when decompressed")
                yield chunk
            offset -= len(decompressor.unused_data)
            if not decompressor.eof:
                raise IncompleteBody("The compressed body ended early.")
            if offset == len(data) or _is_padding(data, offset, encoding):
                return
    except zlib.error as error:
        raise InvalidContentEncoding(f"The body is not valid {encoding}.") from error
    raise InvalidContentEncoding(f"The body has more than {_MAX_MEMBERS:,} {encoding} members.")


def _is_padding(data: bytes, offset: int, encoding: str) -> bool:
    """Return whether the rest is zeros, with which some programs fill the last block after gzip members."""
    # No member starts with a zero, so that the rest is looked at once.
    return encoding != "deflate" and data[offset] == 0 and not data[offset:].strip(b"\0")


def _split(data: bytes) -> Iterator[bytes]:
    return (data[start : start + _CHUNK_BYTES] for start in range(0, len(data), _CHUNK_BYTES))


def _check_lines(chunks: Iterable[bytes], max_lines: int) -> int:
    """Count the lines of a body, blank ones included, and return the size of the longest."""
    lines, line_bytes, max_line_bytes = 0, 0, 0
    for chunk in chunks:
        lines += chunk.count(b"\n")
        first, *others = map(len, chunk.split(b"\n"))
        line_bytes += first
        max_line_bytes = max(max_line_bytes, line_bytes, *others)
        line_bytes = others[-1] if others else line_bytes
        if lines + (line_bytes > 0) > max_lines:
            raise LimitExceeded(f"The batch has more than {max_lines} lines.", limit=max_lines, unit="lines")
    return max_line_bytes


def _read(request: Request, max_bytes: int) -> bytes:
    length = request.content_length
    if length is not None:
        _check_size(length, max_bytes)
        data = _read_input(request, length)
        if len(data) < length:
            raise IncompleteBody(f"The body ended after {len(data)} of {length} bytes.")
        return data
    # Without a length, only a server that marks the end of the input (chunked bodies) may be read from.
    if not request.environ.get("wsgi.input_terminated"):
        return b""
    data = _read_input(request, max_bytes + 1)
    _check_size(len(data), max_bytes)
    return data


def _read_input(request: Request, max_bytes: int) -> bytes:
    """Read the input up to its end or a limit. A claim holds each part before it is read, but no part that is late."""
    data, stream = BytesIO(), request.environ["wsgi.input"]
    try:
        while size := min(max_bytes - data.tell(), _READ_BYTES):
            claim().set_bytes(data.tell() + size)
            part: bytes = stream.read(size)
            data.write(part)
            if len(part) < size:
                break
    except (BlockingIOError, TimeoutError) as error:  # of server/request_head.py
        idle, total = current_settings().socket_timeout, current_settings().body_timeout
        raise RequestTimeout(f"No data for {idle:g} seconds, or an incomplete body after {total:g}.") from error
    except ParseException as error:
        raise IncompleteBody("Malformed chunked transfer encoding.") from error
    except OSError as error:  # of the connection, or gunicorn's for a truncated chunk
        raise IncompleteBody("The client closed the connection before the end of the body.") from error
    claim().set_bytes(data.tell())
    return data.getvalue()


def _check_size(size: int, max_bytes: int, condition: str = "") -> None:
    if size > max_bytes:
        raise LimitExceeded(f"The body exceeds {max_bytes} bytes{condition}.", limit=max_bytes, unit="bytes")
