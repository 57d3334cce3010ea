"""Admission: one article at a time in a process, and a polite refusal when the wait would be long.

The work is pure Python on the CPU: two articles at once in one process take twice as long each and gain nothing. So
whatever costs CPU goes through one slot, first come, first served. A request that has not got it within
`COPYDESK_QUEUE_WAIT` is refused (503, *overloaded*), and so is one that finds the room full, so that threads are left
for probes. A batch takes the slot for one article at a time: single requests get their turns between.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask, current_app, g

from svc import metrics
from svc.errors import Overloaded
from svc.settings import Settings

Item = TypeVar("Item")

# Of the 64 threads of a worker (svc/gunicorn_conf.py) as many may wait for the CPU; the rest is for what never does.
ROOM = 56


class Slot:
    """A lock that is handed over in the order of asking, so that whoever comes back at once can't starve the others."""

    def __init__(self) -> None:
        """Make it free."""
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._waiting)

    def acquire(self, timeout: float = -1) -> bool:
        """Take it, within so many seconds; without bound when they are negative. Returns whether it was got."""
        with self._lock:
            if not self._taken:
                self._taken = True
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
        return True  # it was handed over while we gave up

    def release(self) -> None:
        """Hand it to whoever has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def register(app: Flask) -> None:
    """Give the application its slot; each worker has its own, since it is forked."""
    app.extensions["copydesk-slot"] = Slot()


@contextmanager
def admitted() -> Iterator[None]:
    """Hold the slot for a block.

    Raises:
        Overloaded: the wait would be, or was, too long.
    """
    slot: Slot = current_app.extensions["copydesk-slot"]
    settings: Settings = current_app.config["COPYDESK"]
    began = time.perf_counter()
    if slot.waiting >= ROOM:
        _refuse("room", f"{ROOM} requests are waiting already")
    if not slot.acquire(settings.queue_wait):
        _refuse("wait", f"The CPU was busy for {settings.queue_wait:g} seconds")
    try:
        g.timings["queue"] = waited = time.perf_counter() - began
        metrics.QUEUE_WAIT.observe(waited)
        yield
    finally:
        slot.release()


def _refuse(reason: str, detail: str) -> None:
    metrics.SHED.labels(reason).inc()
    raise Overloaded(f"{detail}. The service is well, only busy: send the same again in a second.")


def in_turns(items: Iterator[Item]) -> Iterator[Item]:
    """Make the items of a batch that was admitted, each in a turn of its own, however long that takes to come."""
    slot: Slot = current_app.extensions["copydesk-slot"]

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
