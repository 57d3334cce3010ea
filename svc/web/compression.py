"""Answers, compressed for those who ask for it: `Accept-Encoding: gzip`.

What is streamed stays streamed, and what a view has compressed already stays as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

# Less than a packet is not worth it. The fourth level of nine costs half of the usual one and saves nearly as much.
_LEAST, _LEVEL = 1_400, 4


def register(app: Flask) -> None:
    """Compress answers."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    response.headers.add("Vary", "Accept-Encoding")
    small = not response.is_streamed and len(response.get_data()) < _LEAST
    done = "Content-Encoding" in response.headers
    if done or small or not _takes_gzip(request.headers.get("Accept-Encoding")):
        return response
    response.headers["Content-Encoding"] = "gzip"
    if response.is_streamed:
        response.response = _deflated(response.iter_encoded())
        response.headers.pop("Content-Length", None)
    else:
        response.set_data(b"".join(_deflated([response.get_data()])))
    return response


@lru_cache(maxsize=256)  # as svc.web.answer's
def _takes_gzip(accepted: str | None) -> bool:
    return bool(parse_accept_header(accepted)["gzip"])


def _deflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    deflater = zlib.compressobj(_LEVEL, wbits=16 + zlib.MAX_WBITS)
    for piece in pieces:
        # Flushed, so that whoever reads line by line has all lines that were made so far.
        yield deflater.compress(piece) + deflater.flush(zlib.Z_SYNC_FLUSH)
    yield deflater.flush()
