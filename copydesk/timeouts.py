"""A timeout for cleaning one article.

Sizes are bounded and every stage is linear, so that a timeout means a bug. One thread watches the running jobs and
raises an exception in the thread of an overdue one. Python delivers it between two bytecodes: a call into C, such as
one regular expression, completes first. If it never does, gunicorn's own timeout kills the worker.
"""

from __future__ import annotations

import ctypes
import logging
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from copydesk.errors import ProcessingTimeout

# The interval of the checks, and so the delay of a timeout.
_CHECK_INTERVAL_S = 0.2


class _Overdue(BaseException):
    """Raised in the thread of an overdue job. `except Exception` does not catch it."""


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
    """Limit the time of a block.

    Args:
        seconds: the time limit; infinity for none.

    Raises:
        ProcessingTimeout: the block took longer. The log has its traceback.
    """
    if seconds == math.inf:
        yield
        return
    job = _Job(threading.get_ident(), time.monotonic() + seconds)
    try:
        try:
            _watch(job)
            yield
        finally:
            _release(job)
    except _Overdue as overdue:
        _release(job)  # the exception may have interrupted the first call
        _log.error("cleaning an article timed out after %g seconds", seconds, exc_info=overdue)
        raise ProcessingTimeout(f"Processing timed out after {seconds:g} s. Do not retry.") from overdue


def _reset_after_fork() -> None:
    """After a fork no job runs here, and the lock may be held by a thread of the parent."""
    global _lock  # noqa: PLW0603  a lock can't be made free from outside
    _lock = threading.Lock()
    _jobs.clear()


os.register_at_fork(after_in_child=_reset_after_fork)


def _watch(job: _Job) -> None:
    with _lock:
        _jobs.add(job)
        # Threads do not survive a fork: each process starts its own.
        if not (_watcher and _watcher[0].is_alive()):
            _watcher[:] = [threading.Thread(target=_check_deadlines, name="copydesk-timeouts", daemon=True)]
            _watcher[0].start()


def _release(job: _Job) -> None:
    with _lock:
        _jobs.discard(job)
        if job.interrupted:  # cancel an exception that is still pending, or it would hit the next job
            _interrupt(job.thread, None)


def _check_deadlines() -> None:
    while True:
        time.sleep(_CHECK_INTERVAL_S)
        now = time.monotonic()
        with _lock:
            for job in _jobs:
                # Raise at every check: code may have swallowed the exception once.
                if job.deadline <= now:
                    job.interrupted = True
                    _interrupt(job.thread, _Overdue)


def _interrupt(thread: int, error: type[BaseException] | None) -> None:
    """Raise an exception in a thread, or cancel a pending one (a function of the C API)."""
    exception = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception)
