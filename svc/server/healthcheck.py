"""`python -m svc.server.healthcheck`: check the service on this machine. Exit status 0 means that it responds."""

from __future__ import annotations

import http.client
import socket
import sys
from contextlib import closing

from copydesk.errors import SettingsError
from copydesk.settings import Settings

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}  # noqa: S104  read, not bound
_TIMEOUT_S = 2


def is_alive(bind: str) -> bool:
    """Return whether `/livez` responds at the bind address."""
    try:
        with closing(_connect(bind)) as connection:
            connection.request("GET", "/livez")
            return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def _connect(bind: str) -> http.client.HTTPConnection:
    if bind.startswith("unix:"):
        return _UnixConnection(bind.removeprefix("unix:"), timeout=_TIMEOUT_S)
    host, _, port = bind.rpartition(":")
    return http.client.HTTPConnection(_LOOPBACK.get(host, host.strip("[]")), int(port), timeout=_TIMEOUT_S)


class _UnixConnection(http.client.HTTPConnection):
    """A connection to a Unix socket. Its path is in place of the host."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


if __name__ == "__main__":
    try:
        alive = is_alive(Settings.from_env().bind)
    except SettingsError as error:
        sys.exit(f"copydesk: {error}")
    sys.exit(0 if alive else 1)
