"""What gunicorn's master and its workers know in common: how far the service is in its life, and each worker's slot.

The state lies in one byte of anonymous shared memory, made before the first fork, so that what the master sets is seen
by every worker at once. A slot is a worker's number among those alive: unlike its pid it is used again by the next.
"""

from __future__ import annotations

import mmap
from enum import IntEnum
from typing import Final


class State(IntEnum):
    """How far the service is in its life."""

    STARTING = 0
    READY = 1
    DRAINING = 2


_shared: Final = mmap.mmap(-1, 1)
_own: Final = {"slot": "master"}


def state() -> State:
    """Return the state of the service."""
    return State(_shared[0])


def enter(now: State) -> None:
    """Pass to another state, in all processes."""
    _shared[0] = now


def slot() -> str:
    """Return the slot of this process; `master` before it is a worker."""
    return _own["slot"]


def take_slot(number: int) -> None:
    """Tell this process its slot, right after it was forked."""
    _own["slot"] = str(number)
