"""When to try again, and how long to wait before: full jitter, and never sooner than the service asks.

Waits are drawn evenly between nothing and a bound that doubles each time. What all clients do at the same moment is
what keeps a service down that has just come up again. A refusal (4xx) is never tried again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from copydesk.errors import ServiceUnavailable

OnRetry: TypeAlias = Callable[[ServiceUnavailable, float], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often to try again what brought no answer, and how long to wait. Times are in seconds.

    Attributes:
        most: retries in a row that bring nothing. An answer, be it of one article, starts the count anew.
        first: the bound of the first wait; each next one is twice as long.
        longest: the bound that waits don't grow beyond.
        patience: who asks with `Retry-After` for more than this is not asked again.
        on_retry: told of each retry: why, and in how many seconds; perhaps in another thread.
    """

    most: int = 8
    first: float = 0.25
    longest: float = 20
    patience: float = 120
    on_retry: OnRetry | None = None


class Attempts:
    """The attempts at one thing."""

    def __init__(self, retry: RetryPolicy) -> None:
        self._retry, self._made = retry, 0

    def wait_after(self, error: ServiceUnavailable, *, progress: bool = False) -> float:
        """Return how long to wait before the next attempt.

        Args:
            error: how the last one ended.
            progress: whether it brought something all the same.

        Raises:
            Unavailable: the one given, when there is to be no next attempt.
        """
        self._made = 1 if progress else self._made + 1
        if self._made > self._retry.most or error.retry_after > self._retry.patience:
            raise error
        bound = min(self._retry.longest, self._retry.first * 2 ** (self._made - 1))
        seconds = error.retry_after + random.uniform(0, bound)  # noqa: S311  no secret is made of it
        if self._retry.on_retry:
            self._retry.on_retry(error, seconds)
        return seconds


def seconds_asked(retry_after: str | None) -> float:
    """Read a `Retry-After` header: seconds, or a date. What is neither asks for nothing.

    >>> seconds_asked("3"), seconds_asked(None), seconds_asked("soon")
    (3.0, 0.0, 0.0)
    >>> seconds_asked("Wed, 21 Oct 2015 07:28:00 GMT")
    0.0
    """
    said = (retry_after or "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return 0.0
