"""Ask for known vulnerabilities of all that the lock files name, and tell what could not be asked for.

`make audit` runs this. The status is 1 when a vulnerability is known. It is 2 when something could not be audited (the
advisory service can't be reached, or doesn't know a package): no answer is no good news. With `--lenient` that is told
in a line and is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def audit(lock: Path) -> Mapping[str, Any] | None:
    """Return what pip-audit says of a lock file; None when it can't say anything."""
    command = ["pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    ran = subprocess.run(  # noqa: S603  a tool of our own environment
        [sys.executable, "-m", *command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        found: Mapping[str, Any] = json.loads(ran.stdout)
    except json.JSONDecodeError:
        return None
    return found


def verdict(reports: Iterable[tuple[str, Mapping[str, Any] | None]], *, lenient: bool) -> tuple[int, list[str]]:
    """Judge what was said of each lock file: the status to end with, and the lines to print."""
    known, lines = False, []
    unknown: list[str] = []
    for name, report in reports:
        if report is None:
            unknown.append(f"all of {name}")
            continue
        packages = report["dependencies"]
        skipped = [package["name"] for package in packages if "skip_reason" in package]
        if skipped:
            unknown.append(f"{len(skipped)} of {len(packages)} packages of {name}")
        for package in packages:
            for found in package.get("vulns", ()):
                fixed = f", fixed in {', '.join(found['fix_versions'])}" if found["fix_versions"] else ""
                lines.append(f"{name}: {package['name']} {package['version']} has {found['id']}{fixed}")
                known = True
    if unknown:
        lines.append(f"could not be audited: {', '.join(unknown)}")
    if not lines:
        lines.append("no known vulnerability")
    return (1 if known else 2 if unknown and not lenient else 0), lines


def main() -> None:
    """Audit all lock files."""
    locks = sorted(ROOT.glob("*.lock"))
    status, lines = verdict(((lock.name, audit(lock)) for lock in locks), lenient="--lenient" in sys.argv)
    print("\n".join(lines))  # noqa: T201  what it is for
    sys.exit(status)


if __name__ == "__main__":
    main()
