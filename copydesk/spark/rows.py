"""Conversion of DataFrame rows to raw articles, and of clean articles to rows.

The main fields have their own columns, for filters, joins and groups. The column `article` has all fields as the JSON
of the service. Either `article` or `problem` is null.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any, TypeAlias

import pyarrow as pa

from copydesk import cleaning
from copydesk.article import CleanArticle, Json, Options
from copydesk.errors import ProblemError, ValidationFailed
from copydesk.limits import Limits
from copydesk.strict_json import dumps

COLUMNS: Mapping[str, tuple[str, Any]] = {
    "id": ("string", pa.string()),
    "url": ("string", pa.string()),
    "canonical_url": ("string", pa.string()),
    "domain": ("string", pa.string()),
    "title": ("string", pa.string()),
    "text": ("string", pa.string()),
    "authors": ("array<string>", pa.list_(pa.string())),
    # A string, because a timestamp cannot distinguish a day from its midnight.
    "published": ("string", pa.string()),
    "language": ("string", pa.string()),
    "word_count": ("bigint", pa.int64()),
    "content_hash": ("string", pa.string()),
    "fingerprint": ("string", pa.string()),
    "article": ("string", pa.string()),
    "problem": ("string", pa.string()),
}
"""The output columns by name, each with its type in the DDL of Spark SQL and in Arrow."""

_COPIED_FIELDS = frozenset(COLUMNS) - {"published", "language", "article", "problem"}

ReadDocument: TypeAlias = Callable[[], Json]
Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans rows.

    Attributes:
        options: the options; those of a row take precedence.
        limits: the limits.
    """

    options: Options
    limits: Limits

    def clean_row(self, read: ReadDocument, row: Json = None) -> Row:
        """Clean one document. Every error becomes the problem of its row.

        Args:
            read: returns the raw article.
            row: the `id` and `url` for the problem of a document that cannot be read.
        """
        clean = partial(cleaning.clean_article, options=self.options, limits=self.limits)
        result, document = cleaning.clean_item(read, clean, cleaning.show_fault)
        if isinstance(result, ProblemError):
            return problem_row(result, row if document is None else document)
        return _article_row(result)


def _article_row(article: CleanArticle) -> Row:
    row: Row = {name: getattr(article, name) for name in _COPIED_FIELDS}
    row["published"] = article.published.value
    row["language"] = article.language.tag
    row["article"] = _dump_json(article.to_dict())
    return row


def problem_row(error: ProblemError, document: Json = None) -> Row:
    """Return the row of an article that cannot be cleaned: its problem, and the `id` and `url` of the document."""
    fields = document if isinstance(document, dict) else {}
    return {
        "id": _column_text(fields.get("id")),
        "url": _column_text(fields.get("url")),
        "problem": _dump_json(error.to_problem()),
    }


def _column_text(value: Json) -> str | None:
    """Return a value as text for a column. Lone surrogates are replaced, because Arrow cannot store them."""
    return str(value).encode("utf-8", "replace").decode() if isinstance(value, (str, int)) else None


def _dump_json(document: Mapping[str, object]) -> str:
    """Serialize an object as the service does, without the final line feed."""
    return dumps(document).decode().removesuffix("\n")


@cache
def warm_up() -> None:
    """Load all tables, once per process: Spark reuses its Python workers."""
    cleaning.warm_up()


def build_arrays(rows: Iterable[Row]) -> list[Any]:
    """Return rows as Arrow arrays, in the order of `COLUMNS`."""
    listed = list(rows)
    return [pa.array([row.get(name) for row in listed], kind) for name, (_, kind) in COLUMNS.items()]


def read_rows(batch: Any, fields: list[str]) -> Iterator[tuple[ReadDocument, Row]]:
    """Yield, for each row of a RecordBatch, a function that returns its raw article, and the row."""
    columns = [_column_values(batch.column(name)) for name in fields]
    for values in zip(*columns, strict=True):
        row = dict(zip(fields, values, strict=True))
        yield partial(_build_document, row), row


def _column_values(column: Any) -> list[Any]:
    """Return the values of a column. A value that Python cannot represent is replaced by its exception.

    Strings of Spark may be invalid UTF-8, and its timestamps may be after the year 9999.
    """
    try:
        values: list[Any] = column.to_pylist(maps_as_pydicts="lossy")
    except (ValueError, OverflowError):
        return [_scalar_value(scalar) for scalar in column]
    return values


def _scalar_value(scalar: Any) -> Any:
    try:
        return scalar.as_py(maps_as_pydicts="lossy")
    except (ValueError, OverflowError) as error:
        return error


def _build_document(row: Row) -> dict[str, Json]:
    """Return the raw article of a row, without null fields and null options."""
    document = {name: _to_json(value, name) for name, value in row.items() if value is not None}
    options = document.get("options")
    if isinstance(options, dict):
        document["options"] = {name: value for name, value in options.items() if value is not None}
    return document


def _to_json(value: Any, field: str) -> Json:
    """Convert a value of a column to JSON.

    Raises:
        ValidationFailed: the value has no JSON form.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Exception):
        raise _invalid_value(field, f"Cannot read the value: {value}. Use content_base64 for bytes.")
    if isinstance(value, dict):
        return {str(name): _to_json(inner, field) for name, inner in value.items()}
    if isinstance(value, list):
        return [_to_json(inner, field) for inner in value]
    if isinstance(value, (date, datetime)):
        return _format_date(value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, (float, Decimal)) and math.isfinite(value):
        return float(value)
    raise _invalid_value(field, f"Not a JSON value: {value!r}.")


def _invalid_value(field: str, detail: str) -> ValidationFailed:
    return ValidationFailed([{"pointer": f"/{field}", "detail": detail}])


def _format_date(value: date) -> str:
    """Format a date or time as ISO 8601. A time with a zone is in UTC, because Spark only knows the session's zone."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat()
    return value.isoformat()
