"""Logs: one JSON object per line on standard error, or readable lines on a terminal.

The application and gunicorn use the standard library. structlog formats the lines and adds the context of the current
request (`bind`). A line never has text of an article, a key or the full IP address of a client.

A thread writes the lines, so that a reader that stalls blocks no request. Lines beyond the queue are dropped.
"""

from __future__ import annotations

import logging
import os
import queue
import select
import sys
import threading
import time
from collections.abc import Mapping
from contextvars import Context
from typing import Any

import structlog
from gunicorn.glogging import Logger

from . import metrics

MAX_QUEUED_LINES = 10_000
_FLUSH_TIMEOUT_S = 2.0

_PROCESSORS: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)


class QueuedHandler(logging.Handler):
    """Writes lines to a file descriptor in a thread of its own.

    A line is formatted by the thread that logs it, as its context and time are those of that thread. Each process
    starts its writer with its first line, so that a forked worker has one, too.
    """

    def __init__(self, fd: int, max_lines: int = MAX_QUEUED_LINES) -> None:
        """Write to a file descriptor.

        Args:
            fd: the file descriptor.
            max_lines: the length of the queue. Further lines are dropped and counted.
        """
        super().__init__()
        self._fd = fd
        self._max_lines = max_lines
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        """Start with an empty queue. The lines in the queue of the parent are written by the parent."""
        self._lines: queue.Queue[bytes] = queue.Queue(self._max_lines)
        self._dropped = 0
        self._lost = self._counted_lost = 0  # lines that the writer could not write
        self._writer: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line. The caller holds the lock of the handler."""
        try:
            line = self._encode(record)
        except Exception:  # noqa: BLE001  as logging.Handler requires
            self.handleError(record)
            return
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_lines, args=(self._lines,), name="log", daemon=True)
            self._writer.start()
        self._count_lost()
        try:
            if self._dropped:
                # Without the context of the current request.
                self._lines.put_nowait(Context().run(self._encode, _dropped_record(self._dropped)))
                self._dropped = 0
            self._lines.put_nowait(line)
        except queue.Full:
            self._dropped += 1
            metrics.LOG_LINES_DROPPED.inc()

    def flush(self) -> None:
        """Wait until all lines are written, for two seconds at most. Called when the process exits."""
        deadline = time.monotonic() + _FLUSH_TIMEOUT_S
        while self._writer and self._lines.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.005)

    def _count_lost(self) -> None:
        """Count the lines that the writer has lost since the last call.

        The writer does not count them: while it holds a lock of the metrics, another thread may fork.
        """
        lost = self._lost
        if lost > self._counted_lost:
            metrics.LOG_LINES_DROPPED.inc(lost - self._counted_lost)
            self._counted_lost = lost

    def _encode(self, record: logging.LogRecord) -> bytes:
        return f"{self.format(record)}\n".encode("utf-8", "backslashreplace")

    def _write_lines(self, lines: queue.Queue[bytes]) -> None:
        while True:
            self._write(lines.get())
            lines.task_done()

    def _write(self, line: bytes) -> None:
        while line:
            try:
                line = line[os.write(self._fd, line) :]
            except BlockingIOError:  # another process has made the descriptor non-blocking
                select.select([], [self._fd], [])
            except OSError:  # the reader is gone or the disk is full
                self._lost += 1
                return


def _dropped_record(count: int) -> logging.LogRecord:
    record = logging.LogRecord("copydesk", logging.WARNING, __file__, 0, "%d log lines dropped", (count,), None)
    record.dropped = count
    return record


def configure() -> None:
    """Set up the logs of this process, once."""
    root = logging.getLogger()
    if not any(isinstance(handler, QueuedHandler) for handler in root.handlers):
        handler = QueuedHandler(sys.stderr.fileno())
        handler.setFormatter(formatter(readable=sys.stderr.isatty()))
        root.handlers = [handler]
    root.setLevel(logging.INFO)


def formatter(*, readable: bool) -> logging.Formatter:
    """Return a formatter for JSON, or for readable lines."""
    last: tuple[structlog.typing.Processor, ...] = (
        # Without local variables, which have text of articles.
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    )
    if readable:
        last = (structlog.dev.ConsoleRenderer(timestamp_key="time", exception_formatter=structlog.dev.plain_traceback),)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_PROCESSORS, processors=(structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last)
    )


def bind(context: Mapping[str, str]) -> None:
    """Add context to all lines of this thread until `unbind`, or the next call."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**context)


def unbind() -> None:
    """Remove the context of this thread."""
    structlog.contextvars.clear_contextvars()


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's logger with our formatter. The application logs the requests."""

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's logger, then our formatter."""
        super().setup(cfg)
        configure()
        self.error_log.handlers = list(logging.getLogger().handlers)
