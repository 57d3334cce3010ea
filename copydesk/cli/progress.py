"""The progress of a run: a bar at a terminal, else a line every few seconds.

The time left is that of the whole run so far, from its first result on. The rate of the last seconds would be unsteady:
results arrive in batches, and articles differ in size.
"""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Never, Self, TypeAlias

import click

if TYPE_CHECKING:
    from tqdm import tqdm

Display: TypeAlias = Literal["bar", "lines", "none"]

_LINE_INTERVAL_S = 5.0
_BAR_FORMAT = "{percentage:3.0f}% {bar} {desc}"
_BAR_FORMAT_WITHOUT_TOTAL = "{desc}, {elapsed}"


class Progress:
    """The rate, the failures and the time left, on standard error.

    It counts bytes, because the number of articles is not known in advance.
    """

    def __init__(self, total: int | None, done: int, display: Display) -> None:
        """Start to show the progress.

        Args:
            total: the number of bytes to read; None if it is unknown.
            done: the number of bytes that an earlier run has read.
            display: how to show the progress.
        """
        self._bar: tqdm[Never] | None = None
        if display == "bar":
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no thread, because worker processes are forked
            bar_format = _BAR_FORMAT_WITHOUT_TOTAL if total is None else _BAR_FORMAT
            self._bar = tqdm(
                total=total, initial=done, bar_format=bar_format, ncols=_terminal_columns(), nrows=24, file=sys.stderr
            )
        self._writes_lines = display == "lines"
        self._eta = Eta(total, done)
        self._last_line = self._started = time.monotonic()
        self._done = self._failed = 0

    def __enter__(self) -> Self:
        """Return the progress."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show the last state of the bar."""
        if self._bar is not None:
            self._bar.set_description_str(self._describe(), refresh=True)
            self._bar.close()

    def advance(self, size: int, *, failed: bool) -> None:
        """Count a document of this size in bytes."""
        self._done += 1
        self._failed += failed
        now = time.monotonic()
        self._eta.add(size, now)
        if self._bar is not None:
            self._bar.set_description_str(self._describe(), refresh=False)
            self._bar.update(size)
        elif self._writes_lines and now - self._last_line >= _LINE_INTERVAL_S:
            self._last_line = now
            click.echo(self._describe(), err=True)

    def write_line(self, line: bytes) -> None:
        """Write a line to standard error, above the bar."""
        if self._bar is not None:
            self._bar.clear()
        sys.stderr.buffer.write(line)
        sys.stderr.flush()

    def _describe(self) -> str:
        rate = self._done / max(time.monotonic() - self._started, 0.001)
        text = f"{self._done:,} articles, {rate:,.0f}/s, {self._failed:,} failed"
        return f"{text}, {self._eta.describe()}" if self._eta.describe() else text


class Eta:
    """The time left, by the bytes done since the first result.

    Args:
        total: the number of bytes to read; None if it is unknown.
        done: the number of bytes that an earlier run has read.

    >>> eta = Eta(total=1_000, done=0)
    >>> for second in range(4):
    ...     eta.add(100, now=second)
    >>> eta.seconds_left, eta.describe()
    (6.0, '6 s left')
    """

    def __init__(self, total: int | None, done: int) -> None:
        self._total = total
        self._done = done
        self._first: tuple[float, int] | None = None
        self.seconds_left: float | None = None

    def add(self, size: int, now: float) -> None:
        """Count bytes that are done.

        Args:
            size: the number of bytes.
            now: the time in seconds.
        """
        self._done += size
        if self._first is None:
            self._first = (now, self._done)
        started, already = self._first
        if self._total is not None and self._done > already:
            rate = (now - started) / (self._done - already)
            self.seconds_left = max(self._total - self._done, 0) * rate

    def describe(self) -> str:
        """Return the time left in words; nothing if it is unknown.

        >>> eta = Eta(None, 0)
        >>> eta.seconds_left = 5_000
        >>> eta.describe()
        '1 h 23 min left'
        """
        if self.seconds_left is None:
            return ""
        minutes, seconds = divmod(round(self.seconds_left), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return f"{hours:,} h {minutes} min left"
        return f"{minutes} min {seconds} s left" if minutes else f"{seconds} s left"


def _terminal_columns() -> int:
    """Return the width of the terminal. Some terminals report 0."""
    return os.get_terminal_size(sys.stderr.fileno()).columns or 80
