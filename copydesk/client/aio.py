"""The client for asyncio: as `sync`, with tasks instead of threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self

import httpx

from copydesk.client import _http as wire
from copydesk.client._batching import Article, Batch, Batcher, BatchLimits, Lines
from copydesk.client._result import RawArticle, Result
from copydesk.client._retry import Attempts, RetryPolicy
from copydesk.client._stream import StreamResult, check_in_flight
from copydesk.errors import ClientError, RequestRejected, ServiceUnavailable
from copydesk.typed_dicts import CleanArticleDict, CleanTextDict


class AsyncClient:
    """A client of a running service for asyncio; a context manager. Its arguments are those of `Client`."""

    def __init__(  # noqa: PLR0913  each has a default, and is given by name
        self,
        base_url: str,
        *,
        options: wire.Options | None = None,
        headers: wire.Headers | None = None,
        timeout: float = 60,
        retry: RetryPolicy | None = None,
        compress: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        arguments = wire.settings(base_url, options, headers, timeout, compress=compress)
        self._http = httpx.AsyncClient(transport=transport, **arguments)
        self._retry, self._compress = retry or RetryPolicy(), compress

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def clean(self, article: RawArticle) -> CleanArticleDict:
        """Clean one article.

        Raises:
            ClientError: the article is refused, or there is no answer; the docstring of `errors` has the tree.
        """
        return wire.read_article(await self._ask(wire.article(article, compress=self._compress)))

    async def repair(self, text: str) -> CleanTextDict:
        """Clean a bare text; raises as `clean` does."""
        return wire.read_text(await self._ask(wire.text(text, compress=self._compress)))

    def clean_many(
        self,
        articles: Iterable[Article] | AsyncIterable[Article],
        *,
        ordered: bool = True,
        in_flight: int = 4,
        sizes: BatchLimits | None = None,
    ) -> AsyncGenerator[Result, None]:
        """Clean articles, however many; all is as in `Client.clean_many`.

        To stop early for certain, close the iterator (`contextlib.aclosing`): that cancels what is under way.

        Args:
            articles: articles, or pairs of the caller's own key and the article; read as they are needed.
            ordered: whether results come in the order of the articles.
            in_flight: how many batches may be under way.
            sizes: how large a batch may get.

        Raises:
            ClientError: the service as a whole doesn't answer.
            ValueError: `in_flight` is less than one.
        """
        check_in_flight(in_flight)
        return self._flow(articles, Batcher(sizes or BatchLimits()), in_flight, ordered=ordered)

    async def clean_batch(self, batch: Batch) -> None:
        """Ask until each article of a batch has its answer.

        Raises:
            ClientError: the service doesn't give them; those that it gave are in the batch.
        """
        attempts = Attempts(self._retry)
        while batch.waiting:
            before = batch.waiting
            try:
                await self._ask_batch(batch)
            except RequestRejected as error:
                batch.refuse(error)
            except ServiceUnavailable as error:
                await asyncio.sleep(attempts.wait_after(error, progress=batch.waiting < before))

    async def _flow(
        self, articles: Iterable[Article] | AsyncIterable[Article], divider: Batcher, most: int, *, ordered: bool
    ) -> AsyncGenerator[Result, None]:
        landing, flying = StreamResult(), dict[asyncio.Task[None], Batch]()
        try:
            async with aclosing(_batches(articles, divider, landing)) as batches:
                async for batch in batches:
                    flying[asyncio.create_task(self.clean_batch(batch))] = batch
                    if len(flying) >= most:
                        for result in await _land(flying, landing, ordered=ordered):
                            yield result
                    if landing.failed:
                        break
            while flying:
                for result in await _land(flying, landing, ordered=ordered):
                    yield result
        finally:
            for task in flying:
                task.cancel()
            await asyncio.gather(*flying, return_exceptions=True)
        landing.finish(divider.rest())

    async def _ask_batch(self, batch: Batch) -> None:
        lines = Lines()
        arguments = wire.request(wire.BATCH, batch.body(), wire.NDJSON, compress=self._compress)
        with wire.translated():
            async with self._http.stream(**arguments) as response:
                if response.status_code != httpx.codes.OK:
                    await response.aread()
                wire.accept(response, wire.NDJSON)
                async for piece in response.aiter_bytes():
                    batch.take(lines.of(piece))
        batch.end(lines.rest)

    async def _ask(self, arguments: dict[str, Any]) -> httpx.Response:
        """Ask until there is an answer."""
        attempts = Attempts(self._retry)
        while True:
            try:
                with wire.translated():
                    response = await self._http.request(**arguments)
                wire.accept(response, wire.JSON)
            except ServiceUnavailable as error:
                await asyncio.sleep(attempts.wait_after(error))
            else:
                return response


async def _batches(
    articles: Iterable[Article] | AsyncIterable[Article], divider: Batcher, landing: StreamResult
) -> AsyncGenerator[Batch, None]:
    """Divide articles into batches; where reading them fails, what was read is cleaned before that is told."""
    with landing.noting():
        async with aclosing(_each(articles)) as each:
            async for article in each:
                if full := divider.add(article):
                    yield full
    if rest := divider.rest():
        yield rest


async def _each(articles: Iterable[Article] | AsyncIterable[Article]) -> AsyncGenerator[Article, None]:
    if isinstance(articles, AsyncIterable):
        async for article in articles:
            yield article
    else:
        for article in articles:
            yield article


async def _land(flying: dict[asyncio.Task[None], Batch], landing: StreamResult, *, ordered: bool) -> list[Result]:
    """Wait for a batch, the first or any, and return its results."""
    awaited = [next(iter(flying))] if ordered else flying
    done, _ = await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
    task = done.pop()
    error, batch = task.exception(), flying.pop(task)
    if error is not None and not isinstance(error, ClientError):
        raise error
    landing.note(error, batch)
    return list(batch.results)
