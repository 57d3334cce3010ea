"""gunicorn's threaded worker, with four things mended.

After an answer with `Connection: close`, gunicorn waits up to two seconds for the client to close its side, too, and
does so on the loop that serves all other connections: twenty clients that never close cost every other one forty
seconds. Here the thread that answered waits.

A worker that stops leaves its listener open to its end, and takes nothing from it: who connects meanwhile is reset two
seconds later, with a request on its way. Here it takes those that are waiting, and closes the listener, so that whoever
comes after them is refused at once, and a balancer may ask another instance.

What is no HTTP, or more of it than is taken, gunicorn answers by a page of HTML, and its log names the client's address
in full. Here it is answered by a problem with an id, like all else, and the log has the id.

A client that sends or takes nothing for as long as COPYDESK_SOCKET_TIMEOUT bears is an error with a traceback to
gunicorn, while one that hangs up is none. Here neither is.
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

# What is not simply a bad request.
_STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_OURS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName, errors.ConfigurationProblem)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """The worker that `svc.gunicorn_conf` names."""

    def init_process(self) -> None:
        """Begin to serve; called right after the fork."""
        self.log.error_log.addFilter(_is_no_timeout)
        super().init_process()

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001  as gunicorn calls it
        """Begin to accept connections, or pause; for good when the worker is about to stop."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._accept_last(listener)

    def _accept_last(self, listener: Any) -> None:
        if listener.sock:  # this may be asked twice
            while self.nr_conns < self.worker_connections and select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()

    def handle(self, conn: TConn) -> Any:
        """Handle a request; close its connection here, when it is not kept."""
        kept = super().handle(conn)
        if not kept:
            conn.close(graceful=True)
            conn.close = _closed
        return kept

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what could not be read as a request; all else is for gunicorn."""
        if not isinstance(exc, errors.ParseException) or isinstance(exc, _OURS):
            super().handle_error(req, client, addr, exc)
            return
        status = _STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        request_id = uuid.uuid4().hex
        self.log.warning("request %s could not be read: %s", request_id, type(exc).__name__)
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": f"{exc}."}
        body = json.dumps(problem).encode() + b"\n"
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\nX-Request-ID: {request_id}\r\n\r\n"
        )
        with suppress(OSError):  # it hung up, or takes nothing
            write_nonblock(client, head.encode() + body)


def _closed(*, graceful: bool = False) -> None:
    """Stand in for `close` on the loop, which counts the connection and has nothing left to close."""


def _is_no_timeout(record: logging.LogRecord) -> bool:
    """Tell whether a line is about something else than a wait on a socket that was over (svc/gunicorn_conf.py)."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
