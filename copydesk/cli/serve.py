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
def serve() -> None:
    """Start the service on COPYDESK_BIND (default: 127.0.0.1:8000).

    \b
    Examples:
      copydesk serve
      COPYDESK_BIND=127.0.0.1:8080 COPYDESK_WORKERS=2 copydesk serve
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk._layout import SERVICE_PACKAGE

    if not all(map(find_spec, REQUIRED_PACKAGES)):
        raise settings.CommandError("This requires the service: pip install 'copydesk[service,html]'.")
    settings.read_settings()
    config = f"python:{SERVICE_PACKAGE}.server.gunicorn_conf"
    environ = _MALLOC_SETTINGS | os.environ
    os.execvpe(sys.executable, [sys.executable, "-m", "gunicorn", "-c", config], environ)  # noqa: S606  our own interpreter
