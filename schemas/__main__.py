"""Generate files from the schemas: `python -m schemas`, or `make schemas`.

It writes the component schemas of `openapi.yaml` and the types in `copydesk/typed_dicts.py`. With `--check`, it writes
nothing and fails if a file is outdated.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import openapi, typed_dicts


def main() -> int:
    """Write or check the files, and return the exit status."""
    files: dict[Path, str] = {
        openapi.PATH: openapi.render(openapi.PATH.read_text(encoding="utf-8")),
        typed_dicts.PATH: typed_dicts.render(),
    }
    outdated = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in outdated:
            sys.stderr.write(f"{path.name} is outdated: run `make schemas`.\n")
        return int(bool(outdated))
    for path in outdated:
        path.write_text(files[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
