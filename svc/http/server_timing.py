"""`Server-Timing`: the wall time of each part of a request."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, g


def register(app: Flask) -> None:
    """Measure every request."""
    app.before_request(_start)
    app.after_request(_add_header)


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Add the wall time of a block to a part."""
    start = time.perf_counter()
    try:
        yield
    finally:
        g.timings[part] = g.timings.get(part, 0.0) + time.perf_counter() - start


def stage_timer() -> Callable[[str], None]:
    """Return a callback that records the wall time of each stage when it is done."""
    timings, last = g.timings, time.perf_counter()

    def on_stage(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        timings[stage] = now - last
        last = now

    return on_stage


def _start() -> None:
    g.started = time.perf_counter()
    g.timings = {}


def _add_header(response: Response) -> Response:
    timings = g.timings | {"total": time.perf_counter() - g.started}
    response.headers["Server-Timing"] = ", ".join(
        f"{part};dur={seconds * 1000:.2f}" for part, seconds in timings.items()
    )
    return response
