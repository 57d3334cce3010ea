"""Streaming reader of a JSON array, item by item.

It only looks at what separates items: strings, brackets and commas. The items themselves are parsed later, so that a
malformed item does not fail the others. An error of the array itself comes after its items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARK = re.compile(rb'["\[\]{},]')
# A quote or an escape sequence; the latter may continue in the next block.
_MARK_IN_STRING = re.compile(rb'"|\\(?:.|\Z)', re.DOTALL)


class ArrayItem(NamedTuple):
    """An item of the array, or an error of the array itself.

    Attributes:
        raw: the JSON of the item; only its start if it is too long.
        size: the number of bytes that it takes in the array.
        error: the message of an error of the array itself.
    """

    raw: bytes
    size: int
    error: str = ""


def split_items(blocks: Iterator[bytes], max_item_bytes: int) -> Iterator[ArrayItem]:
    """Yield the items of an array.

    Args:
        blocks: the bytes of the array. Only white space and a byte order mark may precede its bracket.
        max_item_bytes: a longer item is truncated to one byte more than this.

    >>> [item.raw for item in split_items(iter([b'[{"a": [1, 2]}, {"b', b'": "],"}]']), 100)]
    [b'{"a": [1, 2]}', b'{"b": "],"}']
    """
    buffer, size, has_items, is_closed = bytearray(), 0, False, False
    for part, delimiter in _split_parts(blocks):
        buffer += part[: max_item_bytes + 1 - len(buffer)]
        size += len(part) + len(delimiter)
        if is_closed and buffer.strip():
            yield ArrayItem(b"", size, "Unexpected data after the end of the array.")
            return
        if delimiter:
            is_closed, raw = delimiter == b"]", bytes(buffer.strip())
            if raw or has_items or not is_closed:
                yield ArrayItem(raw, size)
            buffer, size, has_items = bytearray(), 0, True
    if not is_closed:
        if raw := bytes(buffer.strip()):
            yield ArrayItem(raw, size)
        yield ArrayItem(b"", 0, "The array is truncated: expected a comma or the closing bracket.")


def _split_parts(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield parts of items with their delimiters: a comma, the closing bracket, or nothing at the end of a block."""
    depth, in_string, mark = 0, False, b""
    for block in blocks:
        # A backslash at the end of a block escapes the first byte of the next one.
        start, position, mark = 0, int(in_string and mark == b"\\"), b""
        while match := (_MARK_IN_STRING if in_string else _MARK).search(block, position):
            mark, position = match[0], match.end()
            if in_string:
                in_string = mark != b'"'
            elif mark == b'"':
                in_string = True
            elif mark in b"[{":
                depth += 1
                start = position if depth == 1 else start
            elif depth > 1:
                depth -= mark in b"]}"
            elif mark in b",]":
                yield block[start : position - 1], mark
                start = position
                if mark == b"]":
                    yield block[position:], b""
                    yield from ((rest, b"") for rest in blocks)
                    return
        yield block[start:], b""
