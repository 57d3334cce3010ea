"""What lets a caller and an operator find one request again: its id, and where its time went."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request

from svc import log

# Sane: short, printable, nothing that could forge a log line or a header.
_SANE_ID = re.compile(r"[A-Za-z0-9._~:/+=@-]{1,128}")

# W3C Trace Context: version, trace, parent, flags. Later versions may append to it.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")


def register(app: Flask) -> None:
    """Give every request an id and every answer `X-Request-ID` and `Server-Timing`; log lines carry the ids."""
    app.before_request(_begin)
    app.after_request(_finish)


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Count the wall time of a block under a name in `Server-Timing`."""
    began = time.perf_counter()
    try:
        yield
    finally:
        g.timings[part] = g.timings.get(part, 0.0) + time.perf_counter() - began


def stages() -> Callable[[str], None]:
    """Return what is to be told of each stage when it is done: it counts the wall time of each under its name."""
    timings, last = g.timings, time.perf_counter()

    def done(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        timings[stage] = now - last
        last = now

    return done


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
    trace = _TRACEPARENT.fullmatch(request.headers.get("Traceparent", ""))
    log.bind({"request_id": g.request_id} | ({"trace_id": trace[1]} if trace else {}))
    g.began = time.perf_counter()
    g.timings = {}


def _finish(response: Response) -> Response:
    timings = g.timings | {"total": time.perf_counter() - g.began}
    response.headers["X-Request-ID"] = g.request_id
    response.headers["Server-Timing"] = ", ".join(f"{part};dur={took * 1000:.2f}" for part, took in timings.items())
    return response
