r"""Test a running server by its OpenAPI document with schemathesis.

\b
python -m fuzz.contract --cases 20000

All phases run: examples, coverage, fuzzing and stateful testing. They are repeated with new seeds until enough cases
are done. A failure is a response that the document does not describe (status, headers, body; also an added
field), a 5xx, a request without a key that is served, or a valid request that is rejected.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from copydesk import api_keys
from tests.helpers.server import Server, running

_ROOT = Path(__file__).parent.parent
_CONFIG = Path(__file__).with_name("schemathesis.toml")
# `fuzz.contract_hooks` replaces this check.
_EXCLUDED_CHECK = "positive_data_acceptance"


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run of schemathesis."""

    cases: int
    failures: int
    phases: Mapping[str, str]


@click.command(help=__doc__)
@click.option("--cases", type=click.IntRange(min=1), default=20_000, show_default=True, help="Minimum number of cases.")
@click.option(
    "--each", type=click.IntRange(min=1), default=1_000, show_default=True, help="Maximum cases per operation and run."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the first run.")
def main(cases: int, each: int, seed: int) -> None:
    """Test the contract."""
    case_count = failure_count = 0
    with tempfile.TemporaryDirectory() as directory:
        key, key_file = api_keys.generate_key(), Path(directory) / "keys"
        key_file.write_text(api_keys.format_line("contract", key) + "\n", encoding="ascii")
        with running(COPYDESK_API_KEYS_FILE=str(key_file)) as server:
            while case_count < cases:
                report = _run_schemathesis(server, key, each, seed, Path(directory))
                case_count, failure_count, seed = case_count + report.cases, failure_count + report.failures, seed + 1
                phases = ", ".join(f"{name} {status}" for name, status in report.phases.items())
                click.echo(f"{case_count} cases, {failure_count} failures ({phases})")
    if failure_count:
        raise click.ClickException("The service violates its contract; see the output above.")


def _run_schemathesis(server: Server, key: str, max_examples: int, seed: int, directory: Path) -> Report:
    """Run all phases once. Failures are printed."""
    report_path = directory / "report.json"
    report_path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run"]
    command += [f"http://127.0.0.1:{server.port}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {key}", "--checks", "all", "--exclude-checks", _EXCLUDED_CHECK]
    command += ["--max-examples", str(max_examples), "--seed", str(seed), "--continue-on-failure", "--no-color"]
    command += ["--generation-database", "none", "--report", "json", "--report-json-path", str(report_path)]
    # Hypothesis and schemathesis write files to the current directory.
    environ = os.environ | {"SCHEMATHESIS_HOOKS": "fuzz.contract_hooks", "PYTHONPATH": str(_ROOT)}
    completed = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  ourselves
    if not report_path.exists():
        raise click.ClickException(f"schemathesis failed:\n{completed.stdout}{completed.stderr}")
    report: dict[str, Any] = json.loads(report_path.read_text(encoding="utf-8"))
    failures = report["test_cases"]["unique_failures"] + len(report["errors"])
    if failures or completed.returncode:
        click.echo(completed.stdout)
    phases = {name: phase["skip_reason"] or phase["status"] for name, phase in report["phases"].items()}
    return Report(report["test_cases"]["generated"], max(failures, completed.returncode), phases)


if __name__ == "__main__":
    main()
