"""Write the SBOM of the image (CycloneDX): Copydesk, and the packages of requirements.lock for Linux.

`make sbom` runs this. cyclonedx-py reads the lock file. Two things are added: the version of Copydesk, which is in the
code, and the dependency graph, which is in comments of the lock file. The same lock file gives the same SBOM.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from packaging.markers import Marker

from copydesk import __version__

ROOT = Path(__file__).parent.parent
LOCK_PATH = ROOT / "requirements.lock"
# The values of the environment markers that the lock file uses, for the image.
_IMAGE_MARKERS = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
    "python_version": "3.13",
    "python_full_version": "3.13.0",
}

_ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\\n(?P<rest>(?:[ ].*\n?)+)", re.MULTILINE
)
# Over a list, "via" is on a line of its own and matches as a name.
_VIA = re.compile(r"^ +# {1,3}(?:via )?(?P<by>[\w.-]+)(?: \(pyproject.toml\))?$", re.MULTILINE)


def read_lock(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Parse a lock file.

    Returns:
        By name of each package of the image, its version and the packages that depend on it.
    """
    return {
        entry["name"]: (entry["version"], frozenset(_VIA.findall(entry["rest"])) - {"via"})
        for entry in _ENTRY.finditer(lock)
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(dict(_IMAGE_MARKERS))
    }


def main(out: Path) -> None:
    """Write the SBOM."""
    command = ["cyclonedx_py", "requirements", "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible"]
    completed = subprocess.run(  # noqa: S603  a tool of our own environment
        [sys.executable, "-W", "ignore", "-m", *command, "--short-PURLs", str(LOCK_PATH)],
        capture_output=True,
        check=True,
    )
    document: dict[str, Any] = json.loads(completed.stdout)
    packages = read_lock(LOCK_PATH.read_text(encoding="utf-8"))
    root = document["metadata"]["component"]
    root |= {"version": __version__, "bom-ref": f"copydesk@{__version__}"}
    refs = {name: f"{name}@{version}" for name, (version, _) in packages.items()} | {"copydesk": root["bom-ref"]}
    document["components"] = [
        {**component, "bom-ref": refs[component["name"]], "description": "from requirements.lock"}
        for component in document["components"]
        if component["version"] == packages.get(component["name"], ("",))[0]
    ]
    dependencies: dict[str, list[str]] = defaultdict(list)
    for name, (_, dependents) in sorted(packages.items()):
        for dependent in dependents:
            dependencies[dependent].append(refs[name])
    document["dependencies"] = [
        {"ref": ref} | ({"dependsOn": dependencies[name]} if dependencies[name] else {})
        for name, ref in sorted(refs.items())
    ]
    out.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
