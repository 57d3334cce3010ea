"""Packed counters: many small numbers in one big integer, so that one addition adds all of them.

Each number has a field of 32 bits. Python adds big integers a machine word at a time, which is much faster than a loop
over lists. Overflow is not detected: sums must stay below 2³².
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

FIELD_BITS = 32
FIELD_MASK = (1 << FIELD_BITS) - 1


def pack(numbers: Iterable[float]) -> int:
    """Return an integer with a field for each number, rounded. The first number has the lowest field.

    >>> pack([3, 5]) == 3 + (5 << 32)
    True
    """
    return int.from_bytes(array("I", map(round, numbers)).tobytes(), "little")


def unpack(packed: int, count: int) -> list[int]:
    """Return the numbers of the first `count` fields.

    >>> unpack(3 + (5 << 32), 2)
    [3, 5]
    """
    return memoryview(packed.to_bytes(count * 4, "little")).cast("I").tolist()


def minimum(packed: int, count: int) -> int:
    """Return the minimum of the first `count` fields.

    >>> minimum(3 + (5 << 32), 2)
    3
    """
    return min(memoryview(packed.to_bytes(count * 4, "little")).cast("I"))
