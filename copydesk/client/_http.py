"""The HTTP requests and responses of both clients. No I/O."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass
from errno import errorcode
from http import HTTPStatus
from ssl import SSLError
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypedDict, cast

import httpx

from copydesk.client._retry import parse_retry_after
from copydesk.errors import ClientError, InvalidResponse, RequestRejected, ServiceUnavailable
from copydesk.typed_dicts import CleanArticleDict, CleanTextDict, OptionsDict, ProblemDict

if TYPE_CHECKING:
    from copydesk.article import Options

ARTICLES_PATH: Final = "/v1/articles"
BATCH_PATH: Final = "/v1/articles/batch"
TEXT_PATH: Final = "/v1/text"

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
PLAIN: Final = "text/plain"

OptionValues: TypeAlias = dict[str, str | bool]
AnyOptions: TypeAlias = "Options | OptionsDict | Mapping[str, str | bool]"
"""Options: `copydesk.Options`, or their values by name."""
Headers: TypeAlias = Mapping[str, str]

_MAX_CONNECT_TIMEOUT_S = 10
_MAX_PORT = 65_535
_CREDENTIALS = re.compile(r"(?:(?<=://)|\A(?!\w+://)).*@", re.DOTALL)
# What HTTP/1.1 allows (RFC 9110), in ASCII.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")

# A body of a few network packets is not worth compressing. Level 4 needs half of the CPU time of the default level.
_MIN_GZIP_BYTES = 4_096
_GZIP_LEVEL = 4

_RETRIED_STATUSES = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,  # our body arrived too slowly
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_RETRIED_ERRORS = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)
_CONNECTION_ERRORS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)


class ClientArguments(TypedDict):
    """The arguments of `httpx.Client` and `httpx.AsyncClient`."""

    base_url: httpx.URL
    headers: dict[str, str]
    timeout: httpx.Timeout


class RequestArguments(TypedDict):
    """The arguments of `httpx.Client.request` and `stream`."""

    method: str
    url: str
    params: OptionValues
    content: bytes
    headers: dict[str, str]


def build_client_arguments(
    base_url: str, headers: Headers | None, timeout: float, *, compress: bool
) -> ClientArguments:
    """Return the arguments of an httpx client for a service.

    Raises:
        ValueError: `base_url` is not an HTTP URL, a header is invalid, or `timeout` is not a positive number.
    """
    if not isinstance(timeout, int | float) or isinstance(timeout, bool) or not timeout > 0:
        raise ValueError(f"Invalid timeout {timeout!r}: expected a positive number of seconds.")
    return {
        "base_url": parse_base_url(base_url),
        "headers": {"Accept-Encoding": "gzip" if compress else "identity"} | check_headers(headers or {}),
        "timeout": httpx.Timeout(timeout, connect=min(timeout, _MAX_CONNECT_TIMEOUT_S)),
    }


def check_headers(headers: Headers) -> dict[str, str]:
    """Return headers if they can be sent. No message has a value, which may be an API key.

    Raises:
        ValueError: a name or a value is invalid.
    """
    checked = dict(headers)
    for name, value in checked.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise ValueError("Invalid name of a header: expected letters, digits and hyphens.")
        if not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError(
                f"Invalid value of the header {name!r}: expected printable ASCII characters, without space around them."
            )
    return checked


def parse_base_url(base_url: str) -> httpx.URL:
    """Parse a base URL.

    Raises:
        ValueError: it is not an HTTP URL.
    """
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > _MAX_PORT:
        shown = _CREDENTIALS.sub("", base_url) if isinstance(base_url, str) else base_url
        raise ValueError(f"Invalid base URL {shown!r}: expected an HTTP URL such as http://127.0.0.1:8000.")
    return url


def merge_options(base: OptionValues, options: AnyOptions | None, overrides: OptionsDict) -> OptionValues:
    """Return the options of a request by name.

    Args:
        base: the options of the client.
        options: the options of the call. `copydesk.Options` replace all of `base`, a mapping those that it names.
        overrides: single options of the call.

    Raises:
        TypeError: `options` are neither a mapping nor `copydesk.Options`.
    """
    if is_dataclass(options) and not isinstance(options, type):
        defaults = {field.name: field.default for field in fields(options)}
        values = {name: value for name, value in asdict(options).items() if value != defaults[name]}
    elif options is None or isinstance(options, Mapping):
        values = base | dict(options or {})
    else:
        raise TypeError(f"options must be a mapping or copydesk.Options, not {type(options).__name__}.")
    return cast("OptionValues", values | overrides)


def build_request(
    path: str, body: bytes, media_type: str, options: OptionValues, *, compress: bool
) -> RequestArguments:
    """Return the arguments of a request.

    Args:
        path: the path of the endpoint.
        body: the body.
        media_type: the media type of the body. That of the response is NDJSON for NDJSON, else JSON.
        options: the options.
        compress: whether to compress the body, unless it is small.
    """
    headers = {"Content-Type": media_type, "Accept": NDJSON if media_type == NDJSON else JSON}
    if compress and len(body) >= _MIN_GZIP_BYTES:
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return {"method": "POST", "url": path, "params": options, "content": body, "headers": headers}


class Connections:
    """The connections of a client, and their errors.

    Args:
        url: the base URL.

    Attributes:
        was_made: whether a connection was ever made. Without one, the address is probably wrong.
    """

    def __init__(self, url: httpx.URL) -> None:
        self.was_made = False
        self._address = f"{url.scheme}://{url.netloc.decode()}"  # without a password

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Turn the errors of httpx during a request into a `ClientError`.

        Raises:
            ServiceUnavailable: a retry may help.
            InvalidResponse: a retry does not help.
        """
        try:
            yield
        except _CONNECTION_ERRORS as error:
            message = f"No connection to {self._address}: {_describe_cause(error)}."
            raise ServiceUnavailable(message, is_unreachable=not self.was_made) from error
        except _RETRIED_ERRORS as error:
            self.was_made = True
            raise ServiceUnavailable(f"No response: {str(error).rstrip('.') or type(error).__name__}.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise InvalidResponse(f"Not a Copydesk response: {error}") from error
        except ClientError:
            self.was_made = True
            raise
        self.was_made = True


def _describe_cause(error: BaseException) -> str:
    """Return the message of the error of the operating system, which asyncio hides, or of the error itself."""
    cause: BaseException | None = error
    while cause and not (isinstance(cause, OSError) and cause.errno):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, OSError) and cause.errno and cause.errno in errorcode and not isinstance(cause, SSLError):
        return os.strerror(cause.errno)
    return str(cause or error).rstrip(".") or type(error).__name__


