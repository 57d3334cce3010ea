"""The session of `copydesk spark`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from copydesk.spark.job import JobError

_USUAL = {
    # Articles may have megabytes: of Spark's ten thousand in a batch there would not be room.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    # Java only carries rows: to compile that thoroughly, and to collect garbage on all cores, costs more than it saves.
    # Of 20,000 articles it takes 12 s of CPU instead of 25 (python -m bench.spark --count 20000).
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def begin(conf: Mapping[str, str]) -> SparkSession:
    """Begin a session with such settings, or take that which is there.

    Raises:
        JobError: Spark can't be started.
    """
    # Workers on this machine are of this environment; where they are elsewhere, the variable tells which is theirs.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("copydesk")
    for name, value in (_USUAL | dict(conf)).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise JobError("Spark can't be started. What it said stands above; it needs Java 17 or newer.") from error
