"""Lanes: many numbers in one big integer, so that adding two integers adds all of them at the speed of one.

A lane has 32 bits; sums must stay below that.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

LANE = 32
LANE_MASK = (1 << LANE) - 1


def packed(costs: Iterable[float]) -> int:
    """Return costs as lanes of one integer, each rounded.

    >>> packed([3, 5]) == 3 + (5 << 32)
    True
    """
    return int.from_bytes(array("I", [round(cost) for cost in costs]).tobytes(), "little")


def unpacked(lanes: int, count: int) -> list[int]:
    """Return the cost in each of `count` lanes.

    >>> unpacked(3 + (5 << 32), 2)
    [3, 5]
    """
    return memoryview(lanes.to_bytes(count * 4, "little")).cast("I").tolist()


def least(lanes: int, count: int) -> int:
    """Return the least cost of `count` lanes.

    >>> least(3 + (5 << 32), 2)
    3
    """
    return min(memoryview(lanes.to_bytes(count * 4, "little")).cast("I"))
