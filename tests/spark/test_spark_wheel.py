"""The Spark job of a real wheel, with foreign packages called `svc` and `schemas` first on the path."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="Spark is not installed")
pyarrow_dataset = pytest.importorskip("pyarrow.dataset")

from tests.helpers.wheel import build_wheel, install_wheel, run  # noqa: E402  needs Spark


@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java")
def test_the_job_of_a_wheel_cleans_a_crawl(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path / "wheel")
    folder = tmp_path / "consumer"
    folder.mkdir()
    install_wheel(folder, wheel)
    (folder / "crawl.ndjson").write_text(json.dumps({"id": "1", "text": "cafÃ©"}) + "\n", encoding="utf-8")
    run(folder, "copydesk", "spark", "--format", "json", "--input", "crawl.ndjson", "--output", "clean")
    (row,) = pyarrow_dataset.dataset(folder / "clean", exclude_invalid_files=True).to_table().to_pylist()
    assert (row["id"], row["text"], row["problem"]) == ("1", "café", None)
