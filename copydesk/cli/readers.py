"""Inputs: files, folders and standard input, read document by document, so that a crawl of any size fits in memory.

A file's ending tells what it holds; standard input is looked at. An array in JSON is as many documents as it has items
(arrays.py). Folders are walked in order of name, and what has no ending that is known is left out and counted, as are
hidden files. No document larger than the limit is held: it becomes a problem in its place, as does a file that can't be
read.
"""

from __future__ import annotations

import os
import stat
import sys
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Literal

from copydesk.article import Json
from copydesk.cli.json_array import pieces
from copydesk.errors import LimitExceeded, MalformedJSON, ProblemError, UnreadableContent
from copydesk.strict_json import loads

Form = Literal["json", "ndjson", "text", "html"]

_ENDINGS: dict[str, Form] = {
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
}
_TYPES = {"text": "text/plain", "html": "text/html"}
_BOM = b"\xef\xbb\xbf"
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Item:
    """One document as it came: `name` to find it again, its bytes and what they hold.

    `name` is that of a file, its line or its item: `crawl.ndjson:17`, `items.json[16]`. `size` is how many bytes of
    the input it took; `problem` says why the document could not be read at all.
    """

    name: str
    form: Literal["json", "text", "html"]
    raw: bytes
    size: int
    problem: dict[str, Json] | None = None

    def document(self, max_depth: int) -> Json:
        """Return the raw article.

        Raises:
            MalformedJSON: it is none.
        """
        if self.form == "json":
            return loads(self.raw, max_depth)
        return {"content_base64": b64encode(self.raw).decode(), "content_type": _TYPES[self.form]}

    def kept(self, max_depth: int) -> dict[str, Json]:
        """Return all of it, for whoever wants to mend it: a raw article where it is one, else the text or the bytes."""
        try:
            return {"raw": self.document(max_depth)}
        except (ProblemError, RecursionError):
            pass
        try:
            return {"raw": self.raw.decode()}
        except UnicodeDecodeError:
            return {"raw_base64": b64encode(self.raw).decode()}


@dataclass(slots=True)
class Inputs:
    """What to read, and what of it was left out.

    Attributes:
        paths: files and folders; `-` is standard input, which is also meant by none at all.
        form: what they hold, where their endings are not to tell.
        most: the most bytes of one document.
        ours: files that are not read though they may lie in a folder: those that we write.
        left_out: files of folders that have no ending that we know.
    """

    paths: tuple[str, ...]
    form: Form | None
    most: int
    ours: Collection[Path] = ()
    left_out: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Item]:
        """Read document by document."""
        self.left_out.clear()
        for path in self._files():
            try:
                with _opened(path) as (file, name):
                    yield from self._items(file, name)
            except OSError as error:
                yield _unreadable(path, error)

    def size(self) -> int | None:
        """Return how many bytes there are to read, or None where nobody can know."""
        try:
            sizes = [_size(path) for path in self._files()]
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
        for folder, below, names in os.walk(top):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for path in (Path(folder, name) for name in sorted(names) if not name.startswith(".")):
                if path.resolve() in self.ours:
                    continue
                if self.form or path.suffix.lower() in _ENDINGS:
                    yield str(path)
                else:
                    self.left_out.append(str(path))

    def _items(self, file: BinaryIO, name: str) -> Iterator[Item]:
        form = self.form or _ENDINGS.get(Path(name).suffix.lower())
        head: list[bytes] = []
        if form is None:
            form, head = _look(file, self.most)
        elif form == "json":
            _next_line(file, self.most, head)
        if form == "ndjson":
            yield from self._lines(file, name, head)
        elif form == "json" and _plain(head).startswith(b"["):
            yield from self._array(file, name, head)
        else:
            yield self._whole(file, name, form, head)

    def _whole(self, file: BinaryIO, name: str, form: Literal["json", "text", "html"], head: list[bytes]) -> Item:
        read = b"".join(head)
        read += file.read(max(self.most + 1 - len(read), 0))
        if len(read) <= self.most:
            return Item(name, form, read, len(read))
        return Item(name, form, b"", len(read), self._too_long())

    def _lines(self, file: BinaryIO, name: str, head: list[bytes]) -> Iterator[Item]:
        for number, (line, size) in enumerate(_bounded(file, head, self.most), 1):
            if size > self.most:
                yield Item(f"{name}:{number}", "json", b"", size, self._too_long())
            elif stripped := line.strip():
                yield Item(f"{name}:{number}", "json", stripped, size)

    def _array(self, file: BinaryIO, name: str, head: list[bytes]) -> Iterator[Item]:
        blocks = chain(head, iter(lambda: file.read(_BLOCK), b""))
        for number, piece in enumerate(pieces(blocks, self.most)):
            if piece.wrong:
                yield Item(name, "json", b"", piece.size, MalformedJSON(piece.wrong).to_problem())
            elif len(piece.raw) > self.most:
                yield Item(f"{name}[{number}]", "json", b"", piece.size, self._too_long())
            else:
                yield Item(f"{name}[{number}]", "json", piece.raw, piece.size)

    def _too_long(self) -> dict[str, Json]:
        error = LimitExceeded(f"The document has more than {self.most} bytes.", limit=self.most, unit="bytes")
        return error.to_problem()


def _bounded(file: BinaryIO, head: list[bytes], most: int) -> Iterator[tuple[bytes, int]]:
    """Yield lines with their sizes; of a line that is too long only the size is true."""
    for line in chain(head, iter(lambda: file.readline(most + 2), b"")):
        size = len(line)
        piece = line
        while size > most and not piece.endswith(b"\n") and (piece := file.readline(most)):
            size += len(piece)
        yield line, size


def _look(file: BinaryIO, most: int) -> tuple[Form, list[bytes]]:
    """Tell what a stream holds by its first lines, which are returned too."""
    head: list[bytes] = []
    _next_line(file, most, head)
    first = _plain(head)
    if first.startswith(b"["):  # a text may begin so, too
        then = (first[1:] or _next_line(file, most, head)).strip()
        return ("json" if then.startswith(b"{") or then == b"]" else "text"), head
    if not first.startswith(b"{"):
        return ("html" if first.startswith(b"<") else "text"), head
    many = first.endswith(b"}") and _next_line(file, most, head).lstrip().startswith(b"{")
    return ("ndjson" if many else "json"), head


def _plain(head: list[bytes]) -> bytes:
    """Return what was read so far, without a byte order mark and the blanks around it."""
    return b"".join(head).strip().removeprefix(_BOM).strip()


def _next_line(file: BinaryIO, most: int, head: list[bytes]) -> bytes:
    """Read on to a line that is not blank."""
    size = 0
    while size <= most and (line := file.readline(most + 2)):
        head.append(line)
        size += len(line)
        if line.strip():
            return line
    return b""


def _size(path: str) -> int | None:
    """Return how long a file is; None for what is no file, such as a pipe."""
    found = os.fstat(sys.stdin.fileno()) if path == "-" else Path(path).stat()
    return found.st_size if stat.S_ISREG(found.st_mode) else None


@contextmanager
def _opened(path: str) -> Iterator[tuple[BinaryIO, str]]:
    if path == "-":
        yield sys.stdin.buffer, "<stdin>"
    else:
        with Path(path).open("rb") as file:
            yield file, path


def _unreadable(path: str, error: OSError) -> Item:
    said = UnreadableContent(f"The file can't be read: {error.strerror or error}.")
    return Item(path, "text", b"", 0, said.to_problem())
