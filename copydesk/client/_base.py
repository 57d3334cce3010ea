"""The base of the synchronous and the asynchronous client: all that needs no I/O."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import httpx

from copydesk.byte_fields import BYTES
from copydesk.client import _http
from copydesk.client._batching import Batch
from copydesk.client._encoding import encode_article
from copydesk.client._http import AnyOptions, ClientArguments, OptionValues, RequestArguments
from copydesk.client._result import Fields, RawArticle
from copydesk.client._retry import RetryPolicy
from copydesk.typed_dicts import OptionsDict

HttpT = TypeVar("HttpT", httpx.Client, httpx.AsyncClient)
TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)


class BaseClient(ABC, Generic[HttpT, TransportT]):
    """The configuration and the requests of a client.

    The arguments are those of `Client`.

    Raises:
        ValueError: `base_url` is not an HTTP URL, a header is invalid, or `timeout` is not a positive number.
        TypeError: `retry` is not a `RetryPolicy`, or `options` are not options.
        ValidationFailed: `fields` is not a mapping, or has an unknown field.
    """

    def __init__(  # noqa: PLR0913  keyword arguments with defaults
        self,
        base_url: str,
        *,
        options: _http.AnyOptions | None = None,
        headers: _http.Headers | None = None,
        timeout: float = 60,
        retry: RetryPolicy | None = None,
        compress: bool = True,
        transport: TransportT | None = None,
        fields: Fields | None = None,
    ) -> None:
        if fields is not None:
            from copydesk.records import check_fields  # noqa: PLC0415  few programs need it

            check_fields(fields)
        if not isinstance(retry, RetryPolicy | None):
            raise TypeError(f"retry must be a RetryPolicy, not {type(retry).__name__}.")
        self._fields = fields
        arguments = _http.build_client_arguments(base_url, headers, timeout, compress=compress)
        self._options = _http.merge_options({}, options, {})
        self._http: HttpT = self._create_http(arguments, transport)
        self._connections = _http.Connections(arguments["base_url"])
        self._retry = retry or RetryPolicy()
        self._compress = compress

    @abstractmethod
    def _create_http(self, arguments: ClientArguments, transport: TransportT | None) -> HttpT:
        """Create the client of httpx."""

    def _merge_options(self, options: AnyOptions | None, overrides: OptionsDict) -> OptionValues:
        return _http.merge_options(self._options, options, overrides)

    def _build_article_request(self, article: RawArticle, options: OptionValues) -> RequestArguments:
        return self._build_request(_http.ARTICLES_PATH, encode_article(article, self._fields), _http.JSON, options)

    def _build_text_request(self, text: str | bytes, options: OptionValues) -> RequestArguments:
        if isinstance(text, BYTES):
            return self._build_request(_http.TEXT_PATH, bytes(text), _http.PLAIN, options)
        return self._build_request(_http.TEXT_PATH, encode_article({"text": text}), _http.JSON, options)

    def _build_batch_request(self, batch: Batch, options: OptionValues) -> RequestArguments:
        return self._build_request(_http.BATCH_PATH, batch.encode_pending(), _http.NDJSON, options)

    def _build_request(self, path: str, body: bytes, media_type: str, options: OptionValues) -> RequestArguments:
        return _http.build_request(path, body, media_type, options, compress=self._compress)
