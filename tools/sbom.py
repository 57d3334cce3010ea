"""Write what the image is made of as CycloneDX: Copydesk, and each package of requirements.lock that Linux gets.

`make sbom` runs this. cyclonedx-py reads the lock; what it can't know is added: the version of Copydesk, which is in
the code, and which package brought which, which the lock says in comments. The same lock gives the same file.
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
LOCK = ROOT / "requirements.lock"
# The image's, as far as markers of the lock ask.
IMAGE = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "implementation_name": "cpython"}

_ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\\n(?P<rest>(?:[ ].*\n?)+)", re.MULTILINE
)
# "via" itself where it stands alone, over a list.
_VIA = re.compile(r"^ +# {1,3}(?:via )?(?P<by>[\w.-]+)(?: \(pyproject.toml\))?$", re.MULTILINE)


def locked(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Read a lock: of each package that the image gets, the version and what brought it."""
    return {
        entry["name"]: (entry["version"], frozenset(_VIA.findall(entry["rest"])) - {"via"})
        for entry in _ENTRY.finditer(lock)
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(dict(IMAGE))
    }


def main(out: Path) -> None:
    """Write the file."""
    command = ["cyclonedx_py", "requirements", "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible"]
    ran = subprocess.run(  # noqa: S603  a tool of our own environment
        [sys.executable, "-W", "ignore", "-m", *command, "--short-PURLs", str(LOCK)],
        capture_output=True,
        check=True,
    )
    document: dict[str, Any] = json.loads(ran.stdout)
    packages = locked(LOCK.read_text(encoding="utf-8"))
    root = document["metadata"]["component"]
    root |= {"version": __version__, "bom-ref": f"copydesk@{__version__}"}
    refs = {name: f"{name}@{version}" for name, (version, _) in packages.items()} | {"copydesk": root["bom-ref"]}
    document["components"] = [
        {**component, "bom-ref": refs[component["name"]], "description": "from requirements.lock"}
        for component in document["components"]
        if component["name"] in packages
    ]
    brought = defaultdict(list)
    for name, (_, by) in sorted(packages.items()):
        for one in by:
            brought[one].append(refs[name])
    document["dependencies"] = [
        {"ref": ref} | ({"dependsOn": brought[name]} if brought[name] else {}) for name, ref in sorted(refs.items())
    ]
    out.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
