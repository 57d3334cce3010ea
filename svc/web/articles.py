"""POST /v1/articles: one article. POST /v1/articles/batch: many."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request

from svc import batch, metrics, service
from svc.core.arrival import Content
from svc.core.article import Json
from svc.web import answer, body
from svc.web.access import needs_key
from svc.web.admission import admitted, in_turns
from svc.web.observe import account
from svc.web.trace import stages, timed

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")


@blueprint.post("")
@needs_key
def clean_article() -> Response:
    """Clean one article: a JSON document, or a page or text as it is."""
    answer.negotiate(request, answer.JSON)
    is_json = body.expect(request, answer.JSON, *body.CONTENTS) == answer.JSON
    query = request.args.to_dict(flat=False)
    told = query.pop("url", [])
    elsewhere = None if is_json else request.headers.get("Content-Location")
    url = service.read_url(told) if told else elsewhere
    options = service.read_options(query)
    with timed("receive"):
        received = body.receive(request)
    with admitted():
        with timed("read"):
            came = body.parsed(received) if is_json else body.as_content(request, received)
        with timed("clean"):
            seen = service.Seen(account().article, stages())
            if isinstance(came, Content):
                cleaned = service.clean_content(came, url, options, body.settings(), seen)
            else:
                cleaned = service.clean_article(_addressed(came, url), options, body.settings(), seen=seen)
        with timed("write"):
            return answer.as_json(cleaned)


def _addressed(document: Json, url: str | None) -> Json:
    """Return a document with the address that stands in the query, if it has none of its own."""
    if not url or not isinstance(document, dict):
        return document
    own = document.get("url")
    has_none = own is None or (isinstance(own, str) and not own.strip())
    return document | {"url": url} if has_none else document


@blueprint.post("/batch")
@needs_key
def clean_batch() -> Response:
    """Clean many articles; what is wrong with one is told in its place. The answer is sent as it is made."""
    by_line = body.expect(request, answer.JSON, answer.NDJSON) == answer.NDJSON
    forms = (answer.NDJSON, answer.JSON) if by_line else (answer.JSON, answer.NDJSON)
    form = answer.negotiate(request, *forms)
    options = service.read_options(request.args.to_dict(flat=False))
    settings, seen = body.settings(), service.Seen(account().article)
    with timed("receive"):
        received = body.receive(request, lines=by_line)
    with admitted(), timed("read"):
        if by_line:
            items = batch.of_lines(received, options, settings, seen)
        else:
            items = batch.of_document(body.parsed(received), options, settings, seen)
    return answer.stream(_counted(in_turns(items)), form)


def _counted(items: Iterator[batch.Item]) -> Iterator[dict[str, Json]]:
    """Pass the items of a batch on, and count what is wrong with them, and them."""
    opened = account()

    def counted() -> Iterator[dict[str, Json]]:
        size = 0
        for size, item in enumerate(items, 1):  # noqa: B007  read after the last
            problem = item.get("problem")
            if isinstance(problem, dict):
                opened.problem(problem)
            yield item
        metrics.BATCH.observe(size)

    return counted()
