"""The synchronous client. Batches are sent in threads."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Self, Unpack

import httpx

from copydesk.client import _http
from copydesk.client._base import BaseClient
from copydesk.client._batching import Batch, BatchLimits, LineSplitter
from copydesk.client._encoding import page_fields
from copydesk.client._http import AnyOptions, OptionValues
from copydesk.client._result import KeyedArticle, OnProgress, RawArticle, Result
from copydesk.client._retry import Backoff, BatchBackoff
from copydesk.client._stream import BatchStream
from copydesk.errors import ClientError, ServiceUnavailable
from copydesk.typed_dicts import CleanArticleDict, CleanTextDict, OptionsDict


class Client(BaseClient[httpx.Client, httpx.BaseTransport]):
    """A synchronous client of a running service. It is a context manager and thread-safe.

    A request without a response, or with status 408, 502, 503 or 504, is retried: by default 8 times, after random
    delays of at most 52 seconds in sum, and those that the service asks for. Each retry is logged as a warning. If the
    client never had a connection, it fails at once. `retry` changes all of this.

    Args:
        base_url: the URL of the service, such as `http://127.0.0.1:8000`.
        options: the options of every call, as `copydesk.Options` or by name. The options of a call take precedence, and
            an article's own `options` over both.
        headers: headers of every request.
        timeout: the maximum time in seconds to connect, or to wait for the next bytes.
        retry: the retry policy.
        compress: whether to use gzip. Without it, the client needs less CPU time and more bandwidth.
        transport: a transport of httpx, for proxies, certificates or tests.
        fields: if given, articles may be records of other tools, as for `copydesk.map_record`, and this is the path of
            each field in them. `{}` is enough for known shapes.

    Raises:
        ValueError: `base_url` is not an HTTP URL, a header is invalid, or `timeout` is not a positive number.
        TypeError: `retry` is not a `RetryPolicy`, or `options` are not options.
        ValidationFailed: `fields` has an unknown field.

    >>> with Client("http://127.0.0.1:8000") as client:  # doctest: +SKIP
    ...     client.clean({"text": "Russiaâ€™s envoy"})["text"]
    'Russia’s envoy'
    """

    def _create_http(self, arguments: _http.ClientArguments, transport: httpx.BaseTransport | None) -> httpx.Client:
        return httpx.Client(transport=transport, **arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def clean(
        self, article: RawArticle, options: AnyOptions | None = None, **overrides: Unpack[OptionsDict]
    ) -> CleanArticleDict:
        """Clean one article. It is retried, see `Client`.

        Args:
            article: the text of the article, or the fields that `POST /v1/articles` accepts. Dates may be `date` and
                `datetime`. `html` or `text` may be bytes in any charset, with their `Content-Type` header as
                `content_type`.
            options: the options of this call, as `copydesk.Options` or by name.
            **overrides: single options by name: `client.clean(text, quotes="plain")`.

        Returns:
            The JSON of the clean article.

        Raises:
            RequestRejected: the article or an option is invalid.
            ServiceUnavailable: there is no response after the last retry, or there never was a connection.
            InvalidResponse: the response is not one of Copydesk's, or a server error.
        """
        request = self._build_article_request(article, self._merge_options(options, overrides))
        return _http.parse_article(self._send(request))

    def clean_page(
        self,
        data: bytes | str,
        url: str | None = None,
        content_type: str | None = None,
        options: AnyOptions | None = None,
        **overrides: Unpack[OptionsDict],
    ) -> CleanArticleDict:
        """Clean the article of a web page, or of a plain text in an unknown charset. It is retried, see `Client`.

        Args:
            data: the page as bytes in any charset, or as decoded HTML.
            url: the URL of the page.
            content_type: the `Content-Type` header of the page. It is only used with bytes.
            options: the options of this call, as `copydesk.Options` or by name.
            **overrides: single options by name.

        Returns:
            The JSON of the clean article. Its `encoding` says how the bytes were decoded.

        Raises:
            ClientError: see `clean`.
        """
        return self.clean(page_fields(data, url, content_type), options, **overrides)

    def clean_text(
        self, text: str | bytes, options: AnyOptions | None = None, **overrides: Unpack[OptionsDict]
    ) -> CleanTextDict:
        """Clean a bare text with `POST /v1/text`. No line is removed as boilerplate. It is retried, see `Client`.

        Args:
            text: the text, or its bytes in any charset.
            options: the options of this call, as `copydesk.Options` or by name.
            **overrides: single options by name: `client.clean_text(text, quotes="plain")`.

        Returns:
            The JSON of the clean text.

        Raises:
            ClientError: see `clean`.
        """
        request = self._build_text_request(text, self._merge_options(options, overrides))
        return _http.parse_text(self._send(request))

    def clean_many(  # noqa: PLR0913  keyword arguments with defaults
        self,
        articles: Iterable[KeyedArticle],
        options: AnyOptions | None = None,
        *,
        ordered: bool = True,
        max_in_flight: int = 4,
        batch_limits: BatchLimits | None = None,
        on_progress: OnProgress | None = None,
        **overrides: Unpack[OptionsDict],
    ) -> Generator[Result, None, None]:
        """Clean any number of articles in batches. A batch is retried, see `Client`; each result resets the count.

        The articles are read when they are needed, in the calling thread. At most `max_in_flight` batches are held in
        memory.

        Args:
            articles: raw articles, or pairs of a key and a raw article. Without a key, the index of an article is its
                key.
            options: the options of this call, as `copydesk.Options` or by name.
            ordered: whether the results have the order of the articles. Otherwise, the results of a batch are yielded
                when it has ended.
            max_in_flight: the maximum number of batches in flight.
            batch_limits: the maximum size of a batch.
            on_progress: called with a `Progress` when a batch has ended, before its results are yielded, in the calling
                thread.
            **overrides: single options by name.

        Yields:
            One result for each article. An invalid article has a problem and does not fail the others. Closing the
            generator stops reading and sending.

        Raises:
            ClientError: a batch has failed. All results are yielded before. The `keys` of the error are the keys of
                the articles without a result.
            TypeError: `articles` is a single article.
            ValueError: `max_in_flight` is less than 1.
        """
        stream = BatchStream[Future[None]](
            articles, batch_limits, max_in_flight, ordered=ordered, on_progress=on_progress, fields=self._fields
        )
        return self._stream(iter(articles), stream, self._merge_options(options, overrides))

    def _stream(
        self, articles: Iterator[KeyedArticle], stream: BatchStream[Future[None]], options: OptionValues
    ) -> Generator[Result, None, None]:
        stop = Event()
        pool = ThreadPoolExecutor(stream.max_in_flight, "copydesk-client")
        try:
            for batch in _read_batches(articles, stream):
                stream.start_batch(pool.submit(self._clean_batch, batch, options, stop), batch)
                while stream.has_to_end:
                    yield from stream.end_batch(_wait_for_batch(stream))
                if stream.result.has_failed:
                    break
            while stream.in_flight:
                yield from stream.end_batch(_wait_for_batch(stream))
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
        stream.close()

    def _clean_batch(self, batch: Batch, options: OptionValues, stop: Event) -> None:
        """Send a batch until each of its articles has a result."""
        backoff = BatchBackoff(batch, self._retry)
        while batch.pending_count and not stop.is_set():
            try:
                self._send_batch(batch, options, stop)
            except ClientError as error:
                if not stop.is_set():
                    stop.wait(backoff.next_delay(error))

    def _send_batch(self, batch: Batch, options: OptionValues, stop: Event) -> None:
        splitter = LineSplitter()
        request = self._build_batch_request(batch, options)
        with self._connections.translate_errors(), self._http.stream(**request) as response:
            if response.status_code != httpx.codes.OK:
                response.read()
            _http.check_response(response, _http.NDJSON)
            for chunk in response.iter_bytes():
                if stop.is_set():
                    return
                batch.add_lines(splitter.split(chunk))
        batch.end_response(splitter.rest)

    def _send(self, request: _http.RequestArguments) -> httpx.Response:
        """Send a request until there is a response."""
        backoff = Backoff(self._retry)
        while True:
            try:
                with self._connections.translate_errors():
                    response = self._http.request(**request)
                _http.check_response(response, _http.JSON)
            except ServiceUnavailable as error:
                time.sleep(backoff.next_delay(error))
            else:
                return response


def _read_batches(articles: Iterator[KeyedArticle], stream: BatchStream[Future[None]]) -> Iterator[Batch]:
    """Divide articles into batches. After an error of the iterator, the articles so far still make a batch."""
    with stream.result.defer_input_error():
        for article in articles:
            if batch := stream.add_article(article):
                yield batch
    if batch := stream.flush():
        yield batch


def _wait_for_batch(stream: BatchStream[Future[None]]) -> Future[None]:
    """Wait until a batch has ended."""
    return next(iter(wait(stream.awaited, return_when=FIRST_COMPLETED).done))
