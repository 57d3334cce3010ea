"""Mutations that leave JSON whole: a mutated byte nearly always breaks it, and then nothing behind it is ever met."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

Mutate = Callable[[bytes, int], bytes]

_NAMES = (
    *(
        "text",
        "title",
        "subtitle",
        "authors",
        "tags",
        "published",
        "fetched_at",
        "url",
        "canonical_url",
        "image",
        "html",
    ),
    *("language", "source", "section", "extra", "declared_charset", "content_base64", "content_type", "id", "options"),
)
_VALUES: tuple[Any, ...] = (None, True, 0, -1, 1.5, 1e308, 2**63, "", [], {}, ["x"], {"a": "b"}, "\ud800")
_VALUES += ({"repair": "aggressive"}, {"normalization": "none"}, {"whitespace": "keep"}, {"strip_dateline": True})


def document(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Mutate one string of a JSON document, or put something else in the place of one of its values.

    One time in four, and where there is no JSON to be read, its bytes are mutated as they are.

    Args:
        data: the document.
        most: how many bytes may come back.
        seed: decides what is done.
        mutate: makes bytes of bytes, so many at most.
    """
    dice = random.Random(seed)
    try:
        root = [json.loads(data)]
    except (ValueError, RecursionError):
        root = []
    if not root or dice.random() < 0.25:
        return mutate(data, most)
    places = list(_places(root))
    holder, key = dice.choice(places)
    was = holder[key]
    if isinstance(was, dict) and dice.random() < 0.5:
        was[dice.choice(_NAMES)] = dice.choice(_VALUES)
    elif isinstance(was, str) and dice.random() < 0.9:
        whole = was.encode("utf-8", "surrogatepass")
        holder[key] = mutate(whole, len(whole) + max(1, most - len(data))).decode("utf-8", "surrogateescape")
    else:
        holder[key] = dice.choice(_VALUES)
    written = json.dumps(root[0], ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    return written if len(written) <= most else mutate(data, most)


def lines(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Mutate one line of NDJSON as a document."""
    parts = data.split(b"\n")
    at = seed % len(parts)
    rest = len(data) - len(parts[at])
    parts[at] = document(parts[at], max(1, most - rest), seed, mutate)
    return b"\n".join(parts)[:most]


def _places(holder: Any) -> Any:
    """Yield where each value stands: what holds it, and under which index or key."""
    items = holder.items() if isinstance(holder, dict) else enumerate(holder)
    for key, value in list(items):
        yield holder, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


BY_DOOR = {"json": document, "lines": lines}
