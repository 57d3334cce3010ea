"""Micro-batching: collects articles of many tasks into batches.

A single article waits a few milliseconds for others. While the maximum number of batches is in flight, articles
collect for the next batch, so that the batches grow with the load.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace

from copydesk.client._batching import Batch, BatchLimits, Entry
from copydesk.client._result import RawArticle, Result
from copydesk.client._stream import check_max_in_flight
from copydesk.client.aio import AsyncClient


class MicroBatcher:
    """Cleans single articles of many tasks in batches.

    Args:
        client: the client that sends the batches.
        batch_limits: the maximum size of a batch.
        max_delay: the longest time in seconds that an article waits for others while a batch could be sent.
        max_in_flight: the maximum number of batches in flight. The articles of one more batch are queued; further
            callers wait until there is space in the queue.

    Raises:
        ValueError: `max_in_flight` is less than 1.
    """

    def __init__(
        self,
        client: AsyncClient,
        *,
        batch_limits: BatchLimits | None = None,
        max_delay: float = 0.01,
        max_in_flight: int = 2,
    ) -> None:
        check_max_in_flight(max_in_flight)
        self._client = client
        self._limits = batch_limits or BatchLimits()
        self._max_delay = max_delay
        self._max_in_flight = max_in_flight
        # The key of an entry is the future of its result.
        self._queue = deque[Entry]()
        self._in_flight = set[asyncio.Task[None]]()
        self._timer: asyncio.TimerHandle | None = None
        self._capacity = asyncio.Semaphore(self._limits.max_articles * (max_in_flight + 1))

    async def clean(self, article: RawArticle) -> Result:
        """Clean an article in a batch with others.

        Raises:
            ClientError: the batch has failed.
        """
        async with self._capacity:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[Result] = loop.create_future()
            self._queue.append(Entry.from_article((future, article), 0))
            if len(self._queue) >= self._limits.max_articles:
                self._send_queue()
            elif self._timer is None:
                self._timer = loop.call_later(self._max_delay, self._send_queue)
            return replace(await future, key=None)

    async def aclose(self) -> None:
        """Cancel the queued articles and the batches in flight."""
        for entry in self._queue:
            entry.key.cancel()
        self._queue.clear()
        for task in self._in_flight:
            task.cancel()
        await asyncio.gather(*self._in_flight, return_exceptions=True)

    def _send_queue(self) -> None:
        """Send queued articles, up to the maximum number of batches in flight."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._queue and len(self._in_flight) < self._max_in_flight:
            task = asyncio.create_task(self._send_batch(Batch(self._take_entries())))
            self._in_flight.add(task)
            task.add_done_callback(self._end_batch)

    def _take_entries(self) -> list[Entry]:
        """Remove the entries of one batch from the queue."""
        entries, size = [self._queue.popleft()], 0
        while self._queue and len(entries) < self._limits.max_articles:
            size += len(entries[-1].line)
            if size + len(self._queue[0].line) > self._limits.max_bytes:
                break
            entries.append(self._queue.popleft())
        return entries

    def _end_batch(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._send_queue()

    async def _send_batch(self, batch: Batch) -> None:
        failure: Exception = RuntimeError("The batch was canceled.")
        try:
            await self._client._clean_batch(batch, self._client._options)  # noqa: SLF001  a module of the same package
        except Exception as error:  # noqa: BLE001  raised for each article of the batch
            failure = error
        finally:
            for result in batch.results:
                if not result.key.done():
                    result.key.set_result(result)
            for future in batch.pending_keys:
                if not future.done():
                    future.set_exception(failure)
