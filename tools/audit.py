"""Audit the lock files for known vulnerabilities.

`make audit` runs this. The exit status is 1 if a vulnerability is known, and 2 if a package could not be audited: the
advisory service is unreachable or does not know it. With `--lenient`, the latter is only reported.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# Training data in fixed versions. Most of these packages are never imported, and none is installed with Copydesk.
_NOT_AUDITED = frozenset({"requirements-model.lock"})


def audit(lock: Path) -> Mapping[str, Any] | None:
    """Return the report of pip-audit for a lock file; None if it failed."""
    command = ["pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    completed = subprocess.run(  # noqa: S603  a tool of our own environment
        [sys.executable, "-m", *command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        report: Mapping[str, Any] = json.loads(completed.stdout)
    except json.JSONDecodeError:
        return None
    return report


def summarize(reports: Iterable[tuple[str, Mapping[str, Any] | None]], *, lenient: bool) -> tuple[int, list[str]]:
    """Summarize the reports.

    Args:
        reports: the names of the lock files with their reports.
        lenient: do not fail if a package could not be audited.

    Returns:
        The exit status and the lines to print.
    """
    vulnerabilities: list[str] = []
    not_audited: list[str] = []
    for name, report in reports:
        if report is None:
            not_audited.append(f"all of {name}")
            continue
        packages = report["dependencies"]
        skipped = sum("skip_reason" in package for package in packages)
        if skipped:
            not_audited.append(f"{skipped} of {len(packages)} packages of {name}")
        for package in packages:
            for vulnerability in package.get("vulns", ()):
                versions = ", ".join(vulnerability["fix_versions"])
                fixed = f", fixed in {versions}" if versions else ""
                vulnerabilities.append(
                    f"{name}: {package['name']} {package['version']} has {vulnerability['id']}{fixed}"
                )
    lines = list(vulnerabilities)
    if not_audited:
        lines.append(f"could not be audited: {', '.join(not_audited)}")
    status = 1 if vulnerabilities else 2 if not_audited and not lenient else 0
    return status, lines or ["no known vulnerability"]


def main() -> None:
    """Audit all lock files except those of training data."""
    locks = sorted(path for path in ROOT.glob("*.lock") if path.name not in _NOT_AUDITED)
    status, lines = summarize(((lock.name, audit(lock)) for lock in locks), lenient="--lenient" in sys.argv)
    print("\n".join(lines))
    sys.exit(status)


if __name__ == "__main__":
    main()
