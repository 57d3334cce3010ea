"""The head of a request while it arrives, and reading the body within a time."""

from __future__ import annotations

import math
import re
import select
import socket
import time
from typing import Any

from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from ..probes import PROBE_PATHS

MAX_HEAD_BYTES = 65_536
# gunicorn discards less than this of an unread body, and then keeps the connection.
_MAX_DISCARDED_BYTES = 65_536

# The parser of gunicorn rejects a bare LF without reading on.
_END = re.compile(rb"\r\n\r\n|(?<!\r)\n")
_PROBE = re.compile(rf"(?:\r\n)?(?:GET|HEAD) (?:{'|'.join(PROBE_PATHS)})[ ?]".encode())
_BODY = re.compile(rb"\n(?:transfer-encoding[ \t]*:|content-length[ \t]*:[ \t]*0*[1-9])", re.IGNORECASE)


class RequestHead:
    """The bytes of a head that have arrived, possibly with the start of the body.

    Attributes:
        data: the bytes.
        start: when the head was first awaited, in the time of `time.monotonic`.
        deadline: when the head must be complete, in the same time.
        is_complete: whether a parser can read the head, or reject it, without more bytes.
    """

    def __init__(self, start: float, timeout: float, max_line_bytes: int) -> None:
        """Create an empty head, which must be complete `timeout` seconds after `start`."""
        self.data = bytearray()
        self.start = start
        self.deadline = start + timeout
        self.is_complete = False
        self._max_line_bytes = max_line_bytes

    def add(self, data: bytes) -> None:
        """Add bytes. The time is linear in the bytes, however they are divided."""
        searched = max(0, len(self.data) - 3)
        self.data += data
        self.is_complete = _END.search(self.data, searched) is not None or self._has_long_line()

    def _has_long_line(self) -> bool:
        """Return whether the request line is over the limit. An empty line may precede it."""
        return len(self.data) > self._max_line_bytes + 4 and self.data.find(b"\n", 2) < 0

    def is_too_large(self) -> bool:
        """Return whether the head exceeds `MAX_HEAD_BYTES` and is still incomplete."""
        return not self.is_complete and len(self.data) > MAX_HEAD_BYTES

    def is_probe(self) -> bool:
        """Return whether the request is a health check or asks for metrics, without a body."""
        return _PROBE.match(self.data) is not None and _BODY.search(self.data) is None


def has_long_rest(body: Body) -> bool:
    """Return whether the unread rest of a body may be too long for gunicorn to discard: it closes the connection."""
    reader = body.reader
    if isinstance(reader, LengthReader):
        return bool(reader.length >= _MAX_DISCARDED_BYTES)
    return reader.parser is not None  # it is chunked


class DeadlineUnreader(SocketUnreader):  # type: ignore[misc]  # gunicorn carries no types
    """Reads from a socket until a deadline, and sends `100 Continue` when the first byte is needed.

    Attributes:
        deadline: when the last byte must have arrived, in the time of `time.monotonic`.
        expects_continue: whether the client waits for `100 Continue` before it sends the body.
    """

    def __init__(self, sock: socket.socket, idle_timeout: float) -> None:
        """Read from a socket.

        Args:
            sock: the socket.
            idle_timeout: the maximum wait for one byte, in seconds.
        """
        super().__init__(sock)
        self.deadline = math.inf
        self.expects_continue = False
        self._idle_timeout = idle_timeout

    def chunk(self, size_hint: int | None = None) -> Any:
        """Read from the socket.

        Raises:
            TimeoutError: nothing arrived in time.
        """
        if self.expects_continue:
            self.expects_continue = False
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        limits = (self.deadline - time.monotonic(), self._idle_timeout, self.sock.gettimeout() or math.inf)
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        if not poll.poll(max(0.0, min(limits)) * 1000):
            raise TimeoutError("no data in time")
        return super().chunk(size_hint)
