"""`POST /v1/articles`: one article. `POST /v1/articles/batch`: many, or a feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import cast

from flask import Blueprint, Response, request

from copydesk import batch, cleaning, contract
from copydesk.article import Json
from copydesk.cleaning import Observer, Outcome
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.ingest import Content

from ..http import request_body, responses
from ..http.admission import cpu_slot, interleave
from ..http.auth import require_api_key
from ..http.server_timing import stage_timer, timed
from ..observability import metrics
from ..observability.request_stats import request_stats

blueprint = Blueprint("articles", __name__, url_prefix="/v1/articles")


@blueprint.post("")
@require_api_key
def clean_article() -> Response:
    """Clean one article: a JSON document, or the bytes of a page or text."""
    responses.negotiate(request, responses.JSON)
    is_json = request_body.require_one_article(request)
    query = request.args.to_dict(flat=False)
    given_url = query.pop("url", [])
    url = contract.parse_url(given_url) if given_url else None if is_json else _header_url()
    options = contract.parse_options(query)
    with timed("receive"):
        body = request_body.read_body(request)
    with cpu_slot():
        with timed("read"):
            source = request_body.parse_json(body) if is_json else request_body.as_content(request, body)
        with timed("clean"):
            limits = request_body.current_settings()
            observer = Observer(request_stats().count_article, stage_timer())
            if isinstance(source, Content):
                cleaned = cleaning.clean_content(source, url, options, limits, observer)
            else:
                cleaned = cleaning.clean_article(_add_url(source, url), options, limits, observer=observer)
        with timed("write"):
            return responses.json_response(cleaned.to_dict())


def _header_url() -> str | None:
    """Return the URL of the `Content-Location` header, unless it is invalid."""
    with suppress(ValidationFailed):
        return contract.load_page_url(request.headers.get("Content-Location"))
    return None


def _add_url(document: Json, url: str | None) -> Json:
    """Return a document with the URL of the query, unless it has a URL itself."""
    if not url or not isinstance(document, dict):
        return document
    own = document.get("url")
    has_none = own is None or (isinstance(own, str) and not own.strip())
    return document | {"url": url} if has_none else document


@blueprint.post("/batch")
@require_api_key
def clean_batch() -> Response:
    """Clean many articles. The response is streamed, and an invalid article does not fail the batch."""
    media_types = (responses.JSON, responses.NDJSON, *request_body.FEED_TYPES)
    media_type = request_body.require_content_type(request, *media_types)
    is_ndjson = media_type == responses.NDJSON
    formats = (responses.NDJSON, responses.JSON) if is_ndjson else (responses.JSON, responses.NDJSON)
    response_format = responses.negotiate(request, *formats)
    options = contract.parse_options(request.args.to_dict(flat=False))
    limits, observer = request_body.current_settings(), Observer(request_stats().count_article)
    with timed("receive"):
        body = request_body.read_body(request, lines=is_ndjson)
    with cpu_slot(), timed("read"):
        if is_ndjson:
            outcomes = batch.clean_lines(body, options, limits, observer)
        elif media_type in request_body.FEED_TYPES:
            outcomes = batch.clean_feed(request_body.as_content(request, body), options, limits, observer)
        else:
            outcomes = batch.clean_batch(request_body.parse_json(body), options, limits, observer)
    return responses.stream_response(_as_items(interleave(outcomes)), response_format)


def _as_items(outcomes: Iterator[Outcome]) -> Iterator[dict[str, Json]]:
    """Return the outcomes as items of the response, and count them."""
    stats = request_stats()

    def items() -> Iterator[dict[str, Json]]:
        size = 0
        for index, (result, _) in enumerate(outcomes):
            size = index + 1
            if isinstance(result, ProblemError):
                problem = result.to_problem()
                stats.count_problem(problem)
                yield {"index": index, "problem": problem}
            else:
                yield {"index": index, "article": cast("dict[str, Json]", result.to_dict())}
        metrics.BATCH_ARTICLES.observe(size)

    return items()
