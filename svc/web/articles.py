"""POST /v1/articles: one article. POST /v1/articles/batch: many."""

from __future__ import annotations

from flask import Blueprint, Response, request

from svc import service
from svc.web import answer, body
from svc.web.trace import timed

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")


@blueprint.post("")
def clean_article() -> Response:
    """Clean one article."""
    answer.negotiate(request, answer.JSON)
    options = service.read_options(request.args.to_dict(flat=False))
    with timed("read"):
        document = body.read_json(request)
    with timed("clean"):
        cleaned = service.clean_article(document, options, body.settings())
    with timed("write"):
        return answer.as_json(cleaned)


@blueprint.post("/batch")
def clean_batch() -> Response:
    """Clean many articles; what is wrong with one is told in its place."""
    answer.negotiate(request, answer.JSON)
    options = service.read_options(request.args.to_dict(flat=False))
    with timed("read"):
        document = body.read_json(request)
    with timed("clean"):
        cleaned = service.clean_batch(document, options, body.settings())
    with timed("write"):
        return answer.as_json(cleaned)
