"""Forbids connections to other hosts, in every Python that has this folder on its path.

Python imports a module of this name at its start, so that servers which tests start are held to it like the tests.
"""

import sys
from ipaddress import ip_address


class ConnectionForbidden(BaseException):
    """Raised where code reaches for another host. No `except Exception` may hide it."""


def _is_here(host: object) -> bool:
    try:
        return host in ("localhost", "", None) or ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise ConnectionForbidden(f"{event} to {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _is_here(args[0]):
        raise ConnectionForbidden(f"{event} of {args[0]!r}")


sys.addaudithook(_refuse)
