"""A check of the address before gunicorn listens at it, whose own errors do not name the setting."""

from __future__ import annotations

import errno
import os
import socket
import time
from pathlib import Path
from stat import S_ISSOCK

from copydesk.errors import SettingsError

# As long as gunicorn tries: an instance that stops may still hold the address.
_WAIT_S = 5.0
_INTERVAL_S = 0.1
# Set if gunicorn takes over listeners: of the process that it replaces (SIGUSR2), or of systemd.
_INHERITED = ("GUNICORN_FD", "LISTEN_FDS")


def check_bind(bind: str) -> None:
    """Check that the service can listen at an address. One that is in use may become free for five seconds.

    Listeners that the process has inherited are not checked.

    Raises:
        SettingsError: it cannot.
    """
    if any(name in os.environ for name in _INHERITED):
        return
    try:
        if bind.startswith("unix:"):
            _check_path(Path(bind.removeprefix("unix:")))
        else:
            _try_address(bind)
    except (OSError, UnicodeError, TypeError) as error:  # all three for names that are not a host
        raise SettingsError(f"COPYDESK_BIND={bind}: {getattr(error, 'strerror', None) or error}.") from error


def _check_path(path: Path) -> None:
    """Check a path of a Unix socket. gunicorn replaces a socket that exists."""
    if path.exists() and not S_ISSOCK(path.stat().st_mode):
        raise FileExistsError(errno.EEXIST, "The file exists and is not a socket")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "The directory is missing or not writable")


def _try_address(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    end = time.monotonic() + _WAIT_S
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), int(port)))
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > end:
                    raise
            else:
                return
        time.sleep(_INTERVAL_S)
