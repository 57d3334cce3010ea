"""Values of records as the fields of a raw article have them.

Converters of XML and APIs write objects and lists where a raw article has a string: `{"rendered": "…"}`,
`[{"name": "Anna Bell"}]`. A value that is something else is None: a number is not an author.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from copydesk.records.paths import as_list, find, first, flatten, is_empty
from copydesk.records.shapes import tables

# The edges of a piece of a sentence.
_CUT_START = re.compile(r" *[,.;:!?)\]]|[ \t]+[^\W\d_A-Z]")
_CUT_END = re.compile(r"[\w,;(\[][ \t]+\Z")
# Lists in cells of tables are rarely longer.
_MAX_LIST_CHARS = 100_000
# Objects and lists within each other that stand for one value.
_MAX_DEPTH = 8


def read_value(name: str, value: object) -> Any:
    """Return the value of a field as a raw article has it, or None if it cannot be read."""
    if isinstance(value, str) and name != "body" and value in tables().missing:
        return None
    if not (name == "body" and isinstance(value, (set, frozenset))):  # the order of its paragraphs is lost
        value = as_list(value)
    return _READERS.get(name, read_line)(value)


def read_line(value: object, kind: str = "line", depth: int = _MAX_DEPTH) -> str | None:
    """Return a string. A list may have one item, and an object a key for the string."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        items = [item for item in value if not is_empty(item)]
        return read_line(items[0], kind, depth - 1) if len(items) == 1 and depth else None
    if isinstance(value, Mapping) and depth:
        inner = (read_line(first(find(value, key)), kind, depth - 1) for key in tables().inner[kind])
        return next(filter(None, inner), None)
    return None


def is_missing(value: object) -> bool:
    """Return whether a value stands for a missing one: it is empty, or `None` in words."""
    return is_empty(value) or (isinstance(value, str) and value in tables().missing)


def take_first(values: list[Any]) -> object:
    """Return the first value of a list, or of a string with semicolons."""
    value = next((value for value in flatten(values) if value), None)
    return value.split(";")[0].strip() if isinstance(value, str) else value


def _read_url(value: object) -> str | None:
    """Return the first URL."""
    values = [value] if not isinstance(value, list) else value
    return next(filter(None, (read_line(item, "url") for item in values if not isinstance(item, int))), None)


def _read_date(value: object) -> str | float | date | None:
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        return value
    return read_line(value, "date")


def _read_body(value: object) -> str | None:
    """Return a text. The paragraphs of a list are joined; pieces of sentences are not, as their order may be lost."""
    if not isinstance(value, list):
        return read_line(value, "body") if not isinstance(value, int) else None
    read = [read_line(item, "body") for item in value]
    parts = [part for part in read if part is not None and not part.isspace()]
    if len(parts) < len(value) - sum(map(is_empty, value)) or not parts:
        return None
    is_cut = any(_CUT_END.search(before) or _CUT_START.match(after) for before, after in pairwise(parts))
    return None if is_cut else "\n\n".join(parts)


def _read_people(value: object) -> list[str] | None:
    return _read_strings(value, "person")


def _read_tags(value: object) -> list[str] | None:
    return _read_strings(value, "tag")


def _read_strings(value: object, kind: str) -> list[str] | None:
    """Return a list of strings, also from its notation in the cell of a table."""
    if isinstance(value, str) and value.startswith("[") and len(value) <= _MAX_LIST_CHARS:
        value = _parse_list(value)
    if isinstance(value, int | float):
        return None
    strings: list[str] = []
    for item in flatten(value):
        string = None if isinstance(item, int | float) else read_line(item, kind)
        if string is None and not is_empty(item):
            return None
        if string and string not in tables().missing:
            strings.append(string)
    return strings


def _parse_list(cell: str) -> object:
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return value if isinstance(value, list) else cell
    return cell


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "body": _read_body,
    "authors": _read_people,
    "tags": _read_tags,
    "published": _read_date,
    "modified": _read_date,
    "fetched_at": _read_date,
    "url": _read_url,
    "canonical_url": _read_url,
    "image": _read_url,
}
