"""A figure: what was measured, and what it may be at most."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = f"{'':68}{'':>9}{'at most':>9}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table."""

    name: str
    measured: float
    most: float | None = None

    def __str__(self) -> str:
        """Write the line."""
        limit = "" if self.most is None else f"{self.most:g}"
        missed = "  missed" if self.most is not None and self.measured > self.most else ""
        return f"{self.name:68}{self.measured:9.3f}{limit:>9}{missed}".rstrip()
