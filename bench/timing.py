"""Timing of calls, and the reference that Copydesk is compared with: ftfy and langdetect."""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Callable
from contextlib import suppress

import ftfy
import langdetect

langdetect.DetectorFactory.seed = 0


def run_loop(text: str) -> None:
    """Repair a text with ftfy and detect its languages with langdetect."""
    ftfy.fix_text(text)
    detect_languages(text)


def detect_languages(text: str) -> None:
    """Detect the languages of a text with langdetect."""
    with suppress(langdetect.LangDetectException):  # a text without letters
        langdetect.detect_langs(text)


def cpu_seconds(call: Callable[[], object]) -> float:
    """Return the CPU time of one call."""
    start = time.process_time_ns()
    call()
    return (time.process_time_ns() - start) / 1e9


def wall_seconds(call: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def mean_wall_seconds(call: Callable[[], object], min_seconds: float = 0.1) -> float:
    """Return the mean wall time of a call, measured for at least `min_seconds` after one call to warm up."""
    call()
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < min_seconds:
        call()
        count += 1
    return (time.perf_counter() - start) / count


def clear_caches() -> None:
    """Clear all caches, so that the next article costs as much as the first one of a process."""
    for value in gc.get_objects():
        if isinstance(value, functools._lru_cache_wrapper) and value.cache_parameters()["maxsize"]:  # noqa: SLF001
            value.cache_clear()
