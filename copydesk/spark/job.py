"""The job of `copydesk spark`: cleaning of files in parts.

A part is a fixed subset of the input files. It becomes a directory `part=…` of the output. Spark writes it to a
temporary directory, moves it into place and creates its mark `_SUCCESS` last. A part with a mark is not done again. The
name of a part has a digest of its files and of everything that changes its result, which distinguishes it from the
parts of other runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import partial
from hashlib import sha256
from typing import Any, Literal, TypeAlias

import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from copydesk import __version__
from copydesk.errors import LimitExceeded
from copydesk.limits import Limits
from copydesk.spark.frame import build_batches, build_schema, clean_articles
from copydesk.spark.rows import Cleaner, Row, problem_row, warm_up
from copydesk.spark.warc import clean_archive
from copydesk.strict_json import loads

InputFormat: TypeAlias = Literal["json", "parquet", "warc"]

# Each part has a cost of its own; more parts would save little work of an interrupted run.
MAX_PARTS = 200
_TRACEBACK = "Traceback (most recent call last):"
_ESCAPED_GLOB = str.maketrans({c: f"\\{c}" for c in "[]{}*?\\"})
_INPUT_COLUMN = ("input", pa.string())


class JobError(Exception):
    """Raised when the job cannot start or continue. The message is one line."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some files of the input.

    Attributes:
        name: the name of the output directory.
        files: the paths of the files.
    """

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A job.

    Attributes:
        spark: the session.
        input_format: the format of the input files.
        cleaner: the options and limits.
        output: the path of the output folder.
        keep: the columns of Parquet files to pass through.
    """

    spark: SparkSession
    input_format: InputFormat
    cleaner: Cleaner
    output: str
    keep: tuple[str, ...] = ()

    def plan(self, source: str, count: int | None = None) -> list[Part]:
        """Divide the input files into parts. The result only depends on the files and the job.

        Args:
            source: the path of a file or a folder, or a pattern.
            count: the maximum number of parts.

        Raises:
            JobError: there are no files, their columns are invalid, or the output has parts of another run.
        """
        files = self._list_files(source)
        if not files:
            raise JobError(f"There are no files in {source}.")
        count = min(count or MAX_PARTS, len(files))
        settings = self._digest_settings()
        parts = [_make_part(i, files[i::count], settings) for i in range(count)]
        with _name_part(parts[0]):
            self._clean_part(parts[0])  # reads no row, but checks the columns
        if others := sorted(self._list_output() - {part.name for part in parts}):
            raise JobError(
                f"{self.output} has {others[0]} of another run, with other files, options, limits or partitions. "
                "Use another output, or delete it."
            )
        return parts

    def list_remaining(self, parts: Iterable[Part]) -> list[Part]:
        """Return the parts that are not done."""
        return [part for part in parts if not self._exists(f"{self.output}/{part.name}/_SUCCESS")]

    def run(self, parts: Iterable[Part], on_done: Callable[[Part], object]) -> None:
        """Clean parts, as many at once as there are cores.

        Args:
            parts: the parts.
            on_done: called with each part when it is done.

        Raises:
            JobError: a part failed. Parts that were running are finished; no other part is started.
        """
        with ThreadPoolExecutor(self.spark.sparkContext.defaultParallelism) as pool:
            futures = {pool.submit(self._write_part, part): part for part in parts}
            try:
                for future in as_completed(futures):
                    future.result()
                    on_done(futures[future])
            except BaseException:  # also KeyboardInterrupt
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def count_articles(self) -> tuple[int, int]:
        """Return the numbers of clean articles and of problems in the output."""
        [row] = self.spark.read.parquet(self.output).selectExpr("count(*)", "count(problem)").collect()
        return row[0] - row[1], row[1]

    def _digest_settings(self) -> list[Any]:
        """Return the settings that the result of a part depends on."""
        limits = {field.name: getattr(self.cleaner.limits, field.name) for field in fields(Limits)}
        del limits["article_timeout"]  # a slower machine may resume with a longer one
        return [__version__, self.input_format, asdict(self.cleaner.options), limits, self.keep]

    def _write_part(self, part: Part) -> None:
        with _name_part(part):
            self._clean_part(part).write.mode("overwrite").parquet(f"{self.output}/{part.name}")

    def _clean_part(self, part: Part) -> DataFrame:
        paths = [path.translate(_ESCAPED_GLOB) for path in part.files]
        if self.input_format == "json":
            lines = self.spark.read.option("lineSep", "\n").text(paths)
            raw = lines.selectExpr("_metadata.file_path AS input", "CAST(value AS BINARY) AS raw")
            return raw.mapInArrow(partial(_clean_lines, self.cleaner), build_schema("input string", "raw binary"))
        if self.input_format == "warc":
            archives = self.spark.createDataFrame([(path,) for path in part.files], "input string")
            return archives.repartition(len(part.files)).mapInArrow(
                partial(_clean_archives, self.cleaner), build_schema("input string")
            )
        df = self.spark.read.parquet(*paths)
        if "input" in df.columns:
            raise ValueError("'input' is an output column; rename the input column.")
        df = df.selectExpr("*", "_metadata.file_path AS input")
        return clean_articles(df, self.cleaner.options, self.cleaner.limits, keep=("input", *self.keep))

    def _list_files(self, source: str) -> list[tuple[str, int, float]]:
        """Return the path, size and modification time of each file. Spark ignores names that start with `_` or `.`."""
        try:
            files = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
            rows = files.select("path", "length", "modificationTime").collect()
        except PySparkException as error:
            raise JobError(_error_line(error)) from error
        return sorted((row.path, row.length, row.modificationTime.timestamp()) for row in rows)

    def _list_output(self) -> set[str]:
        """Return the names of the parts in the output."""
        if not self._exists(self.output):
            return set()
        file_system, path = self._open_path(self.output)
        names = {status.getPath().getName() for status in file_system.listStatus(path)}
        return {name for name in names if name.startswith("part=")}

    def _exists(self, path: str) -> bool:
        file_system, hadoop_path = self._open_path(path)
        return bool(file_system.exists(hadoop_path))

    def _open_path(self, path: str) -> tuple[Any, Any]:
        """Return the Hadoop file system of a path, and the path. PySpark has no public API for this."""
        hadoop_path = self.spark._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001
        return hadoop_path.getFileSystem(self.spark._jsc.hadoopConfiguration()), hadoop_path  # noqa: SLF001


