"""Logs: one JSON object per line on standard error, or readable lines on a terminal.

The application and gunicorn use the standard library. structlog formats the lines and adds the context of the current
request (`bind`). A line never has text of an article, a key or the full IP address of a client.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from gunicorn.glogging import Logger

_PROCESSORS: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)


def configure() -> None:
    """Set up the logs of this process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(readable=sys.stderr.isatty()))
    root = logging.getLogger()
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
    """Add context to all lines of this thread until the next call."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**context)


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's logger with our formatter. The application logs the requests."""

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's logger, then our formatter."""
        super().setup(cfg)
        configure()
        self.error_log.handlers = list(logging.getLogger().handlers)
