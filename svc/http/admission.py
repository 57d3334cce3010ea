"""Admission control. The budget of one process: CPU turns, places, bytes.

Cleaning is pure Python on the CPU: two articles at once in one process take twice as long each. So single requests take
turns, first in, first out, and so do batches, each with a turn for one article. A single request and a batch run at the
same time, so that a single request waits for no article of a batch. A request that does not get its turn within
`COPYDESK_QUEUE_TIMEOUT` is rejected with 503 `overloaded`.

Each request has a claim (`Claim`) from its first byte until its response is sent or given up: a place, which leaves
threads for health checks, and the bytes of its body or response. A request beyond the places or bytes is rejected.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NoReturn

from flask import Flask, Response, current_app, g

from copydesk.settings import Settings

from ..errors import Overloaded
from ..observability import metrics

_log = logging.getLogger("copydesk")

# Of the 64 threads of a worker (server/gunicorn_conf.py). The others serve requests that are not cleaned.
MAX_PLACES = 56
# The others are for single requests.
MAX_BATCHES = MAX_PLACES // 2
# Two documents of this size may be cleaned at once.
MAX_SMALL_BYTES = 1 << 20
# Smaller items of a streamed response are not counted.
_MIN_ITEM_BYTES = 1 << 16


class FairLock:
    """A fair (FIFO) lock."""

    def __init__(self) -> None:
        """Create an unlocked lock."""
        self._lock = threading.Lock()
        self._is_held = False
        self._waiting: deque[threading.Lock] = deque()

    @property
    def is_held(self) -> bool:
        """Whether a thread holds the lock."""
        return self._is_held

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


class Gate:
    """The turns, places and bytes of a process. Each forked worker has its own.

    Attributes:
        single_slot: the turns of single requests.
        batch_slot: the turns of batches.
        large_slot: the turns of large documents of both kinds, in addition: the parsed form of one takes ten times its
            size, and only one is in memory.
        decompression_slots: the turns of compressed bodies of single requests and of batches.
        dropped: the claims of responses that were dropped without being closed.
        item_timeout: how long a batch waits until its next item fits. Clients that do not read are cut off meanwhile.
    """

    def __init__(self, settings: Settings) -> None:
        """Create a gate without requests."""
        self.single_slot, self.batch_slot, self.large_slot = FairLock(), FairLock(), FairLock()
        self.decompression_slots = {False: FairLock(), True: FairLock()}
        self.dropped: deque[Claim] = deque()
        self._lock = threading.Condition(threading.Lock())
        self._max_bytes, self._max_batch_bytes = settings.max_held_bytes, settings.max_held_batch_bytes
        self.item_timeout = settings.socket_timeout
        self._places = self._batches = self._bytes = self._batch_bytes = self._item_bytes = 0

    @property
    def places(self) -> int:
        """The number of places that are taken."""
        return self._places

    @property
    def held_bytes(self) -> int:
        """The number of bytes that are held."""
        return self._bytes

    def slots(self, size: int, *, is_batch: bool) -> tuple[FairLock, ...]:
        """Return the slots that a document of a size needs, in the order in which they must be acquired."""
        slot = self.batch_slot if is_batch else self.single_slot
        return (self.large_slot, slot) if size > MAX_SMALL_BYTES else (slot,)

    def release_dropped(self) -> None:
        """Release the claims of dropped responses."""
        while self.dropped:
            with suppress(IndexError):  # another thread was faster
                self.dropped.popleft().release()

    def take_place(self, *, is_batch: bool) -> None:
        """Take a place.

        Raises:
            Overloaded: all places are taken, or too many by batches.
        """
        with self._lock:
            if self._places >= MAX_PLACES:
                _reject("queue_full", f"Queue full ({MAX_PLACES} requests)")
            if is_batch and self._batches >= MAX_BATCHES:
                _reject("batches_full", f"Too many batches ({MAX_BATCHES})")
            self._places += 1
            self._batches += is_batch

    def leave_place(self, *, is_batch: bool) -> None:
        """Return a place."""
        with self._lock:
            self._places -= 1
            self._batches -= is_batch

    def change_bytes(self, old: int, new: int, *, is_batch: bool) -> bool:
        """Change how many bytes a request holds and return whether they fit.

        A request that is alone always fits, whatever it needs: otherwise, a retry would never help. Batches leave
        room for the largest single request.
        """
        with self._lock:
            others, other_batches = self._bytes - old, self._batch_bytes - old * is_batch
            if new > old and others and others + new > self._max_bytes:
                return False
            if new > old and is_batch and other_batches and other_batches + new > self._max_batch_bytes:
                return False
            self._set_bytes(others + new, other_batches + new * is_batch)
        return True

    def wait_for_bytes(self, own: int, old: int, new: int, timeout: float) -> bool:
        """Change how many bytes of its response a batch holds, wait until they fit and return whether they do.

        Responses leave room for the largest single request, too. Only one of them may use that room: otherwise, batches
        whose bodies take all the bytes of batches would not go on.

        Args:
            own: the other bytes that the batch holds. If it is alone, its response fits.
            old: the bytes of its response that it holds.
            new: those that it will hold.
            timeout: the maximum wait in seconds.
        """

        def fits() -> bool:
            others, other_batches, other_items = self._bytes - old, self._batch_bytes - old, self._item_bytes - old
            leaves_room = not other_items or other_batches + new <= self._max_batch_bytes
            return new <= old or others <= own or (others + new <= self._max_bytes and leaves_room)

        with self._lock:
            if not self._lock.wait_for(fits, timeout):
                return False
            self._item_bytes += new - old
            self._set_bytes(self._bytes - old + new, self._batch_bytes - old + new)
        return True

    def _set_bytes(self, size: int, batch_size: int) -> None:
        metrics.BODY_BYTES_HELD.inc(size - self._bytes)
        self._bytes, self._batch_bytes = size, batch_size
        self._lock.notify_all()


class Claim:
    """The place and bytes of one request. Releasing it twice does no harm.

    Attributes:
        is_batch: whether it is a batch.
    """

    def __init__(self, gate: Gate, *, is_batch: bool) -> None:
        """Create a claim without a place and bytes."""
        self._gate, self.is_batch = gate, is_batch
        self._has_place = False
        self._bytes = self._item_bytes = 0

    def take_place(self) -> None:
        """Take a place.

        Raises:
            Overloaded: all places are taken, or too many by batches.
        """
        self._gate.take_place(is_batch=self.is_batch)
        self._has_place = True

    def set_bytes(self, size: int) -> None:
        """Hold a number of bytes instead of those before.

        Raises:
            Overloaded: they do not fit into `COPYDESK_MAX_HELD_BYTES` with those of other requests.
        """
        if not self._gate.change_bytes(self._bytes, size, is_batch=self.is_batch):
            _reject("body_bytes", "Too many bytes of other requests in memory")
        self._bytes = size

    def add_bytes(self, size: int) -> None:
        """Hold further bytes; otherwise like `set_bytes`."""
        self.set_bytes(self._bytes + size)

    def wait_to_hold_item(self, item: bytes) -> None:
        """Hold a large item of a streamed response instead of the one before, and wait until it fits.

        To be called in the turn of the batch: while it waits until other responses have left, no batch makes more.

        Raises:
            BrokenPipeError: the wait was too long. The response is cut off, and the client retries the rest.
        """
        size = len(item) if len(item) > _MIN_ITEM_BYTES else 0
        if size != self._item_bytes:
            if not self._gate.wait_for_bytes(self._bytes, self._item_bytes, size, self._gate.item_timeout):
                metrics.REQUESTS_REJECTED.labels("body_bytes").inc()
                _log.warning("response cut off: too many bytes of other responses in memory")
                raise BrokenPipeError(errno.EPIPE, "too many bytes of other responses in memory")
            self._item_bytes = size

    def release(self) -> None:
        """Return the place and the bytes."""
        self.set_bytes(0)
        self.wait_to_hold_item(b"")
        if self._has_place:
            self._has_place = False
            self._gate.leave_place(is_batch=self.is_batch)

    def __del__(self) -> None:
        """Let the gate release a claim whose response was dropped without being closed.

        Garbage collection may run while this thread has a lock, so that it is not released here.
        """
        if self._has_place or self._bytes or self._item_bytes:
            self._gate.dropped.append(self)


def register(app: Flask, settings: Settings) -> None:
    """Create the gate of the application, and release each claim when its response is closed.

    To be called before other functions are registered: the response is the final one then.
    """
    app.extensions["copydesk-gate"] = Gate(settings)

    @app.after_request
    def _release_on_close(response: Response) -> Response:
        if claim := g.pop("claim", None):
            response.call_on_close(claim.release)
        return response

    @app.teardown_request
    def _release_now(_: BaseException | None) -> None:
        if claim := g.pop("claim", None):  # there is no response
            claim.release()


def claim(*, is_batch: bool = False) -> Claim:
    """Return the claim of this request. That of a batch takes its place at once, those of others with `cpu_slot`.

    Raises:
        Overloaded: there are too many batches.
    """
    if "claim" not in g:
        _gate().release_dropped()
        g.claim = Claim(_gate(), is_batch=is_batch)
        if is_batch:
            g.claim.take_place()
    own_claim: Claim = g.claim
    return own_claim


def hold_response(response: Response) -> Response:
    """Return a complete response, whose bytes are held instead of those of the body.

    Raises:
        Overloaded: they do not fit.
    """
    claim().set_bytes(len(response.get_data()))
    return response


@contextmanager
def cpu_slot(size: int, *, is_batch: bool = False) -> Iterator[None]:
    """Hold the CPU slot for a block.

    Args:
        size: the size of what is parsed as a whole: the body, decompressed, or its longest line.
        is_batch: whether it is a batch.

    Raises:
        Overloaded: the queue is full, or the wait was too long.
    """
    if not is_batch:
        claim().take_place()
    start = time.perf_counter()
    with ExitStack() as stack:
        for slot in _gate().slots(size, is_batch=is_batch):
            _wait_for(slot, start)
            stack.callback(slot.release)
        g.timings["queue"] = waited = time.perf_counter() - start
        metrics.QUEUE_WAIT_SECONDS.observe(waited)
        yield


@contextmanager
def decompression_slot(*, is_batch: bool) -> Iterator[None]:
    """Decompress in turns: a few bytes may become megabytes.

    Raises:
        Overloaded: the wait was too long.
    """
    slot = _gate().decompression_slots[is_batch]
    _wait_for(slot, time.perf_counter())
    try:
        yield
    finally:
        slot.release()


def interleave(items: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield the items of a streamed response of a batch.

    Each holds the CPU slot while it is made, and waits for it without a timeout. Large items are held.

    Args:
        items: the items.
        size: the size of the largest document of the batch.
    """
    owner, gate = claim(is_batch=True), _gate()
    slots = gate.slots(size, is_batch=True)

    def turns() -> Iterator[bytes]:
        while True:
            if gate.single_slot.is_held:
                time.sleep(0)  # lets the thread of the single request run
            # The last item has left. A batch that waits for its bytes has the slots.
            owner.wait_to_hold_item(b"")
            with ExitStack() as stack:
                for slot in slots:
                    slot.acquire()
                    stack.callback(slot.release)
                try:
                    item = next(items)
                except StopIteration:
                    return
                owner.wait_to_hold_item(item)
            yield item
            del item  # not kept while the next one is made

    return turns()


def _wait_for(slot: FairLock, start: float) -> None:
    """Acquire a slot, or reject the request if it has waited too long since a start."""
    settings: Settings = current_app.config["COPYDESK"]
    if not slot.acquire(max(0, start + settings.queue_timeout - time.perf_counter())):
        _reject("queue_timeout", f"Queue timeout ({settings.queue_timeout:g} s)")


def out_of_memory() -> Overloaded:
    """Count a request or an article as rejected because memory is exhausted, and return the error."""
    metrics.REQUESTS_REJECTED.labels("memory").inc()
    return Overloaded("Out of memory. Retry after 1 second.")


def _gate() -> Gate:
    gate: Gate = current_app.extensions["copydesk-gate"]
    return gate


def _reject(reason: str, detail: str) -> NoReturn:
    metrics.REQUESTS_REJECTED.labels(reason).inc()
    raise Overloaded(f"{detail}. Retry after 1 second.")
