"""`copydesk serve`: start the HTTP service."""

from __future__ import annotations

import os
import sys

import click

from copydesk.cli import settings


@click.command()
def serve() -> None:
    """Start the service on COPYDESK_BIND (default: 127.0.0.1:8000).

    \b
    Examples:
      copydesk serve
      COPYDESK_BIND=127.0.0.1:8080 COPYDESK_WORKERS=2 copydesk serve
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk._layout import SERVICE_PACKAGE

    settings.read_settings()
    config = f"python:{SERVICE_PACKAGE}.server.gunicorn_conf"
    os.execvp(sys.executable, [sys.executable, "-m", "gunicorn", "-c", config])  # noqa: S606  our own interpreter
