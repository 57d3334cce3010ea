"""The state of `clean_many`: batches in flight, results and errors. No I/O.

All results are returned before an error is raised.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sized
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from copydesk.client._batching import Batch, Batcher, BatchLimits
from copydesk.client._result import Fields, KeyedArticle, OnProgress, Progress, Result
from copydesk.errors import ClientError

HandleT = TypeVar("HandleT", Future[None], asyncio.Task[None])
"""A batch in flight: a future of a thread, or a task."""


class StreamResult:
    """The errors of a stream of batches, and the keys of the articles without a result."""

    def __init__(self) -> None:
        self._error: ClientError | None = None
        self._missing_keys: list[Any] = []
        self._input_error: Exception | None = None

    @property
    def has_failed(self) -> bool:
        """Whether a batch has failed. Then no other batch is sent."""
        return self._error is not None

    def add_batch(self, batch: Batch, error: ClientError | None) -> None:
        """Add a batch that has ended, with its error."""
        self._error = self._error or error
        self._missing_keys += batch.pending_keys

    @contextmanager
    def defer_input_error(self) -> Iterator[None]:
        """Catch an error of the caller's iterable. `raise_error` raises it."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  the caller's own error, raised at the end
            self._input_error = error

    def raise_error(self, unsent: Batch | None = None) -> None:
        """Raise the first error of a batch, or else the error of the caller's iterable.

        Args:
            unsent: the articles that were read, but not sent.

        Raises:
            ClientError: a batch has failed. Its `keys` are the keys of all articles without a result.
        """
        if self._error:
            self._error.keys = (*self._missing_keys, *(unsent.pending_keys if unsent else ()))
            raise self._error from self._input_error
        if self._input_error:
            raise self._input_error


class BatchStream(Generic[HandleT]):
    """The batches of one call of `clean_many`.

    Args:
        articles: the articles, of which only the type and the length are needed here.
        limits: the limits of a batch.
        max_in_flight: the maximum number of batches in flight.
        ordered: whether the results have the order of the articles.
        on_progress: called with the progress when a batch has ended.
        fields: the mapping of records; None if articles are not records.

    Attributes:
        result: the errors so far.

    Raises:
        TypeError: `articles` is a single article.
        ValueError: `max_in_flight` is less than 1.
    """

    def __init__(  # noqa: PLR0913  keyword arguments
        self,
        articles: object,
        limits: BatchLimits | None,
        max_in_flight: int,
        *,
        ordered: bool,
        on_progress: OnProgress | None,
        fields: Fields | None = None,
    ) -> None:
        if isinstance(articles, str | bytes | bytearray | memoryview | Mapping):
            raise TypeError("articles must be an iterable of articles, not one article.")
        check_max_in_flight(max_in_flight)
        self.max_in_flight = max_in_flight
        self._progress = Progress(0, 0, len(articles) if isinstance(articles, Sized) else None)
        self._on_progress = on_progress
        self.result = StreamResult()
        self._ordered = ordered
        self._batcher = Batcher(limits or BatchLimits(), fields)
        self._in_flight: dict[HandleT, Batch] = {}

    def add_article(self, article: KeyedArticle) -> Batch | None:
        """Add an article. Return a batch as soon as one is full."""
        return self._batcher.add(article)

    def flush(self) -> Batch | None:
        """Return the remaining articles as a batch."""
        return self._batcher.flush()

    @property
    def in_flight(self) -> tuple[HandleT, ...]:
        """The batches in flight, the oldest first."""
        return tuple(self._in_flight)

    @property
    def has_to_end(self) -> bool:
        """Whether a batch has to end before more are read: one has ended already, or the maximum is reached."""
        return len(self._in_flight) >= self.max_in_flight or any(handle.done() for handle in self.awaited)

    @property
    def awaited(self) -> tuple[HandleT, ...]:
        """The batches to wait for: the oldest one or, if the order does not matter, all."""
        return self.in_flight[:1] if self._ordered else self.in_flight

    def start_batch(self, handle: HandleT, batch: Batch) -> None:
        """Add a batch in flight."""
        self._in_flight[handle] = batch

    def end_batch(self, handle: HandleT) -> Iterator[Result]:
        """Remove a batch that has ended, report the progress and return the results.

        Raises:
            Exception: the error of the batch, if it is not a `ClientError`.
        """
        error, batch = handle.exception(), self._in_flight.pop(handle)
        if error is not None and not isinstance(error, ClientError):
            raise error
        self.result.add_batch(batch, error)
        if self._on_progress:
            self._progress = self._progress.add(batch.results)
            self._on_progress(self._progress)
        return batch.results

    def close(self) -> None:
        """End the stream when no batch is in flight.

        Raises:
            ClientError: a batch has failed.
        """
        self.result.raise_error(self._batcher.flush())


def check_max_in_flight(max_in_flight: int) -> None:
    """Check the maximum number of batches in flight.

    Raises:
        ValueError: it is less than 1.
    """
    if max_in_flight < 1:
        raise ValueError("max_in_flight must be at least 1.")
