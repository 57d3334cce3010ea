"""Readers of files, folders and standard input, one document at a time.

A file's extension decides its format; the format of standard input is detected. A JSON array has one document per item
(`json_array`), so has a list in a JSON document, a feed one per entry, a table one per row (`tables`). Files compressed
with gzip are read as what they contain. Folders are walked in order of name; hidden files and unknown extensions are
skipped. A binary file is one problem.

A document over the size limit is not held in memory. It becomes a problem in its place, as does an unreadable file.
"""

from __future__ import annotations

import os
import stat
import sys
import zlib
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from gzip import GzipFile
from io import BufferedReader, FileIO
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias, cast

from copydesk.article import Json
from copydesk.batch import read_feed
from copydesk.cleaning import NO_CONTEXT, ItemContext, show_fault
from copydesk.cli.json_array import split_items
from copydesk.cli.tables import Table
from copydesk.errors import LimitExceeded, MalformedJSON, ProblemError, UnreadableContent, ValidationFailed
from copydesk.html.other_kinds import feed_type_of_bytes, is_csv
from copydesk.ingest import PLAIN, Content, check_binary, decode_content
from copydesk.records import Fields, list_records, map_record
from copydesk.records.paths import has_path
from copydesk.strict_json import dumps, loads

InputFormat: TypeAlias = Literal["json", "ndjson", "csv", "text", "html", "feed"]
Reader: TypeAlias = "BufferedReader[Any]"
ItemFormat: TypeAlias = Literal["json", "text", "html"]

