"""POST /v1/text: a bare text."""

from __future__ import annotations

from flask import Blueprint, Response, request

from svc import service
from svc.web import answer, body
from svc.web.trace import timed

blueprint = Blueprint("text", __name__, url_prefix="/v1/text")


@blueprint.post("")
def clean_text() -> Response:
    """Clean a bare text; a caller who accepts text/plain gets nothing but the text."""
    form = answer.negotiate(request, answer.JSON, answer.TEXT)
    options = service.read_options(request.args.to_dict(flat=False))
    with timed("read"):
        document = body.read_json(request)
    with timed("clean"):
        cleaned = service.clean_text(document, options, body.settings())
    with timed("write"):
        return Response(str(cleaned["text"]), mimetype=form) if form == answer.TEXT else answer.as_json(cleaned)
