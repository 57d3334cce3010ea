"""A JSON array, read item by item, so that it may be as long as a crawl is.

Only what divides items is looked at here: strings, brackets, commas. Whether an item is JSON is for its reader to say,
so that a broken one is a problem in its place and its neighbours are read. An array that is cut off, or that something
follows, is told at the end: what stands before has been given out by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARK = re.compile(rb'["\[\]{},]')
# The end of a string, or what a backslash keeps from being one, be it in the next block.
_IN_STRING = re.compile(rb'"|\\(?:.|\Z)', re.DOTALL)


class Piece(NamedTuple):
    """An item as it stands there, or the beginning of one that is too long; or what is wrong with the array."""

    raw: bytes
    size: int
    wrong: str = ""


def pieces(blocks: Iterator[bytes], most: int) -> Iterator[Piece]:
    """Yield the items of an array.

    Args:
        blocks: its bytes, which begin with its bracket, a byte order mark and blanks aside.
        most: of an item with more bytes than this, only one more is given out.

    >>> [piece.raw for piece in pieces(iter([b'[{"a": [1, 2]}, {"b', b'": "],"}]']), 100)]
    [b'{"a": [1, 2]}', b'{"b": "],"}']
    """
    held, size, found, closed = bytearray(), 0, False, False
    for part, end in _parts(blocks):
        held += part[: most + 1 - len(held)]
        size += len(part) + len(end)
        if closed and held.strip():
            yield Piece(b"", size, "Something follows after the end of the array; it was not read.")
            return
        if end:
            closed, raw = end == b"]", bytes(held.strip())
            if raw or found or not closed:
                yield Piece(raw, size)
            held, size, found = bytearray(), 0, True
    if not closed:
        if raw := bytes(held.strip()):
            yield Piece(raw, size)
        yield Piece(b"", 0, "The array is cut off: the bracket that closes it is missing.")


def _parts(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield pieces of items, each with what ends it: the comma, the last bracket, or nothing where its block ends."""
    depth, in_string, said = 0, False, b""
    for block in blocks:
        # A backslash that was the last of its block keeps the first of this one from ending the string.
        start, at, said = 0, int(in_string and said == b"\\"), b""
        while mark := (_IN_STRING if in_string else _MARK).search(block, at):
            said, at = mark[0], mark.end()
            if in_string:
                in_string = said != b'"'
            elif said == b'"':
                in_string = True
            elif said in b"[{":
                depth += 1
                start = at if depth == 1 else start
            elif depth > 1:
                depth -= said in b"]}"
            elif said in b",]":
                yield block[start : at - 1], said
                start = at
                if said == b"]":
                    yield block[at:], b""
                    yield from ((rest, b"") for rest in blocks)
                    return
        yield block[start:], b""
