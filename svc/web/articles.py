"""POST /v1/articles: one article. POST /v1/articles/batch: many."""

from __future__ import annotations

from flask import Blueprint, Response, request

from svc import service
from svc.core.article import Json
from svc.web import answer, body
from svc.web.trace import timed

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")


@blueprint.post("")
def clean_article() -> Response:
    """Clean one article: a JSON document, or a page or text as it is."""
    answer.negotiate(request, answer.JSON)
    cleaned = _from_json() if body.is_json(request) else _from_content()
    with timed("write"):
        return answer.as_json(cleaned)


def _from_json() -> dict[str, Json]:
    options = service.read_options(request.args.to_dict(flat=False))
    with timed("read"):
        document = body.read_json(request)
    with timed("clean"):
        return service.clean_article(document, options, body.settings())


def _from_content() -> dict[str, Json]:
    query = request.args.to_dict(flat=False)
    told = query.pop("url", [])
    url = service.read_url(told) if told else request.headers.get("Content-Location")
    options = service.read_options(query)
    with timed("read"):
        content = body.read_content(request)
    with timed("clean"):
        return service.clean_content(content, url, options, body.settings())


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
