"""Responses: content negotiation and serialization."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO

from flask import Request, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from copydesk.strict_json import dumps

from ..errors import NotAcceptable

JSON = "application/json"
PROBLEM = "application/problem+json"
TEXT = "text/plain"
NDJSON = "application/x-ndjson"

# Small enough to be sent while the next items are made, large enough to be cheap.
_CHUNK_BYTES = 1 << 16


def negotiate(request: Request, *media_types: str) -> str:
    """Return the media type that the client prefers; the first one without a preference.

    Raises:
        NotAcceptable: the client accepts none of them.
    """
    best = _best_match(request.headers.get("Accept"), media_types)
    if best is None:
        raise NotAcceptable(f"Not acceptable; available: {', '.join(media_types)}.")
    return best


@lru_cache(maxsize=256)  # clients send few different headers, and parsing one takes 10 µs
def _best_match(accept: str | None, media_types: tuple[str, ...]) -> str | None:
    # Parameters such as `charset` do not change what these media types are.
    ranges = [(value.partition(";")[0].strip(), q) for value, q in parse_accept_header(accept, MIMEAccept)]
    return MIMEAccept(ranges).best_match(media_types) if ranges else media_types[0]


def json_response(document: Mapping[str, object], mimetype: str = JSON, status: int = 200) -> Response:
    """Return a JSON response, compact and in UTF-8."""
    return Response(dumps(document), status, mimetype=mimetype)


def stream_response(items: Iterable[bytes], mimetype: str) -> Response:
    """Return a response that streams the items of a batch: as NDJSON, or as the list of a JSON document."""
    parts = items if mimetype == NDJSON else _json_list(items)
    return Response(_join_chunks(parts), mimetype=mimetype)


def _json_list(items: Iterable[bytes]) -> Iterator[bytes]:
    yield b'{"articles":['
    separator = b""
    for item in items:
        yield separator
        yield item
        separator = b","
        del item  # not kept while the next one is made
    yield b"]}\n"


def _join_chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Join small parts to chunks, and divide large ones, which would be in memory twice otherwise."""
    chunk = BytesIO()
    for part in parts:
        for start in range(0, len(part), _CHUNK_BYTES):
            chunk.write(part[start : start + _CHUNK_BYTES])
            if chunk.tell() >= _CHUNK_BYTES:
                yield chunk.getvalue()
                chunk = BytesIO()
        del part  # not kept while the next one is made
    yield chunk.getvalue()
