"""gunicorn's threaded worker with four fixes.

1. After a response with `Connection: close`, gunicorn waits up to two seconds for the client to close its side, on the
   loop that serves all other connections. Here the thread of the request waits.
2. A stopping worker keeps its listener open and accepts nothing: new connections are reset two seconds later. Here it
   accepts the waiting connections and closes the listener, so that a load balancer tries another instance.
3. gunicorn responds to malformed HTTP with an HTML page and logs the full address of the client. Here the response is a
   problem with a request id, and the log has only the id.
4. gunicorn logs a socket timeout as an error with a traceback. Here it is not logged, like a closed connection.
"""

from __future__ import annotations

import json
import logging
import select
import uuid
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

# Other errors are 400.
_STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_SERVER_ERRORS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName, errors.ConfigurationProblem)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """The worker class of the gunicorn configuration."""

    def init_process(self) -> None:
        """Start serving. Called after the fork."""
        self.log.error_log.addFilter(_is_not_timeout)
        super().init_process()

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001  as gunicorn calls it
        """Start or pause accepting connections. A stopping worker closes its listeners."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)

    def _accept_waiting(self, listener: Any) -> None:
        if listener.sock:  # this may run twice
            while self.nr_conns < self.worker_connections and select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def handle(self, conn: TConn) -> Any:
        """Handle a request, and close its connection in this thread if it is not kept alive."""
        keep_alive = super().handle(conn)
        if not keep_alive:
            conn.close(graceful=True)
            conn.close = _ignore_close
        return keep_alive

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Respond to malformed requests. gunicorn handles other errors."""
        if not isinstance(exc, errors.ParseException) or isinstance(exc, _SERVER_ERRORS):
            super().handle_error(req, client, addr, exc)
            return
        status = _STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        request_id = uuid.uuid4().hex
        self.log.warning("request %s is malformed: %s", request_id, type(exc).__name__)
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": f"{exc}."}
        body = json.dumps(problem).encode() + b"\n"
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\nX-Request-ID: {request_id}\r\n\r\n"
        )
        with suppress(OSError):  # the client has closed the connection or does not read
            write_nonblock(client, head.encode() + body)


def _ignore_close(*, graceful: bool = False) -> None:
    """Replace `close` on the loop, which has nothing left to close."""


def _is_not_timeout(record: logging.LogRecord) -> bool:
    """Return whether a log record is not about a socket timeout."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
