"""The state of the service and the slot of each worker, shared by gunicorn's master and workers.

The state is one byte of anonymous shared memory, created before the first fork: every worker sees at once what the
master sets. A slot is the number of a running worker. Unlike a pid, it is reused by the next worker.
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
_process: Final = {"slot": "master"}


def state() -> State:
    """Return the state of the service."""
    return State(_shared[0])


def enter(new_state: State) -> None:
    """Set the state in all processes."""
    _shared[0] = new_state


def slot() -> str:
    """Return the slot of this process; `master` in the master."""
    return _process["slot"]


def set_slot(number: int) -> None:
    """Set the slot of this process after the fork."""
    _process["slot"] = str(number)
