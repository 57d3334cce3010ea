"""The columns: how a row of a DataFrame becomes a raw article, and what is written of the clean one.

The main fields have columns of their own, to filter, join and group by; `article` holds all of them as the JSON of the
service, so that this table needn't follow each of its fields. Exactly one of `article` and `problem` is null.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any

import pyarrow as pa

from copydesk import cleaning
from copydesk.article import Json, Options
from copydesk.errors import InternalError, ProblemError, ValidationFailed
from copydesk.settings import Settings
from copydesk.strict_json import dumps

# By name: the type that Spark knows it by, and Arrow's.
COLUMNS: Mapping[str, tuple[str, Any]] = {
    "id": ("string", pa.string()),
    "url": ("string", pa.string()),
    "canonical_url": ("string", pa.string()),
    "domain": ("string", pa.string()),
    "title": ("string", pa.string()),
    "text": ("string", pa.string()),
    "authors": ("array<string>", pa.list_(pa.string())),
    # As text: a timestamp can't tell a day from its midnight.
    "published": ("string", pa.string()),
    "language": ("string", pa.string()),
    "word_count": ("bigint", pa.int64()),
    "content_hash": ("string", pa.string()),
    "fingerprint": ("string", pa.string()),
    "article": ("string", pa.string()),
    "problem": ("string", pa.string()),
}
_TAKEN = frozenset(COLUMNS) - {"published", "language", "article", "problem"}

Read = Callable[[], Json]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """How rows are cleaned."""

    options: Options
    settings: Settings

    def row(self, read: Read, known: Json = None) -> Row:
        """Clean what `read` returns; whatever goes wrong on the way is this row's problem and no other's.

        What is `known` of it before it is read tells which it was.
        """
        clean = partial(cleaning.clean_article, options=self.options, limits=self.settings)
        article, error, document = cleaning.clean_item(read, clean, cleaning.show_fault)
        if article is None:
            return failed(error or InternalError("No result."), known if document is None else document)
        row: Row = {name: getattr(article, name) for name in _TAKEN}
        row["published"] = article.published.value
        row["language"] = article.language.tag
        row["article"] = _written(article.to_dict())
        return row


def failed(error: ProblemError, document: Json = None) -> Row:
    """Return the row of what can't be cleaned: its problem, with the id and address that it came with."""
    known = document if isinstance(document, dict) else {}
    return {"id": _told(known.get("id")), "url": _told(known.get("url")), "problem": _written(error.to_problem())}


def _told(value: Json) -> str | None:
    """Return what can stand in a column: a lone surrogate can't, and may be what the document is refused for."""
    return str(value).encode("utf-8", "replace").decode() if isinstance(value, (str, int)) else None


def _written(document: Mapping[str, object]) -> str:
    """Write JSON as the service answers it, but for the line feed at its end."""
    return dumps(document).decode().removesuffix("\n")


@cache
def warm_up() -> None:
    """Load all tables, once in each process: Spark keeps its Python workers from task to task."""
    cleaning.warm_up()


def arrays(rows: Iterable[Row]) -> list[Any]:
    """Return rows as the arrays of `COLUMNS`, in their order."""
    listed = list(rows)
    return [pa.array([row.get(name) for row in listed], kind) for name, (_, kind) in COLUMNS.items()]


def documents(batch: Any, fields: list[str]) -> Iterator[tuple[Read, Row]]:
    """Yield, for each row of a RecordBatch, what makes a raw article of its fields, and the fields."""
    columns = [_values(batch.column(name)) for name in fields]
    for values in zip(*columns, strict=True):
        row = dict(zip(fields, values, strict=True))
        yield partial(_document, row), row


def _values(column: Any) -> list[Any]:
    """Return the values of a column; in the place of one that Python can't hold stands what was raised.

    Spark's strings may be no UTF-8, and its times beyond the year 9999: that is a problem of its row only.
    """
    try:
        values: list[Any] = column.to_pylist(maps_as_pydicts="lossy")
    except (ValueError, OverflowError):
        return [_value(one) for one in column]
    return values


def _value(one: Any) -> Any:
    try:
        return one.as_py(maps_as_pydicts="lossy")
    except (ValueError, OverflowError) as error:
        return error


def _document(row: Row) -> dict[str, Json]:
    """Return a raw article; what is null was not sent, nor were the options of a struct that are null."""
    document = {name: _json(value, name) for name, value in row.items() if value is not None}
    options = document.get("options")
    if isinstance(options, dict):
        document["options"] = {name: value for name, value in options.items() if value is not None}
    return document


def _json(value: Any, field: str) -> Json:
    """Return a value of a column as JSON has it.

    Raises:
        ValidationFailed: JSON has no such value.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Exception):
        raise ValidationFailed(
            [{"pointer": f"/{field}", "detail": f"This can't be read: {value}. Bytes go into content_base64."}]
        )
    if isinstance(value, dict):
        return {str(name): _json(inner, field) for name, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner, field) for inner in value]
    if isinstance(value, (date, datetime)):
        return _moment(value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, (float, Decimal)) and math.isfinite(value):
        return float(value)
    raise ValidationFailed([{"pointer": f"/{field}", "detail": f"JSON has no {value!r}."}])


def _moment(value: date) -> str:
    """Write a date, or a time: one of a known zone in UTC, as the zone that it comes in is only the session's."""
    zoned = isinstance(value, datetime) and value.tzinfo
    return (value.astimezone(UTC) if zoned else value).isoformat()  # type: ignore[attr-defined]
