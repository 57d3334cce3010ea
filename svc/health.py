"""`python -m svc.health`: ask the service on this machine whether it lives; the exit status tells."""

from __future__ import annotations

import http.client
import socket
import sys
from contextlib import closing

from svc.settings import Settings

_LOCAL = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}  # noqa: S104  read, not bound
_SECONDS = 2


def alive(bind: str) -> bool:
    """Ask /livez at the address that the service is bound to; any local address when it is bound to all."""
    try:
        with closing(_connection(bind)) as connection:
            connection.request("GET", "/livez")
            return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def _connection(bind: str) -> http.client.HTTPConnection:
    if bind.startswith("unix:"):
        return _UnixConnection(bind.removeprefix("unix:"), timeout=_SECONDS)
    host, _, port = bind.rpartition(":")
    return http.client.HTTPConnection(_LOCAL.get(host, host.strip("[]")), int(port), timeout=_SECONDS)


class _UnixConnection(http.client.HTTPConnection):
    """A connection to a socket in the file system, whose path stands where the host would."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


if __name__ == "__main__":
    sys.exit(0 if alive(Settings.from_env().bind) else 1)
