"""Reader of web archives (WARC, ISO 28500).

A page is a response with a 2xx status and an HTML Content-Type; other records are skipped. `WARC-Target-URI` is its
`url`, `WARC-Date` its `fetched_at`, `WARC-Record-ID` its `id`.
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
from copydesk.spark.rows import Cleaner, Row, problem_row

_BLOCK_BYTES = 1 << 16
# warcio also has Brotli, but not with the current release of it.
_CONTENT_ENCODINGS = ("identity", "gzip", "deflate")
_TRUNCATED = "it ends in the middle of a record"
_LOADER = ArcWarcRecordLoader(verify_http=False)


def clean_archive(path: str, cleaner: Cleaner) -> Iterator[Row]:
    """Clean the pages of an archive.

    An archive that is truncated, damaged or not an archive ends with a row with the problem. The rows of the pages
    before the damage are kept.
    """
    try:
        with _open_archive(path) as stream:
            # With record parsing, warcio takes a record with an invalid HTTP head for the end of the archive.
            archive = ArchiveIterator(stream, no_record_parse=True)
            for record in archive:
                row = _clean_record(record, cleaner)
                _skip_rest(record)
                if row:
                    yield row
            _check_complete(archive, stream)
    except (ArchiveLoadFailed, EOFError, OSError) as error:
        yield _archive_problem(path, str(error).strip().partition("\n")[0])
    except Exception:  # noqa: BLE001  warcio raises many types for a truncated record
        yield _archive_problem(path, f"it is damaged, or {_TRUNCATED}")


def _open_archive(path: str) -> BinaryIO:
    """Open a file that Spark has listed: on a local disk, or in a store that Arrow supports."""
    scheme, _, rest = path.partition(":")
    if scheme == "file":
        return Path("/" + rest.lstrip("/")).open("rb")
    # Hadoop has its own schemes for S3.
    file_system, name = fs.FileSystem.from_uri(f"s3:{rest}" if scheme in ("s3a", "s3n") else path)
    return cast("BinaryIO", file_system.open_input_stream(name, compression=None))


def _clean_record(record: Any, cleaner: Cleaner) -> Row | None:
    """Return the row of a page: the clean article or a problem. Return None for other records."""
    header = record.rec_headers.get_header
    fields: dict[str, Json] = {"id": header("WARC-Record-ID"), "url": header("WARC-Target-URI")}
    try:
        if not _is_page(record):
            return None
        encoding = (record.http_headers.get_header("Content-Encoding") or "identity").lower()
        if encoding not in _CONTENT_ENCODINGS:
            detail = f"Unsupported Content-Encoding {encoding!r}; expected gzip or deflate."
            return problem_row(UnreadableContent(detail), fields)
        document = _build_document(record, cleaner.limits.max_body_bytes)
    except Exception:  # noqa: BLE001  warcio raises many types; `_skip_rest` reports the end of the archive
        return problem_row(UnreadableContent("The head or the body of the record is damaged."), fields)
    return cleaner.clean_row(partial(dict, document))


def _is_page(record: Any) -> bool:
    if record.rec_type != "response":
        return False
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    with suppress(EOFError):
        record.http_headers = _LOADER.load_http_headers("response", url, record.raw_stream, record.length)
    if record.http_headers is None:
        return False
    content = Content.from_header(b"", record.http_headers.get_header("Content-Type"))
    return content.mimetype in HTML and str(record.http_headers.get_statuscode()).startswith("2")


def _build_document(record: Any, max_bytes: int) -> dict[str, Json]:
    """Return the raw article of a page. Its body is truncated to one byte over the limit, which is then reported."""
    header = record.rec_headers.get_header
    return {
        "id": header("WARC-Record-ID"),
        # Some writers put the URL in angle brackets.
        "url": (header("WARC-Target-URI") or "").strip("<>") or None,
        "fetched_at": header("WARC-Date"),
        "content_type": record.http_headers.get_header("Content-Type"),
        "content_base64": b64encode(record.content_stream().read(max_bytes + 1)).decode(),
    }


def _skip_rest(record: Any) -> None:
    """Read to the end of a record.

    Raises:
        EOFError: the archive ends before the record, or the record has no valid length.
    """
    while record.raw_stream.read(_BLOCK_BYTES):
        pass
    if not (record.rec_headers.get_header("Content-Length") or "").isdecimal() or record.raw_stream.limit:
        raise EOFError(_TRUNCATED)


def _check_complete(archive: Any, stream: BinaryIO) -> None:
    """Check that nothing follows the last record: warcio ignores an incomplete head of a record.

    Raises:
        EOFError: there is more data.
    """
    while stream.read(_BLOCK_BYTES):
        pass
    if archive.offset != stream.tell():
        raise EOFError(_TRUNCATED)


def _archive_problem(path: str, reason: str) -> Row:
    return problem_row(UnreadableContent(f"{path}: cannot read the archive: {reason}."))
