"""The JSON of a clean article as a raw article, to clean it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

KEPT_FIELDS: Final = (
    *("id", "url", "canonical_url", "title", "subtitle", "text", "authors", "source", "section", "tags", "image"),
    "extra",
)
"""The fields that a raw and a clean article share, with values of the same type."""

_DATE_FIELDS: Final = ("published", "modified", "fetched_at")
# Keys that every clean article has, and hardly another record.
_SIGNATURE: Final = frozenset(("text", "content_hash", "fingerprint", "changes", "warnings"))
# The keys of an item of a batch response.
_ITEM_KEYS: Final = {"index", "article"}


def find_clean_article(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the clean article that a record is or, as an item of a batch response, has; None for other records."""
    article = record["article"] if record.keys() == _ITEM_KEYS else record
    return article if isinstance(article, Mapping) and article.keys() >= _SIGNATURE else None


def reduce_clean_article(article: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a clean article that a raw one has, without empty ones.

    A date or a language that is not known is as it was sent.
    """
    raw = {name: article.get(name) for name in KEPT_FIELDS}
    raw |= {name: article.get(name) or article.get(f"{name}_raw") for name in _DATE_FIELDS}
    if isinstance(language := article.get("language"), Mapping):
        raw["language"] = language.get("declared") or language.get("raw")
    return {name: value for name, value in raw.items() if value or isinstance(value, str)}
