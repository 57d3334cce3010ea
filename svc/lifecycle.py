"""The state of the service and the number of each worker, shared by gunicorn's master and workers.

The state is one byte of anonymous shared memory, created before the first fork: every worker sees at once what the
master sets. The number of a running worker is reused by the next one, unlike a pid.
"""

from __future__ import annotations

import mmap
from enum import IntEnum
from typing import Final


class State(IntEnum):
    """The state of the service."""

    STARTING = 0
    READY = 1
    DRAINING = 2


_shared: Final = mmap.mmap(-1, 1)
_process: Final = {"worker_number": "master"}


def state() -> State:
    """Return the state of the service."""
    return State(_shared[0])


def set_state(new_state: State) -> None:
    """Set the state in all processes."""
    _shared[0] = new_state


def worker_number() -> str:
    """Return the worker number of this process; `master` in the master."""
    return _process["worker_number"]


def set_worker_number(number: int) -> None:
    """Set the worker number of this process after the fork."""
    _process["worker_number"] = str(number)
