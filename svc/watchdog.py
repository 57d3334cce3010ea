"""The watchdog: what takes too long is given up, and the worker lives.

Sizes are bounded and every stage is linear, so nothing should ever take long; this is for what nobody foresaw. One
thread looks at the articles under way and raises an exception in the thread of one that is overdue. Python delivers it
between two bytecodes: a single call into C (one regular expression) ends first, and if it never does, gunicorn's own
timeout ends the worker.
"""

from __future__ import annotations

import ctypes
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from svc.errors import TakesTooLong

# Seconds: how often the watchdog looks, and so how late it may be.
_PERIOD = 0.2


class _Overdue(BaseException):
    """Raised in the thread of an article that is overdue; no `except Exception` on its way takes it for its own."""


@dataclass(slots=True, eq=False)
class _Job:
    thread: int
    deadline: float
    interrupted: bool = False


_log = logging.getLogger("copydesk")
_lock = threading.Lock()
_jobs: set[_Job] = set()
_watcher: list[threading.Thread] = []


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Give a block so many seconds.

    Raises:
        TakesTooLong: they were not enough. The log tells where the block was.
    """
    job = _Job(threading.get_ident(), time.monotonic() + seconds)
    try:
        try:
            _watch(job)
            yield
        finally:
            _release(job)
    except _Overdue as overdue:
        _release(job)  # it may have been raised while that was being done
        _log.error("an article was given up after %g seconds", seconds, exc_info=overdue)
        raise TakesTooLong(f"This was given up after {seconds:g} seconds. Sending it again will not help.") from overdue


def _begin_anew() -> None:
    """After a fork nothing is under way here, and the lock may be held by a thread that is not."""
    global _lock  # noqa: PLW0603  a lock can't be made free from outside
    _lock = threading.Lock()
    _jobs.clear()


os.register_at_fork(after_in_child=_begin_anew)


def _watch(job: _Job) -> None:
    with _lock:
        _jobs.add(job)
        # Threads don't survive a fork: each process finds its own missing, and starts it.
        if not (_watcher and _watcher[0].is_alive()):
            _watcher[:] = [threading.Thread(target=_look, name="watchdog", daemon=True)]
            _watcher[0].start()


def _release(job: _Job) -> None:
    with _lock:
        _jobs.discard(job)
        if job.interrupted:  # it may be under way still, and must not hit what comes next
            _interrupt(job.thread, None)


def _look() -> None:
    while True:
        time.sleep(_PERIOD)
        now = time.monotonic()
        with _lock:
            for job in _jobs:
                # Again and again: what swallows it once may not do so twice.
                if job.deadline <= now:
                    job.interrupted = True
                    _interrupt(job.thread, _Overdue)


def _interrupt(thread: int, error: type[BaseException] | None) -> None:
    """Have an exception raised in a thread, or take back one that has not been raised yet (documented in C only)."""
    raised = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
