"""Paths into JSON: `title.rendered`, `links[rel=alternate].href`, `authors.name`.

A path names a key, or keys divided by dots. A key with dots is preferred. A list on a path stands for all its items, a
number for one of them, and `name[key=value]` for the objects of a list that have this value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_SEGMENT = re.compile(r"(?P<name>.+?)\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\]")

LISTS: Final = (list, tuple, set, frozenset)


@dataclass(frozen=True, slots=True)
class Found:
    """The values at a path, and the keys that lead to them, up to the first list."""

    values: list[Any]
    keys: tuple[str, ...]


def has_path(record: object, path: str) -> bool:
    """Return whether there is a value at a path, perhaps null."""
    return bool(find(record, path).values)


def find(record: object, path: str) -> Found:
    """Return the values at a path. A key with dots is preferred to keys divided by dots."""
    if isinstance(record, Mapping) and path in record:
        return Found([record[path]], (path,))
    return _find_parts(record, path.split("."))


def _find_parts(value: object, parts: list[str]) -> Found:
    if not parts:
        return Found([value], ())
    if isinstance(value, (list, tuple)):
        if parts[0].isdecimal():
            item = value[int(parts[0])] if int(parts[0]) < len(value) else None
            return Found(_find_parts(item, parts[1:]).values, ())
        return Found([inner for item in value for inner in _find_parts(item, parts).values], ())
    if not isinstance(value, Mapping):
        return Found([], ())
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        inner, condition = value.get(name), _SEGMENT.fullmatch(name)
        if condition and condition["name"] in value:
            name = condition["name"]
            objects = (item for item in flatten(value[name]) if isinstance(item, dict))
            inner = [item for item in objects if item.get(condition["key"]) == condition["value"]]
        if name in value:
            found = _find_parts(inner, parts[length:])
            return Found(found.values, (name, *found.keys))
    return Found([], ())


def flatten(value: object) -> Iterator[object]:
    """Yield the items of a list and of the lists in it, or the value itself."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, LISTS):
            waiting += reversed(as_list(item))
        else:
            yield item


def as_list(value: Any) -> Any:
    """Return a tuple or a set as a list, and other values unchanged."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return list(value) if isinstance(value, tuple) else value


def without(record: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """Return a record without the value at the keys, and without objects that are empty then."""
    rest = dict(record)
    inner = rest.pop(keys[0], None)
    if len(keys) > 1 and isinstance(inner, dict) and (left := without(inner, keys[1:])):
        rest[keys[0]] = left
    return rest


def is_empty(value: object) -> bool:
    """Return whether a value holds nothing: null, or an empty string, list or object."""
    return value is None or (isinstance(value, (str, list, tuple, set, frozenset, Mapping)) and not value)


def first(found: Found) -> object:
    """Return the first value, or None."""
    return found.values[0] if found.values else None


def single(values: list[Any]) -> object:
    """Return the only value, or the list of several; None if there is none."""
    return values if len(values) > 1 else values[0] if values else None
