"""Limits of what is cleaned."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of what is cleaned. Sizes are in bytes, text in code points, times in seconds.

    Attributes:
        max_body_bytes: the size of one document, or of a request body.
        max_text_characters: the length of the text of an article and of all strings in its `extra`.
        max_batch_articles: the number of articles in one JSON batch.
        max_json_depth: the nesting depth of JSON.
        article_timeout: the time to clean one article.
    """

    max_body_bytes: int = 10 * 1024 * 1024
    max_text_characters: int = 1_000_000
    max_batch_articles: int = 1_000
    max_json_depth: int = 64
    article_timeout: float = 10.0


NO_LIMITS = Limits(
    max_body_bytes=sys.maxsize,
    max_text_characters=sys.maxsize,
    max_batch_articles=sys.maxsize,
    article_timeout=math.inf,
)
"""The limits of library calls: none of size and time. The limits of single fields and of pages still apply."""
