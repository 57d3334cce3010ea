"""`python -m svc.health`: ask the service on this machine whether it lives; the exit status tells."""

from __future__ import annotations

import http.client
import sys

from svc.settings import Settings


def alive(bind: str) -> bool:
    """Ask /livez at the address that the service is bound to; any local address when it is bound to all."""
    host, _, port = bind.rpartition(":")
    connection = http.client.HTTPConnection(_LOCAL.get(host, host.strip("[]")), int(port), timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


_LOCAL = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}  # noqa: S104  read, not bound

if __name__ == "__main__":
    sys.exit(0 if alive(Settings.from_env().bind) else 1)