def check_response(response: httpx.Response, media_type: str) -> None:
    """Check the status and the media type of a response.

    Args:
        response: the response. Its body must have been read, unless its status is 200.
        media_type: the requested media type.

    Raises:
        ClientError: the status is not 200, or the media type is another one.
    """
    if response.status_code != HTTPStatus.OK:
        raise _build_error(response)
    actual = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if actual != media_type:
        raise InvalidResponse(f"Not a Copydesk response: media type {actual or 'missing'}, expected {media_type}.")


def describe_field_error(error: Mapping[str, Any]) -> str:
    """Return the error of a field with the location of the field.

    >>> describe_field_error({"pointer": "/url", "detail": "Not a valid URL."})
    '/url: Not a valid URL.'
    """
    location, detail = error.get("pointer") or error.get("parameter"), str(error.get("detail", ""))
    return f"{location}: {detail}" if location else detail


def parse_article(response: httpx.Response) -> CleanArticleDict:
    """Parse a clean article.

    Raises:
        InvalidResponse: the body is not a clean article.
    """
    return cast("CleanArticleDict", _parse_fields(response, "text", "title", "changes", "version"))


def parse_text(response: httpx.Response) -> CleanTextDict:
    """Parse a clean text.

    Raises:
        InvalidResponse: the body is not a clean text.
    """
    return cast("CleanTextDict", _parse_fields(response, "text", "changes", "version"))


def _parse_fields(response: httpx.Response, *required: str) -> dict[str, Any]:
    document = _parse_object(response)
    missing = [name for name in required if name not in document]
    if missing:
        raise InvalidResponse(f"Not a Copydesk response: missing {', '.join(missing)}.")
    return document


def _build_error(response: httpx.Response) -> ClientError:
    status, problem = response.status_code, _parse_problem(response)
    errors = problem.get("errors")
    first = errors[0] if errors and isinstance(errors, list) and isinstance(errors[0], dict) else None
    detail = f"{status}: {problem['detail']}" + (f" {describe_field_error(first)}" if first else "")
    if status == HTTPStatus.NOT_FOUND:
        detail = f"{detail.rstrip('.')}. Check the base URL: the client appends the path, such as {ARTICLES_PATH}."
    if status in _RETRIED_STATUSES:
        return ServiceUnavailable(detail, problem, parse_retry_after(response.headers.get("Retry-After")))
    return RequestRejected(detail, problem) if response.is_client_error else InvalidResponse(detail, problem)


def _parse_problem(response: httpx.Response) -> ProblemDict:
    """Return the problem of a response. Without one, build it from the status (RFC 9457, about:blank)."""
    document = _parse_object(response)
    if isinstance(document.get("type"), str) and isinstance(document.get("detail"), str):
        return cast("ProblemDict", {"title": "", **document, "status": response.status_code})
    reason = response.reason_phrase or "no reason given"
    return {"type": "about:blank", "title": reason, "status": response.status_code, "detail": reason}


def _parse_object(response: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of a response, or an empty one."""
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
