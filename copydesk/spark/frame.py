"""A DataFrame of raw articles becomes one of clean ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import BinaryType, StructType

from copydesk._layout import schemas
from copydesk.article import Options
from copydesk.settings import Settings
from copydesk.spark.rows import COLUMNS, Desk, Row, arrays, documents, warm_up

RAW = tuple(schemas.RawArticle().load_fields)
_BODIES = frozenset({"text", "html", "content_base64"})
# Rows that are held at once, before they go back to Spark: pages may have megabytes each.
_ROWS = 100


def clean_articles(
    df: DataFrame,
    options: Options | None = None,
    settings: Settings | None = None,
    keep: Sequence[str] = (),
) -> DataFrame:
    """Clean a DataFrame of raw articles, each row as `POST /v1/articles` would.

    Args:
        df: has columns named as the fields of a raw article. Dates may be timestamps; `content_base64` may be binary;
            `extra` and `options` are structs or maps.
        options: what may be done; the default is faithful. A row's own `options` come first.
        settings: the limits.
        keep: columns that pass through as they are, after the others.

    Returns:
        A row for each row, with the columns of `COLUMNS` and those kept. What can't be cleaned has a `problem`.

    Raises:
        ValueError: a column is no field of a raw article and not kept, or there is no column with a body.
    """
    _check(df, keep)
    fields = [name for name in df.columns if name in RAW]
    desk = Desk(options or Options(), settings or Settings())
    made = schema()
    for name in keep:
        made.add(df.schema[name])
    return df.mapInArrow(partial(_cleaned, desk, fields, list(keep)), made)


def _check(df: DataFrame, keep: Sequence[str]) -> None:
    if clash := sorted(COLUMNS.keys() & set(keep)):
        raise ValueError(f"keep: {clash[0]!r} is a column of the clean article; rename yours.")
    if missing := [name for name in keep if name not in df.columns]:
        raise ValueError(f"keep: there is no column {missing[0]!r}.")
    if twice := [name for name in df.columns if df.columns.count(name) > 1]:
        raise ValueError(f"There are two columns {twice[0]!r}.")
    if unknown := [name for name in df.columns if name not in RAW and name not in keep]:
        nearest = get_close_matches(unknown[0], RAW, n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        listed = ", ".join(map(repr, unknown))
        raise ValueError(f"No fields of a raw article: {listed}.{hint} What shall pass through goes into keep.")
    if not _BODIES & set(df.columns):
        raise ValueError("There is no column with a body: text, html or content_base64.")
    for field in df.schema.fields:
        if isinstance(field.dataType, BinaryType) and field.name in RAW and field.name != "content_base64":
            raise ValueError(f"{field.name!r} is binary: bytes belong into content_base64.")


def schema(*more: str) -> StructType:
    """Return the schema of clean articles, with further columns as Spark's SQL declares them."""
    return StructType.fromDDL(", ".join([*(f"{name} {kind}" for name, (kind, _) in COLUMNS.items()), *more]))


def _cleaned(desk: Desk, fields: list[str], keep: list[str], batches: Iterable[Any]) -> Iterator[Any]:
    """Clean batches of rows, in a worker."""
    warm_up()
    for whole in batches:
        for start in range(0, whole.num_rows, _ROWS):
            batch = whole.slice(start, _ROWS)
            made = arrays(desk.row(read, row) for read, row in documents(batch, fields))
            yield pa.RecordBatch.from_arrays([*made, *map(batch.column, keep)], [*COLUMNS, *keep])


def batched(rows: Iterable[tuple[Row, tuple[Any, ...]]], more: Sequence[tuple[str, Any]]) -> Iterator[Any]:
    """Yield rows as RecordBatches; what goes with each fills the further columns, named with their types."""
    source = iter(rows)
    while chunk := list(islice(source, _ROWS)):
        beside = [pa.array([besides[at] for _, besides in chunk], kind) for at, (_, kind) in enumerate(more)]
        names = [*COLUMNS, *(name for name, _ in more)]
        yield pa.RecordBatch.from_arrays([*arrays(row for row, _ in chunk), *beside], names)
