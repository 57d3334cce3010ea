"""`copydesk serve`: start the HTTP service."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

import click

from copydesk.cli import settings

# By default, glibc keeps freed memory, in eight arenas per CPU and, after one large block, up to that size. A worker
# would keep gigabytes for hours after a burst of large requests.
_MALLOC_SETTINGS = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "262144",
    "MALLOC_TRIM_THRESHOLD_": "262144",
}

# The packages of the extra `service`.
REQUIRED_PACKAGES = ("flask", "flask_swagger_ui", "gunicorn", "prometheus_client", "structlog", "yaml")


@click.command()
@click.option(
    "--bind", metavar="HOST:PORT", help="The address, or unix:PATH. Default: COPYDESK_BIND, or 127.0.0.1:8000."
)
@click.option("--workers", metavar="N", help="The number of processes. Default: COPYDESK_WORKERS, or one per CPU.")
def serve(bind: str | None, workers: str | None) -> None:
    """Start the service.

    All settings are COPYDESK_* variables; the options take precedence. Exit status: 0 after SIGTERM or Ctrl-C, 1 if a
    setting is invalid or the address is in use.

    \b
    Examples:
      copydesk serve
      copydesk serve --bind 127.0.0.1:8080 --workers 2
      COPYDESK_BIND=127.0.0.1:8080 COPYDESK_WORKERS=2 copydesk serve
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk._layout import SERVICE_PACKAGE

    if not all(map(find_spec, REQUIRED_PACKAGES)):
        raise settings.CommandError("This requires the service: pip install 'copydesk[service,html]'.")
    values = {("--bind", "COPYDESK_BIND"): bind, ("--workers", "COPYDESK_WORKERS"): workers}
    used = {option: name for (option, name), value in values.items() if value is not None}
    os.environ.update({name: value for (_, name), value in values.items() if value is not None})
    try:
        settings.read_settings()
    except click.ClickException as error:
        message = error.message
        for option, name in used.items():
            message = message.replace(f"{name}={os.environ[name]}:", f"{name}={os.environ[name]} (from {option}):")
        raise click.ClickException(message) from error
    config = f"python:{SERVICE_PACKAGE}.server.gunicorn_conf"
    environ = _MALLOC_SETTINGS | os.environ
    os.execvpe(sys.executable, [sys.executable, "-m", "gunicorn", "-c", config], environ)  # noqa: S606  our own interpreter