_FORMATS: dict[str, InputFormat] = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": "feed",
}
_STDIN = "<stdin>"
_GZIP = b"\x1f\x8b"
_MAX_JSON_DEPTH = 64
_CONTENT_TYPES = {"text": "text/plain", "html": "text/html"}
_BOM = b"\xef\xbb\xbf"
_BLOCK_BYTES = _BUFFER_BYTES = 1 << 16
_SNIFFED_BYTES = 4_096
_MAX_SHOWN_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One document of the input.

    Attributes:
        name: the file with the line or the array index: `crawl.ndjson:17`, `items.json[16]`.
        item_format: the format of `raw`.
        raw: the bytes of the document; empty if it could not be read at all.
        size: the number of bytes that it takes in the input.
        problem: the problem details object of a document that could not be read.
        context: what the entries of a feed or the rows of a table share.
        is_record: whether the document may be a record of another tool; otherwise it is a raw article.
        read_size: the number of bytes that were read for it of a compressed input.
    """

    name: str
    item_format: ItemFormat
    raw: bytes
    size: int
    problem: dict[str, Json] | None = None
    context: ItemContext = NO_CONTEXT
    is_record: bool = True
    read_size: int | None = None

    @property
    def input_size(self) -> int:
        """The number of bytes that the document takes in the file, compressed if the file is."""
        return self.size if self.read_size is None else self.read_size

    def load(self, max_depth: int) -> Json:
        """Return the raw article.

        Args:
            max_depth: the maximum nesting depth of JSON.

        Raises:
            MalformedJSON: the document is not JSON.
        """
        if self.item_format == "json":
            return loads(self.raw, max_depth)
        return {"content_base64": b64encode(self.raw).decode(), "content_type": _CONTENT_TYPES[self.item_format]}

    def quote(self, max_depth: int) -> dict[str, Json]:
        """Return the document as members of a problem: the raw article if it is JSON, else the text or the bytes."""
        if not self.problem:
            try:
                return {"raw": self.load(max_depth)}
            except (ProblemError, RecursionError):
                pass
        try:
            return {"raw": self.raw.decode()}
        except UnicodeDecodeError:
            return {"raw_base64": b64encode(self.raw).decode()}


@dataclass(slots=True)
class Inputs:
    """The documents of files and folders.

    Attributes:
        paths: files and folders; `-` is standard input, which is also the default.
        input_format: the format of all files; None if it depends on the file.
        max_bytes: the maximum size of a document.
        excluded: files that are not read: those that the run writes.
        fields: the mapping of records.
        skipped: the files of folders that have an unknown extension; set while reading.
        has_records: whether there are records; set while reading.
        missing_paths: the part of `fields` that no record has; set while reading.
    """

    paths: tuple[str, ...]
    input_format: InputFormat | None
    max_bytes: int
    excluded: Collection[Path] = ()
    fields: Fields = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    has_records: bool = False
    missing_paths: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Item]:
        """Yield the documents."""
        self.skipped.clear()
        self.missing_paths = dict(self.fields)
        for item in self._read_files():
            if self.missing_paths and item.is_record and item.item_format == "json" and not item.problem:
                self._look_for_paths(item)
            yield item

    def _read_files(self) -> Iterator[Item]:
        for path in self._files():
            try:
                with _open(path) as (file, name):
                    yield from self._read_file(file, name)
            except (OSError, EOFError, zlib.error) as error:
                yield _unreadable_file(path, error)

    def _look_for_paths(self, item: Item) -> None:
        """Look in a record for the paths that none has had so far."""
        try:
            record = item.load(_MAX_JSON_DEPTH)
        except ProblemError:
            return
        self.has_records = True
        self.missing_paths = {name: path for name, path in self.missing_paths.items() if not has_path(record, path)}

    def total_bytes(self) -> int | None:
        """Return the number of bytes to read; None if it is unknown."""
        try:
            sizes = [_file_size(path) for path in self._files()]
        except OSError:
            return None
        return None if None in sizes else sum(filter(None, sizes))

    def _files(self) -> Iterator[str]:
        for path in self.paths or ("-",):
            if path != "-" and Path(path).is_dir():
                yield from self._walk(path)
            else:
                yield path

    def _walk(self, top: str) -> Iterator[str]:
        for folder, subfolders, names in os.walk(top):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for path in (Path(folder, name) for name in sorted(names) if not name.startswith(".")):
                if path.resolve() in self.excluded:
                    continue
                if self.input_format or _extension(path.name) in _FORMATS:
                    yield str(path)
                else:
                    self.skipped.append(str(path))

    def _read_file(self, file: Reader, name: str) -> Iterator[Item]:
        if not file.peek(len(_GZIP)).startswith(_GZIP):
            yield from self._read_items(file, name)
            return
        counted = _CountedReader(file)
        before = 0
        unzipped = BufferedReader(GzipFile(mode="rb", fileobj=counted), _BUFFER_BYTES)
        for item in self._read_items(unzipped, name):
            yield replace(item, read_size=counted.count - before)
            before = counted.count

    def _read_items(self, file: Reader, name: str) -> Iterator[Item]:
        input_format = self.input_format or _FORMATS.get(_extension(name))
        if input_format in ("json", "ndjson") and (error := _binary_error(file)):
            yield Item(name, "json", b"", 0, error.to_problem())
        else:
            yield from self._read_format(file, name, input_format)

    def _read_format(self, file: Reader, name: str, input_format: InputFormat | None) -> Iterator[Item]:
        head: list[bytes] = []
        if input_format in (None, "json"):
            detected, head = _detect_format(file, self.max_bytes)
            # A file with the extension of JSON may have an article per line, too.
            input_format = detected if input_format is None or detected == "ndjson" else "json"
        if input_format == "ndjson":
            yield from self._read_lines(file, name, head)
        elif input_format == "csv" or (input_format == "text" and self._is_table(file, head)):
            yield from self._read_table(file, name, head)
        elif input_format == "json" and _strip_head(head).startswith(b"["):
            yield from self._read_array(file, name, head)
        else:
            yield from self._read_whole(file, name, input_format, head)

    def _read_whole(self, file: BinaryIO, name: str, input_format: InputFormat, head: list[bytes]) -> Iterator[Item]:
        data = b"".join(head)
        data += file.read(max(self.max_bytes + 1 - len(data), 0))
        item_format: ItemFormat = "json" if input_format == "json" else "text" if input_format == "text" else "html"
        if len(data) > self.max_bytes:
            yield Item(name, item_format, b"", len(data), self._size_problem())
        elif self._is_feed(data, input_format):
            yield from _read_entries(data, name)
        elif input_format == "json" and (records := _list_records(data, self.fields)) is not None:
            for index, record in enumerate(records):
                yield Item(f"{name}[{index}]", "json", dumps(record).strip(), 0 if index else len(data))
        else:
            yield Item(name, item_format, data, len(data))

    def _is_feed(self, data: bytes, input_format: InputFormat) -> bool:
        """Return whether a document is read as a feed. A file with the extension of XML may also be a page."""
        if input_format == "feed":
            return self.input_format is not None or not _is_xhtml(data)
        return input_format != "json" and self.input_format is None and feed_type_of_bytes(data) is not None

    def _is_table(self, file: Reader, head: list[bytes]) -> bool:
        """Return whether a text of an unknown format is a table."""
        if self.input_format is not None:
            return False
        try:
            text, _, _ = decode_content(Content(_sample(file, head), PLAIN))
        except UnreadableContent:
            return False
        return is_csv(text)

    def _read_table(self, file: Reader, name: str, head: list[bytes]) -> Iterator[Item]:
        lines = _split_lines(file, head, self.max_bytes)
        try:
            table = Table(_sample(file, head), lines, self.max_bytes)
            self._check_columns(table.columns)
        except ProblemError as error:
            yield Item(name, "json", b"", 0, error.to_problem())
            return
        context = ItemContext(encoding=table.encoding, warnings=table.warnings)
        for row in table:
            problem = UnreadableContent(row.error).to_problem() if row.error else None
            raw = row.raw if row.error else dumps(cast("dict[str, Json]", row.values)).strip()
            yield Item(f"{name}:{row.line}", "json", raw, row.size, problem, context)

    def _check_columns(self, columns: list[str]) -> None:
        """Check the columns of a table: one problem instead of one for each row.

        Raises:
            ValidationFailed: no column is known as the body, or a mapped one is missing.
        """
        row = dict.fromkeys(columns, "-")
        missing = next((path for path in self.fields.values() if not has_path(row, path)), None)
        if missing is not None:
            found = ", ".join(map(repr, columns[:_MAX_SHOWN_COLUMNS]))
            detail = f"No column {missing!r}; found: {found}{', …' if columns[_MAX_SHOWN_COLUMNS:] else ''}."
            raise ValidationFailed([{"pointer": "", "detail": detail}], detail=detail)
        map_record(row, self.fields)

    def _read_lines(self, file: BinaryIO, name: str, head: list[bytes]) -> Iterator[Item]:
        for number, (line, size) in enumerate(_split_lines(file, head, self.max_bytes), 1):
            if size > self.max_bytes:
                yield Item(f"{name}:{number}", "json", b"", size, self._size_problem())
            elif stripped := line.strip():
                yield Item(f"{name}:{number}", "json", stripped, size)

    def _read_array(self, file: BinaryIO, name: str, head: list[bytes]) -> Iterator[Item]:
        blocks = chain(head, iter(lambda: file.read(_BLOCK_BYTES), b""))
        for index, item in enumerate(split_items(blocks, self.max_bytes)):
            if item.error:
                yield Item(name, "json", b"", item.size, MalformedJSON(item.error).to_problem())
            elif len(item.raw) > self.max_bytes:
                yield Item(f"{name}[{index}]", "json", b"", item.size, self._size_problem())
            else:
                yield Item(f"{name}[{index}]", "json", item.raw, item.size)

    def _size_problem(self) -> dict[str, Json]:
        error = LimitExceeded(f"The document has more than {self.max_bytes} bytes.", limit=self.max_bytes, unit="bytes")
        return error.to_problem()


class _CountedReader:
    """A file that counts the bytes that are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes."""
        data = self._file.read(size)
        self.count += len(data)
        return data

    def seek(self, offset: int, /) -> object:
        """Rewind the file. Only `GzipFile.seek` uses it."""
        return self._file.seek(offset)


def _extension(name: str) -> str:
    """Return the extension of a file in lower case, without that of compression."""
    return Path(name.lower().removesuffix(".gz")).suffix


def _sample(file: Reader, head: list[bytes]) -> bytes:
    """Return the first bytes of a file, of which some lines were read."""
    return b"".join(head) + file.peek(_SNIFFED_BYTES)


def _binary_error(file: Reader) -> UnreadableContent | None:
    """Return the error of a binary file, by its first bytes. In a format of lines, it would have one in each line."""
    try:
        check_binary(file.peek(_SNIFFED_BYTES))
    except UnreadableContent as error:
        return error
    return None


def _is_xhtml(data: bytes) -> bool:
    return feed_type_of_bytes(data) is None and b"<html" in data[:_BLOCK_BYTES].replace(b"\x00", b"").lower()


def _list_records(data: bytes, fields: Fields) -> list[Json] | None:
    """Return the records that a JSON document lists; None if it is one article, or not JSON."""
    try:
        document = loads(data, _MAX_JSON_DEPTH)
    except ProblemError:
        return None
    listed = list_records(document, fields) if isinstance(document, dict) else None
    return listed[1] if listed else None


def _read_entries(data: bytes, name: str) -> Iterator[Item]:
    """Yield the entries of a feed. The first takes the size of the whole feed."""
    size = len(data)
    try:
        reads, context = read_feed(Content(data))
    except Exception as error:  # noqa: BLE001  a bug must not end the run
        yield Item(name, "html", b"", size, _to_problem(error))
        return
    for index, read in enumerate(reads):
        try:
            raw = dumps(cast("dict[str, Json]", read())).strip()
        except Exception as error:  # noqa: BLE001  a bug must not fail the other entries
            yield Item(f"{name}[{index}]", "json", b"", size, _to_problem(error))
        else:
            yield Item(f"{name}[{index}]", "json", raw, size, context=context, is_record=False)
        size = 0


def _to_problem(error: Exception) -> dict[str, Json]:
    return (error if isinstance(error, ProblemError) else show_fault(error)).to_problem()


def _split_lines(file: BinaryIO, head: list[bytes], max_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Yield lines with their sizes. A line over the limit is truncated; its size is exact."""
    for line in chain(head, iter(lambda: file.readline(max_bytes + 2), b"")):
        size = len(line)
        rest = line
        while size > max_bytes and not rest.endswith(b"\n") and (rest := file.readline(max_bytes)):
            size += len(rest)
        yield line, size


