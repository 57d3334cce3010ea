"""The cache of pure functions of short values, with its bound in one place.

A cache pays only for what an article asks several times (the parts of its URL), or what consecutive articles share: the
site, the authors, the language. It never holds texts.
"""

from __future__ import annotations

from functools import lru_cache

# Keys and values are short: a cache of this size takes about 1 MB at most.
MAX_VALUES = 1024

bounded_cache = lru_cache(maxsize=MAX_VALUES)
"""Decorate a function so that its last `MAX_VALUES` results are kept."""
