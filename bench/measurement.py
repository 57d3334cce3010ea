"""Measurements with their limits, as lines of a table."""

from __future__ import annotations

from dataclasses import dataclass

HEADER = f"{'':68}{'':>9}{'at most':>9}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value and its upper limit."""

    name: str
    value: float
    limit: float | None = None

    def __str__(self) -> str:
        """Return the line of the table."""
        limit = "" if self.limit is None else f"{self.limit:g}"
        missed = "  missed" if self.limit is not None and self.value > self.limit else ""
        return f"{self.name:68}{self.value:9.3f}{limit:>9}{missed}".rstrip()
