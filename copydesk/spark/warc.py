"""Web archives (WARC, ISO 28500), record by record: the pages among the responses, as they came off the wire.

A page is a response of status 2xx whose Content-Type is HTML; pictures, redirects and requests are none of ours. Its
address is `WARC-Target-URI`, its fetching time `WARC-Date`, its id `WARC-Record-ID`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyarrow import fs
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

from copydesk.article import Json
from copydesk.errors import UnreadableContent
from copydesk.ingest import HTML, Content
from copydesk.spark.rows import Desk, Row, failed

# Bytes that are passed over at once.
_PIECE = 1 << 16
# What warcio undoes. It has Brotli, too, but not with the brotli of today.
_CODINGS = ("identity", "gzip", "deflate")
_LOADER = ArcWarcRecordLoader(verify_http=False)


def rows(path: str, desk: Desk) -> Iterator[Row]:
    """Clean the pages of an archive.

    One that ends in the middle of a record, or is none, is told in a last row: what came before it is kept.
    """
    try:
        with opened(path) as stream:
            # By itself the reader takes a record whose HTTP head it can't read for the end.
            archive = ArchiveIterator(stream, no_record_parse=True)
            for record in archive:
                row = _row(record, desk)
                _pass_over(record)
                if row:
                    yield row
            _check_end(archive, stream)
    except (ArchiveLoadFailed, EOFError, OSError) as error:
        yield _unreadable(path, str(error).strip().partition("\n")[0])
    except Exception:  # noqa: BLE001  the reader fails in many ways at half a record
        yield _unreadable(path, "it is damaged, or ends in the middle of a record")


def _row(record: Any, desk: Desk) -> Row | None:
    """Clean a record, if it is a page; one that can't be read is a problem of its own."""
    said = record.rec_headers.get_header
    known: dict[str, Json] = {"id": said("WARC-Record-ID"), "url": said("WARC-Target-URI")}
    try:
        if not _is_page(record):
            return None
        coding = (record.http_headers.get_header("Content-Encoding") or "identity").lower()
        if coding not in _CODINGS:
            return failed(UnreadableContent(f"The body is coded as {coding!r}; gzip and deflate are read."), known)
        document = _document(record, desk.settings.max_body_bytes)
    except Exception:  # noqa: BLE001  the reader fails in many ways; if the archive ends here, `_pass_over` says so
        return failed(UnreadableContent("The head or the body of this record is damaged."), known)
    return desk.row(partial(dict, document))


def _unreadable(path: str, why: str) -> Row:
    return failed(UnreadableContent(f"{path}: the archive can't be read on: {why}."))


def _pass_over(record: Any) -> None:
    """Read on to the end of a record.

    Raises:
        EOFError: the archive ends before it, or nobody knows where it is.
    """
    while record.raw_stream.read(_PIECE):
        pass
    if not (record.rec_headers.get_header("Content-Length") or "").isdecimal() or record.raw_stream.limit:
        raise EOFError("it ends in the middle of a record")


def opened(path: str) -> BinaryIO:
    """Open a file where Spark found it: on a disk, or in a store that Arrow knows."""
    scheme, _, rest = path.partition(":")
    if scheme == "file":
        return Path("/" + rest.lstrip("/")).open("rb")
    # Hadoop has names of its own for S3.
    system, name = fs.FileSystem.from_uri(f"s3:{rest}" if scheme in ("s3a", "s3n") else path)
    return cast("BinaryIO", system.open_input_stream(name, compression=None))


def _check_end(archive: Any, stream: BinaryIO) -> None:
    """Tell the end of an archive from half a record's head, which the reader takes for it.

    Raises:
        EOFError: there is more after the last record.
    """
    while stream.read(_PIECE):
        pass
    if archive.offset != stream.tell():
        raise EOFError("it ends in the middle of a record")


def _is_page(record: Any) -> bool:
    if record.rec_type != "response":
        return False
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    with suppress(EOFError):
        record.http_headers = _LOADER.load_http_headers("response", address, record.raw_stream, record.length)
    if record.http_headers is None:
        return False
    sent = Content.from_header(b"", record.http_headers.get_header("Content-Type"))
    return sent.mimetype in HTML and str(record.http_headers.get_statuscode()).startswith("2")


def _document(record: Any, most: int) -> dict[str, Json]:
    """Return the raw article of a page, with one byte more than is taken at most, so that the limit is told."""
    said = record.rec_headers.get_header
    return {
        "id": said("WARC-Record-ID"),
        # Some writers put it in angle brackets, as the first standard did.
        "url": (said("WARC-Target-URI") or "").strip("<>") or None,
        "fetched_at": said("WARC-Date"),
        "content_type": record.http_headers.get_header("Content-Type"),
        "content_base64": b64encode(record.content_stream().read(most + 1)).decode(),
    }
