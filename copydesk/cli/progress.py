"""The progress bar of a run at a terminal."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Never, Self

if TYPE_CHECKING:
    from tqdm import tqdm

_BAR_FORMAT = "{percentage:3.0f}% {bar} {desc}, {remaining} left"
_BAR_FORMAT_WITHOUT_TOTAL = "{desc}, {elapsed}"


class Progress:
    """A bar on standard error with the rate, the failures and the time left.

    It counts bytes, because the number of articles is not known in advance.
    """

    def __init__(self, total: int | None, done: int, *, is_shown: bool) -> None:
        """Draw the bar.

        Args:
            total: the number of bytes to read; None if it is unknown.
            done: the number of bytes that an earlier run has read.
            is_shown: whether there is a bar.
        """
        self._bar: tqdm[Never] | None = None
        if is_shown:
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no thread, because worker processes are forked
            bar_format = _BAR_FORMAT_WITHOUT_TOTAL if total is None else _BAR_FORMAT
            self._bar = tqdm(
                total=total, initial=done, bar_format=bar_format, ncols=_terminal_columns(), nrows=24, file=sys.stderr
            )
        self._started = time.monotonic()
        self._done = self._failed = 0

    def __enter__(self) -> Self:
        """Return the bar."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show the last state."""
        if self._bar is not None:
            self._bar.set_description_str(self._describe(), refresh=True)
            self._bar.close()

    def advance(self, size: int, *, failed: bool) -> None:
        """Count a document of this size in bytes."""
        self._done += 1
        self._failed += failed
        if self._bar is not None:
            self._bar.set_description_str(self._describe(), refresh=False)
            self._bar.update(size)

    def write_line(self, line: bytes) -> None:
        """Write a line to standard error, above the bar."""
        if self._bar is not None:
            self._bar.clear()
        sys.stderr.buffer.write(line)
        sys.stderr.flush()

    def _describe(self) -> str:
        rate = self._done / max(time.monotonic() - self._started, 0.001)
        return f"{self._done:,} articles, {rate:,.0f}/s, {self._failed:,} failed"


def _terminal_columns() -> int:
    """Return the width of the terminal. Some terminals report 0."""
    return os.get_terminal_size(sys.stderr.fileno()).columns or 80
