"""The log: a JSON object a line on standard error, readable lines where that is a terminal.

The application and gunicorn log by the standard library; structlog gives the lines their form, and adds what is known
of the request under way (`bind`). What a line never holds: text of an article, a key, a client's address in full.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from gunicorn.glogging import Logger

_CHAIN: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)


def configure() -> None:
    """Log from here on in our form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(readable=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def formatter(*, readable: bool) -> logging.Formatter:
    """Make the formatter: of JSON, or of lines for people."""
    last: tuple[structlog.typing.Processor, ...] = (
        # No frame's variables: they hold articles.
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    )
    if readable:
        last = (structlog.dev.ConsoleRenderer(timestamp_key="time", exception_formatter=structlog.dev.plain_traceback),)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_CHAIN, processors=(structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last)
    )


def bind(known: Mapping[str, str]) -> None:
    """Add what is known of a request to all lines of this thread until the next call."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**known)


class ServerLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's own lines in our form. It tells of no request: the application does."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's settings, and then our form."""
        super().setup(cfg)
        configure()
        self.error_log.handlers = list(logging.getLogger().handlers)
