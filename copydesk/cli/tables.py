"""Streaming reader of tables: CSV, TSV and their relatives, row by row.

The first row has the names of the columns. The charset is that of the start of the file; a line that is invalid in it
is detected by itself. A malformed row becomes an error in its place: a misplaced quote must not join rows in silence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from copydesk.article import ArticleWarning
from copydesk.encoding.detect import codec_name, decode
from copydesk.errors import UnreadableContent
from copydesk.ingest import PLAIN, Content, decode_content

_DELIMITERS = "\t,;|"
# The first line of tables by Excel may name the delimiter.
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)
_WIDE_CODECS = ("utf-16", "utf-32")
_MIN_SURE_CONFIDENCE = 0.5


class TableRow(NamedTuple):
    """A row of a table, or an error.

    Attributes:
        line: the number of its first line.
        values: the cells by the names of their columns.
        size: the number of bytes that it takes in the file.
        error: why it cannot be read.
    """

    line: int
    values: dict[str, str]
    size: int
    error: str = ""


class Table:
    """A table.

    Args:
        sample: the first bytes of the file.
        lines: all lines of the file, divided at line feeds, with their sizes. A line over the limit is truncated.
        max_bytes: the maximum size of a row.

    Attributes:
        encoding: the encoding of the sample.
        warnings: the warnings about it.
        columns: the names of the columns.

    Raises:
        UnreadableContent: the file has no text, or no valid names of columns.
    """

    def __init__(self, sample: bytes, lines: Iterable[tuple[bytes, int]], max_bytes: int) -> None:
        _, self.encoding, warnings = decode_content(Content(sample[: sample.rfind(b"\n") + 1] or sample, PLAIN))
        self.warnings: tuple[ArticleWarning, ...] = tuple(each for each in warnings if each.code != "bytes-lost")
        codec = codec_name(self.encoding.name)
        if codec.startswith(_WIDE_CODECS):  # their line breaks are not those of ASCII
            lines, codec = _transcode(lines, codec, max_bytes), "utf-8"
        self._lines = _Lines(lines, codec, max_bytes)
        csv.field_size_limit(max_bytes)
        self.columns, self._delimiter = self._read_columns()

    def _read_columns(self) -> tuple[list[str], str]:
        """Return the names of the columns and the delimiter."""
        first = next((line for line in self._lines if not line.isspace()), "").removeprefix("\ufeff")
        separator = _SEPARATOR_LINE.match(first)
        first = next(self._lines, "") if separator else first
        delimiter = separator[1] if separator else max(_DELIMITERS, key=lambda each: len(_split_line(first, each)))
        names = [name.strip() for name in _split_line(first, delimiter)]
        repeated = next((name for i, name in enumerate(names) if name and name in names[:i]), None)
        if repeated is not None:
            raise UnreadableContent(f"The table has two columns with the name {repeated!r}.")
        if not any(names):
            raise UnreadableContent("The table has no names of columns in its first row.")
        return [name or f"column {number}" for number, name in enumerate(names, 1)], delimiter

    def __iter__(self) -> Iterator[TableRow]:
        """Yield the rows below the names."""
        self._lines.take_size()
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        while True:
            number, error = self._lines.number + 1, ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnreadableContent) as reason:
                cells, error = [], f"Malformed row: {reason}."
                reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
            if cells and len(cells) != len(self.columns):
                error = f"The row has {len(cells)} cells; the table has {len(self.columns)} columns."
            if error:
                yield TableRow(number, {}, self._lines.take_size(), error)
            elif any(cells):
                yield TableRow(number, dict(zip(self.columns, cells, strict=True)), self._lines.take_size())


class _Lines:
    """The lines of a table, decoded.

    Attributes:
        number: the number of the last line.
    """

    def __init__(self, lines: Iterable[tuple[bytes, int]], codec: str, max_bytes: int) -> None:
        self._lines = iter(lines)
        self._codec = codec
        self._max_bytes = max_bytes
        self._size = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line, size = next(self._lines)
        self.number += 1
        self._size += size
        if self._size > self._max_bytes:
            raise UnreadableContent(f"more than {self._max_bytes} bytes")
        return self._decode(line)

    def take_size(self) -> int:
        """Return the number of bytes since the last call."""
        size, self._size = self._size, 0
        return size

    def _decode(self, line: bytes) -> str:
        try:
            return line.decode(self._codec)
        except UnicodeDecodeError:
            detected = decode(line, markup=False)
        sure = detected.encoding.confidence >= _MIN_SURE_CONFIDENCE
        return detected.text if sure else line.decode(self._codec, "replace")


def _transcode(lines: Iterable[tuple[bytes, int]], codec: str, max_bytes: int) -> list[tuple[bytes, int]]:
    """Return the lines of a table of UTF-16 or UTF-32 as UTF-8. Tables by Excel are, and are small."""
    data = bytearray()
    for line, size in lines:
        data += line
        if len(data) > max_bytes or size > len(line):
            raise UnreadableContent(f"A table of {codec.upper()} has at most {max_bytes} bytes: convert it to UTF-8.")
    text = data.decode(codec, "replace").removeprefix("\ufeff")
    width = len(data) // max(len(text), 1)
    return [(line.encode(), len(line) * width) for line in text.splitlines(keepends=True)]


def _split_line(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
