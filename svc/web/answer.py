"""The answer: the form the caller accepts, and its bytes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Request, Response

from svc.core.article import Json
from svc.errors import NotAcceptable
from svc.strict_json import dumps

JSON = "application/json"
PROBLEM = "application/problem+json"
TEXT = "text/plain"


def negotiate(request: Request, *forms: str) -> str:
    """Return the form that the caller likes best; the first when it has no liking.

    Raises:
        NotAcceptable: Accept leaves none of them.
    """
    best = request.accept_mimetypes.best_match(forms) if request.accept_mimetypes else forms[0]
    if best is None:
        raise NotAcceptable(f"This path answers in {' or '.join(forms)}.")
    return best


def as_json(document: Mapping[str, Json], mimetype: str = JSON, status: int = 200) -> Response:
    """Answer with a JSON document, compact, in UTF-8."""
    return Response(dumps(document), status, mimetype=mimetype)