@contextmanager
def _name_part(part: Part) -> Iterator[None]:
    """Turn errors into `JobError` and prepend the first file of the part."""
    try:
        yield
    except (PySparkException, Py4JJavaError, ValueError) as error:
        raise JobError(f"{part.files[0]}: {_error_line(error)}") from error


def _make_part(index: int, files: list[tuple[str, int, float]], settings: list[Any]) -> Part:
    digest = sha256(json.dumps([settings, files]).encode()).hexdigest()
    return Part(f"part={index:05}-{digest[:12]}", tuple(path for path, *_ in files))


def _error_line(error: Exception) -> str:
    """Return the line of an error with its message: the last one of a worker's traceback, else the first."""
    text = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else str(error)
    lines = [line for line in (text or type(error).__name__).splitlines() if line[:1].strip()]
    tracebacks = [i for i, line in enumerate(lines) if line.endswith(_TRACEBACK)]
    return lines[tracebacks[-1] + 1 if tracebacks and lines[tracebacks[-1] + 1 :] else 0]


def _clean_lines(cleaner: Cleaner, batches: Iterable[Any]) -> Iterator[Any]:
    """Clean lines of JSON in a Python worker. A problem has its line in the column `raw`."""
    warm_up()

    def clean_rows() -> Iterator[tuple[Row, tuple[Any, ...]]]:
        for batch in batches:
            for path, raw in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if line := raw.strip():
                    row = _clean_line(cleaner, line)
                    yield row, (path, line if "problem" in row else None)

    yield from build_batches(clean_rows(), [_INPUT_COLUMN, ("raw", pa.binary())])


def _clean_line(cleaner: Cleaner, line: bytes) -> Row:
    max_bytes = cleaner.limits.max_body_bytes
    if len(line) > max_bytes:
        return problem_row(
            LimitExceeded(f"The document has more than {max_bytes} bytes.", limit=max_bytes, unit="bytes")
        )
    return cleaner.clean_row(partial(loads, line, cleaner.limits.max_json_depth))


def _clean_archives(cleaner: Cleaner, batches: Iterable[Any]) -> Iterator[Any]:
    """Clean the pages of archives in a Python worker. The rows of the batches are paths."""
    warm_up()
    paths = (path for batch in batches for path in batch.column("input").to_pylist())
    rows = ((row, (path,)) for path in paths for row in clean_archive(path, cleaner))
    yield from build_batches(rows, [_INPUT_COLUMN])
