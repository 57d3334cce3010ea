"""What is said over HTTP, for both clients alike: requests, and what to make of answers that are no success."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeAlias, cast

import httpx

from copydesk.client._batching import as_json
from copydesk.client._result import RawArticle
from copydesk.client._retry import seconds_asked
from copydesk.errors import ClientError, InvalidResponse, RequestRejected, ServiceUnavailable
from copydesk.typed_dicts import CleanArticleDict, CleanTextDict, ProblemDict

ARTICLES, BATCH, TEXT = "/v1/articles", "/v1/articles/batch", "/v1/text"
JSON, NDJSON = "application/json", "application/x-ndjson"

Options: TypeAlias = Mapping[str, str | bool]
Headers: TypeAlias = Mapping[str, str]

# Bytes: less than some packets is not worth compressing. The fourth level of nine costs half of the usual one.
_LEAST, _LEVEL = 4_096, 4

_LATER = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,  # the network was slow to bring our body
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_PASSING = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)


def settings(
    base_url: str,
    options: Options | None,
    headers: Headers | None,
    timeout: float,
    *,
    compress: bool,
) -> dict[str, Any]:
    """Return the arguments that make an httpx client for this service.

    Raises:
        ValueError: the address is none of HTTP.
    """
    url = httpx.URL(base_url)
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"Give the address of the service, like http://127.0.0.1:8000, not {base_url!r}.")
    return {
        "base_url": url,
        "params": options,
        "headers": {"Accept-Encoding": "gzip" if compress else "identity"} | dict(headers or {}),
        "timeout": httpx.Timeout(timeout, connect=min(timeout, 10)),
    }


def request(path: str, body: bytes, kind: str, *, compress: bool) -> dict[str, Any]:
    """Return the arguments of httpx for a request; a body of more than a few kB is compressed."""
    headers = {"Content-Type": kind, "Accept": kind}
    if compress and len(body) >= _LEAST:
        body, headers["Content-Encoding"] = gzip.compress(body, _LEVEL, mtime=0), "gzip"
    return {"method": "POST", "url": path, "content": body, "headers": headers}


def article(raw: RawArticle, *, compress: bool) -> dict[str, Any]:
    """Return the request for one article."""
    return request(ARTICLES, as_json(raw), JSON, compress=compress)


def text(dirty: str, *, compress: bool) -> dict[str, Any]:
    """Return the request for a bare text."""
    return request(TEXT, as_json({"text": dirty}), JSON, compress=compress)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the errors of httpx into ours: what may pass, and what won't."""
    try:
        yield
    except _PASSING as error:
        raise ServiceUnavailable(f"No answer: {error or type(error).__name__}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InvalidResponse(f"This is no answer of Copydesk: {error}") from error


def accept(response: httpx.Response, kind: str) -> None:
    """Let pass what is the answer that was asked for.

    Args:
        response: of any other status than 200, it must have been read.
        kind: the media type that was asked for.

    Raises:
        ClientError: what went wrong instead.
    """
    if response.status_code != HTTPStatus.OK:
        raise _failure(response)
    came = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if came != kind:
        raise InvalidResponse(f"This is no answer of Copydesk: {came or 'no type'} instead of {kind}.")


def read_article(response: httpx.Response) -> CleanArticleDict:
    """Read a clean article from an accepted answer.

    Raises:
        Broken: it is none.
    """
    return cast("CleanArticleDict", _read(response, ("text", "title", "changes", "version")))


def read_text(response: httpx.Response) -> CleanTextDict:
    """Read a clean text; raises as `read_article` does."""
    return cast("CleanTextDict", _read(response, ("text", "changes", "version")))


def _read(response: httpx.Response, names: tuple[str, ...]) -> Any:
    document = _document(response)
    if not all(name in document for name in names):
        raise InvalidResponse("This is no answer of Copydesk: it has not the fields that are always there.")
    return document


def _failure(response: httpx.Response) -> ClientError:
    status, problem = response.status_code, _problem(response)
    detail = " ".join([f"{status}: {problem['detail']}", *_first(problem)])
    if status in _LATER:
        return ServiceUnavailable(detail, problem, seconds_asked(response.headers.get("Retry-After")))
    return RequestRejected(detail, problem) if response.is_client_error else InvalidResponse(detail, problem)


def _first(problem: ProblemDict) -> Iterator[str]:
    """Yield what is wrong with the first field that a problem names, if it names any."""
    errors = problem.get("errors")
    if errors and isinstance(errors, list) and isinstance(errors[0], dict):
        where, what = errors[0].get("pointer") or errors[0].get("parameter"), errors[0].get("detail", "")
        yield f"{where}: {what}" if where else str(what)


def _problem(response: httpx.Response) -> ProblemDict:
    """Return the problem that an answer tells; what is none becomes one of the status alone (RFC 9457, about:blank)."""
    document = _document(response)
    if isinstance(document.get("type"), str) and isinstance(document.get("detail"), str):
        return cast("ProblemDict", {"title": "", **document, "status": response.status_code})
    reason = response.reason_phrase or "no reason given"
    return {"type": "about:blank", "title": reason, "status": response.status_code, "detail": reason}


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
