"""The README tells the truth: its examples are run, and its tables name all there is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from copydesk import errors
from copydesk.settings import PREFIX, Settings
from schemas import Options
from svc.observability import metrics
from tests.helpers.server import Server, running

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```console\n\$ (.+)\n((?:.*\n)*?)```$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command[:60] for command, _ in EXAMPLES])
def test_every_example_gives_what_it_says(server: Server, command: str, output: str) -> None:
    here = command.replace("localhost:8000", f"127.0.0.1:{server.port}")
    # Wherever the tests' environment lies, its copydesk is the one meant.
    here = here.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    ran = subprocess.run(["bash", "-c", here], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.rstrip("\n") == output.rstrip("\n")


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


def families() -> dict[str, tuple[str, ...]]:
    """Return the labels of each metric, by the name that Prometheus shows."""
    made = [metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]
    told = [(next(iter(metric.describe())), tuple(metric._labelnames)) for metric in made]  # noqa: SLF001
    return {family.name + ("_total" if family.type == "counter" else ""): labels for family, labels in told}


def test_every_setting_metric_and_problem_is_in_its_table() -> None:
    names = [PREFIX + field.name.upper() for field in fields(Settings)]
    names += [problem.slug for problem in errors.ProblemError.__subclasses__()]
    names += [name for family, labels in families().items() for name in (family, *labels)]
    assert len(names) >= 50
    assert [name for name in names if f"`{name}`" not in OPERATIONS] == []


def test_the_tables_name_no_setting_metric_or_problem_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `([A-Za-z_-]+)`", OPERATIONS, re.MULTILINE))
    settings = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert {name for name in told if name.startswith(PREFIX)} == settings
    assert {name for name in told if name.startswith("copydesk_")} == set(families())


def test_every_warning_is_in_the_table() -> None:
    told = (ROOT / "docs" / "metadata.md").read_text(encoding="utf-8")
    core = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "svc" / "core").rglob("*.py"))
    codes = re.findall(r'Warn\(\s*"([a-z-]+)"', core)
    assert len(codes) >= 10
    assert [code for code in codes if f"`{code}`" not in told] == []


def test_every_option_is_in_the_table() -> None:
    assert all(f"`{name}`" in README for name in Options().fields)
