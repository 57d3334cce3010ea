"""Cleaning of a DataFrame of raw articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import BinaryType, StructType

from copydesk import contract
from copydesk._layout import schemas
from copydesk.article import Options
from copydesk.limits import Limits
from copydesk.spark.rows import COLUMNS, Cleaner, Row, build_arrays, read_rows, warm_up

_RAW_FIELDS = tuple(schemas.RawArticle().load_fields)
_BODY_FIELDS = frozenset({"text", "html", "content_base64"})
# Limits the memory of a batch, because a page can have megabytes.
_MAX_BATCH_ROWS = 100


def clean_articles(
    df: DataFrame,
    options: Options | Mapping[str, object] | None = None,
    limits: Limits | None = None,
    keep: Sequence[str] = (),
) -> DataFrame:
    """Clean a DataFrame of raw articles, each row as `POST /v1/articles` would.

    Args:
        df: the raw articles. The columns are named like the fields of a raw article. Dates may be timestamps,
            `content_base64` may be binary, `extra` and `options` are structs or maps.
        options: the options, as `Options` or a mapping. A row's own `options` take precedence.
        limits: the limits; `Settings` are limits, too.
        keep: columns of `df` to append to the output.

    Returns:
        One row per row of `df`, with the columns of `COLUMNS` and those to keep. An article that cannot be cleaned has
        a `problem`.

    Raises:
        ValidationFailed: an option is invalid.
        ValueError: a column is not a field of a raw article and not in `keep`, or there is no column with a body.
    """
    _check_columns(df, keep)
    fields = [name for name in df.columns if name in _RAW_FIELDS]
    cleaner = Cleaner(contract.merge_options(options, {}), limits or Limits())
    schema = build_schema()
    for name in keep:
        schema.add(df.schema[name])
    return df.mapInArrow(partial(_clean_batches, cleaner, fields, list(keep)), schema)


def _check_columns(df: DataFrame, keep: Sequence[str]) -> None:
    if reserved := sorted(COLUMNS.keys() & set(keep)):
        raise ValueError(f"keep: {reserved[0]!r} is an output column; rename the input column.")
    if missing := [name for name in keep if name not in df.columns]:
        raise ValueError(f"keep: there is no column {missing[0]!r}.")
    if duplicates := [name for name in df.columns if df.columns.count(name) > 1]:
        raise ValueError(f"There are two columns {duplicates[0]!r}.")
    if unknown := [name for name in df.columns if name not in _RAW_FIELDS and name not in keep]:
        nearest = get_close_matches(unknown[0], _RAW_FIELDS, n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        listed = ", ".join(map(repr, unknown))
        raise ValueError(f"Not fields of a raw article: {listed}.{hint} Use keep for columns to pass through.")
    if not _BODY_FIELDS & set(df.columns):
        raise ValueError("There is no column with a body; expected text, html or content_base64.")
    for field in df.schema.fields:
        if isinstance(field.dataType, BinaryType) and field.name in _RAW_FIELDS and field.name != "content_base64":
            raise ValueError(f"{field.name!r} is binary; use content_base64 for bytes.")


def build_schema(*columns: str) -> StructType:
    """Return the schema of clean articles.

    Args:
        *columns: further columns, declared in the DDL of Spark SQL.
    """
    return StructType.fromDDL(", ".join([*(f"{name} {ddl}" for name, (ddl, _) in COLUMNS.items()), *columns]))


def _clean_batches(cleaner: Cleaner, fields: list[str], keep: list[str], batches: Iterable[Any]) -> Iterator[Any]:
    """Clean RecordBatches in a Python worker."""
    warm_up()
    for received in batches:
        for start in range(0, received.num_rows, _MAX_BATCH_ROWS):
            batch = received.slice(start, _MAX_BATCH_ROWS)
            arrays = build_arrays(cleaner.clean_row(read, row) for read, row in read_rows(batch, fields))
            yield pa.RecordBatch.from_arrays([*arrays, *map(batch.column, keep)], [*COLUMNS, *keep])


def build_batches(rows: Iterable[tuple[Row, tuple[Any, ...]]], columns: Sequence[tuple[str, Any]]) -> Iterator[Any]:
    """Yield RecordBatches.

    Args:
        rows: rows of `COLUMNS`, each with the values of the further columns.
        columns: the further columns with their Arrow types.
    """
    source = iter(rows)
    while chunk := list(islice(source, _MAX_BATCH_ROWS)):
        arrays = build_arrays(row for row, _ in chunk)
        arrays += [pa.array([values[i] for _, values in chunk], kind) for i, (_, kind) in enumerate(columns)]
        yield pa.RecordBatch.from_arrays(arrays, [*COLUMNS, *(name for name, _ in columns)])
