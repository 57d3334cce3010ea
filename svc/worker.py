"""gunicorn's threaded worker, with one thing mended.

After an answer with `Connection: close`, gunicorn waits up to two seconds for the client to close its side, too, and
does so on the loop that serves all other connections: twenty clients that never close cost every other one forty
seconds. Here the thread that answered waits.
"""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """The worker that `svc.gunicorn_conf` names."""

    def handle(self, conn: TConn) -> Any:
        """Handle a request; close its connection here, when it is not kept."""
        kept = super().handle(conn)
        if not kept:
            conn.close(graceful=True)
            conn.close = _closed
        return kept


def _closed(*, graceful: bool = False) -> None:
    """Stand in for `close` on the loop, which counts the connection and has nothing left to close."""
