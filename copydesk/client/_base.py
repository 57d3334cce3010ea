"""The base of the synchronous and the asynchronous client: all that needs no I/O."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import httpx

from copydesk.client import _http
from copydesk.client._batching import Batch, encode_article
from copydesk.client._http import ClientArguments, RequestArguments
from copydesk.client._result import RawArticle
from copydesk.client._retry import RetryPolicy

HttpT = TypeVar("HttpT", httpx.Client, httpx.AsyncClient)
TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)


class BaseClient(ABC, Generic[HttpT, TransportT]):
    """The configuration and the requests of a client.

    The arguments are those of `Client`.

    Raises:
        ValueError: `base_url` is not an HTTP URL.
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
    ) -> None:
        arguments = _http.build_client_arguments(base_url, options, headers, timeout, compress=compress)
        self._http: HttpT = self._create_http(arguments, transport)
        self._retry = retry or RetryPolicy()
        self._compress = compress

    @abstractmethod
    def _create_http(self, arguments: ClientArguments, transport: TransportT | None) -> HttpT:
        """Create the client of httpx."""

    def _build_article_request(self, article: RawArticle) -> RequestArguments:
        return _http.build_request(_http.ARTICLES_PATH, encode_article(article), _http.JSON, compress=self._compress)

    def _build_text_request(self, text: str) -> RequestArguments:
        return _http.build_request(_http.TEXT_PATH, encode_article(text), _http.JSON, compress=self._compress)

    def _build_batch_request(self, batch: Batch) -> RequestArguments:
        return _http.build_request(_http.BATCH_PATH, batch.encode_pending(), _http.NDJSON, compress=self._compress)
