"""How a stream of batches ends: with every answer given out, and with what went wrong told once, at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from copydesk.client._batching import Batch
from copydesk.errors import ClientError


class StreamResult:
    """What went wrong so far: the first error of the service, the articles without an answer, an error of the input."""

    def __init__(self) -> None:
        self._error: ClientError | None = None
        self._keys: list[Any] = []
        self._of_input: Exception | None = None

    @property
    def failed(self) -> bool:
        """Whether the service has failed: then nothing more is sent."""
        return self._error is not None

    def note(self, error: ClientError | None, batch: Batch) -> None:
        """Note how a batch has ended."""
        self._error = self._error or error
        self._keys += batch.keys_waiting

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note an error of reading the input, instead of raising it now."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  it is the caller's own, and raised again at the end
            self._of_input = error

    def finish(self, unsent: Batch | None = None) -> None:
        """Raise what went wrong, if anything did: the service's failure before the input's.

        Args:
            unsent: what was read and never sent.
        """
        if self._error:
            self._error.keys = (*self._keys, *(unsent.keys_waiting if unsent else ()))
            raise self._error from self._of_input
        if self._of_input:
            raise self._of_input


def check_in_flight(most: int) -> None:
    """Refuse a bound of batches under way that would let none go.

    Raises:
        ValueError: it is less than one.
    """
    if most < 1:
        raise ValueError("in_flight is at least 1.")