def _detect_format(file: BinaryIO, max_bytes: int) -> tuple[InputFormat, list[bytes]]:
    """Detect the format of a stream and return it with the lines that were read for it."""
    head: list[bytes] = []
    _read_next_line(file, max_bytes, head)
    first = _strip_head(head)
    if first.startswith(b"["):  # a text may start with a bracket, too
        following = (first[1:] or _read_next_line(file, max_bytes, head)).strip()
        return ("json" if following.startswith(b"{") or following == b"]" else "text"), head
    if not first.startswith(b"{"):
        return ("html" if first.startswith(b"<") else "text"), head
    has_lines = first.endswith(b"}") and _read_next_line(file, max_bytes, head).lstrip().startswith(b"{")
    return ("ndjson" if has_lines else "json"), head


def _strip_head(head: list[bytes]) -> bytes:
    """Return the lines without white space around them and a byte order mark."""
    return b"".join(head).strip().removeprefix(_BOM).strip()


def _read_next_line(file: BinaryIO, max_bytes: int, head: list[bytes]) -> bytes:
    """Read lines into `head` up to one that is not blank, and return that one."""
    size = 0
    while size <= max_bytes and (line := file.readline(max_bytes + 2)):
        head.append(line)
        size += len(line)
        if line.strip():
            return line
    return b""


def _file_size(path: str) -> int | None:
    """Return the size of a regular file, else None."""
    status = os.fstat(sys.stdin.fileno()) if path == "-" else Path(path).stat()
    return status.st_size if stat.S_ISREG(status.st_mode) else None


@contextmanager
def _open(path: str) -> Iterator[tuple[Reader, str]]:
    if path != "-":
        with BufferedReader(FileIO(path), _BUFFER_BYTES) as file:
            yield file, path
        return
    stdin: Any = sys.stdin.buffer
    reader: Reader = stdin if isinstance(stdin, BufferedReader) else BufferedReader(stdin)
    yield reader, _STDIN
    if reader is not stdin:
        reader.detach()  # it would close the other with itself


def _unreadable_file(path: str, error: Exception) -> Item:
    reason = getattr(error, "strerror", None) or str(error).rstrip(".")
    problem = UnreadableContent(f"Cannot read the file: {reason}.").to_problem()
    return Item(_STDIN if path == "-" else path, "text", b"", 0, problem)
