"""A bounded cache of a pure function of a short string.

Most words of an article also occur in the one before it. Lookup is that of a dict: it is faster than `lru_cache`, and
`map(cache.__getitem__, words)` runs without Python code for each word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")

# Longer keys are rare. They cost as much memory as computing them again costs time.
MAX_KEY_CHARS = 64


class BoundedCache(dict[str, V]):
    """A bounded cache of a pure function of a short string.

    A missing value is computed on lookup. A full cache is cleared, and values of keys with more than `MAX_KEY_CHARS`
    characters are not kept, so memory is bounded for any input. Threads may share a cache: at worst, a value is
    computed twice.

    >>> lengths = BoundedCache(len, max_size=1000)
    >>> list(map(lengths.__getitem__, ["one", "three", "one"])), len(lengths)
    ([3, 5, 3], 2)
    """

    def __init__(self, function: Callable[[str], V], *, max_size: int) -> None:
        """Create an empty cache.

        Args:
            function: computes a value. It must return the same value for the same key.
            max_size: the maximum number of values.
        """
        super().__init__()
        self._function = function
        self._max_size = max_size

    def __missing__(self, key: str) -> V:
        """Compute a value and keep it."""
        value = self._function(key)
        if len(key) <= MAX_KEY_CHARS:
            if len(self) >= self._max_size:
                self.clear()
            self[key] = value
        return value
