"""`POST /v1/text`: a bare text."""

from __future__ import annotations

from flask import Blueprint, Response, request

from copydesk import cleaning, contract
from copydesk.cleaning import Observer

from ..http import admission, request_body, responses
from ..http.auth import require_api_key
from ..http.server_timing import stage_timer, timed
from ..observability.request_stats import request_stats

blueprint = Blueprint("text", __name__, url_prefix="/v1/text")


@blueprint.post("")
@require_api_key
def clean_text() -> Response:
    """Clean a bare text. A client that accepts text/plain gets only the text."""
    response_format = responses.negotiate(request, responses.JSON, responses.TEXT)
    options = contract.parse_options(request.args.to_dict(flat=False))
    is_json = request_body.require_one_article(request)
    with timed("receive"):
        body = request_body.read_body(request)
    with admission.cpu_slot(len(body)):
        with timed("read"):
            source = request_body.parse_json(body) if is_json else request_body.as_content(request, body)
        with timed("clean"):
            observer = Observer(request_stats().count_article, stage_timer())
            cleaned = cleaning.clean_text(source, options, request_body.current_settings(), observer)
        with timed("write"):
            if response_format == responses.TEXT:
                response = Response(cleaned.text, mimetype=response_format)
            else:
                response = responses.json_response(cleaned.to_text_dict())
    return admission.hold_response(response)
