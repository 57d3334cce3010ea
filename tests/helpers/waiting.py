"""Waiting for a condition in another process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

WAIT_TIMEOUT_S: Final = 60.0

Value = TypeVar("Value")


def wait_until(condition: Callable[[], Value]) -> Value:
    """Call a function until its result is true, and return that.

    Raises:
        TimeoutError: the result was false for a minute.
    """
    deadline = time.monotonic() + WAIT_TIMEOUT_S
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise TimeoutError(f"the condition was false for {WAIT_TIMEOUT_S:.0f} seconds")
