"""Admission control: each process cleans one article at a time and rejects requests that would wait too long.

Cleaning is pure Python on the CPU: two articles at once in one process take twice as long each. So all CPU work takes
one slot, first in, first out. A request that does not get it within `COPYDESK_QUEUE_TIMEOUT` is rejected with 503
`overloaded`. So is a request when the queue is full, which leaves threads for health checks. A batch takes the slot for
one article at a time, so that single requests run in between.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

from flask import Flask, current_app, g

from copydesk.settings import Settings

from ..errors import Overloaded
from ..observability import metrics

Item = TypeVar("Item")

# Of the 64 threads of a worker (server/gunicorn_conf.py). The others serve requests that need no CPU slot.
MAX_QUEUED = 56


class FairLock:
    """A fair (FIFO) lock."""

    def __init__(self) -> None:
        """Create an unlocked lock."""
        self._lock = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """The number of waiting threads."""
        return len(self._waiting)

    def acquire(self, timeout: float = -1) -> bool:
        """Acquire the lock and return whether that succeeded.

        Args:
            timeout: the maximum wait in seconds; unlimited if negative.
        """
        with self._lock:
            if not self._is_held:
                self._is_held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # the lock was handed over during the timeout

    def release(self) -> None:
        """Hand the lock to the thread that has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_held = False


def register(app: Flask) -> None:
    """Create the CPU slot of the application. Each forked worker has its own."""
    app.extensions["copydesk-slot"] = FairLock()


@contextmanager
def cpu_slot() -> Iterator[None]:
    """Hold the CPU slot for a block.

    Raises:
        Overloaded: the queue is full, or the wait was too long.
    """
    slot: FairLock = current_app.extensions["copydesk-slot"]
    settings: Settings = current_app.config["COPYDESK"]
    start = time.perf_counter()
    if slot.waiting >= MAX_QUEUED:
        _reject("queue_full", f"Queue full ({MAX_QUEUED} waiting)")
    if not slot.acquire(settings.queue_timeout):
        _reject("queue_timeout", f"Queue timeout ({settings.queue_timeout:g} s)")
    try:
        g.timings["queue"] = waited = time.perf_counter() - start
        metrics.QUEUE_WAIT_SECONDS.observe(waited)
        yield
    finally:
        slot.release()


def _reject(reason: str, detail: str) -> NoReturn:
    metrics.REQUESTS_REJECTED.labels(reason).inc()
    raise Overloaded(f"{detail}. Retry after 1 second.")


def interleave(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items of a batch; each holds the CPU slot while it is made. The wait for the slot has no timeout."""
    slot: FairLock = current_app.extensions["copydesk-slot"]

    def turns() -> Iterator[Item]:
        while True:
            slot.acquire()
            try:
                item = next(items)
            except StopIteration:
                return
            finally:
                slot.release()
            yield item

    return turns()
