"""The asynchronous client, for asyncio. Batches are sent in tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from contextlib import aclosing
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


class AsyncClient(BaseClient[httpx.AsyncClient, httpx.AsyncBaseTransport]):
    """An asynchronous client of a running service. It is a context manager.

    The arguments are those of `Client`; `transport` is an `httpx.AsyncBaseTransport`. Requests are retried in the same
    way.

    Raises:
        ValueError: `base_url` is not an HTTP URL, a header is invalid, or `timeout` is not a positive number.
        TypeError: `retry` is not a `RetryPolicy`, or `options` are not options.
    """

    def _create_http(
        self, arguments: _http.ClientArguments, transport: httpx.AsyncBaseTransport | None
    ) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=transport, **arguments)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def clean(
        self, article: RawArticle, options: AnyOptions | None = None, **overrides: Unpack[OptionsDict]
    ) -> CleanArticleDict:
        """Clean one article: see `Client.clean`.

        Raises:
            ClientError: see `Client.clean`.
        """
        request = self._build_article_request(article, self._merge_options(options, overrides))
        return _http.parse_article(await self._send(request))

    async def clean_page(
        self,
        data: bytes | str,
        url: str | None = None,
        content_type: str | None = None,
        options: AnyOptions | None = None,
        **overrides: Unpack[OptionsDict],
    ) -> CleanArticleDict:
        """Clean the article of a web page, or of a plain text in an unknown charset: see `Client.clean_page`.

        Raises:
            ClientError: see `Client.clean`.
        """
        return await self.clean(page_fields(data, url, content_type), options, **overrides)

    async def clean_text(
        self, text: str | bytes, options: AnyOptions | None = None, **overrides: Unpack[OptionsDict]
    ) -> CleanTextDict:
        """Clean a bare text: see `Client.clean_text`.

        Raises:
            ClientError: see `Client.clean`.
        """
        request = self._build_text_request(text, self._merge_options(options, overrides))
        return _http.parse_text(await self._send(request))

    def clean_many(  # noqa: PLR0913  keyword arguments with defaults
        self,
        articles: Iterable[KeyedArticle] | AsyncIterable[KeyedArticle],
        options: AnyOptions | None = None,
        *,
        ordered: bool = True,
        max_in_flight: int = 4,
        batch_limits: BatchLimits | None = None,
        on_progress: OnProgress | None = None,
        **overrides: Unpack[OptionsDict],
    ) -> AsyncGenerator[Result, None]:
        """Clean any number of articles in batches: see `Client.clean_many`.

        To stop early, close the generator with `contextlib.aclosing`. That cancels the batches in flight.

        Args:
            articles: raw articles, or pairs of a key and a raw article, from an iterable or an asynchronous iterable.
            options: the options of this call, as `copydesk.Options` or by name.
            ordered: whether the results have the order of the articles.
            max_in_flight: the maximum number of batches in flight.
            batch_limits: the maximum size of a batch.
            on_progress: a function that is called with a `Progress` when a batch has ended.
            **overrides: single options by name.

        Yields:
            One result for each article.

        Raises:
            ClientError: a batch has failed; see `Client.clean_many`.
            TypeError: `articles` is a single article.
            ValueError: `max_in_flight` is less than 1.
        """
        stream = BatchStream[asyncio.Task[None]](
            articles, batch_limits, max_in_flight, ordered=ordered, on_progress=on_progress, fields=self._fields
        )
        return self._stream(articles, stream, self._merge_options(options, overrides))

    async def _clean_batch(self, batch: Batch, options: OptionValues) -> None:
        """Send a batch until each of its articles has a result.

        Raises:
            ClientError: the batch has failed. The batch keeps the results so far.
        """
        backoff = BatchBackoff(batch, self._retry)
        while batch.pending_count:
            try:
                await self._send_batch(batch, options)
            except ClientError as error:
                await asyncio.sleep(backoff.next_delay(error))

    async def _stream(
        self,
        articles: Iterable[KeyedArticle] | AsyncIterable[KeyedArticle],
        stream: BatchStream[asyncio.Task[None]],
        options: OptionValues,
    ) -> AsyncGenerator[Result, None]:
        try:
            async with aclosing(_read_batches(articles, stream)) as batches:
                async for batch in batches:
                    stream.start_batch(asyncio.create_task(self._clean_batch(batch, options)), batch)
                    while stream.has_to_end:
                        for result in stream.end_batch(await _wait_for_batch(stream)):
                            yield result
                    if stream.result.has_failed:
                        break
            while stream.in_flight:
                for result in stream.end_batch(await _wait_for_batch(stream)):
                    yield result
        finally:
            for task in stream.in_flight:
                task.cancel()
            await asyncio.gather(*stream.in_flight, return_exceptions=True)
        stream.close()

    async def _send_batch(self, batch: Batch, options: OptionValues) -> None:
        splitter = LineSplitter()
        request = self._build_batch_request(batch, options)
        with self._connections.translate_errors():
            async with self._http.stream(**request) as response:
                if response.status_code != httpx.codes.OK:
                    await response.aread()
                _http.check_response(response, _http.NDJSON)
                async for chunk in response.aiter_bytes():
                    batch.add_lines(splitter.split(chunk))
        batch.end_response(splitter.rest)

    async def _send(self, request: _http.RequestArguments) -> httpx.Response:
        """Send a request until there is a response."""
        backoff = Backoff(self._retry)
        while True:
            try:
                with self._connections.translate_errors():
                    response = await self._http.request(**request)
                _http.check_response(response, _http.JSON)
            except ServiceUnavailable as error:
                await asyncio.sleep(backoff.next_delay(error))
            else:
                return response


async def _read_batches(
    articles: Iterable[KeyedArticle] | AsyncIterable[KeyedArticle], stream: BatchStream[asyncio.Task[None]]
) -> AsyncGenerator[Batch, None]:
    """Divide articles into batches. After an error of the iterable, the articles so far still make a batch."""
    with stream.result.defer_input_error():
        async with aclosing(_iterate(articles)) as iterator:
            async for article in iterator:
                if batch := stream.add_article(article):
                    yield batch
    if batch := stream.flush():
        yield batch


async def _iterate(
    articles: Iterable[KeyedArticle] | AsyncIterable[KeyedArticle],
) -> AsyncGenerator[KeyedArticle, None]:
    if isinstance(articles, AsyncIterable):
        async for article in articles:
            yield article
    else:
        for article in articles:
            yield article


async def _wait_for_batch(stream: BatchStream[asyncio.Task[None]]) -> asyncio.Task[None]:
    """Wait until a batch has ended."""
    done, _ = await asyncio.wait(stream.awaited, return_when=asyncio.FIRST_COMPLETED)
    return done.pop()
