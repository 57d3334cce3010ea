"""The repair of a text in blocks of lines, for `copydesk fix`.

A block is evidence for its own repair, and bounds the memory: files may be of any size.
"""

from __future__ import annotations

import codecs
import os
import re
import shutil
import stat
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from os.path import samestat
from pathlib import Path
from typing import BinaryIO, Literal, cast

from copydesk import stages
from copydesk.article import Article, Options
from copydesk.document import Document
from copydesk.errors import UnreadableContent
from copydesk.ingest import PLAIN, Content, decode_content

_BLOCK_BYTES = 1 << 18
# A longer line is repaired in parts.
_MAX_LINE_CHARS = 1 << 20
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029\x85]")


@dataclass(frozen=True, slots=True)
class FixOptions:
    """The options of `copydesk fix`.

    Attributes:
        normalization: NFC, NFD, NFKC, NFKD or none.
        keep_entities: whether character references of HTML are kept.
        plain: whether quotes, ligatures and wide letters become plain.
    """

    normalization: str = "NFC"
    keep_entities: bool = False
    plain: bool = False


def fix_lines(text: str, options: FixOptions) -> str:
    r"""Repair a text of whole lines.

    >>> fix_lines("The cafÃ©  \r\n&amp; the bar\n", FixOptions())
    'The café  \n& the bar\n'
    >>> fix_lines("“ﬁne” &amp;", FixOptions(keep_entities=True, plain=True))
    '"fine" &amp;'
    """
    form = options.normalization
    keep: Literal["plain", "keep"] = "plain" if options.plain else "keep"
    known = Options(
        whitespace="keep",
        quotes=keep,
        ligatures=keep,
        width=keep,
        normalization=cast("Literal['NFC', 'NFKC', 'none']", form if form in ("NFC", "NFKC") else "none"),
    )
    repair = partial(stages.repair_encoding, decode_entities=not options.keep_entities)
    document = Document.from_article(Article(text=_LINE_BREAK.sub("\n", text)))
    fixed = stages.until_stable(repair, stages.normalize_text)(document, known).texts["text"].text
    return unicodedata.normalize(form, fixed) if form in ("NFD", "NFKD") else fixed  # type: ignore[arg-type]


def read_blocks(filename: str, encoding: str | None) -> Iterator[str]:
    """Return the text of a file, in blocks of whole lines.

    Args:
        filename: the file; `-` is standard input.
        encoding: the encoding; None to detect it.

    Raises:
        UnreadableContent: the encoding is unknown, or the file is not text in it.
        OSError: the file cannot be read.
    """
    if encoding is None:
        return _detect(filename)
    try:
        "".encode(encoding)  # fails for codecs that are not of text
        codec = codecs.lookup(encoding)
    except LookupError as error:
        raise UnreadableContent(f"Unknown encoding {encoding!r}.") from error
    return _decode(filename, encoding, codec)


def _detect(filename: str) -> Iterator[str]:
    with _open(filename) as file:
        text, _, _ = decode_content(Content(file.read(), PLAIN))
    lines = text.splitlines(keepends=True)
    start = size = 0
    for index, line in enumerate(lines, 1):
        size += len(line)
        if size >= _BLOCK_BYTES or index == len(lines):
            yield "".join(lines[start:index])
            start, size = index, 0


def _decode(filename: str, encoding: str, codec: codecs.CodecInfo) -> Iterator[str]:
    if codec.incrementaldecoder is None:
        raise UnreadableContent(f"The encoding {encoding!r} cannot be read in blocks. Convert the file to UTF-8.")
    decoder = codec.incrementaldecoder("strict")
    rest = ""
    with _open(filename) as file:
        while data := file.read(_BLOCK_BYTES):
            whole, line_feed, rest = (rest + _decode_block(decoder, data, encoding)).rpartition("\n")
            if line_feed or len(rest) >= _MAX_LINE_CHARS:
                yield whole + line_feed if line_feed else rest
                rest = rest if line_feed else ""
    if rest := rest + _decode_block(decoder, b"", encoding):
        yield rest


def _decode_block(decoder: codecs.IncrementalDecoder, data: bytes, encoding: str) -> str:
    try:
        return str(decoder.decode(data, final=not data))
    except UnicodeError as error:
        byte = f" The byte {error.object[error.start]:02X} is invalid." if isinstance(error, UnicodeDecodeError) else ""
        raise UnreadableContent(f"The input is not {encoding}.{byte} Use -e ENCODING, or -g to detect it.") from error


def _open(filename: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if filename == "-" else Path(filename).open("rb")


def is_same_file(filename: str, output: str) -> bool:
    """Return whether the output is the regular file that is read; `-` is standard input or output."""
    if output == "-":
        return False
    try:
        written = Path(output).stat()
        read = os.fstat(0) if filename == "-" else Path(filename).stat()
    except OSError:  # the output does not exist, or standard input is closed
        return False
    return stat.S_ISREG(written.st_mode) and samestat(read, written)


def open_output(output: str) -> AbstractContextManager[BinaryIO]:
    """Return the file for the output; `-` is standard output.

    A regular file is replaced at the end; after an error, it stays as it was.

    Raises:
        OSError: it cannot be written.
    """
    if output == "-":
        return nullcontext(sys.stdout.buffer)
    path = Path(output)
    return path.open("wb") if path.exists() and not path.is_file() else _replace_file(path.resolve())


@contextmanager
def _replace_file(path: Path) -> Iterator[BinaryIO]:
    temporary = path.with_name(f"{path.name[:200]}.{os.getpid()}.tmp")
    with temporary.open("xb") as file:
        try:
            yield file
            file.close()  # its last bytes may not fit on the disk
            if path.exists():
                shutil.copymode(path, temporary)
            temporary.replace(path)
        except BaseException:  # Ctrl-C, too
            temporary.unlink()
            raise
