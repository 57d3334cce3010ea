"""gunicorn's threaded worker, made safe against slow clients and stricter about HTTP.

A connection is in one of these states. Threads hold it in one of them only:

    head      its request arrives, on the loop; until `COPYDESK_SOCKET_TIMEOUT`
    busy      a thread serves the request; at most `MAX_BUSY`, which includes those that wait for a thread
    idle      kept alive between two requests, on the loop; gunicorn's `keepalived_conns`
    closing   its last response is sent, on the loop; until the client closes its side, at most two seconds

The differences to gunicorn:

1. Heads are read on the loop, so that slow ones hold no thread, and within a time. A body has a deadline, too.
2. Probes (health checks and metrics) have threads and a queue of their own. They respond while all others are blocked
   by slow bodies. A client that does not read the response of a probe is cut off after a second (http/sending.py).
3. If all connections are taken, one without a request is closed, so that a new one is accepted. It had at least 0.1
   seconds for its head.
4. gunicorn waits for a client to close its side on the loop, and blocks all others. Here the loop does not block.
5. A stopping worker of gunicorn keeps its listener open and accepts nothing: new connections are reset two seconds
   later. Here it accepts the waiting connections and closes the listener, so that a balancer tries another instance.
6. gunicorn responds to malformed HTTP with an HTML page and logs the full address of the client. Here the response is a
   problem with a request ID, and the log has only the ID.
7. gunicorn logs a timeout of a socket as an error with a traceback. Here it is not logged, like a closed connection.
8. gunicorn closes a connection after a response without `Connection: close` if much of the request body is unread. A
   load balancer would already have sent the next request on it. Here the response says so.
9. HTTP/1.1 without `Host`, and transfer codings other than `chunked`, are rejected (RFC 9112). `100 Continue` is sent
   when the body is read, not before.
"""

from __future__ import annotations

import gc
import json
import logging
import select
import selectors
import socket
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from copydesk.settings import Settings

from ..errors import Overloaded, RequestTimeout
from ..observability import metrics
from ..observability.logging import bind, unbind
from .request_head import MAX_HEAD_BYTES, DeadlineUnreader, RequestHead, has_long_rest

