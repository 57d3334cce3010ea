"""Files become files, in parts: what `copydesk spark` does.

A part is some of the input's files, by their order; each becomes a directory `part=…` of the output, written aside and
moved into place by Spark, whose mark `_SUCCESS` comes last. A part that has its mark is not done again. Its name holds
a digest of all that it is made of, so that parts of another run are told from ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Literal

import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from copydesk import __version__
from copydesk.article import Json
from copydesk.errors import LimitExceeded
from copydesk.spark import warc
from copydesk.spark.frame import batched, clean_articles, schema
from copydesk.spark.rows import Desk, Row, failed, warm_up
from copydesk.strict_json import loads

Form = Literal["json", "parquet", "warc"]

# More than so many parts cost more to start than they save of an interrupted run.
MOST_PARTS = 200
# Characters that a path means something by, when Spark reads it.
_GLOB = str.maketrans({c: f"\\{c}" for c in "[]{}*?\\"})
_INPUT = ("input", pa.string())


class JobError(Exception):
    """Raised when the job can't begin or go on; the message is one line."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some files of the input, and the directory that they become."""

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """What is read, how, and where it goes; `keep` are columns of Parquet files that pass through."""

    spark: SparkSession
    form: Form
    desk: Desk
    output: str
    keep: tuple[str, ...] = ()

    def plan(self, source: str, count: int | None = None) -> list[Part]:
        """Divide the files of a path (a file, a folder, a pattern) into so many parts, the same ones each time.

        Raises:
            JobError: there are no files, or parts of another run stand in the output.
        """
        files = self._files(source)
        if not files:
            raise JobError(f"There are no files in {source}.")
        many = min(count or MOST_PARTS, len(files))
        how = [__version__, self.form, asdict(self.desk.options), self.desk.settings.limits(), self.keep]
        parts = [_part(at, files[at::many], how) for at in range(many)]
        with _named(parts[0]):
            self._cleaned(parts[0])  # reads no row; refuses columns that can mean nothing
        if others := sorted(self._there() - {part.name for part in parts}):
            raise JobError(
                f"{self.output} holds {others[0]} of another run: other files, options, limits or partitions. "
                "Name another output, or delete it."
            )
        return parts

    def left(self, parts: Iterable[Part]) -> list[Part]:
        """Return the parts that are not done."""
        return [part for part in parts if not self._exists(f"{self.output}/{part.name}/_SUCCESS")]

    def run(self, parts: Iterable[Part], told: Callable[[Part], object]) -> None:
        """Do parts, as many at once as there are cores; `told` hears of each when it is done.

        Raises:
            JobError: one can't be done. Those under way are finished first, and nothing done is lost.
        """
        with ThreadPoolExecutor(self.spark.sparkContext.defaultParallelism) as pool:
            under_way = {pool.submit(self._do, part): part for part in parts}
            try:
                for done in as_completed(under_way):
                    done.result()
                    told(under_way[done])
            except BaseException:  # whatever it is, Ctrl-C too: nothing more is begun
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def count(self) -> tuple[int, int]:
        """Return how many articles in the output are clean, and how many are problems."""
        [row] = self.spark.read.parquet(self.output).selectExpr("count(*)", "count(problem)").collect()
        return row[0] - row[1], row[1]

    def _do(self, part: Part) -> None:
        with _named(part):
            self._cleaned(part).write.mode("overwrite").parquet(f"{self.output}/{part.name}")

    def _cleaned(self, part: Part) -> DataFrame:
        paths = [path.translate(_GLOB) for path in part.files]
        if self.form == "json":
            lines = self.spark.read.option("lineSep", "\n").text(paths)
            raw = lines.selectExpr("_metadata.file_path AS input", "CAST(value AS BINARY) AS raw")
            return raw.mapInArrow(partial(_lines, self.desk), schema("input string", "raw binary"))
        if self.form == "warc":
            named = self.spark.createDataFrame([(path,) for path in part.files], "input string")
            return named.repartition(len(part.files)).mapInArrow(partial(_pages, self.desk), schema("input string"))
        df = self.spark.read.parquet(*paths)
        if "input" in df.columns:
            raise ValueError("'input' is a column of the output; rename yours.")
        df = df.selectExpr("*", "_metadata.file_path AS input")
        return clean_articles(df, self.desk.options, self.desk.settings, keep=("input", *self.keep))

    def _files(self, source: str) -> list[tuple[str, int, float]]:
        """Return path, size and time of each file; of names that begin with `_` or `.` Spark sees none."""
        try:
            found = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
            rows = found.select("path", "length", "modificationTime").collect()
        except PySparkException as error:
            raise JobError(_said(error)) from error
        return sorted((row.path, row.length, row.modificationTime.timestamp()) for row in rows)

    def _there(self) -> set[str]:
        if not self._exists(self.output):
            return set()
        system, path = self._hadoop(self.output)
        names = {status.getPath().getName() for status in system.listStatus(path)}
        return {name for name in names if name.startswith("part=")}

    def _exists(self, path: str) -> bool:
        system, there = self._hadoop(path)
        return bool(system.exists(there))

    def _hadoop(self, path: str) -> tuple[Any, Any]:
        """Return the file system of a path, as Spark itself finds it, and the path."""
        there = self.spark._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001  PySpark has no other door to files
        return there.getFileSystem(self.spark._jsc.hadoopConfiguration()), there  # noqa: SLF001


@contextmanager
def _named(part: Part) -> Iterator[None]:
    """Name a part by its first file where something can't be done with it."""
    try:
        yield
    except (PySparkException, Py4JJavaError, ValueError) as error:
        raise JobError(f"{part.files[0]}: {_said(error)}") from error


def _part(at: int, files: list[tuple[str, int, float]], how: list[Any]) -> Part:
    digest = sha256(json.dumps([how, files]).encode()).hexdigest()
    return Part(f"part={at:05}-{digest[:12]}", tuple(path for path, *_ in files))


def _said(error: Exception) -> str:
    """Return the line that says what happened: of a worker's traceback the last one, else the first."""
    said = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else str(error)
    lines = [line for line in (said or type(error).__name__).splitlines() if line[:1].strip()]
    traced = [at for at, line in enumerate(lines) if line.endswith("Traceback (most recent call last):")]
    return lines[traced[-1] + 1 if traced and lines[traced[-1] + 1 :] else 0]


def _lines(desk: Desk, batches: Iterable[Any]) -> Iterator[Any]:
    """Clean lines of JSON, in a worker; one that can't be cleaned is kept as it came."""
    warm_up()

    def rows() -> Iterator[tuple[Row, tuple[Any, ...]]]:
        for batch in batches:
            for path, raw in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if line := raw.strip():
                    row = _line(desk, line)
                    yield row, (path, line if "problem" in row else None)

    yield from batched(rows(), [_INPUT, ("raw", pa.binary())])


def _line(desk: Desk, line: bytes) -> Row:
    most = desk.settings.max_body_bytes
    if len(line) > most:
        return failed(LimitExceeded(f"The document has more than {most} bytes.", limit=most, unit="bytes"))

    def read() -> Json:
        return loads(line, desk.settings.max_json_depth)

    return desk.row(read)


def _pages(desk: Desk, batches: Iterable[Any]) -> Iterator[Any]:
    """Clean the pages of archives, in a worker that is told their paths."""
    warm_up()
    paths = (path for batch in batches for path in batch.column("input").to_pylist())
    yield from batched(((row, (path,)) for path in paths for row in warc.rows(path, desk)), [_INPUT])
