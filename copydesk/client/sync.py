"""The synchronous client. Batches are sent in threads."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Self

import httpx

from copydesk.client import _http
from copydesk.client._base import BaseClient
from copydesk.client._batching import Batch, BatchLimits, LineSplitter
from copydesk.client._result import KeyedArticle, RawArticle, Result
from copydesk.client._retry import Backoff, BatchBackoff
from copydesk.client._stream import BatchStream
from copydesk.errors import ClientError, ServiceUnavailable
from copydesk.typed_dicts import CleanArticleDict, CleanTextDict


class Client(BaseClient[httpx.Client, httpx.BaseTransport]):
    """A synchronous client of a running service. It is a context manager and thread-safe.

    Args:
        base_url: the URL of the service, such as `http://127.0.0.1:8000`.
        options: the options, as `copydesk.Options` or by name. An article's own `options` take precedence.
        headers: headers of every request.
        timeout: the maximum time in seconds to connect, or to wait for the next bytes.
        retry: the retry policy.
        compress: whether to use gzip. Without it, the client needs less CPU time and more bandwidth.
        transport: a transport of httpx, for proxies, certificates or tests.

    Raises:
        ValueError: `base_url` is not an HTTP URL.

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

    def clean(self, article: RawArticle) -> CleanArticleDict:
        """Clean one article.

        Args:
            article: the text of the article, or the fields that `POST /v1/articles` accepts. Dates may be `date` and
                `datetime`.

        Returns:
            The JSON of the clean article.

        Raises:
            RequestRejected: the article or an option is invalid.
            ServiceUnavailable: there is no response after the last retry.
            InvalidResponse: the response is not one of Copydesk's, or a server error.
        """
        return _http.parse_article(self._send(self._build_article_request(article)))

    def clean_text(self, text: str) -> CleanTextDict:
        """Clean a bare text with `POST /v1/text`. No line is removed as boilerplate.

        Args:
            text: the text.

        Returns:
            The JSON of the clean text.

        Raises:
            ClientError: see `clean`.
        """
        return _http.parse_text(self._send(self._build_text_request(text)))

    def clean_many(
        self,
        articles: Iterable[KeyedArticle],
        *,
        ordered: bool = True,
        max_in_flight: int = 4,
        batch_limits: BatchLimits | None = None,
    ) -> Generator[Result, None, None]:
        """Clean any number of articles in batches.

        The articles are read when they are needed, in the calling thread. At most `max_in_flight` batches are held in
        memory.

        Args:
            articles: raw articles, or pairs of a key and a raw article. Without a key, the index of an article is its
                key.
            ordered: whether the results have the order of the articles. Otherwise, the results of a batch are yielded
                when it has ended.
            max_in_flight: the maximum number of batches in flight.
            batch_limits: the maximum size of a batch.

        Yields:
            One result for each article. An invalid article has a problem and does not fail the others. Closing the
            generator stops reading and sending.

        Raises:
            ClientError: a batch has failed. All results are yielded before. The `keys` of the error are the keys of
                the articles without a result.
            ValueError: `max_in_flight` is less than 1.
        """
        return self._stream(iter(articles), BatchStream(batch_limits, max_in_flight, ordered=ordered))

    def _stream(
        self, articles: Iterator[KeyedArticle], stream: BatchStream[Future[None]]
    ) -> Generator[Result, None, None]:
        stop = Event()
        pool = ThreadPoolExecutor(stream.max_in_flight, "copydesk-client")
        try:
            for batch in _read_batches(articles, stream):
                stream.start_batch(pool.submit(self._clean_batch, batch, stop), batch)
                if stream.is_full:
                    yield from stream.end_batch(_wait_for_batch(stream))
                if stream.result.has_failed:
                    break
            while stream.in_flight:
                yield from stream.end_batch(_wait_for_batch(stream))
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
        stream.close()

    def _clean_batch(self, batch: Batch, stop: Event) -> None:
        """Send a batch until each of its articles has a result."""
        backoff = BatchBackoff(batch, self._retry)
        while batch.pending_count and not stop.is_set():
            try:
                self._send_batch(batch, stop)
            except ClientError as error:
                stop.wait(backoff.next_delay(error))

    def _send_batch(self, batch: Batch, stop: Event) -> None:
        splitter = LineSplitter()
        request = self._build_batch_request(batch)
        with _http.translate_errors(), self._http.stream(**request) as response:
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
                with _http.translate_errors():
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