# Of the connections of a worker (gunicorn_conf.py). The others are for heads, idle connections and health checks.
MAX_BUSY = 192
_PROBE_THREADS = 4
_MAX_PROBES = 32
_CLOSE_TIMEOUT_S = 2.0
_MIN_HEAD_S = 0.1  # a client sends the head right after it connects, but one on a busy machine needs a moment
_RECV_BYTES = 16_384

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
        self._settings = Settings.from_env()
        self._probe_pool = ThreadPoolExecutor(_PROBE_THREADS)
        # Both in the order of their deadlines, as each kind has one timeout.
        self._heads: dict[TConn, RequestHead] = {}
        self._closing: dict[TConn, float] = {}
        self._busy: set[TConn] = set()
        self._probes: set[TConn] = set()
        self._may_have_garbage = False
        super().init_process()

    # Accepting

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

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events. If all connections are taken, wake up when the oldest head may be closed."""
        super().wait_for_and_dispatch_events(timeout if self._has_place() else min(timeout, _MIN_HEAD_S))

    def _has_place(self) -> bool:
        return bool(self.nr_conns < self.worker_connections)

    def _free_a_place(self) -> None:
        """If all connections are taken, close one, but never one with a request.

        The order is: those being closed, incomplete heads, idle connections; the oldest first.
        """
        if self._has_place():
            return
        if self._closing:
            self._drop(next(iter(self._closing)))
        elif self._heads:
            self._cut_head(*next(iter(self._heads.items())))
        elif self.keepalived_conns:
            self._cut(self.keepalived_conns.popleft())

    def _cut_head(self, conn: TConn, head: RequestHead) -> None:
        """Close a connection without a request if it had time for the head, and the rest has not arrived by now."""
        if time.monotonic() < head.start + _MIN_HEAD_S:
            return
        self._read_head(conn)
        if conn in self._heads:
            self._cut(conn)

    def _cut(self, conn: TConn) -> None:
        metrics.CONNECTIONS_CUT.labels("connection_limit").inc()
        self._drop(conn)

    # Heads

    def enqueue_req(self, conn: TConn) -> None:
        """Read the head of the next request of a connection. A thread serves the request when the head is complete."""
        if not conn.initialized:
            conn.init()
            conn.parser.unreader = DeadlineUnreader(conn.sock, self._settings.socket_timeout)
        conn.sock.settimeout(0)
        head = RequestHead(time.monotonic(), self._settings.socket_timeout, self.cfg.limit_request_line)
        self._heads[conn] = head
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read_head, conn))
        if sent_ahead := conn.parser.unreader.take_buffered():
            self._add_to_head(conn, head, sent_ahead)
        else:
            self._read_head(conn)  # most clients have sent it already

    def _read_head(self, conn: TConn, _: object = None) -> None:
        try:
            data = conn.sock.recv(_RECV_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._add_to_head(conn, self._heads[conn], data)
        else:
            self._drop(conn)

    def _add_to_head(self, conn: TConn, head: RequestHead, data: bytes) -> None:
        head.add(data)
        if head.is_complete:
            self._leave_loop(conn)
            conn.parser.unreader.unread(bytes(head.data))
            self._dispatch(conn, is_probe=head.is_probe())
        elif head.is_too_large():
            self._leave_loop(conn)
            error = errors.LimitRequestHeaders(f"The head exceeds {MAX_HEAD_BYTES} bytes")
            self.handle_error(None, conn.sock, conn.client, error)
            self._close(conn)

    def _leave_loop(self, conn: TConn) -> None:
        """Stop waiting for a connection on the loop."""
        self._heads.pop(conn, None)
        self._closing.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    # Requests

    def _dispatch(self, conn: TConn, *, is_probe: bool) -> None:
        """Hand a connection to a thread. A probe never waits for the threads of other requests."""
        if is_probe:
            pool, connections, maximum = self._probe_pool, self._probes, _MAX_PROBES
        else:
            pool, connections, maximum = self.tpool, self._busy, MAX_BUSY
        if len(connections) < maximum:
            connections.add(conn)
            self._submit(pool, conn)
        else:
            metrics.REQUESTS_REJECTED.labels("connections").inc()
            problem = Overloaded(f"Queue full ({maximum} requests). Retry after 1 second.").to_problem()
            _send_problem(conn.sock, problem, uuid.uuid4().hex, {"Retry-After": "1"})
            self._close(conn)

    def _submit(self, pool: Executor, conn: TConn) -> None:
        future = pool.submit(self.handle, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def handle(self, conn: TConn) -> Any:
        """Handle a request in a thread, within the time for a body."""
        conn.parser.unreader.deadline = time.monotonic() + self._settings.body_timeout
        try:
            return super().handle(conn)
        finally:
            unbind()

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Check the rules of HTTP/1.1 that gunicorn does not check, then handle the request."""
        _check_request(req)
        req.version = min(req.version, (1, 1))  # of the response, too
        unreader = conn.parser.unreader
        unreader.expects_continue = req._expected_100_continue  # noqa: SLF001  it has no other name
        req._expected_100_continue = False  # noqa: SLF001
        # A client that still waits for `100 Continue` after the response may send the body or the next request.
        asks_to_close = req.should_close
        req.should_close = lambda: unreader.expects_continue or has_long_rest(req.body) or asks_to_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Keep a connection alive after a request, or close it. Called on the loop."""
        self._busy.discard(conn)
        self._probes.discard(conn)
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._may_have_garbage = True
            self._close(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Respond to malformed requests. gunicorn handles other errors."""
        if not isinstance(exc, errors.ParseException) or isinstance(exc, _SERVER_ERRORS):
            super().handle_error(req, client, addr, exc)
            return
        status = _STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        request_id = uuid.uuid4().hex
        bind({"request_id": request_id})
        self.log.warning("request %s is malformed: %s", request_id, type(exc).__name__)
        unbind()
        problem = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": f"{exc}."}
        _send_problem(client, problem, request_id)

    # Closing

    def _close(self, conn: TConn) -> None:
        """Close a connection when the client has closed its side, as a reset would cut off the response (RFC 9112)."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn))
        except (OSError, ValueError):  # it is closed already
            self._drop(conn)
        else:
            self._closing[conn] = time.monotonic() + _CLOSE_TIMEOUT_S

    def _discard(self, conn: TConn, _: object) -> None:
        try:
            data = conn.sock.recv(_RECV_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        """Close a connection at once."""
        self._leave_loop(conn)
        self.nr_conns -= 1
        conn.close()

    # Deadlines

    def murder_pending(self) -> None:
        """Close connections whose deadline is over. The loop of gunicorn calls this at least once a second."""
        now = time.monotonic()
        while self._closing and next(iter(self._closing.values())) <= now:
            self._drop(next(iter(self._closing)))
        while self._heads and next(iter(self._heads.values())).deadline <= now:
            self._give_up_head(*next(iter(self._heads.items())))
        self._free_a_place()
        self._collect_garbage()

    def _collect_garbage(self) -> None:
        """Free the bodies of requests that ended with an error: its traceback refers to them, in a cycle.

        An idle worker would keep them, as it makes too few objects for an automatic collection.
        """
        if self._may_have_garbage:
            self._may_have_garbage = False
            gc.collect()

    def _give_up_head(self, conn: TConn, head: RequestHead) -> None:
        metrics.CONNECTIONS_CUT.labels("head_timeout").inc()
        if not head.data:  # the client may have connected in advance
            self._drop(conn)
            return
        self._leave_loop(conn)
        detail = f"The head of the request was not complete after {self._settings.socket_timeout:g} seconds."
        _send_problem(conn.sock, RequestTimeout(detail).to_problem(), uuid.uuid4().hex)
        self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Limit the time of idle connections and heads when the worker stops."""
        super()._cap_keepalive(deadline)
        for head in self._heads.values():
            head.deadline = min(head.deadline, deadline)


def _check_request(req: Any) -> None:
    """Check a head by RFC 9112: `Host` in section 3.2, `Transfer-Encoding` in section 6.1."""
    if req.version >= (1, 1) and not any(name == "HOST" for name, _ in req.headers):
        raise errors.InvalidHeader("HOST", req=req)
    for name, value in req.headers:
        if name == "TRANSFER-ENCODING" and value.lower() != "chunked":
            raise errors.UnsupportedTransferCoding(value)


def _send_problem(
    client: socket.socket, problem: Mapping[str, Any], request_id: str, headers: Mapping[str, str] | None = None
) -> None:
    """Send a problem as the last response of a connection, without blocking."""
    status = HTTPStatus(problem["status"])
    body = json.dumps(problem).encode() + b"\n"
    lines = {
        "Content-Type": "application/problem+json",
        "Content-Length": len(body),
        "Connection": "close",
        "X-Request-ID": request_id,
    } | dict(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with suppress(OSError):  # the client has closed the connection or does not read
        write_nonblock(client, f"HTTP/1.1 {status} {status.phrase}\r\n{head}\r\n".encode() + body)


def _is_not_timeout(record: logging.LogRecord) -> bool:
    """Return whether a log record is not about a socket timeout."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError | TimeoutError))
