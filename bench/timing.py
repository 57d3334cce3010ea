"""What is timed: the desk, and the loop that it replaces."""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Callable
from typing import Any

import ftfy
import langdetect

from copydesk import language
from copydesk.cache import BoundedCache

langdetect.DetectorFactory.seed = 0


def loop(raw: dict[str, Any]) -> None:
    """Do what Copydesk replaces."""
    langdetect.detect_langs(ftfy.fix_text(raw["text"]))


def seconds(do: Callable[[], object]) -> float:
    """Return the seconds of CPU that one call takes."""
    start = time.process_time_ns()
    do()
    return (time.process_time_ns() - start) / 1e9


def forget() -> None:
    """Empty all memos: the next articles are as the first ones of a new process."""
    for found in gc.get_objects():
        if isinstance(found, BoundedCache):
            found.clear()
        elif isinstance(found, functools._lru_cache_wrapper) and found.cache_parameters()["maxsize"]:  # noqa: SLF001
            found.cache_clear()
    language.clear_caches()
