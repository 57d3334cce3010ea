"""POST /v1/articles: one article. POST /v1/articles/batch: many."""

from __future__ import annotations

from flask import Blueprint, Response, request

from svc import batch, service
from svc.core.article import Json
from svc.web import answer, body
from svc.web.trace import timed

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")


@blueprint.post("")
def clean_article() -> Response:
    """Clean one article: a JSON document, or a page or text as it is."""
    answer.negotiate(request, answer.JSON)
    cleaned = _from_json() if body.expect(request, answer.JSON, *body.CONTENTS) == answer.JSON else _from_content()
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
    """Clean many articles; what is wrong with one is told in its place. The answer is sent as it is made."""
    by_line = body.expect(request, answer.JSON, answer.NDJSON) == answer.NDJSON
    forms = (answer.NDJSON, answer.JSON) if by_line else (answer.JSON, answer.NDJSON)
    form = answer.negotiate(request, *forms)
    options = service.read_options(request.args.to_dict(flat=False))
    with timed("read"):
        if by_line:
            items = batch.of_lines(body.read_lines(request), options, body.settings())
        else:
            items = batch.of_document(body.read_json(request), options, body.settings())
    return answer.stream(items, form)
