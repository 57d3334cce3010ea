"""Gathers articles that many tasks hand in one by one, so that they travel in batches.

An article that comes alone waits a few milliseconds for company. Under load nothing waits: what comes while batches are
under way goes together with the next one, so batches grow with the load by themselves.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace

from copydesk.client._batching import Batch, BatchLimits, Entry
from copydesk.client._result import RawArticle, Result
from copydesk.client.aio import AsyncClient


class MicroBatcher:
    """Cleans articles one by one for whoever asks, and many at once for the service.

    Args:
        client: whom to send batches through.
        sizes: how large a batch may get.
        pause: seconds that an article waits for others at most, while there is room for a batch.
        in_flight: how many batches may be under way. As many articles as one more batch holds may wait; who comes
            then, waits outside.
    """

    def __init__(
        self, client: AsyncClient, *, sizes: BatchLimits | None = None, pause: float = 0.01, in_flight: int = 2
    ) -> None:
        self._client, self._sizes = client, sizes or BatchLimits()
        self._pause, self._in_flight = pause, in_flight
        self._waiting = deque[Entry]()
        self._flying = set[asyncio.Task[None]]()
        self._timer: asyncio.TimerHandle | None = None
        self._room = asyncio.Semaphore(self._sizes.articles * (in_flight + 1))

    async def clean(self, raw: RawArticle) -> Result:
        """Clean an article, together with others.

        Raises:
            ClientError: there is no answer to it, for its whole batch.
        """
        async with self._room:
            loop = asyncio.get_running_loop()
            # The key of each article is who waits for it.
            answer: asyncio.Future[Result] = loop.create_future()
            self._waiting.append(Entry.of((answer, raw), 0))
            if len(self._waiting) >= self._sizes.articles:
                self._start()
            elif self._timer is None:
                self._timer = loop.call_later(self._pause, self._start)
            return replace(await answer, key=None)

    async def aclose(self) -> None:
        """Give up what waits and what is under way."""
        for entry in self._waiting:
            entry.key.cancel()
        self._waiting.clear()
        for task in self._flying:
            task.cancel()
        await asyncio.gather(*self._flying, return_exceptions=True)

    def _start(self) -> None:
        """Send what waits, as far as there is room for it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting and len(self._flying) < self._in_flight:
            task = asyncio.create_task(self._fly(Batch(self._next())))
            self._flying.add(task)
            task.add_done_callback(self._landed)

    def _next(self) -> list[Entry]:
        entries, size = [self._waiting.popleft()], 0
        while self._waiting and len(entries) < self._sizes.articles:
            size += len(entries[-1].line)
            if size + len(self._waiting[0].line) > self._sizes.bytes:
                break
            entries.append(self._waiting.popleft())
        return entries

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._start()

    async def _fly(self, batch: Batch) -> None:
        failure: Exception = RuntimeError("This batch was given up.")
        try:
            await self._client.clean_batch(batch)
        except Exception as error:  # noqa: BLE001  told to everyone who waits for it
            failure = error
        finally:
            for result in batch.results:
                if not result.key.done():
                    result.key.set_result(result)
            for answer in batch.keys_waiting:
                if not answer.done():
                    answer.set_exception(failure)
