"""Retries with exponential backoff and full jitter.

The delay before a retry is random, between 0 and a bound that doubles with each retry. Without jitter, all clients
would retry at the same time and overload a service that has just restarted. `Retry-After` is added to the delay.
A rejected request (4xx, except 408) is not retried, nor is a first connection that cannot be made.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from copydesk.client._batching import Batch
from copydesk.errors import ClientError, RequestRejected, ServiceUnavailable

OnRetry: TypeAlias = Callable[[ServiceUnavailable, float], object]

_MAX_RETRY_AFTER_DIGITS = 9
_MAX_DOUBLINGS = 64

_log = logging.getLogger("copydesk.client")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The number of retries and the delays between them. Times are in seconds.

    Attributes:
        max_retries: the maximum number of consecutive retries without a result. A result, even of one article of a
            batch, resets the count.
        initial_backoff: the upper bound of the first delay. It doubles with each retry.
        max_backoff: the maximum of the upper bound.
        max_retry_after: the longest `Retry-After` to wait for. After a longer one, the request is not retried.
        retry_first_connection: whether to retry if the client never had a connection, for a service that starts later.
            By default, the client fails at once: its address is probably wrong.
        on_retry: called with the error and the delay before each retry, possibly in another thread. By default, each
            retry is logged as a warning of the logger `copydesk.client`.

    Raises:
        ValueError: a number is negative.
    """

    max_retries: int = 8
    initial_backoff: float = 0.25
    max_backoff: float = 20
    max_retry_after: float = 120
    retry_first_connection: bool = False
    on_retry: OnRetry | None = None

    def __post_init__(self) -> None:
        for name in ("max_retries", "initial_backoff", "max_backoff", "max_retry_after"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be at least 0.")


class Backoff:
    """The delays between the attempts of one request."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._retries = 0

    def reset(self) -> None:
        """Reset the count of retries after a result."""
        self._retries = 0

    def next_delay(self, error: ServiceUnavailable) -> float:
        """Return the delay before the next attempt in seconds.

        Args:
            error: the error of the last attempt.

        Raises:
            ServiceUnavailable: the given error, if there are no retries left, its `retry_after` is too long, or there
                never was a connection.
        """
        policy = self._policy
        self._retries += 1
        if self._retries > policy.max_retries or error.retry_after > policy.max_retry_after:
            raise error
        if error.is_unreachable and not policy.retry_first_connection:
            raise error
        bound = min(policy.max_backoff, policy.initial_backoff * 2.0 ** min(self._retries - 1, _MAX_DOUBLINGS))
        delay = error.retry_after + random.uniform(0, bound)  # noqa: S311  jitter, not a secret
        if policy.on_retry:
            policy.on_retry(error, delay)
        else:
            _log.warning("Retry %d of %d in %.1f s: %s", self._retries, policy.max_retries, delay, error)
        return delay


class BatchBackoff:
    """The delays between the requests of one batch."""

    def __init__(self, batch: Batch, policy: RetryPolicy) -> None:
        self._batch = batch
        self._backoff = Backoff(policy)
        self._pending_count = batch.pending_count

    def next_delay(self, error: ClientError) -> float:
        """Handle the error of a request and return the delay before the next one in seconds.

        Raises:
            ClientError: the given error, if the batch cannot be sent again.
        """
        if isinstance(error, RequestRejected):
            self._batch.reject(error)
            return 0
        if not isinstance(error, ServiceUnavailable):
            raise error
        if self._batch.pending_count < self._pending_count:
            self._pending_count = self._batch.pending_count
            self._backoff.reset()
        return self._backoff.next_delay(error)


def parse_retry_after(header: str | None) -> float:
    """Parse a `Retry-After` header: a number of seconds or a date. Return 0 if it is neither.

    >>> parse_retry_after("3"), parse_retry_after(None), parse_retry_after("soon")
    (3.0, 0.0, 0.0)
    >>> parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT")
    0.0
    """
    value = (header or "").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:_MAX_RETRY_AFTER_DIGITS])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0.0
