"""Tables of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

Row = tuple[str, Sequence[str]]
"""The label and the cells of a line."""

_GAP = 2
_MIN_CELL_CHARS = 6


def print_table(title: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Print a table after its title. Cells are aligned to the right."""
    lines = list(rows)
    label_chars = max((len(label) for label, _ in lines), default=0)
    cells = [columns, *(cells for _, cells in lines)]
    widths = [max(_MIN_CELL_CHARS, *map(len, column)) + _GAP for column in zip(*cells, strict=True)]
    click.echo(f"\n{title}")
    for label, line in [("", columns), *lines]:
        click.echo(f"{label:{label_chars}}" + "".join(f"{cell:>{w}}" for cell, w in zip(line, widths, strict=True)))


def format_share(part: int, total: int) -> str:
    """Return a share in percent, or a dash if the total is 0."""
    return f"{part / total:.1%}" if total else "-"
