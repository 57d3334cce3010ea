"""Baselines of the accuracy, harm, warnings and calibration of repair on the corpus, in tests/quality/floors.json.

\b
python -m bench.baselines             write the current accuracy, if nothing is worse than before
python -m bench.baselines --lower     write it in any case
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from tests.helpers.accuracy import BASELINES_PATH, Quality, measure


def _list_worse(previous: dict[str, Any], current: Quality) -> Iterator[str]:
    """Yield the names of the baselines that are worse than before."""
    for name, (right, wrong) in previous.get("floors", {}).items():
        if name in current.floors and (current.floors[name][0] < right or current.floors[name][1] > wrong):
            yield name
    yield from (name for name, share in previous.get("minimums", {}).items() if current.minimums.get(name, 1) < share)
    yield from (name for name, count in previous.get("maximums", {}).items() if current.maximums.get(name, 0) > count)


@click.command(help=__doc__)
@click.option("--lower", is_flag=True, help="Allow baselines that are worse than before.")
def main(*, lower: bool) -> None:
    """Write the baselines."""
    previous = json.loads(BASELINES_PATH.read_text(encoding="utf-8")) if BASELINES_PATH.exists() else {}
    current = measure()
    worse = list(_list_worse(previous, current))
    if worse and not lower:
        raise click.ClickException(f"Worse than before: {', '.join(worse)}. --lower writes the baselines anyway.")
    BASELINES_PATH.write_text(json.dumps(current.as_json(), indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
