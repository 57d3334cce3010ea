"""List the licences of everything that is installed with Copydesk.

`make licences` runs this. It reads the installed packages: those of `copydesk[service,html,otel]`, as
requirements-dev.lock has them. The exit status is 1 if a licence is neither permissive nor a weak copyleft (LGPL, MPL),
or if it is missing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import cast

from tools.sbom import read_lock

LOCK_PATH = Path(__file__).parent.parent / "requirements-dev.lock"
# SPDX identifiers, and BSD, which classifiers have without the number of its clauses.
ACCEPTED = frozenset(
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 CNRI-Python ISC LGPL-2.1-only LGPL-2.1-or-later "
    "LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0 Python-2.0 Unlicense Zlib ZPL-2.1".split()
)
# What older metadata have instead of an identifier.
_IDENTIFIERS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "3-Clause BSD License": "BSD-3-Clause",
    "The BSD 2-Clause License": "BSD-2-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# The field may hold a whole licence.
_MAX_NAME_CHARS = 60
_INNERMOST = re.compile(r"\(([^()]*)\)")


def list_packages() -> list[str]:
    """Return the names of the packages that Copydesk installs, and of those that they install."""
    packages = read_lock(LOCK_PATH.read_text(encoding="utf-8"))
    names = {"copydesk"}
    while added := {name for name, (_, dependents) in packages.items() if dependents & names} - names:
        names |= added
    return sorted(names - {"copydesk"})


def find_licence(package: str) -> str | None:
    """Return the licence of an installed package as an SPDX expression, or None.

    Raises:
        PackageNotFoundError: the package is not installed.
    """
    fields = cast("Message", metadata(package))
    name = fields.get("License-Expression") or fields.get("License") or ""
    if not name or len(name) > _MAX_NAME_CHARS or name == "UNKNOWN":
        classifiers: Iterable[str] = fields.get_all("Classifier") or ()
        name = next((each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")), "")
    return _IDENTIFIERS.get(name, name) or None


def is_accepted(expression: str) -> bool:
    """Return whether an SPDX expression allows the use under accepted licences only."""
    while match := _INNERMOST.search(expression):
        inner = "MIT" if is_accepted(match[1]) else "none"
        expression = expression.replace(match[0], inner)
    return any(
        all(licence.strip() in ACCEPTED for licence in alternative.split(" AND "))
        for alternative in expression.split(" OR ")
    )


def main() -> int:
    """Print the packages with their licences; return the exit status."""
    status = 0
    for package in list_packages():
        try:
            licence = find_licence(package)
        except PackageNotFoundError:
            print(f"{package:40} not installed here")
            continue
        accepted = licence is not None and is_accepted(licence)
        print(f"{package:40} {licence or 'none'}{'' if accepted else '  NOT ACCEPTED'}")
        status |= not accepted
    return status


if __name__ == "__main__":
    sys.exit(main())
