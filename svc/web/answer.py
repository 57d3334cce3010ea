"""The answer: the form the caller accepts, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from flask import Request, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from svc.core.article import Json
from svc.errors import NotAcceptable
from svc.strict_json import dumps

JSON = "application/json"
PROBLEM = "application/problem+json"
TEXT = "text/plain"
NDJSON = "application/x-ndjson"

# Bytes: small enough to be sent while the next are made, large enough to cost little each.
_PIECE = 1 << 16


def negotiate(request: Request, *forms: str) -> str:
    """Return the form that the caller likes best; the first when it has no liking.

    Raises:
        NotAcceptable: Accept leaves none of them.
    """
    best = _best(request.headers.get("Accept"), forms)
    if best is None:
        raise NotAcceptable(f"This path answers in {' or '.join(forms)}.")
    return best


@lru_cache(maxsize=256)  # clients are of few kinds, and reading the header takes 10 µs
def _best(accept: str | None, forms: tuple[str, ...]) -> str | None:
    accepted = parse_accept_header(accept, MIMEAccept)
    return accepted.best_match(forms) if accepted else forms[0]


def as_json(document: Mapping[str, Json], mimetype: str = JSON, status: int = 200) -> Response:
    """Answer with a JSON document, compact, in UTF-8."""
    return Response(dumps(document), status, mimetype=mimetype)


def stream(items: Iterable[Mapping[str, Json]], mimetype: str) -> Response:
    """Answer with the items of a batch as they are made: a line each, or as the list of a JSON document."""
    parts = map(dumps, items) if mimetype == NDJSON else _as_list(items)
    return Response(_pieces(parts), mimetype=mimetype)


def _as_list(items: Iterable[Mapping[str, Json]]) -> Iterator[bytes]:
    yield b'{"articles":['
    for at, item in enumerate(items):
        yield b"," * bool(at) + dumps(item)
    yield b"]}\n"


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Join parts to pieces worth sending."""
    piece: list[bytes] = []
    size = 0
    for part in parts:
        piece.append(part)
        size += len(part)
        if size >= _PIECE:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join(piece)
