"""The Spark session of `copydesk spark`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from copydesk.spark.job import JobError

_DEFAULT_CONF = {
    # Articles can have megabytes; Spark's default of ten thousand rows per batch would take too much memory.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "500",
    # Java only transfers rows: optimized compilation and parallel garbage collection cost more CPU than they save
    # (python -m bench.spark --count 20000: 12 s of CPU instead of 25).
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def start_session(conf: Mapping[str, str]) -> SparkSession:
    """Start a Spark session, or return the active one.

    Args:
        conf: settings of Spark. They take precedence over the defaults of Copydesk.

    Raises:
        JobError: Spark cannot be started.
    """
    # Local workers use this interpreter. If executors have another one, the user sets the variable.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("copydesk")
    for name, value in (_DEFAULT_CONF | dict(conf)).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise JobError("Cannot start Spark; its output is above. It requires Java 17 or newer.") from error
