"""A guard against texts that a tool has seen before: its caches would make the second time cheaper."""

from __future__ import annotations


class SeenBeforeError(Exception):
    """A tool was to be measured with a text that its process has seen before."""


class SeenTexts:
    """The texts that each tool in a process has seen, as hashes."""

    def __init__(self) -> None:
        self._hashes: set[int] = set()

    def add(self, tool: str, text: str | bytes) -> None:
        """Add a text that a tool is about to see.

        Raises:
            SeenBeforeError: the tool has seen it.
        """
        key = hash((tool, text))
        if key in self._hashes:
            raise SeenBeforeError(f"{tool} has seen this text before: {text[:60]!r}")
        self._hashes.add(key)
