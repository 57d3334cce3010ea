"""Mutations that keep JSON valid. Random byte mutations nearly always break it and never get past the parser."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

MutateBytes = Callable[[bytes, int], bytes]
"""Mutates bytes. The second argument is the maximum size of the result."""

_NAMES = (
    *("text", "title", "subtitle", "authors", "tags", "published", "fetched_at", "url", "canonical_url", "image"),
    *("html", "language", "source", "section", "extra", "declared_charset", "content_base64", "content_type", "id"),
    "options",
)
_VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 1e308, 2**63, "", [], {}, ["x"], {"a": "b"}, "\ud800"),
    *({"repair": "aggressive"}, {"normalization": "none"}, {"whitespace": "keep"}, {"strip_dateline": True}),
)


def mutate_document(data: bytes, max_bytes: int, seed: int, mutate: MutateBytes) -> bytes:
    """Mutate one string of a JSON document, or replace one of its values.

    Invalid JSON is mutated as bytes, and so is valid JSON one time in four.

    Args:
        data: the document.
        max_bytes: the maximum size of the result.
        seed: the seed of the random choices.
        mutate: mutates bytes.
    """
    rng = random.Random(seed)
    try:
        root = [json.loads(data)]
    except (ValueError, RecursionError):
        root = []
    if not root or rng.random() < 0.25:
        return mutate(data, max_bytes)
    parent, key = rng.choice(list(_slots(root)))
    value = parent[key]
    if isinstance(value, dict) and rng.random() < 0.5:
        value[rng.choice(_NAMES)] = rng.choice(_VALUES)
    elif isinstance(value, str) and rng.random() < 0.9:
        encoded = value.encode("utf-8", "surrogatepass")
        max_string_bytes = len(encoded) + max(1, max_bytes - len(data))
        parent[key] = mutate(encoded, max_string_bytes).decode("utf-8", "surrogateescape")
    else:
        parent[key] = rng.choice(_VALUES)
    body = json.dumps(root[0], ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    return body if len(body) <= max_bytes else mutate(data, max_bytes)


def mutate_lines(data: bytes, max_bytes: int, seed: int, mutate: MutateBytes) -> bytes:
    """Mutate one line of NDJSON as a document. The arguments are those of `mutate_document`."""
    lines = data.split(b"\n")
    i = seed % len(lines)
    other_bytes = len(data) - len(lines[i])
    lines[i] = mutate_document(lines[i], max(1, max_bytes - other_bytes), seed, mutate)
    return b"\n".join(lines)[:max_bytes]


def _slots(parent: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the parent and the index or key of each value."""
    items = parent.items() if isinstance(parent, dict) else enumerate(parent)
    for key, value in list(items):
        yield parent, key
        if isinstance(value, (dict, list)):
            yield from _slots(value)


MUTATORS = {"json": mutate_document, "lines": mutate_lines}
