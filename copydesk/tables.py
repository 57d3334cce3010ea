"""The text tables of the package: one row per line, with tabs between its fields."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def read_rows(package: str, name: str) -> Iterator[list[str]]:
    """Yield the fields of each row of a table. Blank lines and lines that start with `#` are comments.

    Args:
        package: the package with the file.
        name: the path of the file in the package.

    >>> next(read_rows("copydesk.metadata.dates", "calendar.txt"))[0]
    'ago'
    """
    for line in files(package).joinpath(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
