"""The caches of pure functions of short values, with their bounds in one place.

A cache pays only for what an article asks several times (the parts of its URL, the same damaged characters), or what
consecutive articles share: the site, the authors, the language. It never holds texts. Where values are large, a cache
has a smaller bound of its own.
"""

from __future__ import annotations

from functools import lru_cache

# Keys and values are short: a cache of this size takes about 1 MB at most.
MAX_VALUES = 1024
# Of a few characters, there are more combinations, and they take less.
_MAX_CHARACTER_VALUES = 4096

bounded_cache = lru_cache(maxsize=MAX_VALUES)
"""Decorate a function so that its last `MAX_VALUES` results are kept."""

character_cache = lru_cache(maxsize=_MAX_CHARACTER_VALUES)
"""Decorate a function of a few characters, or of a pair of charsets."""
