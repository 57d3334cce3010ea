"""Streaming reader of tables: CSV, TSV and their relatives, row by row.

The first row has the names of the columns. The charset is that of the start of the file; a line that is invalid in it
is detected by itself. A malformed row becomes an error in its place: a misplaced quote must not join rows in silence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import NamedTuple

from copydesk.article import ArticleWarning
from copydesk.encoding.detect import codec_name, decode
from copydesk.errors import UnreadableContent
from copydesk.ingest import PLAIN, Content, decode_content

_DELIMITERS = "\t,;|"
# The first line of tables by Excel may name the delimiter.
_SEPARATOR_LINE = re.compile(r'sep=([^"\r\n])\s*\Z', re.IGNORECASE)
_WIDE_CODECS = ("utf-16", "utf-32")
_MIN_SURE_CONFIDENCE = 0.5
# Lines are read again after errors: in all, up to this multiple of the maximum size of a row.
_MAX_REREADS = 16


class TableRow(NamedTuple):
    """A row of a table, or an error.

    Attributes:
        line: the number of its first line.
        values: the cells by the names of their columns.
        size: the number of bytes that it takes in the file.
        error: why it cannot be read.
        raw: the bytes of a row with an error.
    """

    line: int
    values: dict[str, str]
    size: int
    error: str = ""
    raw: bytes = b""


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
        first = self._lines.read_filled()
        separator = _SEPARATOR_LINE.match(first)
        if separator:
            self._lines.start_row()
        else:
            self._lines.go_back(0)
        rows = {each: self._try_delimiter(each) for each in (separator[1] if separator else _DELIMITERS)}
        delimiter = max(rows, key=lambda each: len(rows[each][0]))
        error = next((error for _, error in rows.values() if error), "")
        if error and len(rows[delimiter][0]) <= 1:  # another delimiter would hide a quote without an end
            raise UnreadableContent(f"The first row of the table is malformed: {error}.")
        names = [name.strip() for name in rows[delimiter][0]]
        repeated = next((name for i, name in enumerate(names) if name and name in names[:i]), None)
        if repeated is not None:
            raise UnreadableContent(f"The table has two columns with the name {repeated!r}.")
        if not any(names):
            raise UnreadableContent("The table has no names of columns in its first row.")
        next(csv.reader(self._lines, delimiter=delimiter, strict=True))
        return [name or f"column {number}" for number, name in enumerate(names, 1)], delimiter

    def _try_delimiter(self, delimiter: str) -> tuple[list[str], str]:
        """Return the cells of the next row without reading on, or an error."""
        try:
            return next(csv.reader(self._lines, delimiter=delimiter, strict=True), []), ""
        except (csv.Error, UnreadableContent) as reason:
            return [], _explain(reason)
        finally:
            self._lines.go_back(0)

    def __iter__(self) -> Iterator[TableRow]:
        """Yield the rows below the names."""
        lines = self._lines
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            lines.start_row()
            number, error = lines.number + 1, ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnreadableContent) as reason:
                cells, error = [], f"Malformed row: {_explain(reason)}."
                # A quote without an end must not take the rows below it.
                if (last := lines.number) > number:
                    skipped = f"only line {number} is" if lines.go_back(1) else "all are"
                    error += f" The row would take lines {number} to {last}; {skipped} skipped."
                reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            while len(cells) > len(self.columns) and not cells[-1].strip():
                cells.pop()
            if cells and len(cells) != len(self.columns):
                error = f"The row has {len(cells)} cells; the table has {len(self.columns)} columns."
            if error:
                yield TableRow(number, {}, lines.size, error, lines.raw)
            elif any(cells):
                yield TableRow(number, dict(zip(self.columns, cells, strict=True)), lines.size)


class _Lines:
    """The lines of a table, decoded. Those of the last row can be read again.

    Attributes:
        number: the number of the last line.
        size: the number of bytes of the row.
    """

    def __init__(self, lines: Iterable[tuple[bytes, int]], codec: str, max_bytes: int) -> None:
        self._lines = iter(lines)
        self._codec = codec
        self._max_bytes = max_bytes
        self._row: list[tuple[bytes, int]] = []
        self._again: list[tuple[bytes, int]] = []
        self._budget = max_bytes * _MAX_REREADS
        self.number = 0
        self.size = 0

    @property
    def raw(self) -> bytes:
        """The bytes of the row without the last line break; nothing if they are over the limit."""
        return b"".join(line for line, _ in self._row).rstrip(b"\r\n") if self.size <= self._max_bytes else b""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line, size = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        self.size += size
        self._row.append((line, size))
        if self.size > self._max_bytes:
            raise UnreadableContent(f"more than {self._max_bytes} bytes")
        text = self._decode(line)
        return text.removeprefix("\ufeff") if self.number == 1 else text

    def read_filled(self) -> str:
        """Return the next line that is not blank; an empty string at the end."""
        self.start_row()
        while (line := next(self, "")).isspace():
            self.start_row()
        return line

    def start_row(self) -> None:
        """Start a row with the next line."""
        self._row.clear()
        self.size = 0

    def go_back(self, count: int) -> bool:
        """Keep some lines of the row and read the others again, unless too many were: the time is limited."""
        lines = self._row[count:]
        self._budget -= sum(size for _, size in lines)
        if self._budget < 0:
            return False
        self._again += reversed(lines)
        del self._row[count:]
        self.number -= len(lines)
        self.size = sum(size for _, size in self._row)
        return True

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
    return [(line.encode(), len(line) * width) for line in StringIO(text, newline="\n")]  # at line feeds alone


def _explain(error: Exception) -> str:
    """Return the reason of an error; some of those of `csv` give advice for Python."""
    text = str(error)
    if text.startswith("new-line character"):
        return "a line ends with CR alone, expected LF"
    return "a quote has no end" if text == "unexpected end of data" else text
