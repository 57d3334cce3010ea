r"""Prove the contract over HTTP: what it allows and what it doesn't, thrown at a real server by schemathesis.

\b
python -m fuzz.contract --cases 20000

All phases run (examples, coverage, fuzzing, stateful where the contract has links), again and again with another seed
until so many cases are done. Any answer that the contract doesn't tell of, in its status, its headers or its body, is a
failure; so is a 5xx, a request that needs a key and is served without one, and one that is refused though the contract
allows it.
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
# Replaced by a check of our own that knows which bodies no schema can tell from good ones (`fuzz.contract_hooks`).
_REPLACED = "positive_data_acceptance"


@dataclass(frozen=True, slots=True)
class Pass:
    """One run through all phases."""

    cases: int
    failures: int
    phases: Mapping[str, str]


@click.command(help=__doc__)
@click.option("--cases", type=click.IntRange(min=1), default=20_000, show_default=True, help="cases, at least")
@click.option(
    "--each", type=click.IntRange(min=1), default=1_000, show_default=True, help="cases an operation and pass"
)
@click.option("--seed", type=int, default=1, show_default=True, help="the seed of the first pass")
def main(cases: int, each: int, seed: int) -> None:
    """Prove the contract."""
    done = failures = 0
    with tempfile.TemporaryDirectory() as directory:
        key, file = api_keys.generate_key(), Path(directory) / "keys"
        file.write_text(api_keys.format_line("contract", key) + "\n", encoding="ascii")
        with running(COPYDESK_API_KEYS_FILE=str(file)) as server:
            while done < cases:
                found = _once(server, key, each, seed, Path(directory))
                done, failures, seed = done + found.cases, failures + found.failures, seed + 1
                told = ", ".join(f"{name} {status}" for name, status in found.phases.items())
                click.echo(f"{done} cases, {failures} failures ({told})")
    if failures:
        raise click.ClickException("The service does not keep to its contract: see above.")


def _once(server: Server, key: str, each: int, seed: int, directory: Path) -> Pass:
    """Run all phases; what fails is told by schemathesis itself."""
    report = directory / "report.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{server.port}/openapi.json"]
    command += ["--header", f"Authorization: Bearer {key}", "--checks", "all", "--exclude-checks", _REPLACED]
    command += ["--max-examples", str(each), "--seed", str(seed), "--continue-on-failure", "--no-color"]
    command += ["--generation-database", "none", "--report", "json", "--report-json-path", str(report)]
    # Hypothesis and schemathesis keep files where they run.
    environ = os.environ | {"SCHEMATHESIS_HOOKS": "fuzz.contract_hooks", "PYTHONPATH": str(_ROOT)}
    ran = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  ourselves
    if not report.exists():
        raise click.ClickException(f"schemathesis gave up:\n{ran.stdout}{ran.stderr}")
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    failures = found["test_cases"]["unique_failures"] + len(found["errors"])
    if failures or ran.returncode:
        click.echo(ran.stdout)
    phases = {name: phase["skip_reason"] or phase["status"] for name, phase in found["phases"].items()}
    return Pass(found["test_cases"]["generated"], max(failures, ran.returncode), phases)


if __name__ == "__main__":
    main()
