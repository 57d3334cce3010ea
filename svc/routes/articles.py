"""`POST /v1/articles`: one article. `POST /v1/articles/batch`: many, or a feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count

from flask import Blueprint, Response, request

from copydesk import batch, cleaning, contract
from copydesk.article import Json
from copydesk.cleaning import Observer, Outcome, log_fault
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.ingest import Content
from copydesk.strict_json import dumps

from ..http import admission, request_body, responses
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
    with admission.cpu_slot(len(body)):
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
            response = responses.json_response(cleaned.to_dict())
    return admission.hold_response(response)


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
    media_types = (responses.JSON, *request_body.NDJSON_TYPES, *request_body.FEED_TYPES)
    media_type = request_body.require_content_type(request, *media_types)
    is_ndjson = media_type in request_body.NDJSON_TYPES
    formats = (responses.NDJSON, responses.JSON) if is_ndjson else (responses.JSON, responses.NDJSON)
    response_format = responses.negotiate(request, *formats)
    options = contract.parse_options(request.args.to_dict(flat=False))
    claim = admission.claim(is_batch=True)
    limits = request_body.current_settings()
    with timed("receive"):
        body = request_body.read_lines(request) if is_ndjson else request_body.read_body(request)
    # Lines are parsed one by one, other bodies as a whole. Their documents are kept, and then parsed one by one.
    size = body.max_line_bytes if isinstance(body, request_body.Lines) else len(body)

    def hold_documents(sizes: Sequence[int]) -> None:
        nonlocal size
        claim.set_bytes(sum(sizes))
        size = max(sizes, default=0)

    observer = Observer(request_stats().count_article, on_fault=_describe_fault, on_kept=hold_documents)
    with admission.cpu_slot(size, is_batch=True), timed("read"):
        if isinstance(body, request_body.Lines):
            outcomes = batch.clean_lines(body.chunks, options, limits, observer)
        elif media_type in request_body.FEED_TYPES:
            outcomes = batch.clean_feed(request_body.as_content(request, body), options, limits, observer)
        else:
            outcomes = batch.clean_batch(request_body.parse_json(body), options, limits, observer)
    return responses.stream_response(admission.interleave(_serialize(outcomes), size), response_format)


def _describe_fault(error: Exception) -> ProblemError:
    """Describe an unexpected exception. Without memory, the same article may succeed later."""
    return admission.out_of_memory() if isinstance(error, MemoryError) else log_fault(error)


def _serialize(outcomes: Iterator[Outcome]) -> Iterator[bytes]:
    """Return the outcomes as items of the response in JSON, and count them."""
    stats = request_stats()
    indexes = count()

    def serialize(outcome: Outcome) -> bytes:
        result, index = outcome.result, next(indexes)
        if not isinstance(result, ProblemError):
            return dumps({"index": index, "article": result.to_dict()})
        problem = result.to_problem()
        stats.count_problem(problem)
        return dumps({"index": index, "problem": problem})

    def items() -> Iterator[bytes]:
        yield from map(serialize, outcomes)
        metrics.BATCH_ARTICLES.observe(next(indexes))

    return items()
