"""Progress: how far a run is, for a person at a terminal; nothing at all for a pipe."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Never, Self

if TYPE_CHECKING:
    from tqdm import tqdm

_KNOWN = "{percentage:3.0f}% {bar} {desc}, {remaining} left"
_UNKNOWN = "{desc}, {elapsed}"


class Progress:
    """A bar on standard error, with rate, failures and time left. It moves by bytes: articles are not counted ahead."""

    def __init__(self, total: int | None, at: int, *, shown: bool) -> None:
        """Draw it if it is to be shown.

        Args:
            total: the bytes to read, or None where nobody can know.
            at: how many of them an earlier run has read.
            shown: whether there is anybody to look at it.
        """
        self._bar: tqdm[Never] | None = None
        if shown:
            from tqdm import tqdm  # noqa: PLC0415  takes its time to load, and pipes have no need of it

            tqdm.monitor_interval = 0  # its thread would be there when processes are forked
            form = _UNKNOWN if total is None else _KNOWN
            self._bar = tqdm(total=total, initial=at, bar_format=form, ncols=_columns(), nrows=24, file=sys.stderr)
        self._started = time.monotonic()
        self._done = self._failed = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state standing."""
        if self._bar is not None:
            self._bar.set_description_str(self._told(), refresh=True)
            self._bar.close()

    def step(self, size: int, *, failed: bool) -> None:
        """Tell that a document is done."""
        self._done += 1
        self._failed += failed
        if self._bar is not None:
            self._bar.set_description_str(self._told(), refresh=False)
            self._bar.update(size)

    def say(self, line: bytes) -> None:
        """Write a line to standard error without disturbing the bar."""
        if self._bar is not None:
            self._bar.clear()
        sys.stderr.buffer.write(line)
        sys.stderr.flush()

    def _told(self) -> str:
        rate = self._done / max(time.monotonic() - self._started, 0.001)
        return f"{self._done:,} articles, {rate:,.0f}/s, {self._failed:,} failed"


def _columns() -> int:
    """Return how wide the terminal is; some say that they have no width, nor height."""
    return os.get_terminal_size(sys.stderr.fileno()).columns or 80
