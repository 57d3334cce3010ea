"""The client for plain programs: one article, a text, or thousands, with several batches under way in threads."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
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


class Client:
    """A client of a running service; a context manager, and safe to share between threads.

    Args:
        base_url: where the service is, like `http://127.0.0.1:8000`.
        options: what may be done, by name, as in the query; an article's own `options` win.
        headers: headers for every request.
        timeout: seconds without any sign of the service after which an attempt is given up.
        retry: how often to try again, how long to wait, and who is told of it.
        compress: whether to send and ask for gzip; without it, a fast network costs less CPU.
        transport: the transport of httpx, where proxies, certificates or a test need their own.

    Raises:
        ValueError: the address is none of HTTP.
    """

    def __init__(  # noqa: PLR0913  each has a default, and is given by name
        self,
        base_url: str,
        *,
        options: wire.Options | None = None,
        headers: wire.Headers | None = None,
        timeout: float = 60,
        retry: RetryPolicy | None = None,
        compress: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        arguments = wire.settings(base_url, options, headers, timeout, compress=compress)
        self._http = httpx.Client(transport=transport, **arguments)
        self._retry, self._compress = retry or RetryPolicy(), compress

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def clean(self, article: RawArticle) -> CleanArticleDict:
        """Clean one article.

        Raises:
            ClientError: the article is refused, or there is no answer; the docstring of `errors` has the tree.
        """
        return wire.read_article(self._ask(wire.article(article, compress=self._compress)))

    def repair(self, text: str) -> CleanTextDict:
        """Clean a bare text; raises as `clean` does."""
        return wire.read_text(self._ask(wire.text(text, compress=self._compress)))

    def clean_many(
        self, articles: Iterable[Article], *, ordered: bool = True, in_flight: int = 4, sizes: BatchLimits | None = None
    ) -> Generator[Result, None, None]:
        """Clean articles, however many: they are read as they are needed, and at most `in_flight` batches are held.

        Args:
            articles: articles, or pairs of the caller's own key and the article. They are read in this thread.
            ordered: whether results come in the order of the articles; if not, a batch is given out when it is there.
            in_flight: how many batches may be under way.
            sizes: how large a batch may get.

        Returns:
            A result for each article. Closing the iterator stops the work.

        Raises:
            ClientError: the service as a whole doesn't answer. All answers that there are have been given out
                before; `keys` says which articles have none.
            ValueError: `in_flight` is less than one.
        """
        check_in_flight(in_flight)
        return self._flow(iter(articles), Batcher(sizes or BatchLimits()), in_flight, ordered=ordered)

    def _flow(
        self, articles: Iterator[Article], divider: Batcher, most: int, *, ordered: bool
    ) -> Generator[Result, None, None]:
        landing, stop, flying = StreamResult(), Event(), dict[Future[None], Batch]()
        pool = ThreadPoolExecutor(most, "copydesk-client")
        try:
            for batch in _batches(articles, divider, landing):
                flying[pool.submit(self._converse, batch, stop)] = batch
                if len(flying) >= most:
                    yield from _land(flying, landing, ordered=ordered)
                if landing.failed:
                    break
            while flying:
                yield from _land(flying, landing, ordered=ordered)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
        landing.finish(divider.rest())

    def _converse(self, batch: Batch, stop: Event) -> None:
        """Ask until each article of a batch has its answer."""
        attempts = Attempts(self._retry)
        while batch.waiting and not stop.is_set():
            before = batch.waiting
            try:
                self._ask_batch(batch, stop)
            except RequestRejected as error:
                batch.refuse(error)
            except ServiceUnavailable as error:
                stop.wait(attempts.wait_after(error, progress=batch.waiting < before))

    def _ask_batch(self, batch: Batch, stop: Event) -> None:
        lines = Lines()
        arguments = wire.request(wire.BATCH, batch.body(), wire.NDJSON, compress=self._compress)
        with wire.translated(), self._http.stream(**arguments) as response:
            if response.status_code != httpx.codes.OK:
                response.read()
            wire.accept(response, wire.NDJSON)
            for piece in response.iter_bytes():
                if stop.is_set():
                    return
                batch.take(lines.of(piece))
        batch.end(lines.rest)

    def _ask(self, arguments: dict[str, Any]) -> httpx.Response:
        """Ask until there is an answer."""
        attempts = Attempts(self._retry)
        while True:
            try:
                with wire.translated():
                    response = self._http.request(**arguments)
                wire.accept(response, wire.JSON)
            except ServiceUnavailable as error:
                time.sleep(attempts.wait_after(error))
            else:
                return response


def _batches(articles: Iterator[Article], divider: Batcher, landing: StreamResult) -> Iterator[Batch]:
    """Divide articles into batches; where reading them fails, what was read is cleaned before that is told."""
    with landing.noting():
        for article in articles:
            if full := divider.add(article):
                yield full
    if rest := divider.rest():
        yield rest


def _land(flying: dict[Future[None], Batch], landing: StreamResult, *, ordered: bool) -> Iterator[Result]:
    """Wait for a batch, the first or any, and give out its results."""
    future = next(iter(flying)) if ordered else next(iter(wait(flying, return_when=FIRST_COMPLETED).done))
    error = future.exception()
    batch = flying.pop(future)
    if isinstance(error, ClientError) or error is None:
        landing.note(error, batch)
    else:
        raise error
    yield from batch.results
