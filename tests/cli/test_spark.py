"""`copydesk spark` before it starts Spark. tests/spark tests the jobs."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from copydesk.cli import main

COMMAND = ["spark", "--input", "crawl", "--output", "clean", "--format"]


def test_without_spark_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("copydesk.spark")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = CliRunner().invoke(main, [*COMMAND, "json"])
    assert (ran.exit_code, ran.output) == (
        2,
        "Error: This requires Apache Spark: pip install 'copydesk[spark,html]'.\n",
    )


def test_a_format_that_is_none_is_refused() -> None:
    ran = CliRunner().invoke(main, [*COMMAND, "csv"])
    assert ran.exit_code == 2
    assert "'csv' is not one of 'json', 'parquet', 'warc'" in ran.output
