"""POST /v1/text: a bare text."""

from __future__ import annotations

from flask import Blueprint, Response, request

from svc import service
from svc.web import answer, body
from svc.web.access import needs_key
from svc.web.admission import admitted
from svc.web.observe import account
from svc.web.trace import stages, timed

blueprint = Blueprint("text", __name__, url_prefix="/v1/text")


@blueprint.post("")
@needs_key
def clean_text() -> Response:
    """Clean a bare text; a caller who accepts text/plain gets nothing but the text."""
    form = answer.negotiate(request, answer.JSON, answer.TEXT)
    options = service.read_options(request.args.to_dict(flat=False))
    is_json = body.expect(request, answer.JSON, *body.CONTENTS) == answer.JSON
    with timed("receive"):
        received = body.receive(request)
    with admitted():
        with timed("read"):
            came = body.parsed(received) if is_json else body.as_content(request, received)
        with timed("clean"):
            cleaned = service.clean_text(came, options, body.settings(), service.Seen(account().article, stages()))
        with timed("write"):
            return Response(str(cleaned["text"]), mimetype=form) if form == answer.TEXT else answer.as_json(cleaned)
